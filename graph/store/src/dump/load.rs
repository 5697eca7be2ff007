//! Taking a dump into a new data folder: whole or not at all.

use std::io::{BufRead, Read};
use std::path::Path;

use heed::{PutFlags, RwTxn};
use lares_model::NodeId;
use sha2::{Digest, Sha256};

use super::line::{Come, End, Line, hex};
use super::{DumpError, Dumped, FORM, io};
use crate::{
    Reader, Sample, StoreError,
    apply::owner_of,
    chain,
    codec::{Kind, encode, encode_bytes},
    copy::DATABASE,
    core::Core,
    forget::OWNERS_KEY,
    key,
    meta::{BOOT_KEY, FORMAT, Progress},
    record,
    series::{Resolution, TailBuilder, chunk_plain, rolled_plain},
    table::Table,
};

/// Lines of one commit.
const STEP: usize = 20_000;
/// No line is longer. A blob or a tail is the longest thing there is.
const LONGEST: u64 = 1 << 30;
const MAP: usize = 64 << 20;

/// Makes the data folder `data` from a dump, sealed with the key of `key` (made if there is none), and checks it in full.
/// On any error the folder is as empty as it was.
pub fn load(from: &mut dyn BufRead, data: &Path, key: &Path) -> Result<Dumped, DumpError> {
    std::fs::create_dir_all(data).map_err(io("make the data folder"))?;
    if std::fs::read_dir(data).map_err(io("read the data folder"))?.next().is_some() {
        return Err(DumpError::InTheWay { path: data.to_path_buf() });
    }
    let loaded = take(from, data, key).and_then(|(done, end)| prove(data, key, done, &end));
    if loaded.is_err() {
        for name in [DATABASE, "lock.mdb", "lock"] {
            let _ = std::fs::remove_file(data.join(name));
        }
    }
    loaded
}

fn take(from: &mut dyn BufRead, data: &Path, key: &Path) -> Result<(Dumped, End), DumpError> {
    let mut source = Source { from, hash: Sha256::new(), lines: 0 };
    match source.next()? {
        Some((_, Line::Lares(first))) if first.dump > FORM => {
            return Err(
                source.wrong(format!("it has form {}, and this Lares reads up to {FORM}", first.dump))
            );
        }
        Some((_, Line::Lares(first))) if first.format > FORMAT => {
            return Err(source.wrong(format!("it was made by a newer Lares ({})", first.version)));
        }
        Some((_, Line::Lares(_))) => {}
        _ => return Err(source.wrong("this is no dump: its first line does not say so".to_owned())),
    }
    let core = Core::open(data, MAP, usize::MAX, true, Some(key))?;
    let mut done = Dumped::default();
    let mut come = None;
    loop {
        let (lines, end) = source.some(STEP)?;
        let taken = core.write(|txn| {
            let mut counts = done;
            let mut taker =
                Taker { core: &core, txn, done: &mut counts, come: &mut come, scratch: Vec::new() };
            for (number, line) in &lines {
                // A full map is the store's to mend; a line that does not fit is told by its number.
                match taker.line(line) {
                    Err(e) if e.is_map_full() => return Err(e),
                    Err(e) => return Ok(Err(DumpError::Line { number: *number, why: e.to_string() })),
                    Ok(()) => {}
                }
            }
            Ok(Ok(counts))
        })?;
        done = taken?;
        if let Some(end) = end {
            finish(&core, come, done)?;
            done.lines = source.lines;
            return Ok((done, end));
        }
    }
}

/// What follows from the rest: how far the data has come, and its chain.
fn finish(core: &Core, come: Option<Come>, done: Dumped) -> Result<(), DumpError> {
    let Some(Come { seq, last_id, let_go, archived }) = come else {
        return Err(DumpError::Line {
            number: done.lines,
            why: "nothing says how far the data had come".to_owned(),
        });
    };
    let Dumped { events, nodes, edges, samples, timers, .. } = done;
    Ok(core.write(|txn| {
        let tail = core.tail_len(txn)?;
        let counters = crate::Counters { events, nodes, edges, samples, timers };
        let mut progress = Progress { seq, last_id, counters, tail, let_go, archived, ..Progress::default() };
        chain::make(core, txn, &mut progress)?;
        progress.write(core, txn)
    })?)
}

fn prove(data: &Path, key: &Path, done: Dumped, end: &End) -> Result<Dumped, DumpError> {
    let same = |what, found: String, wanted: String| {
        if found == wanted { Ok(()) } else { Err(DumpError::Changed { what, found, wanted }) }
    };
    let counts = |d: [u64; 5]| format!("{d:?}");
    let Dumped { events, nodes, edges, samples, timers, .. } = done;
    same(
        "how many events, nodes, edges, samples and timers there are",
        counts([events, nodes, edges, samples, timers]),
        counts([end.events, end.nodes, end.edges, end.samples, end.timers]),
    )?;
    let reader = Reader::open_copy(data, key)?;
    if let Some(journal) = &end.journal {
        same("the hash of the journal", hex(&reader.journal_hash()?), journal.clone())?;
    }
    let report = reader.check()?;
    if report.problem_count > 0 {
        let (first, count) = (report.problems.into_iter().next().unwrap_or_default(), report.problem_count);
        return Err(DumpError::Broken { first, count });
    }
    Ok(done)
}

