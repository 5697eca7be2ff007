//! Why a replay came to no end.

use std::path::PathBuf;

use lares_graph::{OpenError, StoreError};

use crate::recording::{KeptError, RecordingError};

/// There is no summary.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Kept(#[from] KeptError),
    #[error("{path} holds not one line that can be replayed{first}")]
    Empty { path: PathBuf, first: String },
    #[error("failed to use {path} for the journal: {source}")]
    Data { path: PathBuf, source: std::io::Error },
    #[error("{path} is not empty: a replay begins with a journal of its own")]
    DataInUse { path: PathBuf },
    #[error("{0}")]
    Open(OpenError),
    /// A twin of the home that nobody can simulate.
    #[error("{0}")]
    Twins(String),
    #[error("failed to start: {0}")]
    Start(String),
    /// A part of the core failed too often.
    #[error("the household gave up: {0}")]
    Fatal(String),
    #[error("stopped, but the last facts could not be written: {0}")]
    Stop(String),
    #[error("failed to read the journal back: {0}")]
    Read(#[from] StoreError),
}

impl ReplayError {
    /// Whether what was asked for is wrong, and not what came of it.
    pub fn is_input(&self) -> bool {
        matches!(
            self,
            Self::Recording(_)
                | Self::Kept(_)
                | Self::Empty { .. }
                | Self::DataInUse { .. }
                | Self::Twins(_)
                | Self::Data { .. }
        )
    }
}
