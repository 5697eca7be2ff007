//! Timers of the household's people: set, changed and ended by wishes, told when they end.

mod actor;
mod state;
mod words;

pub use actor::{CountdownMessage, Countdowns};
