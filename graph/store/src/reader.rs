//! Reading: each call is a short snapshot of what is committed, from any thread.

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use heed::RoTxn;
use lares_model::{Edge, EdgeInfo, EventId, Node, NodeId, NodeKind, Property, Stored, Timer};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::{
    Counters, LastState, OpenError, Spool, StoreError,
    codec::{Kind, content},
    core::{Core, unreadable},
    gone::Entry,
    key::{self, KeyError},
    key_file,
    meta::Progress,
    shape::{Made, Past},
    table::Table,
};

/// The reading end. Cheap to clone. A call sees whole commits only.
#[derive(Clone)]
pub struct Reader {
    pub(crate) core: Arc<Core>,
    unseen: usize,
    /// What was made of all nodes and edges; shared by all clones.
    pub(crate) made: Arc<Made>,
    pub(crate) past: Arc<Past>,
}

/// A key within its owner, and its value.
pub type KeyValue = (Vec<u8>, Vec<u8>);

/// How much there is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    pub events: u64,
    pub nodes: u64,
    pub edges: u64,
    pub samples: u64,
    pub timers: u64,
    /// Size of the database file.
    pub file_bytes: u64,
}

impl Reader {
    pub(crate) fn new(core: Arc<Core>, unseen: usize) -> Self {
        Self { core, unseen, made: Arc::default(), past: Arc::default() }
    }

    /// Opens a data folder that no household runs on; the error names the process if one does.
    /// Sealed data needs its key, which is looked for by [`crate::key_file`].
    pub fn open_read_only(path: &Path) -> Result<Self, OpenError> {
        let core = Core::open_read_only(path, false, &key_file(path))?;
        let failed = |source| OpenError::Store { path: path.to_path_buf(), source };
        let applied = core.read(|txn| Ok(Progress::read(&core, txn)?.seq)).map_err(failed)?;
        let spooled = path.join("spool-a").is_file() && path.join("spool-b").is_file();
        let unseen = if spooled {
            Spool::open(path, core.codec.clone())
                .and_then(|s| s.replay(applied, |_, _| Ok(())))
                .map_err(failed)?
                .fresh
        } else {
            0
        };
        Ok(Self::new(Arc::new(core), unseen))
    }

    /// Opens a data folder beside the household that holds it: for one that does not answer. Sees what is committed.
    pub fn open_beside(path: &Path) -> Result<Self, OpenError> {
        Ok(Self::new(Arc::new(Core::open_read_only(path, true, &key_file(path))?), 0))
    }

    /// Opens a copied database, which has no spool, with the key of the household it came from.
    pub fn open_copy(path: &Path, key: &Path) -> Result<Self, OpenError> {
        Ok(Self::new(Arc::new(Core::open_read_only(path, false, key)?), 0))
    }

    /// Entries that lie in the spool and are not seen by this reader: the next start of the household takes them in.
    pub fn unseen(&self) -> usize {
        self.unseen
    }

    pub fn event(&self, id: EventId) -> Result<Option<Stored>, StoreError> {
        self.core.read(|txn| self.stored(txn, id))
    }

    pub(crate) fn stored(&self, txn: &RoTxn<'_>, id: EventId) -> Result<Option<Stored>, StoreError> {
        let found = self.core.table(Table::Journal).get(txn, &key::event(id))?;
        let entry = found.map(|stored| known(self.entry(txn, id, stored))).transpose()?.flatten();
        Ok(entry.and_then(Entry::whole))
    }

    pub(crate) fn head(&self, txn: &RoTxn<'_>, subject: NodeId) -> Result<Option<EventId>, StoreError> {
        self.core.value(txn, Table::Heads, &key::node(subject), Kind::Head)
    }

    /// Events that name `cause`, oldest first.
    pub fn effects(&self, cause: EventId) -> Result<Vec<EventId>, StoreError> {
        self.core.read(|txn| {
            let found = self.core.table(Table::Effects).prefix_iter(txn, &key::event(cause))?;
            found.map(|e| Ok(EventId(self.good_key(Table::Effects, key::read_pair(e?.0))?.1))).collect()
        })
    }

    pub fn node(&self, id: NodeId) -> Result<Option<Node>, StoreError> {
        self.core
            .read(|txn| Ok(known(self.core.value(txn, Table::Nodes, &key::node(id), Kind::Node))?.flatten()))
    }

    /// The node as it was once `moment` had happened.
    pub fn node_as_of(&self, id: NodeId, moment: EventId) -> Result<Option<Node>, StoreError> {
        let (from, to) = (key::pair(id.0, 0), key::pair(id.0, moment.0));
        let range = (Bound::Included(from.as_slice()), Bound::Included(to.as_slice()));
        self.core.read(|txn| {
            match self.core.table(Table::NodeVersions).rev_range(txn, &range)?.next().transpose()? {
                Some((k, stored)) => {
                    Ok(known(self.core.decoded(Table::NodeVersions, k, stored, Kind::NodeVersion))?.flatten())
                }
                None => Ok(None),
            }
        })
    }

