//! Why there is no answer.

use lares_model::Wrong;

/// What is kept could not be read: the store's own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to read what is kept: {0}")]
pub struct ReadFailed(pub String);

impl From<lares_store::StoreError> for ReadFailed {
    fn from(e: lares_store::StoreError) -> Self {
        Self(e.to_string())
    }
}

/// A question that got no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    #[error(transparent)]
    Wrong(#[from] Wrong),
    /// A limit was reached: which, and what to do.
    #[error("{0}")]
    Limit(String),
    #[error(transparent)]
    Read(#[from] ReadFailed),
}
