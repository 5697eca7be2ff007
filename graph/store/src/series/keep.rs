//! Upkeep of series: days that are over get their roll-ups, what is older than it is to be kept goes. In small steps,
//! each one transaction of the one writer.

use std::collections::BTreeMap;
use std::ops::Bound;

use heed::{RoTxn, RwTxn};
use lares_model::{EventId, NodeId, Property, Timestamp};

use super::bucket::{DAY, HOUR};
use super::chunk::Chunk;
use super::compact::{compact, day_of, merge, write};
use super::info::SeriesInfo;
use super::rolled::{Resolution, each_day, keep_day};
use super::sample::Series;
use crate::{StoreError, core::Core, key, meta::Progress, table::Table};

/// A day is rolled up so long after its end: what comes later than that makes it anew.
const GRACE: i64 = HOUR;
/// Days of one series that are rolled up in one step.
const DAYS_A_STEP: i64 = 16;
/// Days of all series after which a step ends: some milliseconds of work.
const WORK: u64 = 32;
/// Chunks and records that are let go in one step.
const GOES_A_STEP: usize = 256;

/// For how many days something is kept; `None`: for ever.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeepFor {
    pub raw: Option<u32>,
    pub minutes: Option<u32>,
    pub hours: Option<u32>,
    pub days: Option<u32>,
}

impl Default for KeepFor {
    fn default() -> Self {
        Self { raw: Some(30), minutes: Some(365), hours: Some(3652), days: None }
    }
}

/// How long series are kept: all, and those of single entities.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keeping {
    pub all: KeepFor,
    pub of: BTreeMap<NodeId, KeepFor>,
}

/// What a step did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Upkeep {
    /// Days that were rolled up.
    pub rolled: u64,
    /// Samples that were let go.
    pub samples: u64,
    /// Roll-ups' records that were let go.
    pub records: u64,
    /// Entries of the journal that went, for their kind is not kept that long.
    pub entries: u64,
    /// Entries of the journal that were folded into archives.
    pub archived: u64,
    /// The tail has more than one step could move.
    pub tail: bool,
    /// Where the next step goes on; `None`: all was seen to, unless `tail`.
    pub next: Option<(NodeId, Property)>,
}

/// One step, from a series on. A pass that begins empties the tail first: a day cannot be rolled up in part.
pub(crate) fn upkeep(
    core: &Core,
    txn: &mut RwTxn<'_>,
    progress: &mut Progress,
    now: Timestamp,
    keeping: &Keeping,
    from: Option<Series>,
) -> Result<Upkeep, StoreError> {
    let mut done = Upkeep::default();
    if from.is_none() && progress.tail > 0 {
        compact(core, txn, progress, 0)?;
        done.tail = progress.tail > 0;
        done.next = if done.tail { None } else { series_from(core, txn, None)? };
        return Ok(done);
    }
    let mut next = series_from(core, txn, from)?;
    while let Some(name) = next {
        let keep = keeping.of.get(&name.0).copied().unwrap_or(keeping.all);
        if !see_to(core, txn, progress, name, now, keep, &mut done)? {
            done.next = Some(name);
            return Ok(done);
        }
        next = series_after(core, txn, name)?;
        if done.rolled >= WORK || done.samples > 0 {
            break;
        }
    }
    done.next = next;
    Ok(done)
}

fn series_from(core: &Core, txn: &RoTxn<'_>, from: Option<Series>) -> Result<Option<Series>, StoreError> {
    let start = from.map(|(entity, property)| key::series(entity, property));
    // The database takes no empty key.
    first_of(core, txn, start.as_ref().map_or(Bound::Unbounded, |k| Bound::Included(k.as_slice())))
}

fn series_after(
    core: &Core,
    txn: &RoTxn<'_>,
    (entity, property): Series,
) -> Result<Option<Series>, StoreError> {
    first_of(core, txn, Bound::Excluded(key::series(entity, property).as_slice()))
}

fn first_of(core: &Core, txn: &RoTxn<'_>, from: Bound<&[u8]>) -> Result<Option<Series>, StoreError> {
    let range = (from, Bound::Unbounded);
    let found = core.table(Table::Series).range(txn, &range)?.next().transpose()?;
    let read = |k| key::read_series(k).map_err(|source| StoreError::BadKey { table: Table::Series, source });
    found.map(|(k, _)| read(k)).transpose()
}

/// Whether all was done that there is to do for a series.
fn see_to(
    core: &Core,
    txn: &mut RwTxn<'_>,
    progress: &mut Progress,
    name: Series,
    now: Timestamp,
    keep: KeepFor,
    done: &mut Upkeep,
) -> Result<bool, StoreError> {
    let Some(known) = SeriesInfo::read(core, txn, name)? else { return Ok(true) };
    let mut info = known.clone();
    let over = day_of(Timestamp(now.0.saturating_sub(GRACE)));
    let rolled = roll_up(core, txn, name, over, &mut info, done)?;
    merge(core, txn, name)?;
    let all = rolled && let_go(core, txn, progress, name, day_of(now), keep, &mut info, done)?;
    if info != known {
        info.write(core, txn, name)?;
    }
    Ok(all)
}

