//! Writing a group into the tables, in one transaction.

mod nodes;

use std::collections::BTreeMap;

use heed::{PutFlags, RwTxn};
use lares_model::{Body, Edge, EdgeInfo, Event, EventId, NodeId, Origin, Property, Timer, Write};

use crate::{
    Entry, Group, LastState, Sample, StoreError,
    chain::Linked,
    codec::{Kind, Owner, encode, encode_bytes},
    core::Core,
    frame::Keep,
    key::{self, KeyError},
    meta::Progress,
    series::{Correction, TailBuilder, compact, note_correction, take_samples},
    table::Table,
};

/// The tail is left alone up to this many samples.
const TAIL_KEPT: u64 = 16_384;

/// Writes `group` after `progress`; gives the new progress and the writes that were refused, in words.
pub(crate) fn apply(
    core: &Core,
    txn: &mut RwTxn<'_>,
    group: &Group,
    progress: Progress,
    compacting: bool,
) -> Result<(Progress, Vec<String>), StoreError> {
    let mut batch = Batch {
        core,
        last_journal: last_journal(core, txn)?,
        txn,
        progress,
        heads: BTreeMap::new(),
        last: BTreeMap::new(),
        tails: BTreeMap::new(),
        linked: Linked::default(),
        corrections: Vec::new(),
        refused: Vec::new(),
        scratch: Vec::with_capacity(256),
    };
    for entry in &group.entries {
        match entry {
            Entry::Event { event, keep, record, writes } => {
                let plain = group.bytes.get(record.clone()).unwrap_or_default();
                batch.event(event, *keep, plain, writes)?;
            }
            Entry::Map { space, changes } => {
                for (key, value) in changes {
                    let key = key::owned(space, key);
                    batch.put_or_delete(Table::Spaces, key, Kind::SpaceValue, value.as_deref())?;
                }
            }
        }
    }
    batch.finish(group.last_seq, compacting)
}

/// Whose an entry is: that of what it is about, or of who did it.
pub(crate) fn owner_of(core: &Core, event: &Event) -> Option<Owner> {
    core.codec.owner_of(event.subject).or_else(|| match &event.origin {
        Origin::Person(key) => core.codec.owner_of(NodeId::person(key)),
        _ => None,
    })
}

fn last_journal(core: &Core, txn: &RwTxn<'_>) -> Result<Option<EventId>, StoreError> {
    let last = core.table(Table::Journal).last(txn)?;
    let read = |k| key::read_event(k).map_err(|source| StoreError::BadKey { table: Table::Journal, source });
    last.map(|(k, _)| read(k)).transpose()
}

struct Batch<'a, 't, 'e> {
    core: &'a Core,
    txn: &'t mut RwTxn<'e>,
    last_journal: Option<EventId>,
    progress: Progress,
    /// One put a subject and property, however often it came up in the group.
    heads: BTreeMap<NodeId, EventId>,
    last: BTreeMap<(NodeId, Property), &'a Event>,
    tails: BTreeMap<Option<Owner>, TailBuilder>,
    linked: Linked,
    corrections: Vec<(NodeId, EventId, Correction)>,
    refused: Vec<String>,
    scratch: Vec<u8>,
}

impl<'a> Batch<'a, '_, '_> {
    fn event(
        &mut self,
        event: &'a Event,
        keep: Keep,
        record: &[u8],
        writes: &'a [Write],
    ) -> Result<(), StoreError> {
        if keep != Keep::Series {
            self.journal(event, record)?;
        }
        if keep != Keep::Promoted
            && let Body::Reading { property, value } = &event.body
        {
            let series = (event.subject, *property);
            let owner = self.core.codec.owner_of(event.subject);
            self.tails
                .entry(owner)
                .or_default()
                .push(series, Sample { id: event.id, at: event.at, value: value.clone() });
            self.last.insert(series, event);
        }
        if keep != Keep::Promoted
            && let Some(correction) = Correction::of(&event.body)
        {
            self.corrections.push((event.subject, event.id, correction));
        }
        self.progress.last_id = self.progress.last_id.max(event.id);
        writes.iter().try_for_each(|write| self.write(event.id, write))
    }

    fn journal(&mut self, event: &Event, record: &[u8]) -> Result<(), StoreError> {
        // Only a promoted reading is older than what stands there already; all else goes to the end.
        let later = self.last_journal.is_none_or(|last| last < event.id);
        let flags = if later { PutFlags::APPEND } else { PutFlags::empty() };
        let key = key::event(event.id);
        let owner = owner_of(self.core, event);
        self.core.put_for(self.txn, owner, (Table::Journal, &key), record, flags, &mut self.scratch)?;
        // What was just put stands in the scratch buffer.
        self.linked.push(event.id, &self.scratch);
        self.last_journal = self.last_journal.max(Some(event.id));
        for cause in &event.causes {
            self.core.table(Table::Effects).put(self.txn, &key::pair(cause.0, event.id.0), &[])?;
        }
        self.heads.insert(event.subject, event.id);
        self.progress.counters.events += 1;
        Ok(())
    }

