//! What came of orders to the process itself.

use serde::{Deserialize, Serialize};

/// A recording that began or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub path: String,
    /// Messages written; none: it has just begun.
    pub messages: Option<u64>,
}

/// What came of a reload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reloaded {
    /// Keys of what changed.
    pub changed: Vec<String>,
    /// Keys of what could not be applied and goes on as it was.
    pub partly: Vec<String>,
    /// Why the new configuration was refused, in words for a person; empty if it was not.
    pub problems: Vec<String>,
}
