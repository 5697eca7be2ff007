//! The record of a journal entry, wherever it lies.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use heed::RoTxn;

use super::{Part, Place};
use crate::{
    DecodeError, StoreError,
    core::{Core, unreadable},
    key,
    table::Table,
};

/// So many parts are kept unpacked: a question goes from entry to entry of the same days.
const KEPT: usize = 8;

/// A part that was unpacked, with what was stored: one that was written anew since is no more what it was.
type Unpacked = (Place, Vec<u8>, Arc<Part>);

/// The last of them.
#[derive(Default)]
pub(crate) struct Parts(Mutex<VecDeque<Unpacked>>);

impl Core {
    /// The plain record of a journal entry.
    pub(crate) fn record<'a>(
        &self,
        txn: &RoTxn<'_>,
        k: &[u8],
        stored: &'a [u8],
    ) -> Result<Cow<'a, [u8]>, StoreError> {
        let Some(place) = Place::of(stored) else { return self.plain(Table::Journal, k, stored) };
        let part = self.part(txn, place)?;
        let id = key::read_event(k).map_err(|source| StoreError::BadKey { table: Table::Journal, source })?;
        let missing =
            || unreadable(Table::Journal, k, DecodeError::Content("it is not in its archive".to_owned()));
        part.get(id).map(|record| Cow::Owned(record.to_vec())).ok_or_else(missing)
    }

    pub(crate) fn part(&self, txn: &RoTxn<'_>, place: Place) -> Result<Arc<Part>, StoreError> {
        let k = place.key();
        let failed = |e| unreadable(Table::Archive, &k, e);
        let stored = self.table(Table::Archive).get(txn, &k)?;
        let stored = stored.ok_or_else(|| failed(DecodeError::Content("it is missing".to_owned())))?;
        let mut kept = self.parts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, part)) = kept.iter().find(|(p, was, _)| *p == place && was == stored) {
            return Ok(part.clone());
        }
        let part = Arc::new(Part::read(&self.plain(Table::Archive, &k, stored)?).map_err(failed)?);
        kept.retain(|(p, _, _)| *p != place);
        kept.truncate(KEPT - 1);
        kept.push_front((place, stored.to_vec(), part.clone()));
        Ok(part)
    }
}
