//! Reading the journal: by id, by what an entry is about. What cannot be read is a gap that is told, not an end.

use std::ops::Bound;

use heed::RoTxn;
use lares_model::{EventId, NodeId, Stored};

use crate::{Reader, StoreError, gone::Entry, key, table::Table};

/// An entry of the journal.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    Entry(Box<Stored>),
    /// It is there, and cannot be read.
    Gap {
        id: EventId,
        why: String,
    },
}

impl Found {
    pub fn id(&self) -> EventId {
        match self {
            Self::Entry(stored) => stored.event.id,
            Self::Gap { id, .. } => *id,
        }
    }

    fn entry(self) -> Result<Stored, StoreError> {
        match self {
            Self::Entry(stored) => Ok(*stored),
            Self::Gap { id, why } => Err(StoreError::Gap { id, why }),
        }
    }
}

type Ids = (Bound<EventId>, Bound<EventId>);

impl Reader {
    /// Entries between two ids, in their order or newest first, at most `limit`. Fails at one that cannot be read.
    pub fn journal(
        &self,
        from: Bound<EventId>,
        to: Bound<EventId>,
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        self.journal_with_gaps((from, to), reverse, limit)?.into_iter().map(Found::entry).collect()
    }

    /// As [`Reader::journal`], with a gap for each entry that cannot be read.
    pub fn journal_with_gaps(&self, ids: Ids, reverse: bool, limit: usize) -> Result<Vec<Found>, StoreError> {
        self.core.read(|txn| self.between(txn, ids, reverse, limit, |_| true))
    }

    fn between(
        &self,
        txn: &RoTxn<'_>,
        (from, to): Ids,
        reverse: bool,
        limit: usize,
        fits: impl Fn(&Found) -> bool,
    ) -> Result<Vec<Found>, StoreError> {
        let (from, to) = (from.map(key::event), to.map(key::event));
        let range = (from.as_ref().map(|k| k.as_slice()), to.as_ref().map(|k| k.as_slice()));
        let journal = self.core.table(Table::Journal);
        // Entries that had to go are passed over.
        let read = |entry: heed::Result<(&[u8], &[u8])>| {
            let read = || {
                let (k, stored) = entry?;
                Ok(self.found(txn, self.good_key(Table::Journal, key::read_event(k))?, stored))
            };
            read().transpose().filter(|found| found.as_ref().map_or(true, &fits))
        };
        if reverse {
            journal.rev_range(txn, &range)?.filter_map(read).take(limit).collect()
        } else {
            journal.range(txn, &range)?.filter_map(read).take(limit).collect()
        }
    }

    /// `None`: it had to go.
    fn found(&self, txn: &RoTxn<'_>, id: EventId, stored: &[u8]) -> Option<Found> {
        match self.entry(txn, id, stored) {
            Ok(Entry::Whole(stored)) => Some(Found::Entry(stored)),
            Ok(Entry::Gone(_)) => None,
            Err(e) if e.is_forgotten() => None,
            Err(e) => Some(Found::Gap { id, why: e.to_string() }),
        }
    }

    /// Journal entries about `subject`, last written first; those after `before` if it is given. A reading that was
    /// promoted stands where it was written, not where its id would put it. Fails at one that cannot be read.
    pub fn history(
        &self,
        subject: NodeId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        self.history_with_gaps(subject, before, limit)?.into_iter().map(Found::entry).collect()
    }

