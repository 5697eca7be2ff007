//! Ends a graph in the middle of its entries, as a kill would. For tests of what a start makes of the beginning of a journal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The place after which nothing more is taken.
pub struct Cut {
    after: u64,
    offered: AtomicU64,
    seen: Box<dyn Fn(u64) + Send + Sync>,
}

impl Cut {
    /// After so many entries. `seen` is told the number of each entry that is offered, from 1; it must not call the graph.
    pub fn after(entries: u64, seen: impl Fn(u64) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { after: entries, offered: AtomicU64::new(0), seen: Box::new(seen) })
    }

    /// Whether one more is taken.
    pub(crate) fn takes(&self) -> bool {
        let number = self.offered.fetch_add(1, Ordering::SeqCst) + 1;
        (self.seen)(number);
        number <= self.after
    }
}
