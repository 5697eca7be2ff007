//! Timers of the household's people: set, changed and ended by wishes, told when they end, or what they do then.

mod actor;
mod command;
mod state;
mod words;

pub use actor::{CountdownMessage, Countdowns};
