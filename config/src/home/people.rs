//! Residents and guests.

use serde::Serialize;

use super::{EntityRef, Place};

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Person {
    pub place: Place,
    pub name: String,
    pub role: Role,
    /// Entities that tell whether the person is at home, or in which room.
    pub trackers: Vec<EntityRef>,
    /// Ids of what the person carries, as Bluetooth receivers call them: `phone:alex`, `irk:...`, `iBeacon:...`.
    pub beacons: Vec<String>,
}

/// What a person may do; a closed list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Adult,
    Child,
    Guest,
}

impl Role {
    pub const NAMES: &[(&str, Self)] =
        &[("owner", Self::Owner), ("adult", Self::Adult), ("child", Self::Child), ("guest", Self::Guest)];
}