/// Lines as they come.
struct Source<'a> {
    from: &'a mut dyn BufRead,
    hash: Sha256,
    lines: u64,
}

type Numbered = (u64, Line);

impl Source<'_> {
    fn wrong(&self, why: String) -> DumpError {
        DumpError::Line { number: self.lines.max(1), why }
    }

    /// The next line, if there is one that is not the last.
    fn next(&mut self) -> Result<Option<Numbered>, DumpError> {
        let mut bytes = Vec::new();
        let read = (&mut *self.from).take(LONGEST).read_until(b'\n', &mut bytes);
        if read.map_err(io("read the dump"))? == 0 {
            return Ok(None);
        }
        self.lines += 1;
        if bytes.last() != Some(&b'\n') {
            return Err(DumpError::Cut { lines: self.lines - 1 });
        }
        let line = serde_json::from_slice(&bytes).map_err(|e| self.wrong(e.to_string()))?;
        if !matches!(line, Line::End(_)) {
            self.hash.update(&bytes);
        }
        Ok(Some((self.lines, line)))
    }

    /// Up to so many lines, and the last one of all once it came.
    fn some(&mut self, most: usize) -> Result<(Vec<Numbered>, Option<End>), DumpError> {
        let mut lines = Vec::new();
        while lines.len() < most {
            match self.next()? {
                None => return Err(DumpError::Cut { lines: self.lines }),
                Some((_, Line::End(end))) => {
                    let found = hex(&self.hash.clone().finalize());
                    if found != end.sha256 || end.lines + 1 != self.lines {
                        let what = "the hash of its lines";
                        return Err(DumpError::Changed { what, found, wanted: end.sha256 });
                    }
                    return match self.next()? {
                        None => Ok((lines, Some(end))),
                        Some(_) => Err(self.wrong("nothing follows the last line".to_owned())),
                    };
                }
                Some(line) => lines.push(line),
            }
        }
        Ok((lines, None))
    }
}

/// Puts lines into their tables.
struct Taker<'a, 't, 'e> {
    core: &'a Core,
    txn: &'t mut RwTxn<'e>,
    done: &'t mut Dumped,
    come: &'t mut Option<Come>,
    scratch: Vec<u8>,
}

