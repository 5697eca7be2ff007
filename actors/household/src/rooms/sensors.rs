//! Which entities tell what of a room.

use std::collections::BTreeMap;

use lares_config::Home;
use lares_model::{Component, NodeId};

use super::air::Measure;
use crate::people::tells_presence;
use crate::{Directory, EntityEntry};

/// What an entity tells.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Presence,
    Door,
    Air(Measure),
}

const DOORS: &[&str] = &["door", "garage_door", "opening"];

fn kind_of(entity: &EntityEntry) -> Option<Kind> {
    let class = entity.info.device_class.as_deref()?;
    match entity.component {
        Component::BinarySensor if tells_presence(entity) => Some(Kind::Presence),
        Component::BinarySensor if DOORS.contains(&class) => Some(Kind::Door),
        Component::Sensor => Measure::of_class(class).map(Kind::Air),
        _ => None,
    }
}

/// The sensors of a room: those that it names for presence, else all that stand in it; its air by what stands in it.
pub fn sensors(home: &Home, directory: &Directory, room: &str) -> BTreeMap<NodeId, Kind> {
    let named = home.rooms.get(room).and_then(|r| r.sensors.as_ref());
    let here = directory.entities_in(room).into_iter().filter_map(|e| Some((e.id, kind_of(e)?)));
    let mut found: BTreeMap<NodeId, Kind> =
        here.filter(|(_, kind)| named.is_none() || matches!(kind, Kind::Air(_))).collect();
    let named = named.into_iter().flatten().filter_map(|n| directory.resolve(n, None));
    found.extend(named.map(|r| (r.entity, Kind::Presence)));
    found
}
