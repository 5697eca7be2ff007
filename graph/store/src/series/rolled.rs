//! Reading roll-ups: what is kept where a day has one, else what its samples tell.

use std::ops::Bound;

use heed::{PutFlags, RoTxn, RwTxn};
use lares_model::{NodeId, Property, Timestamp};

use super::bucket::{Bucket, DAY, HOUR, MINUTES_5, buckets, floor, widen};
use super::compact::day_of;
use super::info::SeriesInfo;
use super::read::{last_before, samples, tailed};
use super::roll::{pack, unpack};
use super::sample::Series;
use crate::{
    DecodeError, Reader, Sample, StoreError,
    codec::{Kind, content, encode_bytes},
    core::{Core, unreadable},
    key,
    reader::known,
    table::Table,
};

/// Widths that are kept. Numbers are on disk.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Resolution {
    Minutes5 = 1,
    Hours = 2,
    Days = 3,
}

impl Resolution {
    pub(crate) const ALL: [Self; 3] = [Self::Minutes5, Self::Hours, Self::Days];

    pub(crate) fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|r| *r as u8 == number)
    }

    /// Microseconds of a bucket.
    pub(crate) fn width(self) -> i64 {
        match self {
            Self::Minutes5 => MINUTES_5,
            Self::Hours => HOUR,
            Self::Days => DAY,
        }
    }

    /// Days that lie in one record: enough buckets to pack well, few enough to rewrite daily.
    pub(crate) fn days(self) -> i64 {
        match self {
            Self::Minutes5 => 1,
            Self::Hours => 16,
            Self::Days => 512,
        }
    }
}

/// The year 1900, in days from 1970.
const EARLIEST: i64 = -25_567;

/// A bucket and how wide it is: what is old is kept in wider ones.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RolledBucket {
    /// Microseconds.
    pub width: i64,
    pub bucket: Bucket,
}

/// Those of five minutes of one day, from its samples; nothing is held beyond `until`.
fn of_day(before: Option<&Sample>, samples: &[Sample], day: i64, until: Timestamp) -> Vec<Bucket> {
    let end = (day + 1).saturating_mul(DAY).min(until.0);
    buckets(before, samples, (day.saturating_mul(DAY), end), MINUTES_5)
}

/// The buckets of days from one to another (not included) that have any, up to an instant.
pub(super) fn each_day(
    core: &Core,
    txn: &RoTxn<'_>,
    name: Series,
    (from, to): (i64, i64),
    until: Timestamp,
    mut with: impl FnMut(i64, Vec<Bucket>),
) -> Result<(), StoreError> {
    let start = Timestamp(from.saturating_mul(DAY));
    let end = to.saturating_mul(DAY).min(until.0);
    let all = samples(core, txn, name, start, Timestamp(end.saturating_sub(1)))?;
    let mut before = last_before(core, txn, name, start)?;
    let mut rest = all.as_slice();
    for day in from..to {
        let (own, later) = rest.split_at(rest.partition_point(|s| day_of(s.at) <= day));
        let near = before.as_ref().is_some_and(|b| day_of(b.at) >= day - 1);
        if !own.is_empty() || near {
            with(day, of_day(before.as_ref(), own, day, until));
        }
        before = own.last().cloned().or(before);
        rest = later;
        if rest.is_empty() && before.as_ref().is_none_or(|b| day_of(b.at) < day) {
            break;
        }
    }
    Ok(())
}

fn period(resolution: Resolution, day: i64) -> i64 {
    floor(day, resolution.days())
}

fn record_key((entity, property): Series, resolution: Resolution, period: i64) -> [u8; 19] {
    key::rolled(entity, property, resolution as u8, Timestamp(period.saturating_mul(DAY)))
}

/// Whether a stored record can be read.
pub(crate) fn check_rolled(core: &Core, k: &[u8], stored: &[u8]) -> Result<(), StoreError> {
    let read = key::read_rolled(k).map_err(|source| StoreError::BadKey { table: Table::Rolled, source })?;
    let broken = || unreadable(Table::Rolled, k, DecodeError::Content("of no resolution".to_owned()));
    record(core, k, stored, Resolution::of(read.2).ok_or_else(broken)?.width()).map(drop)
}

/// A record to be stored.
pub(crate) fn rolled_plain(buckets: &[Bucket], resolution: Resolution) -> Vec<u8> {
    let mut plain = encode_bytes(Kind::Rolled, &[]);
    pack(&mut plain, buckets, resolution.width());
    plain
}

/// What a stored record holds.
pub(crate) fn rolled_record(
    core: &Core,
    k: &[u8],
    stored: &[u8],
    resolution: Resolution,
) -> Result<Vec<Bucket>, StoreError> {
    record(core, k, stored, resolution.width())
}

