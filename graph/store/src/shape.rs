//! All nodes and edges at once, as they are or as they were, for those who ask about more than one node.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use heed::RoTxn;
use lares_model::{Edge, EdgeInfo, EventId, Node, NodeId};

use crate::{Reader, StoreError, codec::Kind, key, meta::Progress, reader::known, table::Table};

/// Nodes by id; edges by (from, kind, to), each with the event since which it stands.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    pub nodes: Vec<Node>,
    pub edges: Vec<(Edge, EventId)>,
    /// Of those edges that say more than that they stand.
    pub facts: BTreeMap<Edge, EdgeInfo>,
    /// Counts changes of nodes and edges: as long as it is the same, so are they.
    pub mark: (u64, u64),
}

/// What was made of all nodes and edges, and of which ones.
pub(crate) type Made = Mutex<Option<((u64, u64), Arc<dyn Any + Send + Sync>)>>;

/// What was made of past moments: by what they were made of, and when.
pub(crate) type Past = Mutex<Vec<((u64, u64), EventId, Arc<dyn Any + Send + Sync>)>>;

/// Who looks back compares a few moments.
const PAST_KEPT: usize = 4;

/// An edge that began or ended.
#[derive(Clone, PartialEq, Debug)]
pub struct EdgeChange {
    pub edge: Edge,
    pub event: EventId,
    /// It stood from that event on, and said this; none: it ended with it.
    pub info: Option<EdgeInfo>,
}

impl Parts {
    fn push_edge(&mut self, edge: Edge, since: EventId, info: EdgeInfo) {
        self.edges.push((edge, since));
        if !info.is_empty() {
            self.facts.insert(edge, info);
        }
    }
}

impl Reader {
    /// How often nodes and edges have changed since the beginning: one version is kept of each change.
    pub fn mark(&self) -> Result<(u64, u64), StoreError> {
        self.core.read(|txn| self.mark_in(txn))
    }

    fn mark_in(&self, txn: &RoTxn<'_>) -> Result<(u64, u64), StoreError> {
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
                if let Some((since, info)) = known(self.core.read_since(Table::EdgesOut, k, stored))? {
                    parts.push_edge(Edge { from, kind, to }, since, info);
                }
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

    /// As [`Reader::made`], of a past moment. The last few are kept.
    pub fn made_as_of<T: Any + Send + Sync>(
        &self,
        moment: EventId,
        make: impl FnOnce(Parts) -> T,
    ) -> Result<Arc<T>, StoreError> {
        let mark = self.mark()?;
        let kept = {
            let all = self.past.lock().unwrap_or_else(PoisonError::into_inner);
            all.iter().find(|(of, at, _)| *of == mark && *at == moment).map(|(_, _, thing)| thing.clone())
        };
        if let Some(thing) = kept.and_then(|thing| thing.downcast().ok()) {
            return Ok(thing);
        }
        let thing = Arc::new(make(self.parts_as_of(moment)?));
        let mut all = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(of, _, _)| *of == mark);
        if all.len() >= PAST_KEPT {
            all.remove(0);
        }
        all.push((mark, moment, thing.clone()));
        Ok(thing)
    }

    /// All nodes and edges as they were once `moment` had happened.
    pub fn parts_as_of(&self, moment: EventId) -> Result<Parts, StoreError> {
        self.core.read(|txn| {
            let mut parts = Parts { mark: self.mark_in(txn)?, ..Parts::default() };
            self.last_versions(txn, Table::NodeVersions, moment, |_, k, stored| {
                let node = known(self.core.decoded(Table::NodeVersions, k, stored, Kind::NodeVersion))?;
                parts.nodes.extend::<Option<Node>>(node.flatten());
                Ok(())
            })?;
            self.last_versions(txn, Table::EdgeVersions, moment, |since, k, stored| {
                if let Some(info) = known(self.core.read_edge_version(k, stored))?.flatten() {
                    let (from, kind, to) =
                        self.good_key(Table::EdgeVersions, key::read_edge(versioned(k).0))?;
                    parts.push_edge(Edge { from, kind, to }, since, info);
                }
                Ok(())
            })?;
            Ok(parts)
        })
    }

    /// Of each thing the last version that is not later than `moment`. Keys are the thing's own and the event's.
    fn last_versions(
        &self,
        txn: &RoTxn<'_>,
        table: Table,
        moment: EventId,
        mut with: impl FnMut(EventId, &[u8], &[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut last: Option<(&[u8], &[u8], EventId)> = None;
        let mut entries = self.core.table(table).iter(txn)?;
        loop {
            let entry = entries.next().transpose()?;
            let own = entry.map(|(k, _)| versioned(k).0);
            if let Some((k, stored, event)) = last
                && own != Some(versioned(k).0)
            {
                with(event, k, stored)?;
                last = None;
            }
            let Some((k, stored)) = entry else { return Ok(()) };
            let event = self.good_key(table, key::read_event(versioned(k).1))?;
            if event <= moment {
                last = Some((k, stored, event));
            }
        }
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
                    if let Some(info) = known(self.core.read_edge_version(k, stored))? {
                        changes.push(EdgeChange { edge: Edge { from, kind, to }, event, info });
                    }
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
