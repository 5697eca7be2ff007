//! What can be typed.

mod access;
mod commands;
mod global;
mod keep;
mod questions;
mod rule;
mod series;

pub(super) use access::{PeopleArgs, PeopleCommand, TokensArgs, TokensCommand};
pub use commands::RunArgs;
pub(super) use commands::{
    AckArgs, AdoptArgs, CheckArgs, Command, Hold, InitArgs, RecordArgs, ReleaseArgs, ReplaceArgs, ReplayArgs,
    Reports, RoomsArgs, SetArgs,
};
pub(super) use global::{Cli, Global};
pub(super) use keep::{BackupArgs, ForgetArgs, KeyCommand};
pub(super) use questions::{
    AtArgs, ByArgs, DevicesArgs, GraphCommand, HistoryArgs, LogArgs, TreeArgs, WhyArgs,
};
pub(super) use rule::{RuleCommand, SayArgs, SceneArgs, TryArgs, UndoArgs};
pub(super) use series::{ExportArgs, ImportArgs, SeriesCommand};
