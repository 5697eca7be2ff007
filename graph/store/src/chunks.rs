//! From the tail to chunks: samples of one series together, up to 256 a chunk.
//!
//! The tail is the buffer, not memory: ten thousand slow sensors cost nothing while their chunks fill. A step takes
//! the oldest groups of the tail and appends each sample to its series' last chunk, all in the group's transaction.

use std::collections::BTreeMap;

use heed::{PutFlags, RwTxn};
use lares_model::Timestamp;

use crate::{
    Sample, StoreError,
    codec::{Kind, encode},
    core::{Core, unreadable},
    key,
    meta::Progress,
    sample::{Chunk, Columns, Series, Tail},
    table::Table,
};

/// Samples a chunk.
const CHUNK: usize = 256;
/// The tail is left alone up to this many samples.
pub(crate) const TAIL_KEPT: u64 = 16_384;
/// One step takes about this many: at worst as many chunks are rewritten (tens of milliseconds).
const STEP: usize = 8_192;

pub(crate) fn compact(core: &Core, txn: &mut RwTxn<'_>, progress: &mut Progress) -> Result<(), StoreError> {
    if progress.tail <= TAIL_KEPT {
        return Ok(());
    }
    let mut taken = Vec::new();
    let mut series: BTreeMap<Series, Vec<Sample>> = BTreeMap::new();
    let mut count = 0;
    for entry in core.table(Table::Tail).iter(txn)? {
        let (k, stored) = entry?;
        let tail: Tail = core.decoded(Table::Tail, k, stored, Kind::Tail)?;
        for (name, sample) in tail.read().map_err(|e| unreadable(Table::Tail, k, e))? {
            series.entry(name).or_default().push(sample);
            count += 1;
        }
        taken.push(k.to_vec());
        if count >= STEP {
            break;
        }
    }
    let mut scratch = Vec::new();
    for (name, samples) in series {
        add(core, txn, name, samples, &mut scratch)?;
    }
    for k in taken {
        core.table(Table::Tail).delete(txn, &k)?;
    }
    progress.tail = progress.tail.saturating_sub(count as u64);
    Ok(())
}

/// Appends samples to the last chunk of their series, and to new ones when it is full.
fn add(
    core: &Core,
    txn: &mut RwTxn<'_>,
    (entity, property): Series,
    mut samples: Vec<Sample>,
    scratch: &mut Vec<u8>,
) -> Result<(), StoreError> {
    let table = core.table(Table::Chunks);
    let last = table.rev_prefix_iter(txn, &key::series(entity, property))?.next().transpose()?;
    if let Some((k, stored)) = last {
        let chunk: Chunk = core.decoded(Table::Chunks, k, stored, Kind::Chunk)?;
        if chunk.columns.len() < CHUNK {
            let mut open = chunk.columns.read().map_err(|e| unreadable(Table::Chunks, k, e))?;
            open.append(&mut samples);
            samples = open;
            // A late sample may begin before the chunk did: its key changes.
            let k = k.to_vec();
            table.delete(txn, &k)?;
        }
    }
    for part in samples.chunks(CHUNK) {
        let instants = || part.iter().map(|s| s.at);
        let first = instants().min().unwrap_or(Timestamp::MIN);
        let id = part.first().map(|s| s.id).unwrap_or_default();
        let last_at = instants().max().unwrap_or(Timestamp::MAX).0;
        let plain = encode(Kind::Chunk, &Chunk { last_at, columns: Columns::write(part.iter()) })?;
        let k = key::chunk(entity, property, first, id);
        core.put_plain(txn, Table::Chunks, &k, &plain, PutFlags::empty(), scratch)?;
    }
    Ok(())
}
