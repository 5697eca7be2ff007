//! From the tail to chunks: samples of one series together, as many as fill a page.
//!
//! The tail is the buffer, not memory: ten thousand slow sensors cost nothing while their chunks fill. A step takes
//! the oldest groups of the tail and puts each sample where it belongs, all in the group's transaction. The chunks of a
//! series do not overlap and their samples are in order, also when samples come late: reading finds its place at once.

use std::collections::BTreeMap;
use std::ops::Bound;

use heed::{PutFlags, RwTxn};
use lares_model::{EventId, Timestamp};

use super::bucket::DAY;
use super::chunk::{Chunk, chunk_plain};
use super::info::SeriesInfo;
use super::sample::{Series, Tail};
use crate::{
    Sample, StoreError,
    codec::Kind,
    core::{Core, unreadable},
    key,
    meta::Progress,
    reader::known,
    table::Table,
};

/// What a value may have to lie in one page of the database: beyond it a second page would be begun.
const PAGE: usize = 4080;
/// A chunk is full from here on: another sample is not worth packing it anew.
const FULL: usize = 3900;
/// Reading a chunk must not take long, however little a sample takes.
const MOST: usize = 4096;
/// One step takes about this many: at worst as many chunks are rewritten (tens of milliseconds).
const STEP: usize = 8_192;

/// Moves the oldest samples of the tail, if there are more than `kept`.
pub(crate) fn compact(
    core: &Core,
    txn: &mut RwTxn<'_>,
    progress: &mut Progress,
    kept: u64,
) -> Result<(), StoreError> {
    if progress.tail <= kept {
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
    for (name, samples) in series {
        add(core, txn, name, samples)?;
    }
    for k in taken {
        core.table(Table::Tail).delete(txn, &k)?;
    }
    progress.tail = progress.tail.saturating_sub(count as u64);
    Ok(())
}

/// Puts samples into the chunks of their series, and notes which days they change.
pub(crate) fn add(
    core: &Core,
    txn: &mut RwTxn<'_>,
    name: Series,
    mut samples: Vec<Sample>,
) -> Result<(), StoreError> {
    samples.sort_by_key(|s| (s.at, s.id));
    let Some(first) = samples.first() else { return Ok(()) };
    let day = day_of(first.at);
    let known = SeriesInfo::read(core, txn, name)?;
    let mut info = known.clone().unwrap_or_else(|| SeriesInfo::new(day));
    info.reach_back(day);
    let mut rest = samples.as_slice();
    while let Some(first) = rest.first() {
        let place = Place::of(core, txn, name, (first.at, first.id))?;
        // What belongs into later chunks goes there.
        let here = place.next.map_or(rest.len(), |next| rest.partition_point(|s| (s.at, s.id) < next));
        let (mine, later) = rest.split_at(here.max(1));
        place.put(core, txn, name, mine, &mut info)?;
        rest = later;
    }
    if known.as_ref() != Some(&info) {
        info.write(core, txn, name)?;
    }
    Ok(())
}

pub(super) fn day_of(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY)
}

/// Where samples belong.
struct Place {
    /// The chunk that they go into, with what it takes on disk.
    own: Option<(Vec<u8>, usize, Vec<Sample>)>,
    /// Where the next chunk begins.
    next: Option<(Timestamp, EventId)>,
}

impl Place {
    fn of(core: &Core, txn: &RwTxn<'_>, name: Series, at: (Timestamp, EventId)) -> Result<Self, StoreError> {
        let (entity, property) = name;
        let table = core.table(Table::Chunks);
        let series = key::series(entity, property);
        let here = key::chunk(entity, property, at.0, at.1);
        let before = (Bound::Included(series.as_slice()), Bound::Included(here.as_slice()));
        let own = match table.rev_range(txn, &before)?.next().transpose()? {
            Some((k, stored)) => {
                known(Chunk::samples_of(core, k, stored))?.map(|own| (k.to_vec(), stored.len(), own))
            }
            None => None,
        };
        let end = [series.as_slice(), &[0xff; 16]].concat();
        let after = (Bound::Excluded(here.as_slice()), Bound::Included(end.as_slice()));
        let next = match table.range(txn, &after)?.next().transpose()? {
            Some((k, _)) => {
                let read = key::read_chunk(k);
                let (_, _, at, id) =
                    read.map_err(|source| StoreError::BadKey { table: Table::Chunks, source })?;
                Some((at, id))
            }
            None => None,
        };
        Ok(Self { own, next })
    }

