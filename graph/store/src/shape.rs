//! All nodes and edges at once, as they are or as they were, for those who ask about more than one node.

use std::any::Any;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use lares_model::{Edge, EventId, Node, NodeId, Timestamp};
use serde::de::DeserializeOwned;

use crate::{Reader, StoreError, codec::Kind, key, meta::Progress, reader::known, table::Table};

/// Nodes by id; edges by (from, kind, to), each with the event since which it stands.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub nodes: Vec<Node>,
    pub edges: Vec<(Edge, EventId)>,
    /// Counts changes of nodes and edges: as long as it is the same, so are they.
    pub mark: (u64, u64),
}

/// What was made of all nodes and edges, and of which ones.
pub(crate) type Made = Mutex<Option<((u64, u64), Arc<dyn Any + Send + Sync>)>>;

/// An edge that began or ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EdgeChange {
    pub edge: Edge,
    pub event: EventId,
    /// It stood from that event on; else it ended with it.
    pub stands: bool,
}

impl Reader {
    /// How often nodes and edges have changed since the beginning: one version is kept of each change.
    pub fn mark(&self) -> Result<(u64, u64), StoreError> {
        self.core.read(|txn| self.mark_in(txn))
    }

    fn mark_in(&self, txn: &heed::RoTxn<'_>) -> Result<(u64, u64), StoreError> {
        let count = |table| self.core.table(table).len(txn);
        Ok((count(Table::NodeVersions)?, count(Table::EdgeVersions)?))
    }

    /// All nodes and edges, of one moment.
    pub fn parts(&self) -> Result<Parts, StoreError> {
        self.core.read(|txn| {
            let counters = Progress::read(&self.core, txn)?.counters;
            let mut parts = Parts { mark: self.mark_in(txn)?, ..Parts::default() };
            parts.nodes.reserve(usize::try_from(counters.nodes).unwrap_or(0));
            parts.edges.reserve(usize::try_from(counters.edges).unwrap_or(0));
            for entry in self.core.table(Table::Nodes).iter(txn)? {
                let (k, stored) = entry?;
                parts.nodes.extend(known(self.core.decoded(Table::Nodes, k, stored, Kind::Node))?);
            }
            for entry in self.core.table(Table::EdgesOut).iter(txn)? {
                let (k, stored) = entry?;
                let (from, kind, to) = self.good_key(Table::EdgesOut, key::read_edge(k))?;
                let since = self.core.decoded(Table::EdgesOut, k, stored, Kind::EdgeSince)?;
                parts.edges.push((Edge { from, kind, to }, since));
            }
            Ok(parts)
        })
    }

    /// What `make` makes of all nodes and edges. It is kept, and given again until one of them changes: who asks often
    /// does not read everything each time.
    pub fn made<T: Any + Send + Sync>(&self, make: impl FnOnce(Parts) -> T) -> Result<Arc<T>, StoreError> {
        let mark = self.mark()?;
        let kept = self.made.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((of, thing)) = kept
            && of == mark
            && let Ok(thing) = thing.downcast()
        {
            return Ok(thing);
        }
        let parts = self.parts()?;
        let mark = parts.mark;
        let thing = Arc::new(make(parts));
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = Some((mark, thing.clone()));
        Ok(thing)
    }

    /// All nodes and edges as they were once `moment` had happened.
    pub fn parts_as_of(&self, moment: EventId) -> Result<Parts, StoreError> {
        self.core.read(|txn| {
            let mut parts = Parts { mark: self.mark_in(txn)?, ..Parts::default() };
            self.last_versions(txn, (Table::NodeVersions, Kind::NodeVersion), moment, |_, _, node| {
                parts.nodes.extend::<Option<Node>>(node);
                Ok(())
            })?;
            let edges = (Table::EdgeVersions, Kind::EdgeVersion);
            self.last_versions(txn, edges, moment, |k, since, stands: bool| {
                if stands {
                    let (from, kind, to) = self.good_key(Table::EdgeVersions, key::read_edge(k))?;
                    parts.edges.push((Edge { from, kind, to }, since));
                }
                Ok(())
            })?;
            Ok(parts)
        })
    }

    /// Of each thing the last version that is not later than `moment`. Keys are the thing's own and the event's.
    fn last_versions<V: DeserializeOwned>(
        &self,
        txn: &heed::RoTxn<'_>,
        (table, kind): (Table, Kind),
        moment: EventId,
        mut with: impl FnMut(&[u8], EventId, V) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut last: Option<(&[u8], &[u8], EventId)> = None;
        let mut entries = self.core.table(table).iter(txn)?;
        loop {
            let entry = entries.next().transpose()?;
            let own = entry.map(|(k, _)| versioned(k).0);
            if let Some((k, stored, event)) = last
                && own != Some(versioned(k).0)
            {
                if let Some(version) = known(self.core.decoded(table, k, stored, kind))? {
                    with(versioned(k).0, event, version)?;
                }
                last = None;
            }
            let Some((k, stored)) = entry else { return Ok(()) };
            let event = self.good_key(table, key::read_event(versioned(k).1))?;
            if event <= moment {
                last = Some((k, stored, event));
            }
        }
    }

    /// The last moment at which nothing later than `at` was known: everything up to its id had been seen by then.
    pub fn moment(&self, at: Timestamp) -> Result<EventId, StoreError> {
        self.core.read(|txn| {
            // Our clock never goes back, so the entries that were seen later are the last ones.
            let (mut low, mut high) = (0_u64, u64::MAX);
            while low < high {
                let middle = low + (high - low) / 2;
                let from = key::event(EventId(middle));
                let range = (Bound::Included(from.as_slice()), Bound::Unbounded);
                match self.core.table(Table::Journal).range(txn, &range)?.next().transpose()? {
                    Some((k, stored)) => {
                        let id = self.good_key(Table::Journal, key::read_event(k))?;
                        if self.entry(id, stored)?.seen() > at {
                            high = middle;
                        } else {
                            low = id.0.saturating_add(1);
                        }
                    }
                    None => high = middle,
                }
            }
            // `low` is above all that was seen by then; what lies between it and the next entry was too.
            let from = key::event(EventId(low));
            let range = (Bound::Included(from.as_slice()), Bound::Unbounded);
            let next = self.core.table(Table::Journal).range(txn, &range)?.next().transpose()?;
            Ok(match next {
                Some((k, _)) => {
                    EventId(self.good_key(Table::Journal, key::read_event(k))?.0.saturating_sub(1))
                }
                None => EventId(u64::MAX),
            })
        })
    }

    /// When the edges of a node began and ended, oldest first. Reads every version of every edge once.
    pub fn edge_changes(&self, of: NodeId) -> Result<Vec<EdgeChange>, StoreError> {
        self.core.read(|txn| {
            let mut changes = Vec::new();
            for entry in self.core.table(Table::EdgeVersions).iter(txn)? {
                let (k, stored) = entry?;
                let (edge, event) = versioned(k);
                let (from, kind, to) = self.good_key(Table::EdgeVersions, key::read_edge(edge))?;
                if from == of || to == of {
                    let event = self.good_key(Table::EdgeVersions, key::read_event(event))?;
                    let stands = self.core.decoded(Table::EdgeVersions, k, stored, Kind::EdgeVersion)?;
                    changes.push(EdgeChange { edge: Edge { from, kind, to }, event, stands });
                }
            }
            changes.sort_by_key(|c| c.event);
            Ok(changes)
        })
    }
}

/// A key of versions: the thing's own key, and the event's.
fn versioned(key: &[u8]) -> (&[u8], &[u8]) {
    key.split_at(key.len().saturating_sub(8))
}
