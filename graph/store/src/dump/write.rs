//! Writing a dump: one snapshot, table by table.

use std::io::Write;

use heed::RoTxn;
use lares_model::{Edge, EventId, Node, NodeId, Timestamp};
use sha2::{Digest, Sha256};

use super::line::{Bytes, Come, End, First, Line, hex};
use super::{DumpError, Dumped, FORM, io};
use crate::{
    LastState, Reader, StoreError, chain,
    codec::{Kind, content, decode},
    core::unreadable,
    forget::owners,
    gone::{Entry, Gone, Why},
    key,
    meta::{Boot, Progress},
    reader::{KeyValue, known},
    series::{Correction, Resolution, SeriesInfo, Tail, chunk_samples, rolled_record},
    table::Table,
};

/// An entry's key and value, as they are stored.
type Stored<'t> = (&'t [u8], &'t [u8]);

/// Writes lines, and counts and hashes them.
struct Lines<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
    done: Dumped,
}

impl Lines<'_> {
    fn put(&mut self, line: &Line) -> Result<(), DumpError> {
        let mut bytes = serde_json::to_vec(line).map_err(|e| StoreError::Encode(e.to_string()))?;
        bytes.push(b'\n');
        self.hash.update(&bytes);
        self.done.lines += 1;
        self.out.write_all(&bytes).map_err(io("write the dump"))
    }

    /// What was forgotten cannot be read in an old copy: it is counted and left out.
    fn put_known<T>(
        &mut self,
        read: Result<T, StoreError>,
        line: impl FnOnce(T) -> Line,
    ) -> Result<bool, DumpError> {
        match known(read)? {
            Some(value) => self.put(&line(value)).map(|()| true),
            None => {
                self.done.forgotten += 1;
                Ok(false)
            }
        }
    }
}

impl Reader {
    /// Writes everything that is committed. `made`: microseconds since 1970, UTC. The household goes on meanwhile.
    pub fn dump(&self, out: &mut dyn Write, version: &str, made: i64) -> Result<Dumped, DumpError> {
        let mut lines = Lines { out, hash: Sha256::new(), done: Dumped::default() };
        let format = self.core.format();
        lines.put(&Line::Lares(First { dump: FORM, format, version: version.to_owned(), made }))?;
        let mut failed = None;
        let journal = self.core.read(|txn| {
            // An error of ours is no error of the store's: it is carried around its closure.
            match self.dump_all(txn, &mut lines) {
                Ok(()) => self.journal_hash_in(txn),
                Err(e) => {
                    failed = Some(e);
                    Ok([0; 32])
                }
            }
        })?;
        if let Some(e) = failed {
            return Err(e);
        }
        let Dumped { lines: count, events, nodes, edges, samples, timers, forgotten } = lines.done;
        let sha256 = hex(&std::mem::take(&mut lines.hash).finalize());
        let journal = (forgotten == 0).then(|| hex(&journal));
        lines.put(&Line::End(End {
            lines: count,
            sha256,
            events,
            nodes,
            edges,
            samples,
            timers,
            journal,
        }))?;
        lines.out.flush().map_err(io("write the dump"))?;
        Ok(lines.done)
    }

    fn dump_all(&self, txn: &RoTxn<'_>, lines: &mut Lines<'_>) -> Result<(), DumpError> {
        let core = &self.core;
        lines.put(&Line::Boot(Boot::read(core, txn)?))?;
        let Progress { seq, last_id, let_go, archived, .. } = Progress::read(core, txn)?;
        lines.put(&Line::Progress(Come { seq, last_id, let_go, archived }))?;
        lines.put(&Line::Owners(owners(core, txn)?))?;
        self.dump_journal(txn, lines)?;
        self.dump_graph(txn, lines)?;
        self.dump_kept(txn, lines)?;
        self.dump_series(txn, lines)
    }

