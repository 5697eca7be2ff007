//! Samples of the past that somebody brings: what is new is put where it belongs, what was something else is corrected.

use std::collections::BTreeMap;

use heed::RwTxn;
use lares_model::{EventId, Timestamp, Value};

use super::compact::add;
use super::correct::{Change, Correction};
use super::sample::Series;
use crate::{Sample, StoreError, core::Core};

/// Values by instant, each once; `None`: it was not known.
type Values = Vec<(Timestamp, Option<Value>)>;

/// What is brought, beside what is there.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Sifted {
    /// Nothing was known at these instants.
    pub new: Values,
    /// Something else was.
    pub changed: Values,
    /// So many are there already.
    pub same: usize,
}

/// Compares what is brought with the samples of the same while.
pub fn sift(there: &[Sample], brought: &[(Timestamp, Option<Value>)]) -> Sifted {
    // Of several at one instant the last stands.
    let there: BTreeMap<Timestamp, &Option<Value>> = there.iter().map(|s| (s.at, &s.value)).collect();
    let mut sifted = Sifted::default();
    for (at, value) in brought {
        match there.get(at) {
            None => sifted.new.push((*at, value.clone())),
            Some(stands) if *stands == value => sifted.same += 1,
            Some(_) => sifted.changed.push((*at, value.clone())),
        }
    }
    sifted
}

pub(crate) struct Taken {
    pub new: u64,
    pub correction: Option<Correction>,
}

/// Takes in what is not there yet. Told twice it changes nothing, also when both were on their way at once.
pub(crate) fn take_samples(
    core: &Core,
    txn: &mut RwTxn<'_>,
    name: Series,
    event: EventId,
    brought: &[(Timestamp, Option<Value>)],
) -> Result<Taken, StoreError> {
    let (Some(from), Some(to)) = (brought.iter().map(|b| b.0).min(), brought.iter().map(|b| b.0).max())
    else {
        return Ok(Taken { new: 0, correction: None });
    };
    let there = super::read::samples(core, txn, name, from, to)?;
    let Sifted { new, mut changed, .. } = sift(&there, brought);
    let count = new.len() as u64;
    let new = new.into_iter().map(|(at, value)| Sample { id: event, at, value }).collect();
    add(core, txn, name, new)?;
    changed.sort_by_key(|(at, _)| *at);
    let span = changed.first().zip(changed.last()).map(|(first, last)| (first.0, last.0));
    let correction =
        span.map(|(from, to)| Correction { property: name.1, from, to, change: Change::Each(changed) });
    Ok(Taken { new: count, correction })
}
