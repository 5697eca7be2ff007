//! Claims: wishes that reached a property, and who goes before whom.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use crate::{Timestamp, Value};

macro_rules! levels {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// Priority of a claim. A smaller number goes before a larger one (BACnet's convention). Spaced by ten and
        /// never reused, since they are stored.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(into = "u16", try_from = "u16")]
        #[repr(u16)]
        pub enum Level { $($(#[$doc])* $variant = $number,)* }

        impl Level {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }

        impl TryFrom<u16> for Level {
            type Error = String;
            fn try_from(number: u16) -> Result<Self, String> {
                match number { $($number => Ok(Self::$variant),)* n => Err(format!("no level has number {n}")) }
            }
        }
    };
}

levels! {
    /// A person's emergency.
    Emergency = 10, "emergency";
    LifeSafety = 20, "life_safety";
    EquipmentProtection = 30, "equipment_protection";
    /// Legal and grid limits.
    LegalLimit = 40, "legal_limit";
    Interlock = 50, "interlock";
    Security = 60, "security";
    /// Somebody used the thing's own switch.
    PhysicalSwitch = 70, "physical_switch";
    /// An app, the command line or a voice.
    Person = 80, "person";
    Health = 90, "health";
    Scene = 100, "scene";
    Rule = 110, "rule";
    Production = 120, "production";
    CalendarPreparation = 130, "calendar_preparation";
    Comfort = 140, "comfort";
    /// Plan and energy.
    Plan = 150, "plan";
    Habit = 160, "habit";
    Default = 170, "default";
}

impl Level {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.name() == name)
    }
}

impl From<Level> for u16 {
    fn from(l: Level) -> u16 {
        l as u16
    }
}

/// When a claim ends.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum Until {
    /// It competes once; if it wins it is just the property's last value.
    Momentary,
    /// It stays until this instant.
    At(Timestamp),
    /// It stays until its source ends it (a rule's `while`, a person's release).
    Released,
}

/// A wish on one property, keyed by its source: a newer claim of the same source replaces the older.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Claim {
    /// Who wishes: `rule:hall-light`, `person:anna`, `console`.
    pub source: Arc<str>,
    pub level: Level,
    pub value: Value,
    pub until: Until,
    /// In the household's words, for `why`.
    pub reason: Arc<str>,
}

/// What an interlock or a limit allows a property to be. Clamps what is below its level.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Bound {
    Range { min: f64, max: f64 },
    Only(Value),
}
