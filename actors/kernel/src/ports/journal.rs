//! The journal as the bus sees it: it gives ids and remembers.

use std::sync::{Arc, Mutex, PoisonError};

use lares_model::{Draft, Event, EventId, Write};

use super::Clock;

/// Gives every event its id and keeps it.
pub trait Journal: Send + Sync {
    /// Gives the id and queues event and writes for one commit, under one lock, so that the order of ids is the
    /// order of the journal. Never waits for a disk.
    fn append(&self, draft: Draft, writes: Vec<Write>) -> Arc<Event>;

    /// All that was appended has left the process (it survives a kill). Called before a command leaves.
    fn flush(&self);

    /// Runs `then` when all that was appended before is synced to disk; `Err` says why it could not be.
    fn after_sync(&self, then: Box<dyn FnOnce(Result<(), String>) + Send>);
}

/// A journal in memory: for tests of actors.
pub struct MemoryJournal {
    clock: Arc<dyn Clock>,
    kept: Mutex<Vec<(Arc<Event>, Vec<Write>)>>,
}

impl MemoryJournal {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, kept: Mutex::new(Vec::new()) }
    }

    pub fn events(&self) -> Vec<Arc<Event>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|(e, _)| e.clone()).collect()
    }

    pub fn writes(&self) -> Vec<Write> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).iter().flat_map(|(_, w)| w.clone()).collect()
    }
}

impl Journal for MemoryJournal {
    fn append(&self, draft: Draft, writes: Vec<Write>) -> Arc<Event> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = self.clock.now();
        let event = Arc::new(Event {
            id: EventId::new(1, kept.len() as u64 + 1),
            at: draft.at.unwrap_or(seen),
            seen,
            causes: draft.causes,
            origin: draft.origin,
            subject: draft.subject,
            body: draft.body,
        });
        kept.push((event.clone(), writes));
        event
    }

    fn flush(&self) {}

    fn after_sync(&self, then: Box<dyn FnOnce(Result<(), String>) + Send>) {
        then(Ok(()));
    }
}
