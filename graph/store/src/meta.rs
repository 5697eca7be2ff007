//! What the store knows of itself.

use heed::RoTxn;
use lares_model::EventId;
use serde::{Deserialize, Serialize};

use crate::{StoreError, codec::Kind, core::Core, table::Table};

/// The format this crate writes. Raised with every change that an older Lares would misread.
/// 2: the spool's records, and sealed data. Tables of format 1 are read as they are.
pub(crate) const FORMAT: u32 = 2;

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
        Ok(core.value(txn, Table::Meta, PROGRESS_KEY, Kind::Progress)?.unwrap_or_default())
    }
}

impl Boot {
    pub(crate) fn read(core: &Core, txn: &RoTxn<'_>) -> Result<Self, StoreError> {
        Ok(core.value(txn, Table::Meta, BOOT_KEY, Kind::Boot)?.unwrap_or_default())
    }
}