fn record(core: &Core, k: &[u8], stored: &[u8], width: i64) -> Result<Vec<Bucket>, StoreError> {
    let plain = core.plain(Table::Rolled, k, stored)?;
    let read = content(Kind::Rolled, &plain).and_then(|c| unpack(c, width));
    read.map_err(|e| unreadable(Table::Rolled, k, e))
}

/// Puts the roll-ups of one day in place of what was kept of it.
pub(super) fn keep_day(
    core: &Core,
    txn: &mut RwTxn<'_>,
    name: Series,
    day: i64,
    made: &[Bucket],
) -> Result<(), StoreError> {
    for resolution in Resolution::ALL {
        let (width, k) = (resolution.width(), record_key(name, resolution, period(resolution, day)));
        let stored = core.table(Table::Rolled).get(txn, &k)?;
        let mut all = match stored {
            Some(stored) => known(record(core, &k, stored, width))?.unwrap_or_default(),
            None => Vec::new(),
        };
        all.retain(|b| day_of(b.at) != day);
        let at = all.partition_point(|b| day_of(b.at) < day);
        all.splice(at..at, widen(made.iter().copied(), width));
        if all.is_empty() {
            core.table(Table::Rolled).delete(txn, &k)?;
            continue;
        }
        let plain = rolled_plain(&all, resolution);
        let owner = core.codec.owner_of(name.0);
        core.put_for(txn, owner, (Table::Rolled, &k), &plain, PutFlags::empty(), &mut Vec::new())?;
    }
    Ok(())
}

/// What is kept of days from one to another (not included).
fn kept(
    core: &Core,
    txn: &RoTxn<'_>,
    name: Series,
    resolution: Resolution,
    (from, to): (i64, i64),
    into: &mut Vec<RolledBucket>,
) -> Result<(), StoreError> {
    if from >= to {
        return Ok(());
    }
    let start = record_key(name, resolution, period(resolution, from));
    let end = record_key(name, resolution, to);
    let range = (Bound::Included(start.as_slice()), Bound::Excluded(end.as_slice()));
    let width = resolution.width();
    for entry in core.table(Table::Rolled).range(txn, &range)? {
        let (k, stored) = entry?;
        let Some(all) = known(record(core, k, stored, width))? else { continue };
        let own = all.into_iter().filter(|b| (from..to).contains(&day_of(b.at)));
        into.extend(own.map(|bucket| RolledBucket { width, bucket }));
    }
    Ok(())
}

/// Of which resolution something is kept of a day; the finest that is not finer than asked.
fn finest(info: &SeriesInfo, asked: Resolution, day: i64) -> (Resolution, i64) {
    let from = |r| match r {
        Resolution::Minutes5 => info.minutes_from,
        Resolution::Hours => info.hours_from,
        Resolution::Days => info.days_from,
    };
    let known = Resolution::ALL.into_iter().filter(|r| *r >= asked).find(|r| day >= from(*r));
    let found = known.unwrap_or(Resolution::Days);
    // Until a finer one begins.
    let finer = Resolution::ALL.into_iter().filter(|r| *r >= asked && *r < found).map(from);
    (found, finer.filter(|f| *f > day).min().unwrap_or(i64::MAX))
}

pub(crate) fn rolled(
    core: &Core,
    txn: &RoTxn<'_>,
    name: Series,
    (from, to): (Timestamp, Timestamp),
    asked: Resolution,
) -> Result<Vec<RolledBucket>, StoreError> {
    let mut found = Vec::new();
    // Nothing was measured before there was electricity to measure with; days are looked at one by one.
    let from = from.max(Timestamp(EARLIEST.saturating_mul(DAY)));
    if from >= to {
        return Ok(found);
    }
    // A series that has samples in the tail only has no info yet.
    let info = SeriesInfo::read(core, txn, name)?.unwrap_or_else(|| SeriesInfo::new(i64::MIN));
    // What still lies in the tail makes the days dirty that it belongs to, and those that go on from it.
    let mut info = info;
    tailed(core, txn, name, |sample| {
        info.touch(day_of(sample.at));
        info.touch(day_of(sample.at) + 1);
    })?;
    let (mut day, end) = (day_of(from), day_of(Timestamp(to.0 - 1)).saturating_add(1));
    while day < end {
        let computed = day >= info.rolled || info.dirty.binary_search(&day).is_ok();
        if computed {
            let next = (day + 1..end).find(|d| *d < info.rolled && info.dirty.binary_search(d).is_err());
            let until = if day >= info.rolled { end } else { next.unwrap_or(end) };
            each_day(core, txn, name, (day, until), to, |_, made| {
                let wide = widen(made, asked.width());
                found.extend(wide.into_iter().map(|bucket| RolledBucket { width: asked.width(), bucket }));
            })?;
            day = until;
        } else {
            let (resolution, until) = finest(&info, asked, day);
            let dirty = info.dirty.iter().copied().find(|d| *d > day).unwrap_or(i64::MAX);
            let until = until.min(dirty).min(info.rolled).min(end);
            kept(core, txn, name, resolution, (day, until), &mut found)?;
            day = until;
        }
    }
    found.retain(|r| r.bucket.at.0 + r.width > from.0 && r.bucket.at < to);
    Ok(found)
}

