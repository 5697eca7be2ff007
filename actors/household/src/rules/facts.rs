//! What the rules know of the world: last values, occupancy, presence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_model::{EventId, IdMap, NodeId, Presence, Property, Timestamp, Value};
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
#[derive(Default)]
pub struct Facts {
    readings: IdMap<NodeId, SmallVec<[(Property, Known); 1]>>,
    pub rooms: BTreeMap<String, bool>,
    pub people: BTreeMap<String, Whereabouts>,
    /// Entities and devices that cannot be heard.
    pub offline: BTreeSet<NodeId>,
}

impl Facts {
    pub fn reading(&self, entity: NodeId, property: Property) -> Option<&Known> {
        self.readings.get(&entity)?.iter().find(|(p, _)| *p == property).map(|(_, k)| k)
    }

    pub fn value(&self, entity: NodeId, property: Property) -> Option<&Value> {
        self.reading(entity, property)?.value.as_ref()
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

    /// Everybody is known to be away; a household without people never is.
    pub fn nobody_home(&self) -> bool {
        !self.people.is_empty() && self.people.values().all(|w| w.presence == Presence::Away)
    }

    pub fn anybody_home(&self) -> bool {
        self.people.values().any(|w| w.presence == Presence::Home)
    }
}
