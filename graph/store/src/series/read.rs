//! Reading samples: chunks first, then what still lies in the tail; corrected as they were told to be.

use std::ops::Bound;

use heed::RoTxn;
use lares_model::{EventId, NodeId, Property, Timestamp};

use super::chunk::Chunk;
use super::correct::{correct, corrections};
use super::sample::{Series, Tail};
use crate::{
    DecodeError, Reader, Sample, StoreError,
    codec::Kind,
    core::{Core, unreadable},
    key,
    reader::known,
    table::Table,
};

/// A correction may take away all samples of a chunk: so many are looked through for an earlier one.
const LOOK_BACK: usize = 8;

/// The samples from one instant to another, both included, by instant and id.
pub(super) fn samples(
    core: &Core,
    txn: &RoTxn<'_>,
    name: Series,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Sample>, StoreError> {
    let series = key::series(name.0, name.1);
    let table = core.table(Table::Chunks);
    let start = first_chunk(core, txn, name, from)?.unwrap_or(series.to_vec());
    let end = [series.as_slice(), &key::instant(to), &[0xff; 8]].concat();
    let mut found = Vec::new();
    if start <= end {
        let range = (Bound::Included(start.as_slice()), Bound::Included(end.as_slice()));
        for entry in table.range(txn, &range)? {
            let (k, stored) = entry?;
            let Some(plain) = known(core.plain(Table::Chunks, k, stored))? else { continue };
            let broken = |e| unreadable(Table::Chunks, k, e);
            let chunk = Chunk::of(&plain).map_err(broken)?;
            if chunk.last_at >= from {
                let samples = chunk.samples().map_err(broken)?;
                found.extend(samples.into_iter().filter(|s| s.at >= from && s.at <= to));
            }
        }
    }
    let chunked = found.len();
    tailed(core, txn, name, |sample| {
        if sample.at >= from && sample.at <= to {
            found.push(sample);
        }
    })?;
    if chunked < found.len() || !core.ordered_chunks() {
        found.sort_by_key(|s| (s.at, s.id));
    }
    correct(&mut found, &corrections(core, txn, name)?);
    Ok(found)
}

/// The chunk that may hold the first samples at or after an instant: the last one that begins before it.
fn first_chunk(
    core: &Core,
    txn: &RoTxn<'_>,
    (entity, property): Series,
    from: Timestamp,
) -> Result<Option<Vec<u8>>, StoreError> {
    if !core.ordered_chunks() {
        return Ok(None);
    }
    let series = key::series(entity, property);
    let here = key::chunk(entity, property, from, EventId(0));
    let range = (Bound::Included(series.as_slice()), Bound::Excluded(here.as_slice()));
    let before = core.table(Table::Chunks).rev_range(txn, &range)?.next().transpose()?;
    Ok(Some(before.map_or(here.to_vec(), |(k, _)| k.to_vec())))
}

/// The last sample before an instant.
pub(super) fn last_before(
    core: &Core,
    txn: &RoTxn<'_>,
    name: Series,
    at: Timestamp,
) -> Result<Option<Sample>, StoreError> {
    let told = corrections(core, txn, name)?;
    let newest = |mut some: Vec<Sample>| {
        some.retain(|s| s.at < at);
        correct(&mut some, &told);
        some.into_iter().max_by_key(|s| (s.at, s.id))
    };
    let series = key::series(name.0, name.1);
    let here = key::chunk(name.0, name.1, at, EventId(0));
    let range = (Bound::Included(series.as_slice()), Bound::Excluded(here.as_slice()));
    let mut found = None;
    for entry in core.table(Table::Chunks).rev_range(txn, &range)?.take(LOOK_BACK) {
        let (k, stored) = entry?;
        found = known(Chunk::samples_of(core, k, stored))?.and_then(&newest);
        if found.is_some() {
            break;
        }
    }
    let mut waiting = Vec::new();
    tailed(core, txn, name, |sample| waiting.push(sample))?;
    Ok(found.into_iter().chain(newest(waiting)).max_by_key(|s| (s.at, s.id)))
}

/// The samples of a series that lie in the tail.
pub(super) fn tailed(
    core: &Core,
    txn: &RoTxn<'_>,
    name: Series,
    mut with: impl FnMut(Sample),
) -> Result<(), StoreError> {
    each_tail(core, txn, |tail| {
        if tail.has(name) {
            let own = tail.read()?.into_iter().filter(|(series, _)| *series == name);
            own.for_each(|(_, sample)| with(sample));
        }
        Ok(())
    })
}

fn each_tail(
    core: &Core,
    txn: &RoTxn<'_>,
    mut with: impl FnMut(Tail) -> Result<(), DecodeError>,
) -> Result<(), StoreError> {
    for entry in core.table(Table::Tail).iter(txn)? {
        let (k, stored) = entry?;
        let Some(tail) = known(core.decoded::<Tail>(Table::Tail, k, stored, Kind::Tail))? else { continue };
        with(tail).map_err(|e| unreadable(Table::Tail, k, e))?;
    }
    Ok(())
}

impl Reader {
    /// The samples of a property from one instant to another, both included, by instant and id.
    pub fn samples(
        &self,
        entity: NodeId,
        property: Property,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Sample>, StoreError> {
        self.core.read(|txn| samples(&self.core, txn, (entity, property), from, to))
    }

    /// The last sample of a property that was measured at `at` or before.
    pub fn sample_at(
        &self,
        entity: NodeId,
        property: Property,
        at: Timestamp,
    ) -> Result<Option<Sample>, StoreError> {
        let after = Timestamp(at.0.saturating_add(1));
        self.core.read(|txn| last_before(&self.core, txn, (entity, property), after))
    }

    pub(crate) fn each_tail(
        &self,
        txn: &RoTxn<'_>,
        with: impl FnMut(Tail) -> Result<(), DecodeError>,
    ) -> Result<(), StoreError> {
        each_tail(&self.core, txn, with)
    }

    pub(crate) fn each_chunk(
        &self,
        txn: &RoTxn<'_>,
        mut with: impl FnMut(Series, Vec<Sample>),
    ) -> Result<(), StoreError> {
        for entry in self.core.table(Table::Chunks).iter(txn)? {
            let (k, stored) = entry?;
            let (entity, property, _, _) = self.good_key(Table::Chunks, key::read_chunk(k))?;
            if let Some(samples) = known(Chunk::samples_of(&self.core, k, stored))? {
                with((entity, property), samples);
            }
        }
        Ok(())
    }
}
