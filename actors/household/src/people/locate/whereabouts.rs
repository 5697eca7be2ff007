//! Presence and room of one person: what is told of them, and when something else is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_model::{NodeId, Presence, Timestamp, Value};

use super::{Belief, Plan};

/// A room is told once it is so likely: about two to one against all others.
const DECIDED: f64 = 0.65;
/// A tracker that names a room is believed before others by this.
const NAMED: f64 = 100.0;
/// A room of which its own sensors say that it is empty is so much less likely.
const EMPTY: f64 = 0.2;
/// Below this nobody else can be behind a sign.
const ALONE: f64 = 0.1;
/// A beacon that no receiver has heard for so long has left.
const LEFT: Duration = Duration::from_secs(180);

/// What is told of a person.
pub type Told = (Presence, Option<Arc<str>>);

/// What the signs say of one person.
#[derive(Debug)]
pub struct Whereabouts {
    plan: Arc<Plan>,
    trackers: BTreeMap<NodeId, Said>,
    belief: Belief,
    /// When the belief was last looked at, and whether it rests on anything.
    at: Option<Timestamp>,
    grounded: bool,
    /// A sign in a room could only be theirs.
    alone: bool,
    /// A beacon of theirs was last heard.
    heard: Option<Timestamp>,
    /// Rooms that their own sensors call empty.
    empty: Vec<bool>,
    told: Option<Told>,
    since: Option<Timestamp>,
    sure: f64,
}

#[derive(Clone, PartialEq, Debug)]
struct Said {
    home: bool,
    room: Option<Arc<str>>,
}

/// Words with which trackers say that somebody is away (Home Assistant's, OwnTracks', ESPresense's).
const AWAY: &[&str] = &["not_home", "away", "offline", "out"];
const HOME: &[&str] = &["home", "online", "in"];

impl Whereabouts {
    pub fn new(plan: Arc<Plan>) -> Self {
        let (belief, empty) = (Belief::new(&plan), vec![false; plan.rooms().len()]);
        Self {
            plan,
            trackers: BTreeMap::new(),
            belief,
            at: None,
            grounded: false,
            alone: false,
            heard: None,
            empty,
            told: None,
            since: None,
            sure: 0.0,
        }
    }

    /// What was told before this start: only what differs from it is news. The belief begins there.
    pub fn restore(&mut self, presence: Presence, room: Option<Arc<str>>, since: Timestamp) {
        if let Some(room) = room.as_deref().and_then(|r| self.plan.room(r)) {
            self.belief.weigh(&self.plan, room, 0.1);
            self.grounded = true;
        }
        self.told = Some((presence, room));
        self.since = Some(since);
    }

    /// A tracker spoke (`None`: it cannot tell any more). `room_key` gives the key of the room that a text means.
    /// [`Whereabouts::review`] tells what it changed.
    pub fn note(
        &mut self,
        tracker: NodeId,
        value: Option<&Value>,
        room_key: impl Fn(&str) -> Option<Arc<str>>,
    ) {
        let said = match value {
            Some(Value::Bool(home)) => Some(Said { home: *home, room: None }),
            Some(Value::Text(word)) if AWAY.contains(&&**word) => Some(Said { home: false, room: None }),
            Some(Value::Text(word)) if HOME.contains(&&**word) => Some(Said { home: true, room: None }),
            // Another zone's name is a place outside; a room's is one inside.
            Some(Value::Text(word)) => {
                let room = room_key(word);
                Some(Said { home: room.is_some(), room })
            }
            Some(_) | None => None,
        };
        match said {
            Some(said) => drop(self.trackers.insert(tracker, said)),
            None => drop(self.trackers.remove(&tracker)),
        }
    }

    /// A receiver measured how far a beacon of theirs is. Whether that says anything is the answer.
    pub fn hear(&mut self, receiver: &str, metres: f64, at: Timestamp) -> bool {
        self.pass(at);
        let said = self.belief.hear(&self.plan, receiver, metres);
        if said {
            self.heard = self.heard.max(Some(at));
            self.grounded = true;
        }
        said
    }

    /// Something happened in a room that a person does. If it was not this one (0-1: how likely anybody or anything else
    /// is behind it), they may be elsewhere.
    pub fn sign(&mut self, room: &str, others: f64, at: Timestamp) {
        let Some(room) = self.plan.room(room) else { return };
        self.pass(at);
        self.belief.weigh(&self.plan, room, others);
        self.grounded = true;
        self.alone |= others < ALONE;
    }

    /// A room's own sensors say whether somebody is in it.
    pub fn occupied(&mut self, room: &str, occupied: bool) {
        if let Some(empty) = self.plan.room(room).and_then(|at| self.empty.get_mut(at)) {
            *empty = !occupied;
        }
    }

    fn pass(&mut self, at: Timestamp) {
        let seconds = self.at.map_or(0.0, |before| at.since(before).as_secs_f64());
        self.belief.pass(&self.plan, seconds);
        self.at = self.at.max(Some(at));
    }

    /// What changed since it was last told.
    pub fn review(&mut self, now: Timestamp) -> Option<Told> {
        let told = self.whereabouts(now);
        (self.told.as_ref() != Some(&told)).then(|| {
            self.told = Some(told.clone());
            self.since = Some(now);
            told
        })
    }

    /// How sure the room that was told is, 0-1; that they are at home, where none was.
    pub fn sure(&self) -> f64 {
        self.sure
    }

    /// When they were heard for the last time, if nothing more comes: then they have left.
    pub fn leaves_at(&self) -> Option<Timestamp> {
        self.heard.map(|at| at + LEFT)
    }

    fn whereabouts(&mut self, now: Timestamp) -> Told {
        let heard = self.heard.map(|at| at + LEFT > now);
        let home = self.trackers.values().any(|s| s.home);
        let presence = match (self.trackers.is_empty(), home, heard) {
            (_, true, _) | (_, _, Some(true)) => Presence::Home,
            (false, false, _) | (true, _, Some(false)) => Presence::Away,
            // Nothing speaks of them but signs in rooms, if those can only be theirs.
            (true, _, None) if self.alone => Presence::Home,
            (true, _, None) => Presence::Unknown,
        };
        if presence != Presence::Home {
            self.sure = 1.0;
            return (presence, None);
        }
        (presence, self.room())
    }

    fn room(&mut self) -> Option<Arc<str>> {
        let named: Vec<usize> =
            self.trackers.values().filter_map(|s| self.plan.room(s.room.as_deref()?)).collect();
        if named.is_empty() && !self.grounded {
            self.sure = 1.0;
            return None;
        }
        let mut rooms = self.belief.rooms(&self.plan);
        for (at, share) in rooms.iter_mut().enumerate() {
            if named.contains(&at) {
                *share = share.max(1e-3) * NAMED;
            }
            if self.empty.get(at) == Some(&true) {
                *share *= EMPTY;
            }
        }
        let sum: f64 = rooms.iter().sum();
        let share = |at: usize| rooms.get(at).map_or(0.0, |s| s / sum.max(f64::MIN_POSITIVE));
        let best = (0..rooms.len()).fold(0, |best, at| if share(at) > share(best) { at } else { best });
        let stood = self.told.as_ref().and_then(|(_, room)| self.plan.room(room.as_deref()?));
        let is = match stood {
            Some(stood) if share(best) < DECIDED => stood,
            None if share(best) < DECIDED && rooms.len() > 1 => {
                self.sure = 1.0;
                return None;
            }
            _ => best,
        };
        self.sure = share(is);
        self.plan.rooms().get(is).cloned()
    }
}
