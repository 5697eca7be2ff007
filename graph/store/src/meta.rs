//! What the store knows of itself.

use heed::RoTxn;
use lares_model::EventId;
use serde::{Deserialize, Serialize};

use crate::{
    StoreError,
    codec::{Kind, parse, versioned},
    core::{Core, unreadable},
    table::Table,
};

/// The format this crate writes. Raised with every change that an older Lares would misread.
/// 2: the spool's records, and sealed data. 3: packed chunks in order, roll-ups, the chain.
/// 4: edges sealed for those they are about. 5: archives of the journal.
pub(crate) const FORMAT: u32 = 5;

/// The format is kept bare (four bytes, big-endian), so that every version can read it.
pub(crate) const FORMAT_KEY: &[u8] = b"format";
pub(crate) const BOOT_KEY: &[u8] = b"boot";
pub(crate) const PROGRESS_KEY: &[u8] = b"progress";

/// The last start.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Boot {
    pub epoch: u16,
    /// It ended in order.
    pub clean: bool,
}

/// How far the tables have come. Written with every group.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// Number of the last entry that was applied.
    pub seq: u64,
    /// The highest id that was applied.
    pub last_id: EventId,
    pub counters: Counters,
    /// Samples that still lie in the tail.
    pub tail: u64,
    /// The highest id among samples that were let go.
    pub let_go: EventId,
    /// The chain's hash up to the last entry.
    pub chain: [u8; 32],
    /// The chain's hash up to the last entry that went to an archive.
    pub chain_from: [u8; 32],
    /// The highest id among entries that are not even in an archive. So far none: what has to go leaves its place.
    pub archived: EventId,
}

/// Version 1.
#[derive(Serialize, Deserialize)]
pub(crate) struct Progress1 {
    pub seq: u64,
    pub last_id: EventId,
    pub counters: Counters,
    pub tail: u64,
}

impl From<Progress1> for Progress {
    fn from(old: Progress1) -> Self {
        let Progress1 { seq, last_id, counters, tail } = old;
        Self { seq, last_id, counters, tail, ..Self::default() }
    }
}

/// How many there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Counters {
    pub events: u64,
    pub nodes: u64,
    pub edges: u64,
    pub samples: u64,
    pub timers: u64,
}

impl Progress {
    pub(crate) fn read(core: &Core, txn: &RoTxn<'_>) -> Result<Self, StoreError> {
        let Some(stored) = core.table(Table::Meta).get(txn, PROGRESS_KEY)? else {
            return Ok(Self::default());
        };
        let plain = core.plain(Table::Meta, PROGRESS_KEY, stored)?;
        let read = versioned(Kind::Progress, &plain).and_then(|(version, content)| match version {
            1 => parse::<Progress1>(content).map(Self::from),
            _ => parse(content),
        });
        read.map_err(|e| unreadable(Table::Meta, PROGRESS_KEY, e))
    }
}

impl Progress {
    pub(crate) fn write(&self, core: &Core, txn: &mut heed::RwTxn<'_>) -> Result<(), StoreError> {
        core.put(txn, Table::Meta, PROGRESS_KEY, Kind::Progress, self)
    }
}

impl Boot {
    pub(crate) fn read(core: &Core, txn: &RoTxn<'_>) -> Result<Self, StoreError> {
        Ok(core.value(txn, Table::Meta, BOOT_KEY, Kind::Boot)?.unwrap_or_default())
    }
}
