//! The way across file formats: everything that the data holds as JSON Lines, and back into a new data folder.
//!
//! Each line is one thing with its own words, in the order in which it can be taken in; the first says what is to come, the
//! last how much came. What can be made from the rest (indexes of causes, edges from their other end, the chain over what
//! is stored) is not in it. A dump is **plain**: whoever has it can read all of it.

mod line;
mod load;
mod write;

use std::path::PathBuf;

use crate::{OpenError, StoreError};

pub use load::load;

/// The form of the lines. Raised with every change that an older Lares would misread; older ones are read for ever.
const FORM: u32 = 1;

/// How much a dump holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Serialize)]
pub struct Dumped {
    pub lines: u64,
    pub events: u64,
    pub nodes: u64,
    pub edges: u64,
    pub samples: u64,
    pub timers: u64,
    /// Entries and values of those who were forgotten since this copy was made: of them a place and a hash are in it.
    pub forgotten: u64,
}

/// Data could not be dumped, or a dump could not be taken in. Then nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("failed to {what}: {source}")]
    Io { what: &'static str, source: std::io::Error },
    #[error("line {number}: {why}")]
    Line { number: u64, why: String },
    #[error("it ends after line {lines}, without its last line: it was cut off")]
    Cut { lines: u64 },
    #[error("{what} is {found}, and was {wanted} when it was written")]
    Changed { what: &'static str, found: String, wanted: String },
    #[error("{path} is not empty: load into a new folder", path = path.display())]
    InTheWay { path: PathBuf },
    #[error("what was loaded is broken: {first} ({count} problems in all)")]
    Broken { first: String, count: u64 },
}

fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> DumpError {
    move |source| DumpError::Io { what, source }
}
