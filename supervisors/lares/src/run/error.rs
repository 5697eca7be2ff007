//! Why a household does not run.

use lares_config::Diagnostic;
use lares_graph::OpenError;

/// The household could not start or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// All problems of the home folder.
    #[error("the home has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Home(Vec<Diagnostic>),
    #[error("failed to make the data folder {path}: {source}")]
    Data { path: String, source: std::io::Error },
    #[error("{0}")]
    Open(OpenError),
    #[error("failed to start: {0}")]
    Start(String),
    /// A part of the core failed too often.
    #[error("{0}")]
    Fatal(String),
    #[error("stopped, but the last facts could not be written: {0}")]
    Stop(String),
}
