//! What can be typed.

mod access;
mod act;
mod commands;
mod global;
mod keep;
mod questions;
mod rule;
mod series;

pub(super) use access::{HomeArgs, HomeCommand, PeopleArgs, PeopleCommand, TokensArgs, TokensCommand};
pub(super) use act::{
    AckArgs, AnswerArgs, HearArgs, Hold, ReleaseArgs, SayArgs, SceneArgs, SetArgs, UndoArgs, YesNo,
};
pub use commands::RunArgs;
pub(super) use commands::{
    AdoptArgs, CheckArgs, Command, InitArgs, RecordArgs, ReplaceArgs, ReplayArgs, Reports, RoomsArgs,
};
pub(super) use global::{Cli, Global};
pub(super) use keep::{BackupArgs, ForgetArgs, KeyCommand};
pub(super) use questions::{
    AtArgs, ByArgs, DevicesArgs, GraphCommand, HistoryArgs, LogArgs, TreeArgs, WhyArgs,
};
pub(super) use rule::{RuleCommand, TryArgs};
pub(super) use series::{ExportArgs, ImportArgs, SeriesCommand};
