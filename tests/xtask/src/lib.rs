//! The household's own chores: the sequence of checks, new features by template, the house rules.
//!
//! **Absent on purpose:** dependencies (it is built first, on a clean machine) and any crate of the product.
#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

mod ci;
mod fresh;
mod root;
mod tidy;

pub use ci::{Failed, check, ci};
pub use fresh::{Fresh, Kind, NotMade, write as make_feature};
pub use root::workspace_root;
pub use tidy::{Problem, Source, tidy, tidy_sources};
