//! What can be typed.

mod access;
mod act;
mod calls;
mod commands;
mod files;
mod global;
mod keep;
mod questions;
mod replay;
mod rule;
mod series;
mod timer;

pub(super) use access::{HomeArgs, HomeCommand, PeopleArgs, PeopleCommand, TokensArgs, TokensCommand};
pub(super) use act::{
    AckArgs, AnswerArgs, HearArgs, Hold, ReleaseArgs, SayArgs, SceneArgs, SetArgs, UndoArgs, YesNo,
};
pub(super) use calls::{CallsArgs, CallsCommand};
pub(super) use commands::Command;
pub use commands::{DayArgs, RunArgs};
pub(super) use files::{AdoptArgs, CheckArgs, InitArgs, ReplaceArgs, RoomsArgs};
pub(super) use global::{Cli, Global};
pub(super) use keep::{BackupArgs, ForgetArgs, KeyCommand};
pub(super) use questions::{
    AtArgs, ByArgs, DevicesArgs, GraphCommand, HistoryArgs, LogArgs, TreeArgs, WhyArgs,
};
pub(super) use replay::{RecordArgs, ReplayArgs, Reports};
pub(super) use rule::{RuleCommand, TryArgs};
pub(super) use series::{ExportArgs, ImportArgs, SeriesCommand};
pub(super) use timer::{One, TimerArgs, TimerCommand};
