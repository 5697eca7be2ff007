//! Properties that a household has of its own: what the home folder says of them, as it is stored with the data.

use serde::{Deserialize, Serialize};

use super::NodeKind;

/// Whose states keep what is known of the data itself.
pub const SCHEMA_OWNER: &str = "schema";
/// The key of the household's own properties: a list of [`OwnProp`] as JSON.
pub const OWN_PROPS: &str = "own";
/// The key of all kinds of node and edge as they were when they were last written: JSON.
pub const KINDS: &str = "kinds";

/// A property of the household's own (`my_shoe_size`).
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OwnProp {
    /// With its prefix.
    pub name: String,
    pub says: String,
    /// Kinds of node that may have it; empty: any.
    pub kinds: Vec<NodeKind>,
    pub of: OwnType,
    pub unit: Option<String>,
}

/// What it may be. Append-only: it is stored.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnType {
    Text,
    Number { min: Option<f64>, max: Option<f64> },
    Bool,
    When,
    Choice(Vec<String>),
    Words,
}