    /// The ids of the events that changed a node, oldest first.
    pub fn node_versions(&self, id: NodeId) -> Result<Vec<EventId>, StoreError> {
        self.core.read(|txn| {
            let found = self.core.table(Table::NodeVersions).prefix_iter(txn, &key::node(id))?;
            found.map(|e| Ok(EventId(self.good_key(Table::NodeVersions, key::read_pair(e?.0))?.1))).collect()
        })
    }

    /// All nodes, by id.
    pub fn all_nodes(&self) -> Result<Vec<Node>, StoreError> {
        self.all(Table::Nodes, &[], Kind::Node, |_, node| Ok(node))
    }

    /// All nodes of a kind, by id.
    pub fn nodes(&self, kind: NodeKind) -> Result<Vec<Node>, StoreError> {
        let all: Vec<Node> = self.all(Table::Nodes, &[], Kind::Node, |_, node| Ok(node))?;
        Ok(all.into_iter().filter(|n| n.kind == kind).collect())
    }

    /// Edges that leave a node, each with the event since which it stands.
    pub fn edges_from(&self, from: NodeId) -> Result<Vec<(Edge, EventId)>, StoreError> {
        Ok(self.facts_from(from)?.into_iter().map(|(edge, since, _)| (edge, since)).collect())
    }

    /// Edges that leave a node, each with the event since which it stands, and what it says beside that.
    pub fn facts_from(&self, from: NodeId) -> Result<Vec<(Edge, EventId, EdgeInfo)>, StoreError> {
        self.core.read(|txn| {
            let found = self.core.table(Table::EdgesOut).prefix_iter(txn, &key::node(from))?;
            let read = |entry: heed::Result<(&[u8], &[u8])>| {
                let (k, stored) = entry?;
                let (from, kind, to) = self.good_key(Table::EdgesOut, key::read_edge(k))?;
                let read = known(self.core.read_since(Table::EdgesOut, k, stored))?;
                Ok(read.map(|(since, info)| (Edge { from, kind, to }, since, info)))
            };
            found.map(read).filter_map(Result::transpose).collect()
        })
    }

    /// What an edge says beside that it stands; none if there is none.
    pub fn fact(&self, edge: Edge) -> Result<Option<(EventId, EdgeInfo)>, StoreError> {
        self.core.read(|txn| {
            let found = self.core.edge_since(txn, &key::edge(edge.from, edge.kind, edge.to));
            Ok(known(found)?.flatten())
        })
    }

    /// Edges that lead to a node, each with the event since which it stands.
    pub fn edges_to(&self, to: NodeId) -> Result<Vec<(Edge, EventId)>, StoreError> {
        self.core.read(|txn| {
            let found = self.core.table(Table::EdgesIn).prefix_iter(txn, &key::node(to))?;
            let read = |entry: heed::Result<(&[u8], &[u8])>| {
                let (k, stored) = entry?;
                let (to, kind, from) = self.good_key(Table::EdgesIn, key::read_edge(k))?;
                let read = known(self.core.read_since(Table::EdgesIn, k, stored))?;
                Ok(read.map(|(since, _)| (Edge { from, kind, to }, since)))
            };
            found.map(read).filter_map(Result::transpose).collect()
        })
    }

    /// All timers, by owner and name.
    pub fn timers(&self) -> Result<Vec<Timer>, StoreError> {
        let mut timers: Vec<Timer> = self.all(Table::Timers, &[], Kind::Timer, |_, timer| Ok(timer))?;
        timers.sort_by(|a, b| (&a.owner, &a.name).cmp(&(&b.owner, &b.name)));
        Ok(timers)
    }

    /// What belongs to one owner, by key.
    pub fn states(&self, owner: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let Ok(prefix) = key::owned_prefix(owner, 0) else { return Ok(Vec::new()) };
        let found = self.core.read(|txn| self.owned(txn, Table::States, Kind::State, &prefix))?;
        Ok(found.into_iter().map(|(k, v)| (String::from_utf8_lossy(&k).into_owned(), v)).collect())
    }

    /// One of an owner's states.
    pub fn state(&self, owner: &str, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let Ok(key) = key::owned(owner, name.as_bytes()) else { return Ok(None) };
        self.core.read(|txn| self.core.bytes(txn, Table::States, &key, Kind::State))
    }

