//! The kernel's journal port.

use std::sync::Arc;

use lares_kernel::Journal;
use lares_model::{Draft, Event, Write};

use crate::{
    Mode,
    commit::{Shared, lock},
    front::ENOUGH,
    waiters::Then,
};

pub(crate) struct StoreJournal(pub(crate) Arc<Shared>);

impl Journal for StoreJournal {
    fn append(&self, draft: Draft, writes: Vec<Write>) -> Arc<Event> {
        let (appended, before, queued) = {
            let mut front = lock(&self.0.front);
            let before = front.queued();
            let appended = front.append(draft, writes, &*self.0.clock);
            self.0.count(&front);
            (appended, before, front.queued())
        };
        self.0.queued(before, queued);
        match appended {
            Ok(event) => event,
            Err((event, e)) => {
                self.0.lost(&format!("{}: {e}", event.id));
                event
            }
        }
    }

    fn flush(&self) {
        self.0.flush();
    }

    fn after_sync(&self, then: Box<dyn FnOnce(Result<(), String>) + Send>) {
        self.0.wait(Then::Told(then));
    }
}

impl Shared {
    /// Something was queued: wakes the store thread where that changes what it does, or commits inline.
    pub(crate) fn queued(&self, before: usize, queued: usize) {
        match self.mode {
            Mode::Threaded { .. } => {
                if before == 0 || (before < ENOUGH && queued >= ENOUGH) {
                    self.wake.notify_one();
                }
            }
            Mode::Inline { every } => {
                // After a failure it is tried again when as many more have come.
                if before / every.max(1) != queued / every.max(1) {
                    self.commit_all();
                }
            }
        }
    }
}
