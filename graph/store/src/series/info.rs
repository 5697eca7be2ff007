//! How far a series has come.

use heed::RoTxn;
use serde::{Deserialize, Serialize};

use super::sample::Series;
use crate::{
    StoreError,
    codec::{Kind, encode},
    core::Core,
    key,
    table::Table,
};

/// Days are counted from 1970, UTC.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct SeriesInfo {
    /// The days before have their roll-ups.
    pub rolled: i64,
    /// The days from here on have all their samples.
    pub raw_from: i64,
    pub minutes_from: i64,
    pub hours_from: i64,
    pub days_from: i64,
    /// Rolled days whose samples have changed since; ascending.
    pub dirty: Vec<i64>,
}

impl SeriesInfo {
    /// Of a series whose first sample is of that day.
    pub fn new(day: i64) -> Self {
        Self {
            rolled: day,
            raw_from: day,
            minutes_from: day,
            hours_from: day,
            days_from: day,
            dirty: Vec::new(),
        }
    }

    /// A sample of that day came or changed.
    pub fn touch(&mut self, day: i64) {
        if day >= self.rolled || day < self.raw_from {
            return;
        }
        if let Err(at) = self.dirty.binary_search(&day) {
            self.dirty.insert(at, day);
        }
    }

    /// Something before the first day that was known: it begins there. Not if that day's samples were let go already.
    pub fn reach_back(&mut self, day: i64) {
        let untouched = self.raw_from == self.days_from;
        if day < self.raw_from && untouched {
            let rolled = self.rolled;
            self.dirty.splice(0..0, day..self.raw_from.min(rolled));
            (self.raw_from, self.minutes_from, self.hours_from, self.days_from) = (day, day, day, day);
        }
    }

    pub fn read(
        core: &Core,
        txn: &RoTxn<'_>,
        (entity, property): Series,
    ) -> Result<Option<Self>, StoreError> {
        core.value(txn, Table::Series, &key::series(entity, property), Kind::SeriesInfo)
    }

    pub fn write(
        &self,
        core: &Core,
        txn: &mut heed::RwTxn<'_>,
        (entity, property): Series,
    ) -> Result<(), StoreError> {
        let plain = encode(Kind::SeriesInfo, self)?;
        let key = key::series(entity, property);
        core.put_plain(txn, Table::Series, &key, &plain, heed::PutFlags::empty(), &mut Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_are_rolled_and_still_have_their_samples_become_dirty() {
        let mut info = SeriesInfo { rolled: 10, raw_from: 5, ..SeriesInfo::new(1) };
        for day in [4, 5, 9, 10, 5, 7] {
            info.touch(day);
        }
        assert_eq!(info.dirty, [5, 7, 9]);
        info.reach_back(2);
        assert_eq!(info.raw_from, 5, "what was let go does not come back");
        let mut info = SeriesInfo { rolled: 8, ..SeriesInfo::new(6) };
        info.reach_back(4);
        assert_eq!((info.raw_from, info.days_from, info.dirty), (4, 4, vec![4, 5]));
    }
}
