//! Triggers: whether an event is the change one waits for, and whether what it waits for still holds.

use lares_config::{People, Trigger};
use lares_model::{NodeId, Presence, Property, Value};

use super::engine::View;
use super::facts::Facts;

/// What changed, with the value before.
pub enum Happening<'a> {
    Reading {
        entity: NodeId,
        property: Property,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    },
    /// An entity cannot be heard any more: what was waited for no longer holds.
    Lost,
    Room {
        old: Option<bool>,
        new: bool,
    },
    Person {
        old: Option<(Presence, Option<&'a str>)>,
        new: (Presence, Option<&'a str>),
    },
    People {
        nobody: (bool, bool),
        anybody: (bool, bool),
    },
}

/// Whether the happening is the change that sets the trigger off. Coming from unknown is none, except for what has no
/// state between: buttons and events.
pub fn fires(trigger: &Trigger, happening: &Happening<'_>, view: &View<'_>) -> bool {
    match (trigger, happening) {
        (
            Trigger::Entity { entity, property, change, .. },
            Happening::Reading { entity: id, property: p, old, new },
        ) => {
            let Some(new) = new else { return false };
            if view.directory.resolve(entity, *property).is_none_or(|r| r.entity != *id || r.property != *p) {
                return false;
            }
            match p {
                momentary if momentary.is_momentary() => change.holds(Some(new)),
                _ => old.is_some() && change.fits(*old, new),
            }
        }
        (Trigger::Room { occupied, .. }, Happening::Room { old, new }) => {
            new == occupied && old.unwrap_or(false) != *new
        }
        (Trigger::Person { to, room, .. }, Happening::Person { old, new }) => {
            let is =
                |w: &(Presence, Option<&str>)| w.0 == *to && room.as_deref().is_none_or(|r| w.1 == Some(r));
            is(new) && old.as_ref().is_some_and(|o| o.0 != Presence::Unknown && !is(o))
        }
        (Trigger::People { people: People::NobodyHome, .. }, Happening::People { nobody, .. }) => {
            *nobody == (false, true)
        }
        (Trigger::People { people: People::AnybodyHome, .. }, Happening::People { anybody, .. }) => {
            *anybody == (false, true)
        }
        _ => false,
    }
}

/// Whether what the trigger waits for is so now: asked by `for` and by `hold_while`.
pub fn still_holds(trigger: &Trigger, facts: &Facts, view: &View<'_>) -> bool {
    match trigger {
        Trigger::Entity { entity, property, change, .. } => {
            let Some(at) = view.directory.resolve(entity, *property) else { return false };
            let device =
                view.directory.entity(at.entity).and_then(|e| view.directory.device(&e.device)).map(|d| d.id);
            let heard =
                !facts.offline.contains(&at.entity) && device.is_none_or(|d| !facts.offline.contains(&d));
            heard && change.holds(facts.value(at.entity, at.property))
        }
        Trigger::Room { room, occupied, .. } => facts.rooms.get(room).copied().unwrap_or(false) == *occupied,
        Trigger::Person { person, to, room, .. } => facts.people.get(person).is_some_and(|w| {
            w.presence == *to && room.as_deref().is_none_or(|r| w.room.as_deref() == Some(r))
        }),
        Trigger::People { people: People::NobodyHome, .. } => facts.nobody_home(),
        Trigger::People { people: People::AnybodyHome, .. } => facts.anybody_home(),
        // A moment has no length.
        Trigger::Time { .. } | Trigger::Sun { .. } => false,
    }
}

/// How long it must have held.
pub fn lasting(trigger: &Trigger) -> Option<std::time::Duration> {
    match trigger {
        Trigger::Entity { lasting, .. }
        | Trigger::Room { lasting, .. }
        | Trigger::Person { lasting, .. }
        | Trigger::People { lasting, .. } => lasting.filter(|d| !d.is_zero()),
        Trigger::Time { .. } | Trigger::Sun { .. } => None,
    }
}