impl Reader {
    /// Buckets of a property from one instant to another (not included), in the resolution that was asked for or the
    /// finest that is still kept. The first and last may reach beyond the ends.
    pub fn rolled(
        &self,
        entity: NodeId,
        property: Property,
        from: Timestamp,
        to: Timestamp,
        resolution: Resolution,
    ) -> Result<Vec<RolledBucket>, StoreError> {
        self.core.read(|txn| rolled(&self.core, txn, (entity, property), (from, to), resolution))
    }

    /// About so many buckets of one width, which is a multiple of five minutes.
    pub fn points(
        &self,
        entity: NodeId,
        property: Property,
        (from, to): (Timestamp, Timestamp),
        points: u32,
    ) -> Result<Vec<RolledBucket>, StoreError> {
        let span = to.0.saturating_sub(from.0).max(1);
        let width = (span / i64::from(points.max(1))).max(1);
        let width = width.saturating_add(MINUTES_5 - 1) / MINUTES_5 * MINUTES_5;
        let resolution = match width {
            w if w % DAY == 0 => Resolution::Days,
            w if w % HOUR == 0 => Resolution::Hours,
            _ => Resolution::Minutes5,
        };
        let fine = self.rolled(entity, property, from, to, resolution)?;
        let mut wide: Vec<RolledBucket> = Vec::new();
        for RolledBucket { width: own, bucket } in fine {
            let width = width.max(own);
            let at = Timestamp(floor(bucket.at.0, width));
            match wide.last_mut() {
                Some(last) if last.bucket.at == at && last.width == width => last.bucket.extend(&bucket),
                _ => wide.push(RolledBucket { width, bucket: Bucket { at, ..bucket } }),
            }
        }
        Ok(wide)
    }
}

/// Days that a check looks at in one go: their samples are in memory meanwhile.
const CHECKED: i64 = 16;

/// How many days' roll-ups could be compared with their samples, and those that differ.
pub(crate) fn differing_days(
    core: &Core,
    txn: &RoTxn<'_>,
    name: Series,
) -> Result<(u64, Vec<i64>), StoreError> {
    let Some(info) = SeriesInfo::read(core, txn, name)? else { return Ok((0, Vec::new())) };
    let (mut compared, mut differing) = (0, Vec::new());
    // The first day with samples goes on from what may have been let go.
    let mut whole = info.raw_from == info.days_from;
    let mut from = info.raw_from;
    while from < info.rolled {
        let to = (from + CHECKED).min(info.rolled);
        let mut made = std::collections::BTreeMap::new();
        each_day(core, txn, name, (from, to), Timestamp::MAX, |day, buckets| {
            made.insert(day, buckets);
        })?;
        let mut stored = [Vec::new(), Vec::new(), Vec::new()];
        for (into, resolution) in stored.iter_mut().zip(Resolution::ALL) {
            kept(core, txn, name, resolution, (from, to), into)?;
        }
        for day in from..to {
            let buckets = made.remove(&day).unwrap_or_default();
            let compare = whole && info.dirty.binary_search(&day).is_err();
            whole |= !buckets.is_empty();
            if !compare {
                continue;
            }
            compared += 1;
            let same = |(stored, resolution): (&Vec<RolledBucket>, Resolution)| {
                let from = match resolution {
                    Resolution::Minutes5 => info.minutes_from,
                    Resolution::Hours => info.hours_from,
                    Resolution::Days => info.days_from,
                };
                let own = stored.iter().filter(|r| day_of(r.bucket.at) == day).map(|r| r.bucket);
                day < from || own.eq(widen(buckets.iter().copied(), resolution.width()))
            };
            if !stored.iter().zip(Resolution::ALL).all(same) {
                differing.push(day);
            }
        }
        from = to;
    }
    Ok((compared, differing))
}

#[cfg(test)]
pub(crate) fn pack_for_golden(samples: &[Sample]) -> Vec<u8> {
    let mut samples = samples.to_vec();
    samples.sort_by_key(|s| (s.at, s.id));
    let mut bytes = Vec::new();
    let made = of_day(None, &samples, 0, Timestamp::MAX);
    pack(&mut bytes, &made, MINUTES_5);
    assert_eq!(unpack(&bytes, MINUTES_5), Ok(made));
    bytes
}

#[cfg(test)]
pub(crate) fn unpack_for_golden(bytes: &[u8], resolution: Resolution) -> Result<Vec<Bucket>, DecodeError> {
    unpack(bytes, resolution.width())
}
