//! What speaks of a person: which entities are whose signs, and who else could be behind them.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::Home;
use lares_model::{Component, NodeId, Presence};

use crate::{Directory, EntityEntry};

/// What a reading of an entity says of a person.
#[derive(Clone, PartialEq, Debug)]
pub enum Source {
    /// A tracker of theirs.
    Tracker,
    /// How far a beacon of theirs is from a receiver.
    Distance { receiver: Arc<str> },
    /// Somebody moves in a room.
    Motion { room: Arc<str> },
}

/// Device classes that say that somebody is there (Home Assistant's names).
const PRESENCE: &[&str] = &["motion", "occupancy", "presence", "moving"];

/// Whether an entity says that somebody is there.
pub fn tells_presence(entity: &EntityEntry) -> bool {
    entity.component == Component::BinarySensor
        && entity.info.device_class.as_deref().is_some_and(|c| PRESENCE.contains(&c))
}

/// All that speaks of a person, as the home and its devices are now.
pub fn sources(home: &Home, directory: &Directory, person: &str) -> BTreeMap<NodeId, Source> {
    let mut found = BTreeMap::new();
    for (key, room) in &home.rooms {
        let room_key: Arc<str> = key.as_str().into();
        let sensors: Vec<NodeId> = match &room.sensors {
            Some(names) => {
                names.iter().filter_map(|n| directory.resolve(n, None)).map(|r| r.entity).collect()
            }
            None => {
                directory.entities_in(key).into_iter().filter(|e| tells_presence(e)).map(|e| e.id).collect()
            }
        };
        found.extend(sensors.into_iter().map(|id| (id, Source::Motion { room: room_key.clone() })));
    }
    let Some(person) = home.people.get(person) else { return found };
    for device in directory.devices() {
        if !device.info.identifiers.iter().any(|id| person.beacons.contains(id)) {
            continue;
        }
        for entity in directory.entities_of(device) {
            let far = entity.info.device_class.as_deref() == Some("distance");
            if let (true, Some(receiver)) = (far, &entity.info.name) {
                found.insert(entity.id, Source::Distance { receiver: receiver.as_str().into() });
            }
        }
    }
    let trackers = person.trackers.iter().filter_map(|n| directory.resolve(n, None));
    found.extend(trackers.map(|r| (r.entity, Source::Tracker)));
    found
}

/// A sensor sees somebody where nobody is: heating, sun, pets.
const FALSE_ALARM: f64 = 0.02;

/// How likely somebody else, or nothing, is behind a sign in a room.
pub fn others(room: &str, people: &BTreeMap<NodeId, (Presence, Option<Arc<str>>)>) -> f64 {
    let nobody = people.values().fold(1.0, |nobody, (presence, at)| {
        nobody
            * match (presence, at) {
                (Presence::Away, _) => 1.0,
                (_, Some(at)) if **at == *room => 0.1,
                (Presence::Home, Some(_)) => 0.95,
                (Presence::Home | Presence::Unknown, None) => 0.7,
                (Presence::Unknown, Some(_)) => 0.7,
            }
    });
    FALSE_ALARM + (1.0 - FALSE_ALARM) * (1.0 - nobody)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_is_theirs_as_far_as_nobody_else_can_be_behind_it() {
        let mut people = BTreeMap::new();
        assert!(others("hall", &people) < 0.05, "alone");
        people.insert(NodeId(1), (Presence::Away, None));
        assert!(others("hall", &people) < 0.05, "the other is away");
        people.insert(NodeId(1), (Presence::Home, Some("study".into())));
        assert!(others("hall", &people) < 0.1);
        people.insert(NodeId(2), (Presence::Home, Some("hall".into())));
        assert!(others("hall", &people) > 0.9);
    }
}