    /// All entries of a table, by key.
    fn each<'t>(
        &self,
        txn: &'t RoTxn<'_>,
        table: Table,
    ) -> Result<impl Iterator<Item = Result<Stored<'t>, StoreError>> + use<'t>, StoreError> {
        Ok(self.core.table(table).iter(txn)?.map(|entry| Ok(entry?)))
    }

    fn dump_journal(&self, txn: &RoTxn<'_>, lines: &mut Lines<'_>) -> Result<(), DumpError> {
        let mut seen = Timestamp::MIN;
        for entry in self.each(txn, Table::Journal)? {
            let (k, stored) = entry?;
            let id = self.good_key(Table::Journal, key::read_event(k))?;
            lines.done.events += 1;
            let entry = match known(self.entry(txn, id, stored))? {
                Some(entry) => entry,
                None => {
                    lines.done.forgotten += 1;
                    let (why, digest) = (Why::Forgotten, chain::digest(stored));
                    Entry::Gone(Gone { why, digest, kind: 0, seen, subject: NodeId(0), previous: None })
                }
            };
            seen = entry.seen();
            lines.put(&match entry {
                Entry::Whole(stored) => Line::Event { previous: stored.previous, event: stored.event },
                Entry::Gone(gone) => Line::Gone { id, gone },
            })?;
        }
        for entry in self.each(txn, Table::Heads)? {
            let (k, stored) = entry?;
            let subject = self.good_key(Table::Heads, key::read_node(k))?;
            let read = self.core.decoded(Table::Heads, k, stored, Kind::Head);
            lines.put_known(read, |event| Line::Head { subject, event })?;
        }
        Ok(())
    }

    fn dump_graph(&self, txn: &RoTxn<'_>, lines: &mut Lines<'_>) -> Result<(), DumpError> {
        for entry in self.each(txn, Table::Nodes)? {
            let (k, stored) = entry?;
            let read = self.core.decoded::<Node>(Table::Nodes, k, stored, Kind::Node);
            lines.done.nodes += u64::from(lines.put_known(read, Line::Node)?);
        }
        for entry in self.each(txn, Table::NodeVersions)? {
            let (k, stored) = entry?;
            let (id, event) = self.good_key(Table::NodeVersions, key::read_pair(k))?;
            let (id, event) = (NodeId(id), EventId(event));
            let read = self.core.decoded(Table::NodeVersions, k, stored, Kind::NodeVersion);
            lines.put_known(read, |node| Line::NodeVersion { id, event, node })?;
        }
        for entry in self.each(txn, Table::EdgesOut)? {
            let (k, stored) = entry?;
            let (from, kind, to) = self.good_key(Table::EdgesOut, key::read_edge(k))?;
            let edge = Edge { from, kind, to };
            let read = self.core.read_since(Table::EdgesOut, k, stored);
            let there = lines.put_known(read, |(since, info)| Line::Edge { edge, since, info })?;
            lines.done.edges += u64::from(there);
        }
        for entry in self.each(txn, Table::EdgeVersions)? {
            let (k, stored) = entry?;
            let (edge, event) = k.split_at(k.len().saturating_sub(8));
            let (from, kind, to) = self.good_key(Table::EdgeVersions, key::read_edge(edge))?;
            let event = self.good_key(Table::EdgeVersions, key::read_event(event))?;
            let read = self.core.read_edge_version(k, stored);
            lines.put_known(read, |info| Line::EdgeVersion { edge: Edge { from, kind, to }, event, info })?;
        }
        Ok(())
    }

    /// Last states, timers, states, blobs, and what gateways keep.
    fn dump_kept(&self, txn: &RoTxn<'_>, lines: &mut Lines<'_>) -> Result<(), DumpError> {
        let core = &self.core;
        for entry in self.each(txn, Table::Last)? {
            let (k, stored) = entry?;
            let (entity, property) = self.good_key(Table::Last, key::read_series(k))?;
            let read = core.decoded::<LastState>(Table::Last, k, stored, Kind::LastState);
            lines.put_known(read, |state| Line::Last { entity, property, state })?;
        }
        for read in self.by_own_key(txn, Table::Timers)? {
            let read = read.and_then(|(k, plain)| {
                decode(Kind::Timer, &plain).map_err(|e| unreadable(Table::Timers, &k, e))
            });
            lines.done.timers += u64::from(lines.put_known(read, Line::Timer)?);
        }
        for (table, kind) in [(Table::States, Kind::State), (Table::Spaces, Kind::SpaceValue)] {
            for read in self.by_own_key(txn, table)? {
                let read = read.and_then(|(k, plain)| {
                    let (owner, key) = self.good_key(table, key::read_owned(&k))?;
                    let value = content(kind, &plain).map_err(|e| unreadable(table, &k, e))?;
                    Ok((owner.to_owned(), Bytes::from(key), Bytes::from(value)))
                });
                lines.put_known(read, |(owner, key, value)| match table {
                    Table::States => Line::State { owner, key, value },
                    _ => Line::Space { space: owner, key, value },
                })?;
            }
        }
        for read in self.by_own_key(txn, Table::Blobs)? {
            let read = read.and_then(|(k, plain)| {
                let bytes = content(Kind::Blob, &plain).map_err(|e| unreadable(Table::Blobs, &k, e))?;
                Ok(Bytes::from(bytes))
            });
            lines.put_known(read, Line::Blob)?;
        }
        Ok(())
    }

    /// All entries of a table, opened. Hashed keys have an order that is another one in each household: the own one is taken.
    fn by_own_key(
        &self,
        txn: &RoTxn<'_>,
        table: Table,
    ) -> Result<Vec<Result<KeyValue, StoreError>>, StoreError> {
        let mut all = Vec::new();
        for entry in self.each(txn, table)? {
            let (k, stored) = entry?;
            let opened = self.core.entry(table, k, stored);
            all.push(opened.map(|(own, plain)| (own.into_owned(), plain.into_owned())));
        }
        all.sort_by(|a, b| a.as_ref().ok().map(|(k, _)| k).cmp(&b.as_ref().ok().map(|(k, _)| k)));
        Ok(all)
    }

    fn dump_series(&self, txn: &RoTxn<'_>, lines: &mut Lines<'_>) -> Result<(), DumpError> {
        let core = &self.core;
        for entry in self.each(txn, Table::Series)? {
            let (k, stored) = entry?;
            let (entity, property) = self.good_key(Table::Series, key::read_series(k))?;
            let read = core.decoded::<SeriesInfo>(Table::Series, k, stored, Kind::SeriesInfo);
            lines.put_known(read, |info| Line::Series { entity, property, info })?;
        }
        for entry in self.each(txn, Table::Chunks)? {
            let (k, stored) = entry?;
            let (entity, property, _, _) = self.good_key(Table::Chunks, key::read_chunk(k))?;
            let Some(samples) = known(chunk_samples(core, k, stored))? else {
                lines.done.forgotten += 1;
                continue;
            };
            lines.done.samples += samples.len() as u64;
            let samples = samples.into_iter().map(Into::into).collect();
            lines.put(&Line::Samples { entity, property, samples })?;
        }
        for entry in self.each(txn, Table::Tail)? {
            let (k, stored) = entry?;
            let read = core.decoded::<Tail>(Table::Tail, k, stored, Kind::Tail);
            let Some(tail) = known(read)? else {
                lines.done.forgotten += 1;
                continue;
            };
            let samples = tail.read().map_err(|e| unreadable(Table::Tail, k, e))?;
            lines.done.samples += samples.len() as u64;
            let row = |((entity, property), sample): (_, crate::Sample)| (entity, property, sample.into());
            let seq = k.first_chunk().map_or(0, |seq| u64::from_be_bytes(*seq));
            lines.put(&Line::Tail { seq, samples: samples.into_iter().map(row).collect() })?;
        }
        for entry in self.each(txn, Table::Rolled)? {
            let (k, stored) = entry?;
            let (entity, property, number, first) = self.good_key(Table::Rolled, key::read_rolled(k))?;
            let resolution = Resolution::of(number)
                .ok_or_else(|| unreadable(Table::Rolled, k, crate::DecodeError::Short))?;
            lines.put_known(rolled_record(core, k, stored, resolution), |buckets| Line::Rolled {
                entity,
                property,
                resolution: number,
                first,
                buckets: buckets.into_iter().map(Into::into).collect(),
            })?;
        }
        for entry in self.each(txn, Table::Corrections)? {
            let (k, stored) = entry?;
            let (series, event) = k.split_at(k.len().saturating_sub(8));
            let (entity, property) = self.good_key(Table::Corrections, key::read_series(series))?;
            let event = self.good_key(Table::Corrections, key::read_event(event))?;
            let read = core.decoded::<Correction>(Table::Corrections, k, stored, Kind::Correction);
            lines.put_known(read, |correction| Line::Correction { entity, property, event, correction })?;
        }
        Ok(())
    }
}
