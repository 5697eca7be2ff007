//! Presence of one person. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_model::{NodeId, Presence, Value};

/// What the trackers say.
#[derive(Default, Debug)]
pub struct Whereabouts {
    trackers: BTreeMap<NodeId, Said>,
    told: Option<(Presence, Option<Arc<str>>)>,
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
    /// A tracker spoke (`None`: it cannot tell any more). `is_room` says whether a text is the key of a room; it gives
    /// the key. Gives what changed.
    pub fn heard(
        &mut self,
        tracker: NodeId,
        value: Option<&Value>,
        room_key: impl Fn(&str) -> Option<Arc<str>>,
    ) -> Option<(Presence, Option<Arc<str>>)> {
        self.note(tracker, value, room_key);
        self.review()
    }

    /// What was told before this start: only what differs from it is news.
    pub fn told(&mut self, presence: Presence, room: Option<Arc<str>>) {
        self.told = Some((presence, room));
    }

    /// Takes a tracker's value; [`Whereabouts::review`] tells what it changed.
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

    /// What changed since it was last told.
    pub fn review(&mut self) -> Option<(Presence, Option<Arc<str>>)> {
        let now = self.whereabouts();
        (self.told.as_ref() != Some(&now)).then(|| {
            self.told = Some(now.clone());
            now
        })
    }

    fn whereabouts(&self) -> (Presence, Option<Arc<str>>) {
        let home = self.trackers.values().any(|s| s.home);
        let room = self.trackers.values().find_map(|s| s.room.clone());
        match (self.trackers.is_empty(), home) {
            (true, _) => (Presence::Unknown, None),
            (_, true) => (Presence::Home, room),
            (_, false) => (Presence::Away, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rooms(name: &str) -> Option<Arc<str>> {
        (name == "kitchen").then(|| name.into())
    }

    #[test]
    fn any_tracker_at_home_is_home_and_silence_is_unknown() {
        let mut anna = Whereabouts::default();
        let (phone, badge) = (NodeId(1), NodeId(2));
        assert_eq!(anna.heard(phone, Some(&"home".into()), rooms), Some((Presence::Home, None)));
        assert_eq!(
            anna.heard(badge, Some(&"kitchen".into()), rooms),
            Some((Presence::Home, Some("kitchen".into())))
        );
        assert_eq!(anna.heard(phone, Some(&"not_home".into()), rooms), None);
        assert_eq!(anna.heard(badge, Some(&"work".into()), rooms), Some((Presence::Away, None)));
        assert_eq!(anna.heard(badge, None, rooms), None);
        assert_eq!(anna.heard(phone, None, rooms), Some((Presence::Unknown, None)));
    }

    #[test]
    fn after_a_restart_only_the_whole_is_told_and_only_if_it_is_news() {
        let mut anna = Whereabouts::default();
        anna.told(Presence::Home, Some("kitchen".into()));
        anna.note(NodeId(1), Some(&"not_home".into()), rooms);
        anna.note(NodeId(2), Some(&"kitchen".into()), rooms);
        assert_eq!(anna.review(), None, "she was not away in between");
        assert_eq!(anna.heard(NodeId(2), Some(&"work".into()), rooms), Some((Presence::Away, None)));
    }
}
