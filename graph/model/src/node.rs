//! The life graph's parts, and what one commit may write beside its event.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{EdgeKind, NodeId, NodeKind, Property, Timer, Timestamp, Value};

/// A node: what it is, its stable key, a label, and typed properties.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Node {
    pub id: NodeId,
    pub kind: NodeKind,
    /// The key that `id` is derived from.
    pub key: Arc<str>,
    pub name: String,
    pub props: BTreeMap<String, Value>,
    /// A kind's own record (postcard under the kind's version); empty where `props` say it all.
    pub detail: Vec<u8>,
}

/// An edge of the graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Edge {
    pub from: NodeId,
    pub kind: EdgeKind,
    pub to: NodeId,
}

/// A stretch of time in which something was so. Open ends are the ends of time; the end itself is not in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Span {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl Span {
    pub fn has(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

/// What an edge says beside that it stands.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct EdgeInfo {
    /// When it was so in the world, whenever we learned of it; empty: always.
    pub valid: Vec<Span>,
    pub props: BTreeMap<String, Value>,
}

impl EdgeInfo {
    pub fn is_empty(&self) -> bool {
        self.valid.is_empty() && self.props.is_empty()
    }

    pub fn valid_at(&self, at: Timestamp) -> bool {
        self.valid.is_empty() || self.valid.iter().any(|span| span.has(at))
    }
}

/// Changes of a node's properties; `None` takes one away.
pub type Amendment = BTreeMap<String, Option<Value>>;

/// What is written in the same commit as an event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Write {
    PutNode(Node),
    RemoveNode(NodeId),
    PutEdge(Edge),
    RemoveEdge(Edge),
    SetTimer(Timer),
    ClearTimer {
        owner: Arc<str>,
        name: Arc<str>,
    },
    /// A file or text kept under the SHA-256 of its bytes (configuration snapshots).
    PutBlob {
        hash: [u8; 32],
        bytes: Vec<u8>,
    },
    /// A fact that belongs to one owner (holds on a property, state of a rule's run); `None` removes it.
    PutState {
        owner: Arc<str>,
        key: Arc<str>,
        value: Option<Vec<u8>>,
    },
    /// As a feature describes it: its name, record and the properties that features make are replaced, what people said of it
    /// (see [`crate::is_made`]) stays.
    Describe(Node),
    /// What people say: only the named properties change. Makes the node if there is none.
    Amend {
        id: NodeId,
        kind: NodeKind,
        key: Arc<str>,
        name: Option<String>,
        set: Amendment,
    },
    /// An edge that says more than that it stands; replaces what it said before.
    PutFact {
        edge: Edge,
        info: EdgeInfo,
    },
    /// What a property was at instants of the past. What stands there already with the same value is left, another value is
    /// corrected.
    PutSamples {
        entity: NodeId,
        property: Property,
        /// By instant, each once; `None`: it was not known.
        samples: Vec<(Timestamp, Option<Value>)>,
    },
}
