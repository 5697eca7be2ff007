//! Corrections: events that say what samples should have been. The samples stay as they came; who reads them gets them
//! corrected, and the roll-ups of those days are made anew.

use std::ops::Bound;

use heed::{PutFlags, RoTxn, RwTxn};
use lares_model::{Body, EventId, NodeId, Property, Timestamp, Value};
use serde::{Deserialize, Serialize};

use super::bucket::DAY;
use super::compact::day_of;
use super::info::SeriesInfo;
use super::sample::Series;
use crate::{
    Sample, StoreError,
    codec::{Kind, append, encode, parse},
    core::{Core, unreadable},
    key,
    reader::known,
    table::Table,
};

/// Says what the samples of a property were, over a while. The later correction is applied after the earlier one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Correction {
    pub property: Property,
    pub from: Timestamp,
    /// Included.
    pub to: Timestamp,
    pub change: Change,
}

/// Append-only: it is stored.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Change {
    /// They are left out.
    LeaveOut,
    /// Each was this.
    Set(Value),
    /// So much is added to each number.
    Add(f64),
    /// Each number is multiplied.
    Scale(f64),
    /// Those at these instants were this. By instant, each once.
    Each(Vec<(Timestamp, Option<Value>)>),
}

impl Correction {
    /// Number of this kind of event among those of features.
    pub const KIND: u16 = 1101;
    const VERSION: u8 = 1;

    /// As the body of an event about the entity.
    pub fn body(&self) -> Result<Body, StoreError> {
        let mut bytes = Vec::new();
        append(&mut bytes, self)?;
        Ok(Body::Other { kind: Self::KIND, version: Self::VERSION, bytes })
    }

    /// `None`: it is none, or of a later version.
    pub fn of(body: &Body) -> Option<Self> {
        match body {
            Body::Other { kind: Self::KIND, version: Self::VERSION, bytes } => parse(bytes).ok(),
            _ => None,
        }
    }
}

/// Keeps a correction, and marks the days that it changes.
pub(crate) fn note_correction(
    core: &Core,
    txn: &mut RwTxn<'_>,
    (entity, event): (NodeId, EventId),
    correction: &Correction,
) -> Result<(), StoreError> {
    let name = (entity, correction.property);
    let k = key::correction(name.0, name.1, event);
    let plain = encode(Kind::Correction, correction)?;
    // It tells values: those of somebody are sealed with their key.
    let (owner, place) = (core.codec.owner_of(entity), (Table::Corrections, k.as_slice()));
    core.put_for(txn, owner, place, &plain, PutFlags::empty(), &mut Vec::new())?;
    let Some(mut info) = SeriesInfo::read(core, txn, name)? else { return Ok(()) };
    let first = day_of(correction.from).max(info.raw_from);
    let last = day_of(correction.to).min(info.rolled);
    (first..=last).for_each(|day| info.touch(day));
    // The next sample tells another rise, and its day begins with another value.
    let after = Timestamp(correction.to.0.saturating_add(1));
    let until = Timestamp(info.rolled.saturating_mul(DAY).saturating_sub(1));
    if after <= until
        && let Some(next) = super::read::samples(core, txn, name, after, until)?.first()
    {
        info.touch(day_of(next.at));
    }
    info.touch(last.saturating_add(1));
    info.write(core, txn, name)
}

/// A correction and the event that told it.
pub(super) type Told = (EventId, Correction);

/// Those of a series, in the order they were told.
pub(super) fn corrections(
    core: &Core,
    txn: &RoTxn<'_>,
    (entity, property): Series,
) -> Result<Vec<Told>, StoreError> {
    let series = key::series(entity, property);
    let end = [series.as_slice(), &[0xff; 8]].concat();
    let range = (Bound::Included(series.as_slice()), Bound::Included(end.as_slice()));
    let mut told = Vec::new();
    for entry in core.table(Table::Corrections).range(txn, &range)? {
        let (k, stored) = entry?;
        let event = key::read_event(k.get(10..).unwrap_or_default())
            .map_err(|source| StoreError::BadKey { table: Table::Corrections, source })?;
        let read = core.decoded(Table::Corrections, k, stored, Kind::Correction);
        told.extend(known(read)?.map(|correction| (event, correction)));
    }
    Ok(told)
}

pub(super) fn correct(samples: &mut Vec<Sample>, told: &[Told]) {
    for (event, Correction { from, to, change, .. }) in told {
        let meant = |s: &Sample| s.at >= *from && s.at <= *to;
        if *change == Change::LeaveOut {
            // What was measured then and is told later is not what was meant.
            samples.retain(|s| !meant(s) || s.id > *event);
            continue;
        }
        if let Change::Each(values) = change {
            for sample in samples.iter_mut().filter(|s| meant(s)) {
                if let Ok(at) = values.binary_search_by_key(&sample.at, |(at, _)| *at) {
                    sample.value = values.get(at).and_then(|(_, value)| value.clone());
                }
            }
            continue;
        }
        for sample in samples.iter_mut().filter(|s| meant(s)) {
            sample.value = match (change, sample.value.take()) {
                (Change::Set(value), _) => Some(value.clone()),
                (Change::Add(more), Some(Value::Number(n))) => Some(Value::Number(n + more)),
                (Change::Scale(times), Some(Value::Number(n))) => Some(Value::Number(n * times)),
                (_, other) => other,
            };
        }
    }
}

/// Whether a stored correction can be read.
pub(crate) fn check_correction(
    core: &Core,
    k: &[u8],
    stored: &[u8],
) -> Result<(NodeId, Property), StoreError> {
    core.decoded::<Correction>(Table::Corrections, k, stored, Kind::Correction)?;
    let (series, _) =
        k.split_at_checked(10).ok_or_else(|| unreadable(Table::Corrections, k, crate::DecodeError::Short))?;
    key::read_series(series).map_err(|source| StoreError::BadKey { table: Table::Corrections, source })
}
