//! How the store is doing.

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
}
