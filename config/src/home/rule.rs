//! Rules: when, if, then. Closed lists with typed values, so that evaluation is pure and complete.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::Time;
use lares_model::{Autonomy, BodyKind, Filter, Level, NodeId, Presence, Property};
use serde::Serialize;

pub use lares_model::Missed;

use super::{Action, Change, Days, EntityRef, Place, Template, Test, Within};

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
    /// How much it does by itself; `None`: all, as it was told to.
    pub autonomy: Option<Autonomy>,
    /// Keys of the persons whom it asks; empty: whoever may do it themselves.
    pub ask: Vec<String>,
    /// How long a question of it stands.
    pub ask_for: Option<Duration>,
    /// Any of these sets it off. Never empty.
    pub when: Vec<Trigger>,
    /// What its triggers are called (`id`), by their order: what a condition on the trigger asks for.
    pub ids: Vec<Option<String>>,
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
    /// Somebody came into the first of its rooms, or the last of them became empty.
    Zone {
        zone: String,
        occupied: bool,
        lasting: Option<Duration>,
    },
    /// A person came, went, or (with `within`) entered there. Never `Presence::Unknown`.
    Person {
        person: String,
        to: Presence,
        within: Option<Within>,
        lasting: Option<Duration>,
    },
    People {
        people: People,
        lasting: Option<Duration>,
    },
    /// A device can be heard again, or cannot any more.
    Device {
        device: String,
        reach: Reach,
        lasting: Option<Duration>,
    },
    /// Something happened in the household that the journal tells of; with `about`, to that.
    Event {
        #[serde(serialize_with = "kind_name")]
        kind: BodyKind,
        about: Option<About>,
    },
    /// In the household's zone.
    Time {
        at: Time,
        days: Days,
    },
    /// Each time that a whole number of periods has passed since midnight in the household's zone.
    Every {
        period: Duration,
    },
    Sun {
        event: SunEvent,
        offset: SignedDuration,
    },
    /// An expression comes to be true.
    Template {
        template: Template,
        lasting: Option<Duration>,
    },
    /// Something of the life graph that fits begins or is due, or will in so long (`offset` below zero).
    Calendar {
        filter: Filter,
        offset: SignedDuration,
    },
}

fn kind_name<S: serde::Serializer>(kind: &BodyKind, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(kind.name())
}

/// What an event is about, as it is written, and the nodes that are meant.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct About {
    pub text: String,
    #[serde(skip)]
    pub nodes: AboutNodes,
}

/// How the nodes are told that an event may be about.
#[derive(Clone, PartialEq, Debug)]
pub enum AboutNodes {
    Node(NodeId),
    /// A device or one of its entities: known once it has announced itself.
    Entity(EntityRef),
    /// An interlock, by its key: its events are about the thing that it guards.
    Interlock(String),
}

/// What must hold.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Condition {
    /// One that has been so, without a break, for so long. Of an entity, a room, a zone or a person.
    Held {
        condition: Box<Condition>,
        time: Duration,
    },
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
    /// Occupied when any of its rooms is, empty when all are.
    Zone {
        zone: String,
        occupied: bool,
    },
    /// At home or away; with `within`, there.
    Person {
        person: String,
        is: Presence,
        within: Option<Within>,
    },
    People {
        people: People,
    },
    Device {
        device: String,
        reach: Reach,
    },
    /// Two readings beside each other: the one above or below the other, with so much between.
    Compare {
        entity: EntityRef,
        property: Option<Property>,
        above: Option<Other>,
        below: Option<Other>,
        stale: Stale,
    },
    /// The rule was set off by a trigger of this `id`.
    Trigger {
        id: String,
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
    /// An expression is true.
    Template {
        template: Template,
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

/// Another reading that one is compared with.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Other {
    pub entity: EntityRef,
    pub property: Option<Property>,
    /// Added to it, in its unit.
    pub plus: f64,
}

/// Whether a device can be heard.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    Online,
    /// Offline or set aside.
    Offline,
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