    fn put(
        self,
        core: &Core,
        txn: &mut RwTxn<'_>,
        name: Series,
        samples: &[Sample],
        info: &mut SeriesInfo,
    ) -> Result<(), StoreError> {
        for sample in samples {
            info.touch(day_of(sample.at));
        }
        let Some((k, bytes, own)) = self.own else {
            // The first day of what follows goes on from these.
            self.next.iter().for_each(|(at, _)| info.touch(day_of(*at)));
            return write(core, txn, name, samples);
        };
        let last = own.last().map(|s| (s.at, s.id));
        let behind = last.is_none_or(|last| samples.first().is_none_or(|s| (s.at, s.id) > last));
        // A chunk that is much larger than what comes is not packed anew for it: the small ones that follow it are put
        // together once a day.
        let open = bytes < FULL && own.len() < MOST && own.len() <= 2 * samples.len();
        if behind && self.next.is_none() && !open {
            return write(core, txn, name, samples);
        }
        let mut all = own;
        all.extend_from_slice(samples);
        if !behind {
            all.sort_by_key(|s| (s.at, s.id));
        }
        // The sample that follows a late one tells another rise, and its day begins with another value.
        let late: Vec<i64> = samples.iter().filter_map(|s| next_day(&all, s, self.next)).collect();
        late.into_iter().for_each(|day| info.touch(day));
        core.table(Table::Chunks).delete(txn, &k)?;
        write(core, txn, name, &all)
    }
}

/// Puts the small chunks at the end of a series together, as many samples in each as a page takes.
pub(super) fn merge(core: &Core, txn: &mut RwTxn<'_>, (entity, property): Series) -> Result<(), StoreError> {
    let series = key::series(entity, property);
    let end = [series.as_slice(), &[0xff; 16]].concat();
    let range = (Bound::Included(series.as_slice()), Bound::Included(end.as_slice()));
    let mut small = Vec::new();
    for entry in core.table(Table::Chunks).rev_range(txn, &range)? {
        let (k, stored) = entry?;
        // What was forgotten in an old copy stays as it is.
        let Some(samples) = known(Chunk::samples_of(core, k, stored))? else { break };
        if stored.len() >= FULL || samples.len() >= MOST {
            break;
        }
        small.push((k.to_vec(), samples));
    }
    if small.len() < 2 {
        return Ok(());
    }
    for (k, _) in &small {
        core.table(Table::Chunks).delete(txn, k)?;
    }
    let samples: Vec<Sample> = small.into_iter().rev().flat_map(|(_, samples)| samples).collect();
    write(core, txn, (entity, property), &samples)
}

fn next_day(all: &[Sample], sample: &Sample, next: Option<(Timestamp, EventId)>) -> Option<i64> {
    let at = all.partition_point(|s| (s.at, s.id) <= (sample.at, sample.id));
    all.get(at).map(|s| s.at).or(next.map(|(at, _)| at)).map(day_of)
}

/// Writes samples as new chunks, each as large as a page takes.
pub(super) fn write(
    core: &Core,
    txn: &mut RwTxn<'_>,
    name: Series,
    samples: &[Sample],
) -> Result<(), StoreError> {
    let mut rest = samples;
    let mut scratch = Vec::new();
    while let Some(first) = rest.first() {
        let mut n = rest.len().min(MOST);
        let plain = loop {
            let plain = chunk_plain(rest.get(..n).unwrap_or(rest))?;
            let size = plain.len() + core.codec.overhead();
            if size <= PAGE || n == 1 {
                break plain;
            }
            // Bits a sample are much the same over a chunk: the next guess fits, or the one after it.
            n = (n * PAGE / size).min(n - 1).max(1);
        };
        let k = key::chunk(name.0, name.1, first.at, first.id);
        let owner = core.codec.owner_of(name.0);
        core.put_for(txn, owner, (Table::Chunks, &k), &plain, PutFlags::empty(), &mut scratch)?;
        rest = rest.get(n..).unwrap_or_default();
    }
    Ok(())
}

/// Packs all chunks of an older form anew, in order and without overlaps. For a migration.
pub(crate) fn repack(core: &Core, txn: &mut RwTxn<'_>) -> Result<(), StoreError> {
    let mut names: Vec<Series> = Vec::new();
    for entry in core.table(Table::Chunks).iter(txn)? {
        let read = key::read_chunk(entry?.0);
        let (entity, property, _, _) =
            read.map_err(|source| StoreError::BadKey { table: Table::Chunks, source })?;
        if names.last() != Some(&(entity, property)) {
            names.push((entity, property));
        }
    }
    for name in names {
        let (mut keys, mut samples) = (Vec::new(), Vec::new());
        for entry in core.table(Table::Chunks).prefix_iter(txn, &key::series(name.0, name.1))? {
            let (k, stored) = entry?;
            samples.extend(Chunk::samples_of(core, k, stored)?);
            keys.push(k.to_vec());
        }
        for k in keys {
            core.table(Table::Chunks).delete(txn, &k)?;
        }
        add(core, txn, name, samples)?;
    }
    Ok(())
}
