//! The `lares` command as a library, so that what is tested is what was built.
//!
//! **Absent on purpose:** decisions of any kind. It wires the parts together and talks to people.

mod cli;
pub mod run;
pub mod twins;

pub use cli::{DayArgs, RunArgs, main};
