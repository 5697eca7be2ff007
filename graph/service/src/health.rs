//! How the store is doing.

use lares_store::Upkeep;

/// A snapshot, for `lares status` and for the gateways' high-water mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Health {
    /// The last attempt to write succeeded.
    pub ok: bool,
    /// Of the last attempt that failed, also if a later one succeeded.
    pub last_error: Option<String>,
    /// Entries that are not committed yet.
    pub pending: usize,
    /// Commits since the start.
    pub commits: u64,
    /// Entries committed since the start.
    pub entries: u64,
    /// Size of the spool files.
    pub spool_bytes: u64,
    pub last_commit_micros: u64,
    /// Writes that could not be kept for what they are (a key too long), since the start.
    pub refused: u64,
    /// What was done to the series since the start.
    pub upkeep: Upkeep,
    /// By how many days raw samples are kept shorter than they should be, for want of space.
    pub squeezed: u32,
    /// There is more than its budget, also after all went that may go.
    pub over_budget: bool,
}

/// What is counted as it goes.
#[derive(Default)]
pub(crate) struct Tally {
    pub failing_commit: bool,
    pub failing_spool: bool,
    pub last_error: Option<String>,
    pub commits: u64,
    pub entries: u64,
    pub last_commit_micros: u64,
    pub refused: u64,
    pub upkeep: Upkeep,
    pub squeezed: u32,
    pub over_budget: bool,
}
