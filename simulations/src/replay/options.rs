//! What a replay is asked for.

use std::path::PathBuf;
use std::sync::Arc;

use lares_config::Home;

use crate::recording::Span;

/// A recording, a home, and how the one meets the other.
#[derive(Clone, Debug)]
pub struct Options {
    pub source: Source,
    pub home: Arc<Home>,
    /// Where chance begins.
    pub seed: u64,
    pub reports: Reports,
    /// An empty folder in which journal and graph are left to be looked at; none: they are thrown away.
    pub data: Option<PathBuf>,
    /// Version of the program: it stands in the journal.
    pub version: String,
}

/// What is replayed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A file, or a folder with one.
    Recording(PathBuf),
    /// What a household keeps.
    Kept(Span),
}

/// What to make of recorded reports of things that the household itself can move.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Reports {
    /// Somebody moved them by hand.
    #[default]
    Manual,
    /// They are left out.
    Ignore,
}
