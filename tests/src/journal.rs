//! The journal that a stopped or killed household left.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;

use lares_graph::Reader;
use lares_model::{Event, EventId, NodeId, NodeKind, Value};

/// All events by id, and what entities are called.
pub struct Events {
    pub all: BTreeMap<EventId, Event>,
    /// `hall-lamp.light`.
    pub names: BTreeMap<NodeId, String>,
}

/// Reads all of a data folder that nobody has open. What only the spool has is not seen.
pub fn events(data: &Path) -> Events {
    let reader = Reader::open_read_only(data).unwrap();
    let read = reader.journal(Bound::Unbounded, Bound::Unbounded, false, usize::MAX).unwrap();
    let all = read.into_iter().map(|s| (s.event.id, s.event)).collect();
    let mut names = BTreeMap::new();
    for kind in [NodeKind::Device, NodeKind::Entity, NodeKind::Link, NodeKind::Rule] {
        for node in reader.nodes(kind).unwrap() {
            let reference = node.props.get("ref").and_then(Value::as_text).map(str::to_owned);
            names.insert(node.id, reference.unwrap_or_else(|| node.key.to_string()));
        }
    }
    Events { all, names }
}

impl Events {
    /// Events about an entity, by its reference.
    pub fn about(&self, name: &str) -> Vec<&Event> {
        self.all.values().filter(|e| self.names.get(&e.subject).is_some_and(|n| n == name)).collect()
    }
}