impl Taker<'_, '_, '_> {
    fn plain(&mut self, table: Table, key: &[u8], plain: &[u8]) -> Result<(), StoreError> {
        self.core.put_plain(self.txn, table, key, plain, PutFlags::empty(), &mut self.scratch)
    }

    fn owned(&mut self, of: NodeId, table: Table, key: &[u8], plain: &[u8]) -> Result<(), StoreError> {
        let owner = self.core.codec.owner_of(of);
        self.core.put_for(self.txn, owner, (table, key), plain, PutFlags::empty(), &mut self.scratch)
    }

    fn keyed(&mut self, table: Table, owner: &str, key: &[u8], plain: &[u8]) -> Result<(), StoreError> {
        let key = key::owned(owner, key).map_err(|source| StoreError::BadKey { table, source })?;
        self.plain(table, &key, plain)
    }

    fn line(&mut self, line: &Line) -> Result<(), StoreError> {
        let said = StoreError::Encode;
        match line {
            Line::Lares(_) | Line::End(_) => return Err(said("it stands twice".to_owned())),
            Line::Boot(boot) => self.plain(Table::Meta, BOOT_KEY, &encode(Kind::Boot, boot)?)?,
            Line::Progress(Come { seq, last_id, let_go, archived }) => {
                *self.come =
                    Some(Come { seq: *seq, last_id: *last_id, let_go: *let_go, archived: *archived });
            }
            Line::Owners(owners) => {
                self.plain(Table::Meta, OWNERS_KEY, &encode(Kind::Owners, owners)?)?;
                self.core.codec.set_owners(owners).map_err(|e| said(e.to_string()))?;
            }
            Line::Event { previous, event } => {
                let mut plain = Vec::new();
                record::write(&mut plain, event, *previous)?;
                let (owner, k) = (owner_of(self.core, event), key::event(event.id));
                let place = (Table::Journal, k.as_slice());
                self.core.put_for(self.txn, owner, place, &plain, PutFlags::APPEND, &mut self.scratch)?;
                for cause in &event.causes {
                    let pair = key::pair(cause.0, event.id.0);
                    self.core.table(Table::Effects).put(self.txn, &pair, &[])?;
                }
                self.done.events += 1;
            }
            Line::Gone { id, gone } => {
                let (k, plain) = (key::event(*id), encode(Kind::Gone, gone)?);
                self.core.put_plain(
                    self.txn,
                    Table::Journal,
                    &k,
                    &plain,
                    PutFlags::APPEND,
                    &mut self.scratch,
                )?;
                self.done.events += 1;
            }
            Line::Head { subject, event } => {
                self.plain(Table::Heads, &key::node(*subject), &encode(Kind::Head, event)?)?;
            }
            Line::Node(node) => {
                self.owned(node.id, Table::Nodes, &key::node(node.id), &encode(Kind::Node, node)?)?;
                self.done.nodes += 1;
            }
            Line::NodeVersion { id, event, node } => {
                let (k, plain) = (key::pair(id.0, event.0), encode(Kind::NodeVersion, node)?);
                match node {
                    Some(_) => self.owned(*id, Table::NodeVersions, &k, &plain)?,
                    None => self.plain(Table::NodeVersions, &k, &plain)?,
                }
            }
            Line::Edge { .. } | Line::EdgeVersion { .. } => self.edge(line)?,
            Line::Last { entity, property, state } => {
                let (k, plain) = (key::series(*entity, *property), encode(Kind::LastState, state)?);
                self.owned(*entity, Table::Last, &k, &plain)?;
            }
            Line::Timer(timer) => {
                let plain = encode(Kind::Timer, timer)?;
                self.keyed(Table::Timers, &timer.owner, timer.name.as_bytes(), &plain)?;
                self.done.timers += 1;
            }
            Line::State { owner, key, value } => {
                let (key, value) = (key.read().map_err(said)?, value.read().map_err(said)?);
                self.keyed(Table::States, owner, &key, &encode_bytes(Kind::State, &value))?;
            }
            Line::Space { space, key, value } => {
                let (key, value) = (key.read().map_err(said)?, value.read().map_err(said)?);
                self.keyed(Table::Spaces, space, &key, &encode_bytes(Kind::SpaceValue, &value))?;
            }
            Line::Blob(bytes) => {
                let bytes = bytes.read().map_err(said)?;
                let hash = Sha256::digest(&bytes);
                self.plain(Table::Blobs, &hash, &encode_bytes(Kind::Blob, &bytes))?;
            }
            _ => self.series(line)?,
        }
        Ok(())
    }

    fn edge(&mut self, line: &Line) -> Result<(), StoreError> {
        let mut put = |edge: &lares_model::Edge, table, k: &[u8], plain: &[u8]| {
            self.core.put_edge(self.txn, *edge, (table, k), plain, &mut self.scratch)
        };
        match line {
            Line::Edge { edge, since, info } => {
                let (from, kind, to) = (edge.from, edge.kind, edge.to);
                let plain = if info.is_empty() {
                    encode(Kind::EdgeSince, since)?
                } else {
                    encode(Kind::EdgeFact, &(since, info))?
                };
                put(edge, Table::EdgesOut, &key::edge(from, kind, to), &plain)?;
                let into = encode(Kind::EdgeSince, since)?;
                put(edge, Table::EdgesIn, &key::edge(to, kind, from), &into)?;
                self.done.edges += 1;
            }
            Line::EdgeVersion { edge, event, info } => {
                let plain = match info {
                    Some(info) => encode(Kind::EdgeFactVersion, info)?,
                    None => encode(Kind::EdgeVersion, &false)?,
                };
                let k = key::edge_version(edge.from, edge.kind, edge.to, *event);
                put(edge, Table::EdgeVersions, &k, &plain)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn series(&mut self, line: &Line) -> Result<(), StoreError> {
        match line {
            Line::Series { entity, property, info } => {
                let plain = encode(Kind::SeriesInfo, info)?;
                self.plain(Table::Series, &key::series(*entity, *property), &plain)
            }
            Line::Samples { entity, property, samples } => {
                let samples: Vec<Sample> = samples.iter().map(Into::into).collect();
                let Some(first) = samples.first() else { return Ok(()) };
                let k = key::chunk(*entity, *property, first.at, first.id);
                self.done.samples += samples.len() as u64;
                self.owned(*entity, Table::Chunks, &k, &chunk_plain(&samples)?)
            }
            Line::Tail { seq, samples } => {
                let mut tail = TailBuilder::default();
                samples.iter().for_each(|(e, p, row)| tail.push((*e, *p), row.into()));
                let owner = samples.first().and_then(|(e, _, _)| self.core.codec.owner_of(*e));
                self.done.samples += samples.len() as u64;
                let k = Core::tail_key(*seq, owner);
                let place = (Table::Tail, k.as_slice());
                let plain = encode(Kind::Tail, &tail.finish())?;
                self.core.put_for(self.txn, owner, place, &plain, PutFlags::empty(), &mut self.scratch)
            }
            Line::Rolled { entity, property, resolution, first, buckets } => {
                let known = Resolution::of(*resolution);
                let known =
                    known.ok_or_else(|| StoreError::Encode(format!("{resolution} is no resolution")))?;
                let buckets: Vec<_> = buckets.iter().map(Into::into).collect();
                let k = key::rolled(*entity, *property, *resolution, *first);
                self.owned(*entity, Table::Rolled, &k, &rolled_plain(&buckets, known))
            }
            Line::Correction { entity, property, event, correction } => {
                let k = key::correction(*entity, *property, *event);
                self.owned(*entity, Table::Corrections, &k, &encode(Kind::Correction, correction)?)
            }
            _ => Ok(()),
        }
    }
}
