//! Triggers: whether an event is the change one waits for, and whether what it waits for still holds.

use lares_config::{AboutNodes, People, Reach, Trigger};
use lares_model::{Body, Event, NodeId, Presence, Property, Value};

use super::conditions::Look;
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
    /// A device said whether it can be heard.
    Reach {
        device: &'a str,
        old: Option<Reach>,
        new: Reach,
    },
    /// What the journal tells of.
    Event(&'a Event),
    Room {
        room: &'a str,
        old: Option<bool>,
        new: bool,
    },
    Zone {
        zone: &'a str,
        old: Option<bool>,
        new: bool,
    },
    Person {
        person: &'a str,
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
        (Trigger::Device { device, reach, .. }, Happening::Reach { device: of, old, new }) => {
            device == of && new == reach && old.is_some_and(|old| old != *new)
        }
        (Trigger::Event { kind, about }, Happening::Event(event)) => {
            *kind == event.body.kind() && about.as_ref().is_none_or(|a| is_about(event, &a.nodes, view))
        }
        (Trigger::Room { room: of, occupied, .. }, Happening::Room { room, old, new }) => {
            of == room && new == occupied && old.unwrap_or(false) != *new
        }
        (Trigger::Zone { zone: of, occupied, .. }, Happening::Zone { zone, old, new }) => {
            of == zone && new == occupied && old.unwrap_or(false) != *new
        }
        (Trigger::Person { person: of, to, within, .. }, Happening::Person { person, old, new }) => {
            let is = |w: &(Presence, Option<&str>)| w.0 == *to && view.home.is_within(within.as_ref(), w.1);
            of == person && is(new) && old.as_ref().is_some_and(|o| o.0 != Presence::Unknown && !is(o))
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

/// Whether an event is about this.
fn is_about(event: &Event, nodes: &AboutNodes, view: &View<'_>) -> bool {
    match nodes {
        AboutNodes::Node(node) => event.subject == *node,
        AboutNodes::Interlock(key) => match &event.body {
            Body::InterlockTripped { interlock, .. }
            | Body::InterlockCleared { interlock, .. }
            | Body::InterlockAcknowledged { interlock, .. } => **interlock == **key,
            _ => false,
        },
        AboutNodes::Entity(of) => {
            let entity = view.directory.entity(event.subject);
            match &of.slug {
                Some(_) => entity.is_some_and(|e| *e.reference == *of.to_string()),
                None => {
                    let device = entity.and_then(|e| view.directory.device(&e.device));
                    let device = device.or_else(|| view.directory.device_by_node(event.subject));
                    device.is_some_and(|d| *d.reference == *of.device)
                }
            }
        }
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
            heard && change.stays(facts.value(at.entity, at.property))
        }
        Trigger::Room { room, occupied, .. } => facts.rooms.get(room).copied().unwrap_or(false) == *occupied,
        Trigger::Zone { zone, occupied, .. } => facts.zone(view.home, zone).unwrap_or(false) == *occupied,
        Trigger::Person { person, to, within, .. } => facts
            .people
            .get(person)
            .is_some_and(|w| w.presence == *to && view.home.is_within(within.as_ref(), w.room.as_deref())),
        Trigger::People { people: People::NobodyHome, .. } => facts.nobody_home(),
        Trigger::People { people: People::AnybodyHome, .. } => facts.anybody_home(),
        Trigger::Device { device, reach, .. } => {
            view.directory.device(device).is_some_and(|d| facts.reach.get(&d.id) == Some(reach))
        }
        Trigger::Template { template, .. } => {
            let vars = std::collections::BTreeMap::new();
            super::template::holds(template, Look { facts, view, id: None, vars: &vars }).0
        }
        // A moment has no length.
        Trigger::Time { .. }
        | Trigger::Every { .. }
        | Trigger::Sun { .. }
        | Trigger::Calendar { .. }
        | Trigger::Event { .. } => false,
    }
}

/// How long it must have held.
pub fn lasting(trigger: &Trigger) -> Option<std::time::Duration> {
    match trigger {
        Trigger::Entity { lasting, .. }
        | Trigger::Room { lasting, .. }
        | Trigger::Zone { lasting, .. }
        | Trigger::Person { lasting, .. }
        | Trigger::Device { lasting, .. }
        | Trigger::Template { lasting, .. }
        | Trigger::People { lasting, .. } => lasting.filter(|d| !d.is_zero()),
        Trigger::Time { .. }
        | Trigger::Every { .. }
        | Trigger::Sun { .. }
        | Trigger::Calendar { .. }
        | Trigger::Event { .. } => None,
    }
}
