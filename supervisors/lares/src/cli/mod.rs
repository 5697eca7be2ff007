//! The command line.
#![allow(clippy::print_stdout, reason = "this is what talks to the terminal")]

mod access;
mod act;
mod adopt;
mod args;
mod ask;
mod backup;
mod calls;
mod check;
mod compare;
mod doctor;
mod dump;
mod exchange;
mod exit;
mod forget;
mod graph;
mod hear;
mod home;
mod init;
mod key;
mod logs;
mod out;
mod places;
mod planned;
mod replay;
mod rooms;
mod rule;
mod series;
mod show;
mod start;
mod timer;
mod top;

pub use args::{DayArgs, RunArgs};
pub use start::main;

/// Says a line to whoever watches; nobody watching is no error.
pub(crate) fn say(line: &str) {
    let _ = out::line(line);
}
