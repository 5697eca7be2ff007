//! Rules: when, if, then. Closed lists with typed values, so that evaluation is pure and complete.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Time;
use lares_model::{Filter, Level, Presence, Property, Value};
use serde::Serialize;

pub use lares_model::Missed;

use super::{Change, Days, EntityRef, Place, Target, Test};

#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Rule {
    pub place: Place,
    pub name: String,
    pub enabled: bool,
    pub mode: Mode,
    /// Never above `security`.
    pub level: Level,
    /// What happens to its `for` and `delay` timers that came due while nothing ran.
    pub missed: Missed,
    /// Any of these sets it off. Never empty.
    pub when: Vec<Trigger>,
    /// All of these must hold (`if` in the files).
    pub conditions: Vec<Condition>,
    /// Never empty.
    pub then: Vec<Action>,
    /// What is done instead when a condition does not hold (`else` in the files).
    pub otherwise: Vec<Action>,
}

/// What happens when a rule is set off while it still runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The new one is left out.
    Single,
    /// The old run is cancelled.
    Restart,
    /// The new one waits.
    Queued,
    Parallel,
}

/// What sets a rule off. With `lasting`, only once it has held without a break for that long (durable).
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Trigger {
    /// An entity's property changed as told. `property: None`: the entity's main one.
    Entity {
        entity: EntityRef,
        property: Option<Property>,
        change: Change,
        lasting: Option<Duration>,
    },
    Room {
        room: String,
        occupied: bool,
        lasting: Option<Duration>,
    },
    /// A person came, went, or (with `room`) entered that room. Never `Presence::Unknown`.
    Person {
        person: String,
        to: Presence,
        room: Option<String>,
        lasting: Option<Duration>,
    },
    People {
        people: People,
        lasting: Option<Duration>,
    },
    /// In the household's zone.
    Time {
        at: Time,
        days: Days,
    },
    Sun {
        event: SunEvent,
        offset: SignedDuration,
    },
}

/// What must hold.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Condition {
    Entity {
        entity: EntityRef,
        property: Option<Property>,
        test: Test,
        stale: Stale,
    },
    Room {
        room: String,
        occupied: bool,
    },
    /// At home or away; with `room`, in that room.
    Person {
        person: String,
        is: Presence,
        room: Option<String>,
    },
    People {
        people: People,
    },
    /// `after` is within, `before` is not. A span over midnight (`after` later than `before`) belongs to the day on
    /// which it began.
    Time {
        after: Option<Time>,
        before: Option<Time>,
        days: Days,
    },
    Sun {
        position: SunPosition,
    },
    /// How many nodes of the life graph fit a filter; without a limit, at least one.
    Find {
        filter: Filter,
        above: Option<f64>,
        below: Option<f64>,
    },
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
}

/// What is done, one after the other.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Action {
    /// A claim on each of these properties of the target. Never empty.
    Set { target: Target, values: BTreeMap<Property, Value>, hold: Hold, transition: Option<Duration> },
    /// Wait, durably.
    Delay { length: Duration },
    /// Words for the household.
    Notify { text: String },
}

/// How long the claims of a `set` stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Hold {
    /// They compete once.
    Momentary,
    /// Until the trigger that set the rule off no longer holds (`hold_while = "when"`).
    WhileWhen,
    For(Duration),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum People {
    NobodyHome,
    AnybodyHome,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SunEvent {
    Sunrise,
    Sunset,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SunPosition {
    Up,
    Down,
}

/// What a condition on a stale or unknown reading comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stale {
    Pass,
    Fail,
}
