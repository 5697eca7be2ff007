//! The one door: how a wish of a person, a rule or a plan reaches the household. Surfaces and rules hold the door's
//! address and nothing else of the household.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_model::{
    Basis, Causes, EventId, Level, Measured, NodeId, Origin, Placed, Property, Receipt, Value,
};
use serde::{Deserialize, Serialize};

use crate::{Address, Message, Reply, TimerAct};

/// The address of intake.
pub type Door = Address<Intent>;

/// A typed wish on its way in.
#[derive(Debug)]
pub struct Intent {
    /// Who wishes; with the property it keys the claim. `rule:hall-light`, `person:anna`, `console`.
    pub source: Arc<str>,
    pub origin: Origin,
    pub level: Level,
    pub target: Aim,
    pub act: Act,
    /// In the household's words.
    pub reason: Arc<str>,
    pub causes: Causes,
    /// The rule's grounds, if a rule wishes.
    pub basis: Option<Arc<Basis>>,
    /// Answered with one outcome for each property that was addressed, when its receipt is there or it was refused.
    pub reply: Option<Reply<Vec<Answer>>>,
    /// It may have been carried out before the process ended: what is on record of it is not done again.
    pub again: bool,
    pub token: Option<Token>,
}

impl Message for Intent {}

/// Held by everybody who has something to do for a wish yet. When the last one is gone, all of it is decided and on
/// record, or came to nothing; whoever keeps a weak reference sees it.
pub type Token = Arc<()>;

/// What a wish is aimed at. Names are resolved at the door, when the wish arrives.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Aim {
    /// An entity by its node.
    Entity(NodeId),
    /// `hall-lamp` or `hall-lamp.light`.
    Name(String),
    /// Key of a group.
    Group(String),
    /// All entities of a room that can do it, or those of one component.
    Room { room: String, component: Option<lares_model::Component> },
    /// The life graph itself.
    Graph,
    /// All entities that fit a filter string when the wish arrives.
    Find(String),
    /// An interlock, by its key.
    Interlock(String),
    /// All of a scene, by its key: what is set stands there.
    Scene(String),
    /// An open question of the household, by its id.
    Question(String),
    /// A rule, by its key.
    Rule(String),
    /// A timer of the household's people, by its id (see [`crate::Countdown`]). Of a new one: the room's key, a `/` if there is one,
    /// and the name that it is given, which may be empty.
    Timer(String),
}

/// What is wished.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Act {
    Set {
        values: BTreeMap<Property, Value>,
        hold: HoldFor,
        transition: Option<Duration>,
        /// Players that are silent once this is done: it is heard where it is set, and there no more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        silences: Vec<NodeId>,
    },
    /// Ends the source's holds on these properties (all of them if none is named).
    Release { properties: Vec<Property> },
    /// Says something of the life graph, or what properties were in the past. `import`: what it was taken from; empty if it
    /// was said one by one.
    Say { statements: Vec<Placed>, samples: Vec<Measured>, import: String },
    /// A person clears a latched interlock.
    Acknowledge,
    /// A person answers a question.
    Answer { yes: bool },
    /// What a rule did was taken back by a person.
    TakenBack,
    /// Sets, changes or ends a timer of the household's people.
    Timer(TimerAct),
    /// Says something aloud in a room.
    Announce { text: String },
}

impl Act {
    /// Sets what is set at once, and silences nothing.
    pub fn set(values: BTreeMap<Property, Value>, hold: HoldFor) -> Self {
        Self::Set { values, hold, transition: None, silences: Vec::new() }
    }
}

/// How long the claim stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum HoldFor {
    Momentary,
    For(Duration),
    UntilReleased,
}

/// What came of a wish on one property.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// `hall-lamp.light`.
    pub entity: String,
    pub property: String,
    /// The decision's event; none if the wish did not get that far.
    pub event: Option<EventId>,
    pub receipt: Receipt,
}
