//! What can be typed.

mod commands;
mod global;
mod questions;

pub use commands::RunArgs;
pub(super) use commands::{
    CheckArgs, Command, Hold, InitArgs, RecordArgs, ReleaseArgs, ReplayArgs, Reports, RoomsArgs, SetArgs,
};
pub(super) use global::{Cli, Global};
pub(super) use questions::{DevicesArgs, GraphCommand, LogArgs, TreeArgs, WhyArgs};
