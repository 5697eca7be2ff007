//! The household and its places.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::{EntityRef, Place};

/// The whole.
#[derive(Clone, Debug, Serialize)]
pub struct Household {
    pub place: Place,
    pub name: String,
    /// IANA name; it exists in the bundled database.
    pub time_zone: String,
    #[serde(skip)]
    pub zone: jiff::tz::TimeZone,
    /// Degrees north. There whenever a rule asks for the sun.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// BCP 47 tag.
    pub language: String,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Floor {
    pub place: Place,
    pub name: String,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Room {
    pub place: Place,
    pub name: String,
    /// Key of a floor.
    pub floor: Option<String>,
    /// How long after the last sign of life the room counts as empty.
    pub occupancy_timeout: Duration,
    /// What tells that somebody is there. `None`: all motion, occupancy and presence entities located here.
    pub sensors: Option<Vec<EntityRef>>,
    /// Whether it learns when people are there.
    pub habits: bool,
    /// Where it lies on its floor: two opposite corners, metres. Rooms of one floor share an origin.
    pub area: Option<[[f64; 2]; 2]>,
}

/// A Bluetooth receiver that tells how far away what it hears is; its key is what it calls itself.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Receiver {
    pub place: Place,
    /// Key of a room.
    pub room: String,
    /// Where it hangs, metres from the origin of the rooms' areas; the third is its height above the floor.
    pub at: Option<[f64; 3]>,
}

/// Where in the home somebody is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// Key of a room.
    Room(String),
    /// Key of a zone: in any of its rooms.
    Zone(String),
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Room(key) | Self::Zone(key)) = self;
        f.write_str(key)
    }
}

/// A set of rooms.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Zone {
    pub place: Place,
    pub name: String,
    /// Keys of rooms.
    pub rooms: Vec<String>,
}
