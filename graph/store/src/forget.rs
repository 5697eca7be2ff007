//! Forgetting a person or a domain: what the data holds of them is erased, then their key. The journal keeps the places of
//! their entries with their hashes, so that its order and its chain still hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use heed::{PutFlags, RoTxn, RwTxn};
use lares_model::{Body, Event, EventId, Node, NodeId, Origin, Timer};

use crate::{
    OpenError, Sample, Store, StoreError, StoreOptions,
    archive::replace,
    codec::{Kind, Owner, encode},
    core::{Core, unreadable},
    env::compact_in_place,
    gone::{Entry, Gone, Why, read},
    key, key_file,
    meta::Progress,
    series::{Tail, TailBuilder},
    table::Table,
};

pub(crate) const OWNERS_KEY: &[u8] = b"owners";
/// Entries of the journal that one commit erases.
const STEP: usize = 2_000;

/// What a person's name begins with among those who own something.
const PERSON: &str = "person:";

/// What was erased.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Forgotten {
    pub entries: u64,
    pub nodes: u64,
    pub samples: u64,
    /// There was a key of their own to erase: backups made before hold nothing of theirs that can be read.
    pub had_key: bool,
}

/// Nodes by the name of whom they belong to: `person:anna`, `domain:health`.
pub type Owners = BTreeMap<String, Vec<NodeId>>;

pub(crate) fn owners(core: &Core, txn: &RoTxn<'_>) -> Result<Owners, StoreError> {
    Ok(core.value(txn, Table::Meta, OWNERS_KEY, Kind::Owners)?.unwrap_or_default())
}

impl Store {
    /// Says whose nodes are. What was somebody's stays theirs, so that it can be forgotten. `Err`: there can be no keys of
    /// their own; then what comes is sealed with the household's.
    pub fn set_owners(&self, told: &Owners) -> Result<(), StoreError> {
        let core = self.core();
        let known = core.read(|txn| owners(core, txn))?;
        let mut all = known.clone();
        for (name, nodes) in told {
            let own = all.entry(name.clone()).or_default();
            own.extend(nodes.iter().copied().filter(|n| !known.get(name).is_some_and(|k| k.contains(n))));
        }
        if all != known {
            core.write(|txn| core.put(txn, Table::Meta, OWNERS_KEY, Kind::Owners, &all))?;
        }
        core.codec.set_owners(&all).map_err(|e| StoreError::Encode(e.to_string()))
    }

    /// The names of those who own something.
    pub fn owners(&self) -> Result<Vec<String>, StoreError> {
        let core = self.core();
        Ok(core.read(|txn| owners(core, txn))?.into_keys().collect())
    }
}

/// Forgets a person or a domain in data that no household runs on. Can be done again when it was cut short.
pub fn forget(data: &Path, name: &str) -> Result<Forgotten, OpenError> {
    let options = StoreOptions {
        path: data.to_path_buf(),
        map_size: 1 << 20,
        map_limit: usize::MAX,
        sync: true,
        key: Some(key_file(data)),
    };
    let failed = |source| OpenError::Store { path: data.to_path_buf(), source };
    let store = Store::open(&options)?.store;
    let forgotten = erase(&store, name).map_err(failed)?;
    store.end().map_err(failed)?;
    drop(store);
    // What was freed still stands in the file until it is written over.
    compact_in_place(data)?;
    // The name goes last: until then all of it can be begun again.
    let store = Store::open(&options)?.store;
    disown(&store, name).and_then(|()| store.end()).map_err(failed)?;
    Ok(forgotten)
}

fn disown(store: &Store, name: &str) -> Result<(), StoreError> {
    let core = store.core();
    core.write(|txn| {
        let mut rest = owners(core, txn)?;
        rest.remove(name);
        core.put(txn, Table::Meta, OWNERS_KEY, Kind::Owners, &rest)
    })
}

fn erase(store: &Store, name: &str) -> Result<Forgotten, StoreError> {
    let core = store.core();
    let all = core.read(|txn| owners(core, txn))?;
    let nodes: BTreeSet<NodeId> = match all.get(name) {
        Some(nodes) => nodes.iter().copied().collect(),
        None => {
            return Err(StoreError::NobodyCalled { name: name.to_owned(), known: all.into_keys().collect() });
        }
    };
    let who = Who { name, nodes: &nodes };
    let mut done = Forgotten::default();
    let mut from = Some(EventId(0));
    while let Some(start) = from {
        from = core.write(|txn| {
            let (next, entries) = erase_entries(core, txn, &who, start)?;
            done.entries += entries;
            Ok(next)
        })?;
    }
    store.change(|txn, progress| erase_tables(core, txn, &who, progress, &mut done))?;
    done.had_key = nodes.iter().any(|n| core.codec.owner_of(*n).is_some()) || core.codec.has_key(name);
    core.codec.erase(name).map_err(|e| StoreError::Encode(e.to_string()))?;
    Ok(done)
}

