//! The front of the store: what happens under the one lock when an event is appended.

use std::collections::VecDeque;
use std::sync::Arc;

use lares_kernel::Clock;
use lares_model::{Body, Draft, Durability, Event, EventId, IdMap, NodeId, Timestamp, Write};
use lares_store::{Changes, Group, Keep, StoreError};

use crate::{Cut, overlay::Overlay, ring::Ring, waiters::Waiters};

/// Entries of a group; beyond this they wait for the next commit.
pub(crate) const GROUP: usize = 4096;
/// As many entries close the commit window, whoever waits.
pub(crate) const ENOUGH: usize = 512;
/// A used buffer larger than this is given back to the system.
const SPARE_BYTES: usize = 2 << 20;

/// How the store thread is told to end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ending {
    /// Commit all, then end.
    Orderly,
    /// Leave everything as it is.
    Abandon,
}

pub(crate) struct Front {
    epoch: u16,
    next_counter: u64,
    next_seq: u64,
    last_seen: Timestamp,
    heads: IdMap<NodeId, EventId>,
    ring: Ring,
    current: Group,
    full: VecDeque<Group>,
    spare: Group,
    /// Frames that are not in the spool file yet, up to entry `next_seq - 1`.
    unspooled: Vec<u8>,
    /// The last entry that is synced in the tables.
    pub(crate) committed: u64,
    pub(crate) waiters: Waiters,
    pub(crate) overlay: Overlay,
    pub(crate) ending: Option<Ending>,
    pub(crate) cut: Option<Arc<Cut>>,
}

impl Front {
    pub(crate) fn new(epoch: u16, next_counter: u64, next_seq: u64, heads: IdMap<NodeId, EventId>) -> Self {
        Self {
            epoch,
            next_counter,
            next_seq,
            last_seen: Timestamp::MIN,
            heads,
            ring: Ring::default(),
            current: Group::default(),
            full: VecDeque::new(),
            spare: Group::default(),
            unspooled: Vec::new(),
            committed: next_seq - 1,
            waiters: Waiters::default(),
            overlay: Overlay::default(),
            ending: None,
            cut: None,
        }
    }

    fn takes(&self) -> bool {
        self.cut.as_ref().is_none_or(|cut| cut.takes())
    }

    /// The last entry that was appended.
    pub(crate) fn last_seq(&self) -> u64 {
        self.next_seq - 1
    }

    /// Entries that are not committed.
    pub(crate) fn pending(&self) -> usize {
        (self.last_seq() - self.committed) as usize
    }

    /// Entries that no group was made of yet.
    pub(crate) fn queued(&self) -> usize {
        self.current.len() + self.full.len() * GROUP
    }

    /// Gives id and `seen`, and queues the event, before it any reading that it names.
    pub(crate) fn append(
        &mut self,
        draft: Draft,
        writes: Vec<Write>,
        clock: &dyn Clock,
    ) -> Result<Arc<Event>, (Arc<Event>, StoreError)> {
        let seen = clock.now().max(self.last_seen);
        self.last_seen = seen;
        let id = EventId::new(self.epoch, self.next_counter);
        self.next_counter += 1;
        // Only a reading has a series to go to.
        let to_series = draft.durability == Durability::Series && matches!(draft.body, Body::Reading { .. });
        let event = Arc::new(Event {
            id,
            at: draft.at.unwrap_or(seen),
            seen,
            causes: draft.causes,
            origin: draft.origin,
            subject: draft.subject,
            body: draft.body,
        });
        self.make_room();
        let queued = if to_series {
            self.ring.push(event.clone());
            self.push(event.clone(), None, Keep::Series, writes)
        } else {
            self.journal(event.clone(), writes)
        };
        match queued {
            Ok(()) => Ok(event),
            Err(e) => Err((event, e)),
        }
    }

    fn journal(&mut self, event: Arc<Event>, writes: Vec<Write>) -> Result<(), StoreError> {
        if self.ring.may_hold(&event.causes) {
            for reading in self.ring.promote(&event.causes) {
                let previous = self.heads.insert(reading.subject, reading.id);
                self.push(reading, previous, Keep::Promoted, Vec::new())?;
            }
        }
        let previous = self.heads.insert(event.subject, event.id);
        self.push(event, previous, Keep::Journal, writes)
    }

    fn push(
        &mut self,
        event: Arc<Event>,
        previous: Option<EventId>,
        keep: Keep,
        writes: Vec<Write>,
    ) -> Result<(), StoreError> {
        if !self.takes() {
            return Ok(());
        }
        let frame = self.current.push_event(self.next_seq, event, previous, keep, writes)?;
        self.unspooled.extend_from_slice(frame);
        self.next_seq += 1;
        Ok(())
    }

    pub(crate) fn write_map(&mut self, space: &Arc<str>, changes: Changes) -> Result<(), StoreError> {
        self.make_room();
        if !self.takes() {
            return Ok(());
        }
        self.overlay.write(space, self.next_seq, &changes);
        let frame = self.current.push_map(self.next_seq, space.clone(), changes)?;
        self.unspooled.extend_from_slice(frame);
        self.next_seq += 1;
        Ok(())
    }

    /// Closes a group that has its number. Before an event, so that it and the readings it names stay together.
    fn make_room(&mut self) {
        if self.current.len() >= GROUP {
            let next = std::mem::take(&mut self.spare);
            self.full.push_back(std::mem::replace(&mut self.current, next));
        }
    }

    /// The next group to commit.
    pub(crate) fn take_group(&mut self) -> Option<Group> {
        if let Some(group) = self.full.pop_front() {
            return Some(group);
        }
        if self.current.is_empty() {
            return None;
        }
        let next = std::mem::take(&mut self.spare);
        Some(std::mem::replace(&mut self.current, next))
    }

    /// A group is committed: forgets what was kept for it, and keeps its buffers for the next.
    pub(crate) fn committed(&mut self, mut group: Group) {
        self.committed = group.last_seq();
        self.overlay.committed(self.committed);
        if group.clear() <= SPARE_BYTES {
            self.spare = group;
        }
        // All that could not be spooled is committed: a failing spool must not fill the memory.
        if self.committed == self.last_seq() {
            self.unspooled.clear();
        }
    }

    /// Exchanges the frames to spool for an empty buffer; gives the last entry's number.
    pub(crate) fn take_unspooled(&mut self, empty: &mut Vec<u8>) -> u64 {
        std::mem::swap(&mut self.unspooled, empty);
        self.last_seq()
    }
}
