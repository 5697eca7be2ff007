//! How a graph is opened, and what its start had to tell.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lares_kernel::Clock;

use crate::Cut;

/// When entries are committed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// By a thread of the store, synced. While nobody waits, a group is open for the idle window; the spool holds
    /// what is in it. Small commits are what wears out a disk, so the window is not short.
    Threaded { idle_window: Duration },
    /// By whoever appends, each time so many have come together; not synced to disk. For virtual time.
    Inline { every: usize },
}

#[derive(Clone)]
pub struct GraphOptions {
    pub path: PathBuf,
    pub mode: Mode,
    pub clock: Arc<dyn Clock>,
    /// Bytes of address space for the database at first. It grows by doubling; it is not memory.
    pub map_size: usize,
    /// Bytes beyond which the database does not grow.
    pub map_limit: usize,
    /// The file of the household's key. New data is sealed with it; without, new data is plain.
    pub key: Option<PathBuf>,
    /// Where it ends, as by a kill; for tests.
    pub cut: Option<Arc<Cut>>,
}

impl GraphOptions {
    /// For a living household.
    pub fn new(path: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        Self {
            path: path.into(),
            mode: Mode::Threaded { idle_window: Duration::from_millis(500) },
            clock,
            map_size: 1 << 30,
            map_limit: usize::MAX,
            key: None,
            cut: None,
        }
    }

    /// For a simulation.
    pub fn inline(path: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        Self { mode: Mode::Inline { every: 512 }, ..Self::new(path, clock) }
    }
}

/// What the start had to tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opened {
    pub epoch: u16,
    /// The last run did not end in order.
    pub after_crash: bool,
    /// Entries that only the spool had.
    pub recovered: usize,
    /// The spool ended in a broken frame, which was cut off.
    pub torn: bool,
}
