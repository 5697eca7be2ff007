//! Which series there are, and what they take.

use std::collections::BTreeMap;

use lares_model::{NodeId, Property, Timestamp};

use super::bucket::DAY;
use super::chunk::{Chunk, count};
use super::info::SeriesInfo;
use super::sample::Series;
use crate::{Reader, StoreError, core::unreadable, key, reader::known, table::Table};

/// A series as it is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptSeries {
    pub entity: NodeId,
    pub property: Property,
    /// Instant of its oldest sample; `None`: only roll-ups are left.
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// Samples, as they came.
    pub samples: u64,
    /// On disk, roll-ups too. Samples that came last lie together with others and are not counted.
    pub bytes: u64,
}

impl KeptSeries {
    fn new((entity, property): Series) -> Self {
        Self { entity, property, first: None, last: None, samples: 0, bytes: 0 }
    }

    fn reach(&mut self, from: Timestamp, to: Timestamp) {
        self.first = Some(self.first.map_or(from, |first| first.min(from)));
        self.last = Some(self.last.map_or(to, |last| last.max(to)));
    }
}

impl Reader {
    /// All series, by entity and property. What was forgotten is none.
    pub fn series(&self) -> Result<Vec<KeptSeries>, StoreError> {
        let mut all: BTreeMap<Series, KeptSeries> = BTreeMap::new();
        self.core.read(|txn| {
            for entry in self.core.table(Table::Chunks).iter(txn)? {
                let (k, stored) = entry?;
                let (entity, property, first, _) = self.good_key(Table::Chunks, key::read_chunk(k))?;
                let Some(plain) = known(self.core.plain(Table::Chunks, k, stored))? else { continue };
                let last = Chunk::of(&plain).map_err(|e| unreadable(Table::Chunks, k, e))?.last_at;
                let name = (entity, property);
                let own = all.entry(name).or_insert_with(|| KeptSeries::new(name));
                own.reach(first, last);
                own.samples += count(&self.core, k, stored)?;
                own.bytes += (k.len() + stored.len()) as u64;
            }
            self.each_tail(txn, |tail| {
                for (name, sample) in tail.read()? {
                    let own = all.entry(name).or_insert_with(|| KeptSeries::new(name));
                    own.reach(sample.at, sample.at);
                    own.samples += 1;
                }
                Ok(())
            })?;
            for entry in self.core.table(Table::Rolled).iter(txn)? {
                let (k, stored) = entry?;
                let (entity, property, _, _) = self.good_key(Table::Rolled, key::read_rolled(k))?;
                let name = (entity, property);
                let own = all.entry(name).or_insert_with(|| KeptSeries::new(name));
                own.bytes += (k.len() + stored.len()) as u64;
            }
            Ok(())
        })?;
        Ok(all.into_values().collect())
    }

    /// Samples before this were let go, and roll-ups stand in their place: nothing can be added or corrected there. `None`:
    /// none was.
    pub fn samples_gone_before(
        &self,
        entity: NodeId,
        property: Property,
    ) -> Result<Option<Timestamp>, StoreError> {
        let info = self.core.read(|txn| SeriesInfo::read(&self.core, txn, (entity, property)))?;
        let gone = info.filter(|info| info.raw_from > info.days_from);
        Ok(gone.map(|info| Timestamp(info.raw_from.saturating_mul(DAY))))
    }
}
