//! Why there is no answer, as it is said on the socket.

use serde::{Deserialize, Serialize};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Trouble {
    pub kind: TroubleKind,
    pub message: String,
}

/// Whose fault it is: it decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// The question was wrong.
    Input,
    /// The household could not do it.
    Failed,
}

impl Trouble {
    pub fn input(message: impl std::fmt::Display) -> Self {
        Self { kind: TroubleKind::Input, message: message.to_string() }
    }

    pub fn failed(message: impl std::fmt::Display) -> Self {
        Self { kind: TroubleKind::Failed, message: message.to_string() }
    }
}
