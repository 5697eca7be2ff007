//! What the rules know of the world: last values, occupancy, presence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_config::{Home, Reach};
use lares_model::{EventId, IdMap, NodeId, Presence, Property, Status, Timestamp, Value};
use smallvec::SmallVec;

/// A last value.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    pub value: Option<Value>,
    pub at: Timestamp,
    pub event: EventId,
}

/// Where a person is, as last told.
#[derive(Clone, PartialEq, Debug)]
pub struct Whereabouts {
    pub presence: Presence,
    pub room: Option<Arc<str>>,
}

/// The facts.
#[derive(Clone, Default)]
pub struct Facts {
    readings: IdMap<NodeId, SmallVec<[(Property, Known); 1]>>,
    pub rooms: BTreeMap<String, bool>,
    pub people: BTreeMap<String, Whereabouts>,
    /// Entities and devices that cannot be heard.
    pub offline: BTreeSet<NodeId>,
    /// Of devices and entities that said so: what stands between (being set up) is no word of theirs.
    pub reach: IdMap<NodeId, Reach>,
}

/// What a status says of whether something can be heard.
pub fn reach_of(status: &Status) -> Option<Reach> {
    match status {
        Status::Online => Some(Reach::Online),
        Status::Offline(_) | Status::Quarantined(_) => Some(Reach::Offline),
        Status::Initializing | Status::Unknown | Status::Removed => None,
    }
}

impl Facts {
    pub fn reading(&self, entity: NodeId, property: Property) -> Option<&Known> {
        self.readings.get(&entity)?.iter().find(|(p, _)| *p == property).map(|(_, k)| k)
    }

    pub fn value(&self, entity: NodeId, property: Property) -> Option<&Value> {
        self.reading(entity, property)?.value.as_ref()
    }

    /// Notes what a status says; gives what was known before.
    pub fn note_status(&mut self, of: NodeId, status: &Status) -> Option<Reach> {
        let reach = reach_of(status);
        if reach == Some(Reach::Offline) {
            self.offline.insert(of);
        } else {
            self.offline.remove(&of);
        }
        match reach {
            Some(reach) => self.reach.insert(of, reach),
            None => self.reach.get(&of).copied(),
        }
    }

    /// Notes a value; gives the one before.
    pub fn note(&mut self, entity: NodeId, property: Property, known: Known) -> Option<Value> {
        let slots = self.readings.entry(entity).or_default();
        match slots.iter_mut().find(|(p, _)| *p == property) {
            Some((_, slot)) => std::mem::replace(slot, known).value,
            None => {
                slots.push((property, known));
                None
            }
        }
    }

    /// Whether anybody is in one of the rooms of a zone; `None`: nothing was told of any.
    pub fn zone(&self, home: &Home, zone: &str) -> Option<bool> {
        let rooms = home.zones.get(zone).map(|z| z.rooms.as_slice()).unwrap_or_default();
        rooms.iter().filter_map(|room| self.rooms.get(room).copied()).reduce(|any, is| any || is)
    }

    /// Everybody is known to be away; a household without people never is.
    pub fn nobody_home(&self) -> bool {
        !self.people.is_empty() && self.people.values().all(|w| w.presence == Presence::Away)
    }

    pub fn anybody_home(&self) -> bool {
        self.people.values().any(|w| w.presence == Presence::Home)
    }
}