    /// An owner's states whose key begins with `start`.
    pub fn states_with(&self, owner: &str, start: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let Ok(mut prefix) = key::owned_prefix(owner, 0) else { return Ok(Vec::new()) };
        prefix.extend_from_slice(start.as_bytes());
        let found = self.core.read(|txn| self.owned(txn, Table::States, Kind::State, &prefix))?;
        Ok(found.into_iter().map(|(k, v)| (String::from_utf8_lossy(&k).into_owned(), v)).collect())
    }

    pub(crate) fn owned(
        &self,
        txn: &RoTxn<'_>,
        table: Table,
        kind: Kind,
        prefix: &[u8],
    ) -> Result<Vec<KeyValue>, StoreError> {
        let mut all = Vec::new();
        let place = self.core.codec.place_of_owner(table, prefix);
        for entry in self.core.table(table).prefix_iter(txn, &place)? {
            let (k, stored) = entry?;
            let (own, plain) = self.core.entry(table, k, stored)?;
            if own.starts_with(prefix) {
                let (_, rest) = self.good_key(table, key::read_owned(&own))?;
                let value = content(kind, &plain).map_err(|e| unreadable(table, k, e))?;
                all.push((rest.to_vec(), value.to_vec()));
            }
        }
        // Hashed keys have an order of their own.
        all.sort();
        Ok(all)
    }

    /// Every property's last state.
    pub fn all_last(&self) -> Result<Vec<(NodeId, Property, LastState)>, StoreError> {
        self.last_states(&[])
    }

    /// The last states of one entity's properties.
    pub fn last(&self, entity: NodeId) -> Result<Vec<(Property, LastState)>, StoreError> {
        let found = self.last_states(&key::node(entity))?;
        Ok(found.into_iter().map(|(_, property, state)| (property, state)).collect())
    }

    fn last_states(&self, prefix: &[u8]) -> Result<Vec<(NodeId, Property, LastState)>, StoreError> {
        self.all(Table::Last, prefix, Kind::LastState, |k, state| {
            key::read_series(k).map(|(entity, property)| (entity, property, state))
        })
    }

    pub fn blob(&self, hash: [u8; 32]) -> Result<Option<Vec<u8>>, StoreError> {
        self.core.read(|txn| self.core.bytes(txn, Table::Blobs, &hash, Kind::Blob))
    }

    pub fn counts(&self) -> Result<Counts, StoreError> {
        let Counters { events, nodes, edges, samples, timers } =
            self.core.read(|txn| Ok(Progress::read(&self.core, txn)?.counters))?;
        Ok(Counts { events, nodes, edges, samples, timers, file_bytes: self.core.file_bytes() })
    }

    /// SHA-256 over each journal entry in the order of ids: its id (8 bytes, big-endian), the length of its plain
    /// record (4 bytes, big-endian), the record. The same before and after sealing.
    pub fn journal_hash(&self) -> Result<[u8; 32], StoreError> {
        self.core.read(|txn| self.journal_hash_in(txn))
    }

    pub(crate) fn journal_hash_in(&self, txn: &RoTxn<'_>) -> Result<[u8; 32], StoreError> {
        let mut hash = Sha256::new();
        for entry in self.core.table(Table::Journal).iter(txn)? {
            let (k, stored) = entry?;
            let Some(plain) = known(self.core.record(txn, k, stored))? else { continue };
            hash.update(k);
            hash.update((plain.len() as u32).to_be_bytes());
            hash.update(&plain);
        }
        Ok(hash.finalize().into())
    }

    /// Every value of a table whose key starts with `prefix`.
    fn all<V: DeserializeOwned, T>(
        &self,
        table: Table,
        prefix: &[u8],
        kind: Kind,
        with: impl Fn(&[u8], V) -> Result<T, KeyError>,
    ) -> Result<Vec<T>, StoreError> {
        // What was forgotten is not there, also where an old copy still has it.
        let each = |entry: heed::Result<(&[u8], &[u8])>| {
            let read = || {
                let (k, stored) = entry?;
                let Some(value) = known(self.core.decoded(table, k, stored, kind))? else { return Ok(None) };
                self.good_key(table, with(k, value)).map(Some)
            };
            read().transpose()
        };
        self.core.read(|txn| {
            if prefix.is_empty() {
                self.core.table(table).iter(txn)?.filter_map(each).collect()
            } else {
                self.core.table(table).prefix_iter(txn, prefix)?.filter_map(each).collect()
            }
        })
    }

    pub(crate) fn good_key<T>(&self, table: Table, key: Result<T, KeyError>) -> Result<T, StoreError> {
        key.map_err(|source| StoreError::BadKey { table, source })
    }
}

/// `None`: it was forgotten.
pub(crate) fn known<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(value) => Ok(Some(value)),
        Err(e) if e.is_forgotten() => Ok(None),
        Err(e) => Err(e),
    }
}
