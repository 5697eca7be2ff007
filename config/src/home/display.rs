//! What the home says of its wall displays.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Place;

/// Something that a display shows beside the things of its room.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Water, smoke, what somebody must look at.
    Alerts,
    /// Who calls and cannot wait.
    Calls,
    /// What was heard in the room, and what came of it.
    Heard,
    /// What plays in the room.
    Music,
    /// What runs, and what rings.
    Timers,
    /// What comes next in the household's calendar.
    Calendar,
    /// How far what is being made is.
    Production,
    /// What is to be bought and done.
    Lists,
}

impl Shown {
    pub const ALL: [Self; 8] = [
        Self::Alerts,
        Self::Calls,
        Self::Heard,
        Self::Music,
        Self::Timers,
        Self::Calendar,
        Self::Production,
        Self::Lists,
    ];

    /// Where the home does not say: whoever passes reads it, so nothing of the household's days.
    pub const USUAL: [Self; 5] = [Self::Alerts, Self::Calls, Self::Heard, Self::Music, Self::Timers];

    pub fn name(self) -> &'static str {
        match self {
            Self::Alerts => "alerts",
            Self::Calls => "calls",
            Self::Heard => "heard",
            Self::Music => "music",
            Self::Timers => "timers",
            Self::Calendar => "calendar",
            Self::Production => "production",
            Self::Lists => "lists",
        }
    }
}

/// A wall display: it gets its room's view as retained JSON, is drawn on, or is somebody's browser.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct DisplayConfig {
    pub place: Place,
    pub name: String,
    /// Key of a room.
    pub room: String,
    /// Key of a link; empty: it is a browser.
    pub link: String,
    /// Where its view is written; of a plate: where what is drawn is.
    pub topic: String,
    /// Name of the openHASP plate that it is.
    pub plate: Option<String>,
    /// Whose browser it is; of a plate: with whose rights it answers and stops what rings.
    pub person: Option<String>,
    pub shows: BTreeSet<Shown>,
}