fn roll_up(
    core: &Core,
    txn: &mut RwTxn<'_>,
    name: Series,
    over: i64,
    info: &mut SeriesInfo,
    done: &mut Upkeep,
) -> Result<bool, StoreError> {
    let until = over.min(info.rolled.saturating_add(DAYS_A_STEP)).max(info.rolled);
    let again = info.dirty.iter().copied().take(DAYS_A_STEP as usize).map(|day| (day, day + 1));
    let mut spans: Vec<(i64, i64)> = again.collect();
    let more = info.dirty.len() > spans.len() || until < over;
    info.dirty.drain(..spans.len());
    spans.push((info.rolled, until));
    for (from, to) in spans {
        let mut made = BTreeMap::new();
        each_day(core, txn, name, (from, to), Timestamp::MAX, |day, buckets| {
            made.insert(day, buckets);
        })?;
        for day in from..to {
            match made.get(&day) {
                Some(buckets) => keep_day(core, txn, name, day, buckets)?,
                // Corrections may have left nothing of a day that had something.
                None if day < info.rolled => keep_day(core, txn, name, day, &[])?,
                None => continue,
            }
            done.rolled += 1;
        }
    }
    info.rolled = until;
    Ok(!more)
}

#[allow(clippy::too_many_arguments, reason = "one step of one function above")]
fn let_go(
    core: &Core,
    txn: &mut RwTxn<'_>,
    progress: &mut Progress,
    name: Series,
    today: i64,
    keep: KeepFor,
    info: &mut SeriesInfo,
    done: &mut Upkeep,
) -> Result<bool, StoreError> {
    let horizon = |days: Option<u32>| days.map(|d| today.saturating_sub(i64::from(d)));
    let mut all = true;
    // A day that has no roll-up keeps its samples.
    if let Some(day) = horizon(keep.raw).map(|d| d.min(info.rolled))
        && day > info.raw_from
    {
        let whole = let_samples_go(core, txn, progress, name, day, done)?;
        all &= whole;
        if whole {
            info.raw_from = day;
            info.dirty.retain(|d| *d >= day);
        }
    }
    let kept = [
        (Resolution::Minutes5, keep.minutes),
        (Resolution::Hours, keep.hours),
        (Resolution::Days, keep.days),
    ];
    for (resolution, days) in kept {
        let from = match resolution {
            Resolution::Minutes5 => &mut info.minutes_from,
            Resolution::Hours => &mut info.hours_from,
            Resolution::Days => &mut info.days_from,
        };
        if let Some(day) = horizon(days)
            && day > *from
        {
            let whole = let_records_go(core, txn, name, resolution, day, done)?;
            all &= whole;
            if whole {
                *from = day;
            }
        }
    }
    Ok(all)
}

/// Chunks before the day; of the one that reaches into it, its earlier samples.
fn let_samples_go(
    core: &Core,
    txn: &mut RwTxn<'_>,
    progress: &mut Progress,
    (entity, property): Series,
    day: i64,
    done: &mut Upkeep,
) -> Result<bool, StoreError> {
    let series = key::series(entity, property);
    let before = Timestamp(day.saturating_mul(DAY));
    let end = key::chunk(entity, property, before, EventId(0));
    let range = (Bound::Included(series.as_slice()), Bound::Excluded(end.as_slice()));
    let mut gone = Vec::new();
    let mut stays = Vec::new();
    for entry in core.table(Table::Chunks).range(txn, &range)?.take(GOES_A_STEP) {
        let (k, stored) = entry?;
        let mut samples = Chunk::samples_of(core, k, stored)?;
        let rest = samples.split_off(samples.partition_point(|s| s.at < before));
        let newest = samples.iter().map(|s| s.id).max().unwrap_or_default();
        gone.push((k.to_vec(), samples.len() as u64, newest));
        stays.extend(rest);
    }
    for (k, count, newest) in &gone {
        core.table(Table::Chunks).delete(txn, k)?;
        progress.counters.samples = progress.counters.samples.saturating_sub(*count);
        progress.let_go = progress.let_go.max(*newest);
        done.samples += count;
    }
    write(core, txn, (entity, property), &stays)?;
    Ok(gone.len() < GOES_A_STEP)
}

fn let_records_go(
    core: &Core,
    txn: &mut RwTxn<'_>,
    (entity, property): Series,
    resolution: Resolution,
    day: i64,
    done: &mut Upkeep,
) -> Result<bool, StoreError> {
    let number = resolution as u8;
    let start = key::rolled(entity, property, number, Timestamp(i64::MIN));
    let end =
        key::rolled(entity, property, number, Timestamp((day - resolution.days() + 1).saturating_mul(DAY)));
    let range = (Bound::Included(start.as_slice()), Bound::Excluded(end.as_slice()));
    let mut gone = Vec::new();
    for entry in core.table(Table::Rolled).range(txn, &range)?.take(GOES_A_STEP) {
        gone.push(entry?.0.to_vec());
    }
    for k in &gone {
        core.table(Table::Rolled).delete(txn, k)?;
        done.records += 1;
    }
    Ok(gone.len() < GOES_A_STEP)
}
