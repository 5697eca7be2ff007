//! Reading series: chunks first, then what still lies in the tail.

use std::ops::Bound;

use heed::RoTxn;
use lares_model::{NodeId, Property, Timestamp};

use crate::{
    DecodeError, Reader, Sample, StoreError,
    codec::{Kind, content},
    core::unreadable,
    key,
    sample::{Chunk, Tail},
    table::Table,
};

impl Reader {
    /// The samples of a property from one instant to another, both included, by instant and id.
    pub fn samples(
        &self,
        entity: NodeId,
        property: Property,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Sample>, StoreError> {
        self.core.read(|txn| {
            let mut found = self.chunked(txn, entity, property, from, to)?;
            self.each_tail(txn, |tail| {
                if tail.has((entity, property)) {
                    let own = tail.read()?.into_iter().filter(|(series, _)| *series == (entity, property));
                    found.extend(own.map(|(_, sample)| sample).filter(|s| s.at >= from && s.at <= to));
                }
                Ok(())
            })?;
            found.sort_by_key(|s| (s.at, s.id));
            Ok(found)
        })
    }

    fn chunked(
        &self,
        txn: &RoTxn<'_>,
        entity: NodeId,
        property: Property,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<Sample>, StoreError> {
        let series = key::series(entity, property);
        let end = [series.as_slice(), &key::instant(to), &[0xff; 8]].concat();
        let range = (Bound::Included(series.as_slice()), Bound::Included(end.as_slice()));
        let mut found = Vec::new();
        for entry in self.core.table(Table::Chunks).range(txn, &range)? {
            let (k, stored) = entry?;
            let plain = self.core.plain(Table::Chunks, k, stored)?;
            let broken = |e| unreadable(Table::Chunks, k, e);
            let content = content(Kind::Chunk, &plain).map_err(broken)?;
            let (last_at, _) = postcard::take_from_bytes::<i64>(content)
                .map_err(|e| broken(DecodeError::Content(e.to_string())))?;
            if Timestamp(last_at) >= from {
                let chunk: Chunk = crate::codec::parse(content).map_err(broken)?;
                let samples = chunk.columns.read().map_err(broken)?;
                found.extend(samples.into_iter().filter(|s| s.at >= from && s.at <= to));
            }
        }
        Ok(found)
    }

    pub(crate) fn each_tail(
        &self,
        txn: &RoTxn<'_>,
        mut with: impl FnMut(Tail) -> Result<(), DecodeError>,
    ) -> Result<(), StoreError> {
        for entry in self.core.table(Table::Tail).iter(txn)? {
            let (k, stored) = entry?;
            let tail: Tail = self.core.decoded(Table::Tail, k, stored, Kind::Tail)?;
            with(tail).map_err(|e| unreadable(Table::Tail, k, e))?;
        }
        Ok(())
    }

    pub(crate) fn each_chunk(
        &self,
        txn: &RoTxn<'_>,
        mut with: impl FnMut(Vec<Sample>),
    ) -> Result<(), StoreError> {
        for entry in self.core.table(Table::Chunks).iter(txn)? {
            let (k, stored) = entry?;
            self.good_key(Table::Chunks, key::read_chunk(k))?;
            let chunk: Chunk = self.core.decoded(Table::Chunks, k, stored, Kind::Chunk)?;
            with(chunk.columns.read().map_err(|e| unreadable(Table::Chunks, k, e))?);
        }
        Ok(())
    }
}
