//! What a thing that moves by itself was told last, and the states that this leads to: so that `why` of a robot's state names who
//! sent it, also minutes later.

use std::time::Duration;

use lares_model::{Component, EventId, Property, Timestamp, Value};

/// A robot that was sent home may need so long to get there.
const LEADS: Duration = Duration::from_secs(60 * 60);

/// A command that a thing carries out by itself.
pub struct Asked {
    pub property: Property,
    pub value: Value,
    pub command: EventId,
    pub at: Timestamp,
}

impl Asked {
    /// Whether a command on this property is one that leads to states.
    pub fn leads(component: Component, property: Property) -> bool {
        use Property as P;
        match component {
            Component::Vacuum | Component::LawnMower => {
                matches!(property, P::State | P::Action | P::CleanRooms | P::CleanZone | P::GoTo)
            }
            Component::AlarmControlPanel => property == P::State,
            // What is put onto a stream begins to play.
            Component::MediaPlayer => property == P::Source,
            _ => false,
        }
    }

    /// Whether a state that is told at `now` comes of it.
    pub fn leads_to(&self, state: &str, now: Timestamp) -> bool {
        use Property as P;
        if now >= self.at + LEADS {
            return false;
        }
        let told = self.value.as_text().unwrap_or_default();
        match (self.property, told) {
            (P::CleanRooms | P::CleanZone | P::GoTo, _) => state == "cleaning",
            (P::Action, "start" | "clean_spot" | "start_mowing") => matches!(state, "cleaning" | "mowing"),
            (P::Action, "pause") => state == "paused",
            (P::Action, "stop") => matches!(state, "idle" | "paused"),
            (P::Action, "return_home" | "dock") => matches!(state, "returning" | "docked"),
            (P::Source, _) => state == "playing",
            (P::State, wished) => state == wished || is_on_its_way(wished, state),
            _ => false,
        }
    }
}

/// Whether a state is one on the way to another: it obeys, and the rest takes its time.
pub fn is_on_its_way(wished: &str, reported: &str) -> bool {
    match wished {
        "docked" => reported == "returning",
        "disarmed" => reported == "disarming",
        armed if armed.starts_with("armed") => matches!(reported, "arming" | "pending"),
        _ => false,
    }
}
