//! From an instant to the place in the journal that it is.

use std::ops::Bound;
use std::sync::{Mutex, PoisonError};

use heed::RoTxn;
use lares_model::{EventId, IdMap, Timestamp};

use crate::{Reader, StoreError, key, table::Table};

/// When entries were seen that were looked at on the way: every search begins at the same ones. At most so many.
const KNOWN: usize = 8_192;

#[derive(Default)]
pub(crate) struct Seen(Mutex<IdMap<EventId, Timestamp>>);

impl Reader {
    /// The last moment at which nothing later than `at` was known: everything up to its id had been seen by then.
    pub fn moment(&self, at: Timestamp) -> Result<EventId, StoreError> {
        self.core.read(|txn| {
            let journal = self.core.table(Table::Journal);
            let read = |k| self.good_key(Table::Journal, key::read_event(k));
            // Our clock never goes back, so the entries that were seen later are the last ones.
            let (mut low, mut high) = (0_u64, u64::MAX);
            while low < high {
                let middle = low + (high - low) / 2;
                let from = key::event(EventId(middle));
                let later = (Bound::Included(from.as_slice()), Bound::Unbounded);
                let after = match journal.range(txn, &later)?.next().transpose()? {
                    Some((k, stored)) => {
                        let id = read(k)?;
                        if self.seen_of(txn, id, stored)? <= at {
                            low = id.0.saturating_add(1);
                            continue;
                        }
                        id
                    }
                    None => EventId(u64::MAX),
                };
                high = middle;
                // Ids have wide gaps: between starts, and before the first of them.
                let from = key::event(EventId(low));
                let earlier = (Bound::Included(from.as_slice()), Bound::Excluded(key::event(after)));
                let earlier = (earlier.0, earlier.1.as_ref().map(|k| k.as_slice()));
                match journal.rev_range(txn, &earlier)?.next().transpose()? {
                    Some((k, _)) => high = high.min(read(k)?.0.saturating_add(1)),
                    None => high = low,
                }
            }
            // `low` is above all that was seen by then; what lies between it and the next entry was too.
            let from = key::event(EventId(low));
            let range = (Bound::Included(from.as_slice()), Bound::Unbounded);
            let next = journal.range(txn, &range)?.next().transpose()?;
            Ok(match next {
                Some((k, _)) => EventId(read(k)?.0.saturating_sub(1)),
                None => EventId(u64::MAX),
            })
        })
    }

    fn seen_of(&self, txn: &RoTxn<'_>, id: EventId, stored: &[u8]) -> Result<Timestamp, StoreError> {
        let known =
            |of: &Self| of.core.seen.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).copied();
        if let Some(seen) = known(self) {
            return Ok(seen);
        }
        let seen = self.entry(txn, id, stored)?.seen();
        let mut all = self.core.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < KNOWN {
            all.insert(id, seen);
        }
        Ok(seen)
    }
}
