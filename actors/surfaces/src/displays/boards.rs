//! What rooms' displays show that is kept nowhere: what was heard there a moment ago, and what rang and was stopped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lares_config::{Home, RING};
use lares_kernel::World;
use lares_model::{EventId, Timestamp};
use tokio::sync::broadcast;

use crate::views::{HeardHere, Moment, ReadError, RingView, Ringing, Source, rings};

/// Long enough to be read from where one stands; who comes in later has no need of it.
pub const HEARD_FOR: Duration = Duration::from_secs(20);
/// Changes that wait for whoever listens, and stops for those who ring.
const WAITING: usize = 64;
/// Stops that are remembered: nothing rings that long.
const STOPS: usize = 256;

/// The boards of one household, in memory only. Cheap to clone.
#[derive(Clone)]
pub struct Boards(Arc<Inner>);

struct Inner {
    heard: Mutex<BTreeMap<String, HeardHere>>,
    stops: broadcast::Sender<EventId>,
    stopped: Mutex<Stopped>,
    changes: broadcast::Sender<Arc<str>>,
}

struct Stopped {
    /// What was stopped anywhere, also by a word.
    told: broadcast::Receiver<EventId>,
    all: BTreeSet<EventId>,
}

impl Default for Boards {
    fn default() -> Self {
        let (stops, told) = broadcast::channel(WAITING);
        let stopped = Mutex::new(Stopped { told, all: BTreeSet::new() });
        let (heard, changes) = (Mutex::default(), broadcast::Sender::new(WAITING));
        Self(Arc::new(Inner { heard, stops, stopped, changes }))
    }
}

impl Boards {
    /// Something was heard in a room. `words`: none where they are not kept; `answer`: none while it is on its way.
    pub fn heard(&self, room: &str, words: Option<&str>, answer: Option<(&str, bool)>, now: Timestamp) {
        let heard = HeardHere {
            words: words.map(str::to_owned),
            answer: answer.map(|(text, _)| text.to_owned()),
            ok: answer.is_none_or(|(_, ok)| ok),
            at: Moment(now),
            until: Moment(now + HEARD_FOR),
        };
        let mut all = self.0.heard.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, old| now < old.until.0);
        all.insert(room.to_owned(), heard);
        drop(all);
        self.changed(room);
    }

    pub fn heard_in(&self, room: &str, now: Timestamp) -> Option<HeardHere> {
        let all = self.0.heard.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(room).filter(|heard| now < heard.until.0).cloned()
    }

    /// Where satellites tell that something that rang was stopped, and hear of it.
    pub fn stops(&self) -> broadcast::Sender<EventId> {
        self.0.stops.clone()
    }

    /// Enough of what rings, in all rooms.
    pub fn stop(&self, ring: &RingView) -> bool {
        let Ok(id) = ring.id.parse() else { return false };
        // It is heard by ourselves, if by nobody else.
        let sent = self.0.stops.send(id).is_ok();
        self.changed(ring.room.as_deref().unwrap_or_default());
        sent
    }

    fn is_stopped(&self, id: EventId) -> bool {
        let mut stopped = self.0.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match stopped.told.try_recv() {
                Ok(id) => drop(stopped.all.insert(id)),
                Err(broadcast::error::TryRecvError::Lagged(_)) => {}
                Err(_) => break,
            }
        }
        while stopped.all.len() > STOPS {
            stopped.all.pop_first();
        }
        stopped.all.contains(&id)
    }

    /// What rings now.
    ///
    /// # Errors
    /// The store could not be read.
    pub fn rings(&self, source: &dyn Source, home: &Home, world: &World) -> Result<Vec<RingView>, ReadError> {
        let now = world.clock().now();
        let length = home.voice.as_ref().map_or(RING, |voice| voice.ring);
        let of = Ringing { since: now - world.clock().elapsed(), length };
        rings(source, now, of, &|id| self.is_stopped(id))
    }

    /// Keys of rooms whose board is another one now; empty: all of them.
    pub fn changes(&self) -> broadcast::Receiver<Arc<str>> {
        self.0.changes.subscribe()
    }

    fn changed(&self, room: &str) {
        let _ = self.0.changes.send(room.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_shown_for_a_while_and_in_its_room_only() {
        let (boards, at) = (Boards::default(), |seconds: i64| Timestamp(seconds * 1_000_000));
        let mut changes = boards.changes();
        boards.heard("kitchen", Some("light on"), None, at(0));
        assert_eq!(boards.heard_in("kitchen", at(1)).unwrap().words.as_deref(), Some("light on"));
        boards.heard("kitchen", Some("light on"), Some(("Done.", true)), at(2));
        let told = boards.heard_in("kitchen", at(21)).unwrap();
        assert_eq!((told.answer.as_deref(), told.until), (Some("Done."), Moment(at(22))));
        assert_eq!(boards.heard_in("hall", at(3)), None);
        assert_eq!(boards.heard_in("kitchen", at(22)), None);
        assert_eq!(changes.try_recv().as_deref(), Ok("kitchen"));
    }

    #[test]
    fn what_is_stopped_by_a_word_or_by_a_touch_is_stopped_for_both() {
        let (boards, stopped) = (Boards::default(), |boards: &Boards, id| boards.is_stopped(EventId(id)));
        let mut satellite = boards.stops().subscribe();
        assert!(!stopped(&boards, 7));
        boards.stops().send(EventId(7)).unwrap();
        assert!(stopped(&boards, 7) && stopped(&boards, 7), "by a word");
        let ring = RingView {
            id: EventId(9).to_string(),
            text: String::new(),
            room: None,
            room_name: None,
            at: Moment(Timestamp(0)),
            until: Moment(Timestamp(1)),
        };
        assert!(boards.stop(&ring) && stopped(&boards, 9), "by a touch");
        assert_eq!([satellite.try_recv(), satellite.try_recv()], [Ok(EventId(7)), Ok(EventId(9))]);
        (100..1_000).for_each(|id| drop(boards.stops().send(EventId(id))));
        assert!(stopped(&boards, 999), "also when more came than could wait");
    }
}
