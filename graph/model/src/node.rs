//! The life graph's parts, and what one commit may write beside its event.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{NodeId, Timer, Value};

/// Kind of a node. Numbers are stored: never reuse one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u16)]
pub enum NodeKind {
    Household = 1,
    Floor = 2,
    Room = 3,
    Zone = 4,
    Person = 5,
    Device = 6,
    Entity = 7,
    Rule = 8,
    Group = 9,
    Link = 10,
}

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

/// Type of an edge, read from `from` to `to`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u16)]
pub enum EdgeKind {
    /// A device, entity or person is in a room.
    LocatedIn = 1,
    /// An entity of a device, a room of a floor or zone.
    PartOf = 2,
    /// A device hangs on a bridge or link.
    Via = 3,
    MemberOf = 4,
}

/// An edge of the graph.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Edge {
    pub from: NodeId,
    pub kind: EdgeKind,
    pub to: NodeId,
}

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
}
