//! What was said of the life graph, as its event tells it.

use serde::{Deserialize, Serialize};

use crate::{Edge, NodeId, NodeKind, Property, Timestamp};

/// What somebody said of the life graph.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    /// The first of them; an import has many.
    pub changes: Vec<Change>,
    /// How many there were in all.
    pub count: u32,
    /// What it was taken from: `tasks.ics (ical)`; empty: it was said one by one.
    pub import: String,
}

/// One change of the life graph.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Change {
    /// A node is new.
    Made {
        node: NodeId,
        kind: NodeKind,
        keys: Vec<String>,
    },
    /// Properties of a node were put or taken away.
    Put {
        node: NodeId,
        keys: Vec<String>,
    },
    Removed {
        node: NodeId,
        name: String,
    },
    Linked {
        edge: Edge,
    },
    Unlinked {
        edge: Edge,
    },
    /// `from` is no more; what it had, `into` has.
    Merged {
        from: NodeId,
        name: String,
        into: NodeId,
    },
    /// What a property was in the past: samples that are new, and samples that were something else before.
    Measured {
        entity: NodeId,
        property: Property,
        new: u32,
        corrected: u32,
        /// The first of them.
        from: Timestamp,
        /// The last of them.
        to: Timestamp,
    },
}