    /// As [`Reader::history`], with a gap for an entry that cannot be read. What stood before it about the same thing is
    /// looked for in the journal, since only it knew.
    pub fn history_with_gaps(
        &self,
        subject: NodeId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Found>, StoreError> {
        self.core.read(|txn| {
            let (mut next, mut skip) = match before {
                None => (self.head(txn, subject)?, None),
                Some(id) => match self.about(txn, id) {
                    Ok(Some((about, previous))) if about == subject => (previous, None),
                    Err(_) => (self.earlier(txn, subject, id)?, None),
                    Ok(_) => (self.head(txn, subject)?, Some(id)),
                },
            };
            let mut found = Vec::new();
            while let Some(id) = next
                && found.len() < limit
            {
                let Some(stored) = self.core.table(Table::Journal).get(txn, &key::event(id))? else { break };
                let (entry, previous) = match self.entry(txn, id, stored) {
                    Ok(Entry::Gone(gone)) => {
                        next = gone.previous;
                        continue;
                    }
                    Ok(Entry::Whole(entry)) => {
                        let previous = entry.previous;
                        (Found::Entry(entry), previous)
                    }
                    Err(e) if e.is_forgotten() => {
                        next = self.earlier(txn, subject, id)?;
                        continue;
                    }
                    Err(e) => (Found::Gap { id, why: e.to_string() }, self.earlier(txn, subject, id)?),
                };
                next = previous;
                if skip.is_none_or(|before| id < before) {
                    skip = None;
                    found.push(entry);
                }
            }
            Ok(found)
        })
    }

    /// The last entry about a thing before another one.
    fn earlier(&self, txn: &RoTxn<'_>, subject: NodeId, id: EventId) -> Result<Option<EventId>, StoreError> {
        let about = |found: &Found| matches!(found, Found::Entry(stored) if stored.event.subject == subject);
        let ids = (Bound::Unbounded, Bound::Excluded(id));
        Ok(self.between(txn, ids, true, 1, about)?.first().map(Found::id))
    }
}

#[cfg(test)]
mod tests {
    use lares_model::{Body, Draft, Event, Origin, Timestamp};

    use super::*;
    use crate::{Group, Keep, Store, StoreOptions};

    fn event(n: u64) -> Event {
        let body = Body::Notice { text: n.to_string() };
        let Draft { causes, origin, body, .. } = Draft::new(NodeId(n % 2), Origin::System, body);
        Event {
            id: EventId::new(1, n),
            at: Timestamp(5),
            seen: Timestamp(5),
            causes,
            origin,
            subject: NodeId(n % 2),
            body,
        }
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_a_gap_and_what_stands_behind_it_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().to_path_buf();
        let options = StoreOptions { path, map_size: 1 << 20, map_limit: usize::MAX, sync: false, key: None };
        let store = Store::open(&options).unwrap().store;
        let mut group = Group::default();
        for n in 1..=20 {
            let previous = (n > 2).then(|| EventId::new(1, n - 2));
            group.push_event(n, event(n).into(), previous, Keep::Journal, vec![]).unwrap();
        }
        store.apply(&group, false).unwrap();
        let reader = store.reader();
        let broken = EventId::new(1, 9);
        let journal = reader.core.table(Table::Journal);
        reader.core.write(|txn| journal.put(txn, &key::event(broken), &[0, 1])).unwrap();

        let all = reader.journal_with_gaps((Bound::Unbounded, Bound::Unbounded), true, 100).unwrap();
        let gaps: Vec<_> = all.iter().filter(|f| matches!(f, Found::Gap { .. })).map(Found::id).collect();
        assert_eq!((all.len(), gaps), (20, vec![broken]));
        let odd = reader.history_with_gaps(NodeId(1), None, 100).unwrap();
        let ids: Vec<u64> = odd.iter().map(|f| f.id().counter()).collect();
        assert_eq!(ids, [19, 17, 15, 13, 11, 9, 7, 5, 3, 1]);
        let behind = reader.history_with_gaps(NodeId(1), Some(broken), 2).unwrap();
        assert_eq!(behind.iter().map(|f| f.id().counter()).collect::<Vec<_>>(), [7, 5]);
        assert_eq!(reader.history_with_gaps(NodeId(0), None, 100).unwrap().len(), 10);
        assert!(matches!(
            reader.journal(Bound::Unbounded, Bound::Unbounded, false, 100),
            Err(StoreError::Gap { .. })
        ));
        assert!(reader.history(NodeId(1), None, 100).is_err());
    }
}
