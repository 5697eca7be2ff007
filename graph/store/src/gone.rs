//! What is left in the journal of an entry that had to go: its place, and its hash for the chain.

use heed::RoTxn;
use lares_model::{EventId, NodeId, Stored, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    DecodeError, Reader, StoreError,
    chain::Hash,
    codec::{Kind, decode, header},
    core::unreadable,
    key, record,
    table::Table,
};

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Gone {
    pub why: Why,
    /// SHA-256 of what was stored.
    pub digest: Hash,
    /// Kind of event that it was.
    pub kind: u16,
    pub seen: Timestamp,
    pub subject: NodeId,
    /// The entry of the same subject before it.
    pub previous: Option<EventId>,
}

/// Append-only: it is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) enum Why {
    /// Its kind is not kept that long.
    Old,
    /// It was forgotten.
    Forgotten,
}

/// An entry of the journal, or what is left of it.
pub(crate) enum Entry {
    Whole(Box<Stored>),
    Gone(Gone),
}

impl Entry {
    pub fn seen(&self) -> Timestamp {
        match self {
            Self::Whole(stored) => stored.event.seen,
            Self::Gone(gone) => gone.seen,
        }
    }

    pub fn whole(self) -> Option<Stored> {
        match self {
            Self::Whole(stored) => Some(*stored),
            Self::Gone(_) => None,
        }
    }
}

impl Reader {
    /// Of an entry of the journal, or what is left of it: what it is about, and the one before it.
    pub(crate) fn about(
        &self,
        txn: &RoTxn<'_>,
        id: EventId,
    ) -> Result<Option<(NodeId, Option<EventId>)>, StoreError> {
        let found = self.core.table(Table::Journal).get(txn, &key::event(id))?;
        let entry = found.map(|stored| self.entry(txn, id, stored)).transpose()?;
        Ok(entry.map(|entry| match entry {
            Entry::Whole(stored) => (stored.event.subject, stored.previous),
            Entry::Gone(gone) => (gone.subject, gone.previous),
        }))
    }

    pub(crate) fn entry(&self, txn: &RoTxn<'_>, id: EventId, stored: &[u8]) -> Result<Entry, StoreError> {
        let k = key::event(id);
        let plain = self.core.record(txn, &k, stored)?;
        read(id, &plain).map_err(|e| unreadable(Table::Journal, &k, e))
    }
}

pub(crate) fn read(id: EventId, plain: &[u8]) -> Result<Entry, DecodeError> {
    if header(plain)?.0 == Kind::Gone as u16 {
        return decode(Kind::Gone, plain).map(Entry::Gone);
    }
    record::read(id, plain).map(|stored| Entry::Whole(Box::new(stored)))
}