    fn write(&mut self, at: EventId, write: &'a Write) -> Result<(), StoreError> {
        match write {
            Write::PutNode(node) => self.put_node(at, node),
            Write::Describe(node) => self.describe(at, node),
            Write::Amend { id, kind, key, name, set } => {
                self.amend(at, (*id, *kind, key), name.as_deref(), set)
            }
            Write::PutFact { edge, info } => self.put_fact(at, *edge, info),
            Write::PutSamples { entity, property, samples } => {
                let taken = take_samples(self.core, self.txn, (*entity, *property), at, samples)?;
                self.progress.counters.samples += taken.new;
                self.corrections.extend(taken.correction.map(|c| (*entity, at, c)));
                Ok(())
            }
            Write::RemoveNode(id) => self.remove_node(at, *id),
            Write::PutEdge(edge) => self.put_edge(at, *edge),
            Write::RemoveEdge(edge) => self.remove_edge(at, *edge),
            Write::SetTimer(timer) => self.set_timer(timer),
            Write::ClearTimer { owner, name } => self.clear_timer(owner, name),
            Write::PutBlob { hash, bytes } => {
                self.put_or_delete(Table::Blobs, Ok(hash.to_vec()), Kind::Blob, Some(bytes))
            }
            Write::PutState { owner, key, value } => {
                let key = key::owned(owner, key.as_bytes());
                self.put_or_delete(Table::States, key, Kind::State, value.as_deref())
            }
        }
    }

    /// What cannot be written must not stop what can: it is left out and told.
    fn refuse(&mut self, what: String) {
        tracing::error!(what, "a write was refused");
        self.refused.push(what);
    }

    fn put_or_delete(
        &mut self,
        table: Table,
        key: Result<Vec<u8>, KeyError>,
        kind: Kind,
        value: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        match (key, value) {
            (Err(e), _) => self.refuse(format!("{table}: {e}")),
            (Ok(key), Some(value)) => self.put_bytes(table, &key, &encode_bytes(kind, value))?,
            (Ok(key), None) => {
                self.core.delete(self.txn, table, &key)?;
            }
        }
        Ok(())
    }

    fn put_bytes(&mut self, table: Table, key: &[u8], plain: &[u8]) -> Result<(), StoreError> {
        self.core.put_plain(self.txn, table, key, plain, PutFlags::empty(), &mut self.scratch)
    }

    fn put_owned(&mut self, of: NodeId, table: Table, key: &[u8], plain: &[u8]) -> Result<(), StoreError> {
        let owner = self.core.codec.owner_of(of);
        self.core.put_for(self.txn, owner, (table, key), plain, PutFlags::empty(), &mut self.scratch)
    }

    fn edges_of(&self, id: NodeId) -> Result<Vec<Edge>, StoreError> {
        let mut edges = Vec::new();
        for (table, outwards) in [(Table::EdgesOut, true), (Table::EdgesIn, false)] {
            for entry in self.core.table(table).prefix_iter(self.txn, &key::node(id))? {
                let (a, kind, b) =
                    key::read_edge(entry?.0).map_err(|source| StoreError::BadKey { table, source })?;
                let (from, to) = if outwards { (a, b) } else { (b, a) };
                edges.push(Edge { from, kind, to });
            }
        }
        Ok(edges)
    }

    fn put_edge(&mut self, at: EventId, edge: Edge) -> Result<(), StoreError> {
        let Edge { from, kind, to } = edge;
        let out = key::edge(from, kind, to);
        if self.known_edge(edge, &out)?.is_some() {
            return Ok(());
        }
        let since = encode(Kind::EdgeSince, &at)?;
        self.put_edge_bytes(edge, Table::EdgesOut, &out, &since)?;
        self.put_edge_bytes(edge, Table::EdgesIn, &key::edge(to, kind, from), &since)?;
        self.progress.counters.edges += 1;
        let stands = encode(Kind::EdgeVersion, &true)?;
        self.put_edge_bytes(edge, Table::EdgeVersions, &key::edge_version(from, kind, to, at), &stands)
    }

    /// What stands already. What an old copy has of somebody who was forgotten makes way.
    fn known_edge(&mut self, edge: Edge, out: &[u8]) -> Result<Option<(EventId, EdgeInfo)>, StoreError> {
        match self.core.edge_since(self.txn, out) {
            Err(e) if e.is_forgotten() => {
                self.core.table(Table::EdgesOut).delete(self.txn, out)?;
                let into = key::edge(edge.to, edge.kind, edge.from);
                self.core.table(Table::EdgesIn).delete(self.txn, &into)?;
                self.progress.counters.edges -= 1;
                Ok(None)
            }
            read => read,
        }
    }