/// Who is forgotten.
struct Who<'a> {
    name: &'a str,
    nodes: &'a BTreeSet<NodeId>,
}

impl Who<'_> {
    fn is_person(&self, key: &str) -> bool {
        self.name.strip_prefix(PERSON) == Some(key)
    }

    /// What is about them, what they did, and decisions on their claims.
    fn concerns(&self, event: &Event) -> bool {
        self.nodes.contains(&event.subject)
            || matches!(&event.origin, Origin::Person(key) if self.is_person(key))
            || matches!(&event.body, Body::Decision(v) if &*v.claim.source == self.name
                || v.rivals.iter().any(|r| &*r.source == self.name))
    }
}

/// Puts what is left of them in place of entries; gives where to go on.
fn erase_entries(
    core: &Core,
    txn: &mut RwTxn<'_>,
    who: &Who<'_>,
    from: EventId,
) -> Result<(Option<EventId>, u64), StoreError> {
    let start = key::event(from);
    let range = (std::ops::Bound::Included(start.as_slice()), std::ops::Bound::Unbounded);
    let mut gone = Vec::new();
    let mut next = None;
    for (n, entry) in core.table(Table::Journal).range(txn, &range)?.enumerate() {
        let (k, stored) = entry?;
        let id = key::read_event(k).map_err(|source| StoreError::BadKey { table: Table::Journal, source })?;
        if n >= STEP {
            next = Some(id);
            break;
        }
        let plain = match core.record(txn, k, stored) {
            Err(e) if e.is_forgotten() => continue,
            plain => plain?,
        };
        let entry = match read(id, &plain).map_err(|e| unreadable(Table::Journal, k, e))? {
            Entry::Whole(entry) if who.concerns(&entry.event) => entry,
            _ => continue,
        };
        let own = who.nodes.contains(&entry.event.subject);
        gone.push((
            id,
            Gone {
                why: Why::Forgotten,
                digest: [0; 32],
                kind: entry.event.body.kind() as u16,
                seen: entry.event.seen,
                subject: if own { NodeId(0) } else { entry.event.subject },
                previous: entry.previous.filter(|_| !own),
            },
        ));
    }
    let count = gone.len() as u64;
    replace(core, txn, gone)?;
    Ok((next, count))
}

fn erase_tables(
    core: &Core,
    txn: &mut RwTxn<'_>,
    who: &Who<'_>,
    progress: &mut Progress,
    done: &mut Forgotten,
) -> Result<(), StoreError> {
    for node in who.nodes {
        let prefix = key::node(*node);
        // The things themselves stay where the home still has them; the person does not, nor does what nothing describes again.
        let is_person = who.name.strip_prefix(PERSON).is_some_and(|key| NodeId::person(key) == *node);
        if is_person || is_told(core, txn, *node)? {
            done.nodes += erase_node(core, txn, *node, progress)?;
        }
        for chunk in core.table(Table::Chunks).prefix_iter(txn, &prefix)? {
            let (k, stored) = chunk?;
            let count = crate::series::count(core, k, stored)?;
            done.samples += count;
            progress.counters.samples = progress.counters.samples.saturating_sub(count);
        }
        let tables =
            [Table::Chunks, Table::Rolled, Table::Series, Table::Corrections, Table::Last, Table::Heads];
        for table in tables {
            erase_all(core, txn, table, &prefix)?;
        }
    }
    erase_tail(core, txn, who, progress, done)?;
    erase_owned(core, txn, who, progress)
}

/// Whether a node is there only because somebody said so: a call, a task.
fn is_told(core: &Core, txn: &RoTxn<'_>, node: NodeId) -> Result<bool, StoreError> {
    match core.value::<Node>(txn, Table::Nodes, &key::node(node), Kind::Node) {
        Ok(kept) => Ok(kept.is_some_and(|kept| !kept.kind.is_described())),
        // It was begun before: its key is gone already.
        Err(e) if e.is_forgotten() => Ok(true),
        Err(e) => Err(e),
    }
}

