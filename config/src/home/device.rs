//! Devices, how they are found, and names for one or several of their entities.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{Component, Property, Value};
use serde::Serialize;

use super::Place;

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Device {
    pub place: Place,
    pub name: String,
    /// Key of a room. `None`: unplaced; it works and is listed.
    pub room: Option<String>,
    pub bind: Bind,
    /// The simulated device that stands in for it.
    pub twin: Option<TwinConfig>,
    /// What the home says of single entities, by slug.
    pub entities: BTreeMap<String, EntityConfig>,
    /// What its properties go back to when the last hold on them ends (`default` in the files). Without one nothing
    /// is sent then.
    pub defaults: BTreeMap<Property, Value>,
}

/// How a device of the home is tied to one in the world.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Bind {
    /// To one that announces itself on a link with any of these identifiers.
    Discovered { link: String, identifiers: Vec<String> },
    /// It never announces itself: the home says what it would say (Home Assistant's device discovery payload, whose
    /// components under `cmps` are keyed by slug). What is missing of `device` and `unique_id` is filled in, and each
    /// component's `name` is its slug, so that the driver gives it that slug; labels are in `Device::entities`.
    Declared { link: String, config: serde_json::Value },
    /// To lines of a recording.
    Recorded(Vec<RecordedBinding>),
    /// To its own twin, which announces itself on this link as `lares_twin_<key>`.
    Twin { link: String, identifiers: Vec<String> },
}

impl Bind {
    /// Key of the link it is found on: an `[mqtt.*]` key, or `recording`.
    pub fn link(&self) -> &str {
        match self {
            Self::Discovered { link, .. } | Self::Declared { link, .. } | Self::Twin { link, .. } => link,
            Self::Recorded(_) => "recording",
        }
    }

    /// The identifiers that it announces itself with; empty where it does not.
    pub fn identifiers(&self) -> &[String] {
        match self {
            Self::Discovered { identifiers, .. } | Self::Twin { identifiers, .. } => identifiers,
            Self::Declared { .. } | Self::Recorded(_) => &[],
        }
    }
}

/// Lines of a recording with this room, device and kind. The entity's slug is the kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct RecordedBinding {
    pub room: String,
    pub device: String,
    pub kind: String,
}

/// A simulated device and its settings, which the twin itself understands.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TwinConfig {
    pub kind: TwinKind,
    pub options: serde_json::Map<String, serde_json::Value>,
}

macro_rules! twins {
    ($($variant:ident = $name:literal, [$($slug:literal),*];)*) => {
        /// Kinds of simulated device.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum TwinKind { $($variant,)* }

        impl TwinKind {
            pub const NAMES: &[(&str, Self)] = &[$(($name, Self::$variant),)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Slugs of the entities that such a twin has.
            pub fn slugs(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($slug),*],)* }
            }
        }
    };
}

twins! {
    Motion = "motion", ["occupancy", "illuminance", "battery"];
    Door = "door", ["contact", "battery"];
    Climate = "climate", ["temperature", "humidity", "battery"];
    Air = "air", ["carbon_dioxide", "temperature", "humidity"];
    Light = "light", ["light"];
    Plug = "plug", ["switch", "power", "energy"];
    Thermostat = "thermostat", ["climate"];
    Leak = "leak", ["water_leak", "battery"];
    Pump = "pump", ["switch", "flow", "volume"];
    Valve = "valve", ["valve", "flow", "volume"];
    Lock = "lock", ["lock", "battery"];
    Shutter = "shutter", ["cover"];
    Fan = "fan", ["fan"];
    Heater = "heater", ["switch", "power", "temperature"];
    Boiler = "boiler", ["water_heater"];
    Washer = "washer", ["switch", "power", "energy"];
    Smoke = "smoke", ["smoke", "battery"];
    Weather = "weather", ["temperature", "wind_speed", "firmware"];
    Phone = "phone", ["device_tracker"];
    Visitor = "visitor", ["device_tracker"];
    Vacuum = "vacuum", ["vacuum", "map"];
    Display = "display", ["text"];
    Player = "player", ["player", "next", "previous"];
    Stream = "stream", ["player", "next", "previous", "follow"];
}

/// What the home says of one entity.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct EntityConfig {
    pub place: Place,
    pub name: Option<String>,
    /// Key of a room: wins over the device's.
    pub room: Option<String>,
    /// How long a reading counts as fresh; wins over what the device says.
    pub stale_after: Option<Duration>,
    /// What it is, where its announcement is silent or wrong.
    pub component: Option<Component>,
    pub device_class: Option<String>,
}

/// A device, or one entity of it: `hall-motion` or `hall-motion.occupancy`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct EntityRef {
    /// Key of a device of the home.
    pub device: String,
    /// `None`: the device's one entity that can do what is asked.
    pub slug: Option<String>,
}

/// A named set of devices and entities.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Group {
    pub place: Place,
    pub name: String,
    /// Never groups: a set of sets would hide what moves.
    pub members: Vec<Target>,
}

/// What an action moves.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub enum Target {
    Entity(EntityRef),
    /// Key of a group.
    Group(String),
    /// All entities of a room, or those of one component.
    Room {
        room: String,
        component: Option<Component>,
    },
    /// All entities that fit this filter when it is done. It was checked.
    Find(String),
}