    fn put_edge_bytes(
        &mut self,
        edge: Edge,
        table: Table,
        key: &[u8],
        plain: &[u8],
    ) -> Result<(), StoreError> {
        self.core.put_edge(self.txn, edge, (table, key), plain, &mut self.scratch)
    }

    fn put_fact(&mut self, at: EventId, edge: Edge, info: &EdgeInfo) -> Result<(), StoreError> {
        let Edge { from, kind, to } = edge;
        let out = key::edge(from, kind, to);
        let known = self.known_edge(edge, &out)?;
        if known.as_ref().is_some_and(|(_, said)| said == info) {
            return Ok(());
        }
        if known.is_none() {
            let since = encode(Kind::EdgeSince, &at)?;
            self.put_edge_bytes(edge, Table::EdgesIn, &key::edge(to, kind, from), &since)?;
            self.progress.counters.edges += 1;
        }
        let since = known.map_or(at, |(since, _)| since);
        let plain = if info.is_empty() {
            encode(Kind::EdgeSince, &since)?
        } else {
            encode(Kind::EdgeFact, &(since, info))?
        };
        self.put_edge_bytes(edge, Table::EdgesOut, &out, &plain)?;
        let version = encode(Kind::EdgeFactVersion, info)?;
        self.put_edge_bytes(edge, Table::EdgeVersions, &key::edge_version(from, kind, to, at), &version)
    }

    fn remove_edge(&mut self, at: EventId, edge: Edge) -> Result<(), StoreError> {
        let Edge { from, kind, to } = edge;
        if !self.core.table(Table::EdgesOut).delete(self.txn, &key::edge(from, kind, to))? {
            return Ok(());
        }
        self.core.table(Table::EdgesIn).delete(self.txn, &key::edge(to, kind, from))?;
        self.progress.counters.edges -= 1;
        let gone = encode(Kind::EdgeVersion, &false)?;
        self.put_edge_bytes(edge, Table::EdgeVersions, &key::edge_version(from, kind, to, at), &gone)
    }

    fn set_timer(&mut self, timer: &Timer) -> Result<(), StoreError> {
        match key::owned(&timer.owner, timer.name.as_bytes()) {
            Err(e) => self.refuse(format!("timers: {e}")),
            Ok(key) => {
                if !self.core.has(self.txn, Table::Timers, &key)? {
                    self.progress.counters.timers += 1;
                }
                self.put_bytes(Table::Timers, &key, &encode(Kind::Timer, timer)?)?;
            }
        }
        Ok(())
    }

    fn clear_timer(&mut self, owner: &str, name: &str) -> Result<(), StoreError> {
        match key::owned(owner, name.as_bytes()) {
            Err(e) => self.refuse(format!("timers: {e}")),
            Ok(key) => {
                if self.core.delete(self.txn, Table::Timers, &key)? {
                    self.progress.counters.timers -= 1;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self, last_seq: u64, compacting: bool) -> Result<(Progress, Vec<String>), StoreError> {
        for (subject, id) in std::mem::take(&mut self.heads) {
            self.put_bytes(Table::Heads, &key::node(subject), &encode(Kind::Head, &id)?)?;
        }
        for ((entity, property), event) in std::mem::take(&mut self.last) {
            let Body::Reading { value, .. } = &event.body else { continue };
            let state = LastState { value: value.clone(), at: event.at, seen: event.seen, event: event.id };
            let plain = encode(Kind::LastState, &state)?;
            self.put_owned(entity, Table::Last, &key::series(entity, property), &plain)?;
        }
        for (owner, tail) in std::mem::take(&mut self.tails) {
            let samples = tail.len() as u64;
            let plain = encode(Kind::Tail, &tail.finish())?;
            let key = Core::tail_key(last_seq, owner);
            let place = (Table::Tail, key.as_slice());
            self.core.put_for(self.txn, owner, place, &plain, PutFlags::empty(), &mut self.scratch)?;
            self.progress.counters.samples += samples;
            self.progress.tail += samples;
        }
        for (entity, event, correction) in std::mem::take(&mut self.corrections) {
            note_correction(self.core, self.txn, (entity, event), &correction)?;
        }
        if compacting {
            compact(self.core, self.txn, &mut self.progress, TAIL_KEPT)?;
        }
        self.linked.write(self.core, self.txn, last_seq, &mut self.progress.chain)?;
        self.progress.seq = last_seq;
        self.progress.write(self.core, self.txn)?;
        Ok((self.progress, self.refused))
    }
}
