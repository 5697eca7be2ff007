//! The last readings that went to their series only, so that one can be written to the journal when it becomes a
//! cause.

use std::collections::VecDeque;
use std::sync::Arc;

use lares_model::{Event, EventId};

/// At a thousand readings a second a rule has 16 seconds to name one. About 4 MiB when full.
const KEPT: usize = 16_384;

#[derive(Default)]
pub(crate) struct Ring {
    kept: VecDeque<Slot>,
}

struct Slot {
    event: Arc<Event>,
    promoted: bool,
}

impl Ring {
    /// Ids must come in order.
    pub(crate) fn push(&mut self, event: Arc<Event>) {
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back(Slot { event, promoted: false });
    }

    /// The readings among `causes`, and theirs in turn, that are not in the journal yet: in the order of ids, each
    /// given once.
    pub(crate) fn promote(&mut self, causes: &[EventId]) -> Vec<Arc<Event>> {
        let mut found: Vec<Arc<Event>> = Vec::new();
        // Causes are older than their effects, so the walk ends.
        let mut open: Vec<EventId> = causes.to_vec();
        while let Some(id) = open.pop() {
            if let Some(slot) = self.slot(id)
                && !slot.promoted
            {
                slot.promoted = true;
                open.extend_from_slice(&slot.event.causes);
                found.push(slot.event.clone());
            }
        }
        found.sort_by_key(|e| e.id);
        found
    }

    /// Whether any of these could be in the ring. Cheap: most causes are journal entries long gone from here.
    pub(crate) fn may_hold(&self, causes: &[EventId]) -> bool {
        self.kept.front().is_some_and(|oldest| causes.iter().any(|c| *c >= oldest.event.id))
    }

    fn slot(&mut self, id: EventId) -> Option<&mut Slot> {
        let at = self.kept.binary_search_by_key(&id, |s| s.event.id).ok()?;
        self.kept.get_mut(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_model::{Body, Causes, NodeId, Origin, Property, Timestamp};

    fn reading(id: u64, causes: &[u64]) -> Arc<Event> {
        Arc::new(Event {
            id: EventId(id),
            at: Timestamp(0),
            seen: Timestamp(0),
            causes: causes.iter().map(|c| EventId(*c)).collect::<Causes>(),
            origin: Origin::System,
            subject: NodeId(1),
            body: Body::Reading { property: Property::State, value: None },
        })
    }

    #[test]
    fn a_reading_is_given_once_with_its_causes_before_it() {
        let mut ring = Ring::default();
        for event in [reading(2, &[]), reading(4, &[2, 3]), reading(9, &[4])] {
            ring.push(event);
        }
        assert!(!ring.may_hold(&[EventId(1)]) && ring.may_hold(&[EventId(1), EventId(2)]));
        let ids = |events: Vec<Arc<Event>>| events.iter().map(|e| e.id.0).collect::<Vec<_>>();
        assert_eq!(ids(ring.promote(&[EventId(3), EventId(4)])), [2, 4]);
        assert_eq!(ids(ring.promote(&[EventId(9), EventId(4)])), [9]);
        assert!(ring.promote(&[EventId(9)]).is_empty());
    }

    #[test]
    fn it_is_bounded() {
        let mut ring = Ring::default();
        for id in 1..=KEPT as u64 + 1 {
            ring.push(reading(id, &[]));
        }
        assert_eq!(ring.kept.len(), KEPT);
        assert!(ring.promote(&[EventId(1)]).is_empty());
        assert_eq!(ring.promote(&[EventId(2)]).len(), 1);
    }
}