fn erase_node(
    core: &Core,
    txn: &mut RwTxn<'_>,
    node: NodeId,
    progress: &mut Progress,
) -> Result<u64, StoreError> {
    let prefix = key::node(node);
    let mut edges = Vec::new();
    for (table, outwards) in [(Table::EdgesOut, true), (Table::EdgesIn, false)] {
        for entry in core.table(table).prefix_iter(txn, &prefix)? {
            let (a, kind, b) =
                key::read_edge(entry?.0).map_err(|source| StoreError::BadKey { table, source })?;
            edges.push(if outwards { (a, kind, b) } else { (b, kind, a) });
        }
    }
    for (from, kind, to) in edges {
        if core.table(Table::EdgesOut).delete(txn, &key::edge(from, kind, to))? {
            core.table(Table::EdgesIn).delete(txn, &key::edge(to, kind, from))?;
            progress.counters.edges = progress.counters.edges.saturating_sub(1);
        }
    }
    let mut versions = Vec::new();
    for entry in core.table(Table::EdgeVersions).iter(txn)? {
        let (k, _) = entry?;
        let (edge, _) = k.split_at(k.len().saturating_sub(8));
        let (a, _, b) = key::read_edge(edge)
            .map_err(|source| StoreError::BadKey { table: Table::EdgeVersions, source })?;
        if a == node || b == node {
            versions.push(k.to_vec());
        }
    }
    for k in versions {
        core.table(Table::EdgeVersions).delete(txn, &k)?;
    }
    erase_all(core, txn, Table::NodeVersions, &prefix)?;
    let there = core.table(Table::Nodes).delete(txn, &prefix)?;
    progress.counters.nodes = progress.counters.nodes.saturating_sub(u64::from(there));
    Ok(u64::from(there))
}

fn erase_all(core: &Core, txn: &mut RwTxn<'_>, table: Table, prefix: &[u8]) -> Result<(), StoreError> {
    let mut keys = Vec::new();
    for entry in core.table(table).prefix_iter(txn, prefix)? {
        keys.push(entry?.0.to_vec());
    }
    keys.iter().try_for_each(|k| core.table(table).delete(txn, k).map(drop))
}

/// Samples that are not in their chunks yet, without theirs.
fn erase_tail(
    core: &Core,
    txn: &mut RwTxn<'_>,
    who: &Who<'_>,
    progress: &mut Progress,
    done: &mut Forgotten,
) -> Result<(), StoreError> {
    let mut changed = Vec::new();
    for entry in core.table(Table::Tail).iter(txn)? {
        let (k, stored) = entry?;
        let tail: Tail = core.decoded(Table::Tail, k, stored, Kind::Tail)?;
        let all = tail.read().map_err(|e| unreadable(Table::Tail, k, e))?;
        let rest: Vec<(_, Sample)> =
            all.iter().filter(|((n, _), _)| !who.nodes.contains(n)).cloned().collect();
        if rest.len() < all.len() {
            changed.push((k.to_vec(), (all.len() - rest.len()) as u64, rest));
        }
    }
    for (k, gone, rest) in changed {
        done.samples += gone;
        progress.tail = progress.tail.saturating_sub(gone);
        progress.counters.samples = progress.counters.samples.saturating_sub(gone);
        if rest.is_empty() {
            core.table(Table::Tail).delete(txn, &k)?;
            continue;
        }
        let owner = rest.first().and_then(|((node, _), _)| core.codec.owner_of(*node));
        let mut tail = TailBuilder::default();
        rest.into_iter().for_each(|(series, sample)| tail.push(series, sample));
        let plain = encode(Kind::Tail, &tail.finish())?;
        let owner: Option<Owner> = owner.filter(|_| k.len() > 8);
        core.put_for(txn, owner, (Table::Tail, &k), &plain, PutFlags::empty(), &mut Vec::new())?;
    }
    Ok(())
}

/// Timers and states that they own by name.
fn erase_owned(
    core: &Core,
    txn: &mut RwTxn<'_>,
    who: &Who<'_>,
    progress: &mut Progress,
) -> Result<(), StoreError> {
    let mut gone = Vec::new();
    for entry in core.table(Table::Timers).iter(txn)? {
        let (k, stored) = entry?;
        let (_, plain) = core.entry(Table::Timers, k, stored)?;
        let timer: Timer =
            crate::codec::decode(Kind::Timer, &plain).map_err(|e| unreadable(Table::Timers, k, e))?;
        if &*timer.owner == who.name {
            gone.push((Table::Timers, k.to_vec()));
        }
    }
    for entry in core.table(Table::States).iter(txn)? {
        let (k, stored) = entry?;
        let (own, _) = core.entry(Table::States, k, stored)?;
        if key::read_owned(&own).is_ok_and(|(owner, _)| owner == who.name) {
            gone.push((Table::States, k.to_vec()));
        }
    }
    for (table, k) in gone {
        core.table(table).delete(txn, &k)?;
        if table == Table::Timers {
            progress.counters.timers = progress.counters.timers.saturating_sub(1);
        }
    }
    Ok(())
}
