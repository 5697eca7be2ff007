//! Events: facts that happened. One record each, with their causes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    Autonomy, Causes, Claim, DeviceInfo, Durability, EventId, NodeId, Property, Question, Receipt, Reply,
    Said, Status, Timer, Timestamp, Value,
};

/// A fact that happened.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    /// When it happened, as told by its source.
    pub at: Timestamp,
    /// When we learned of it: our clock, never going back within a boot.
    pub seen: Timestamp,
    pub causes: Causes,
    pub origin: Origin,
    /// The node it is about.
    pub subject: NodeId,
    pub body: Body,
}

/// An event before it has an id: [`Event`] less what the journal gives.
#[derive(Clone, PartialEq, Debug)]
pub struct Draft {
    /// When it happened; `None`: now.
    pub at: Option<Timestamp>,
    pub causes: Causes,
    pub origin: Origin,
    pub subject: NodeId,
    pub body: Body,
    pub durability: Durability,
}

impl Draft {
    /// A journalled event of the household's own making, with no cause yet.
    pub fn new(subject: NodeId, origin: Origin, body: Body) -> Self {
        Self { at: None, causes: Causes::new(), origin, subject, body, durability: Durability::Journal }
    }

    pub fn caused_by(mut self, causes: impl IntoIterator<Item = EventId>) -> Self {
        self.causes.extend(causes);
        self
    }

    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    pub fn to_series(mut self) -> Self {
        self.durability = Durability::Series;
        self
    }
}

/// Who or what an event comes from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Origin {
    System,
    /// A link, by its key: a device spoke.
    Link(Arc<str>),
    /// A rule, by its key.
    Rule(Arc<str>),
    /// A person, by key, on a surface.
    Person(Arc<str>),
    /// The local command line.
    Console,
    Timer,
    Interlock(Arc<str>),
    /// Whoever spoke in a room, by the key of the satellite that heard it: nobody knows who it was.
    Voice(Arc<str>),
}

/// What happened. Each variant has a number ([`BodyKind`]) and a version that are stored and never reused.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Body {
    /// The household started.
    Boot {
        version: String,
        epoch: u16,
        after_crash: bool,
    },
    /// The household stops in order.
    Stop {
        reason: String,
    },
    /// A configuration took effect: its hash, its files with theirs, what changed by key.
    HomeLoaded {
        snapshot: [u8; 32],
        files: Vec<(String, [u8; 32])>,
        changed: Vec<String>,
        partly: Vec<String>,
    },
    /// A changed configuration was refused; the old one goes on.
    HomeRefused {
        problems: Vec<String>,
    },
    /// A reading of a property. `None`: the source says it does not know.
    Reading {
        property: Property,
        value: Option<Value>,
    },
    /// A device, entity, link or other actor changed its status.
    StatusChanged {
        status: Status,
    },
    DeviceAnnounced {
        device: Box<DeviceInfo>,
    },
    DeviceRemoved {
        reason: String,
    },
    /// A room became occupied or empty.
    RoomOccupied {
        occupied: bool,
    },
    /// A person came, went or moved.
    PersonMoved {
        presence: Presence,
        room: Option<Arc<str>>,
    },
    TimerSet {
        timer: Timer,
    },
    TimerFired {
        owner: Arc<str>,
        name: Arc<str>,
        late_ms: u64,
    },
    TimerCancelled {
        owner: Arc<str>,
        name: Arc<str>,
        reason: String,
    },
    /// A wish met the claims on a property: one record with all that mattered.
    Decision(Box<Verdict>),
    /// A rule looked and did not act: which condition was not met.
    RuleSkipped {
        basis: Box<Basis>,
    },
    /// A rule failed or overran; it is quarantined by its key.
    RuleFailed {
        rule: RuleRef,
        reason: String,
    },
    /// What came of a command.
    Receipt {
        command: EventId,
        property: Property,
        receipt: Receipt,
    },
    /// A hold on a property ended.
    HoldEnded {
        property: Property,
        source: Arc<str>,
        reason: Arc<str>,
    },
    /// An actor was restarted, quarantined, brought back.
    Child {
        path: String,
        change: ChildChange,
        reason: String,
    },
    /// Input that could not be understood: where it came from and why.
    Problem {
        place: String,
        reason: String,
    },
    /// Words for the household (a rule's `notify`).
    Notice {
        text: String,
    },
    /// An event kind of a feature's own: described by a descriptor that is stored with the data.
    Other {
        kind: u16,
        version: u8,
        bytes: Vec<u8>,
    },
    /// Somebody said something of the life graph. The values themselves are in the versions of the nodes.
    GraphChanged(Box<Said>),
    /// An interlock forbids something from now on, and why.
    InterlockTripped {
        /// Its key.
        interlock: Arc<str>,
        reason: String,
        /// Only a person clears it.
        latched: bool,
    },
    /// What it was tripped for is over.
    InterlockCleared {
        interlock: Arc<str>,
        /// Why it was tripped.
        reason: String,
    },
    /// A person (the event's origin) cleared a latched interlock.
    InterlockAcknowledged {
        interlock: Arc<str>,
        /// Why it was tripped.
        reason: String,
    },
    /// The household asks its people something.
    Asked(Box<Question>),
    /// A question came to its end; the event's origin is who answered.
    Replied {
        question: Box<Question>,
        reply: Reply,
    },
    /// A rule does more by itself from now on, or less.
    AutonomyChanged {
        from: Autonomy,
        to: Autonomy,
        reason: String,
    },
}

/// Where a person is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Presence {
    Home,
    Away,
    Unknown,
}

/// What a supervisor did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ChildChange {
    Restarted,
    Quarantined,
    Recovered,
    Replaced,
}

/// A rule as it was: its key, the configuration it stood in and where.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RuleRef {
    pub key: Arc<str>,
    /// SHA-256 of the configuration snapshot.
    pub snapshot: [u8; 32],
    /// Relative path of the file.
    pub file: Arc<str>,
    /// First line, counted from 1.
    pub line: u32,
}

/// Why a rule acted or did not: what set it off and its conditions as they were.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Basis {
    pub rule: RuleRef,
    /// In words: `hall-motion.occupancy became on`.
    pub trigger: String,
    pub conditions: Vec<Fact>,
}

/// A condition as it was when it was looked at.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// In words: `hall-motion.illuminance below 50`.
    pub text: String,
    /// What was found: `31 lx, 4 s ago`.
    pub found: String,
    pub met: bool,
}

/// A wish, what stood against it, and what was decided.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Verdict {
    pub property: Property,
    pub claim: Claim,
    /// The rule behind it, if one is.
    pub basis: Option<Arc<Basis>>,
    /// The other claims on the property at that moment.
    pub rivals: Vec<Rival>,
    pub outcome: Outcome,
}

/// Another claim that stood on the property.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Rival {
    pub source: Arc<str>,
    pub level: crate::Level,
    pub value: Value,
}

/// What a wish led to.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// A command with this value was sent; the event's id is the command's.
    Commanded { value: Value },
    /// The device already reports that value: nothing was sent.
    AlreadySo { value: Value },
    /// Nothing was sent: refused, overridden.
    Not(Receipt),
}

macro_rules! kinds {
    ($($number:literal $kind:ident $name:literal $pattern:pat,)*) => {
        /// The kind of an event's body, for filters. Numbers are stored: never reuse one.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u16)]
        pub enum BodyKind { $($kind = $number,)* }

        impl BodyKind {
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }

        impl Body {
            pub fn kind(&self) -> BodyKind {
                #[allow(unreachable_patterns)]
                match self { $($pattern => BodyKind::$kind,)* }
            }
        }
    };
}

kinds! {
    1 Boot "boot" Body::Boot { .. },
    2 Stop "stop" Body::Stop { .. },
    3 HomeLoaded "home_loaded" Body::HomeLoaded { .. },
    4 HomeRefused "home_refused" Body::HomeRefused { .. },
    5 Reading "reading" Body::Reading { .. },
    6 StatusChanged "status" Body::StatusChanged { .. },
    7 DeviceAnnounced "device_announced" Body::DeviceAnnounced { .. },
    8 DeviceRemoved "device_removed" Body::DeviceRemoved { .. },
    9 RoomOccupied "room_occupied" Body::RoomOccupied { .. },
    10 PersonMoved "person_moved" Body::PersonMoved { .. },
    11 TimerSet "timer_set" Body::TimerSet { .. },
    12 TimerFired "timer_fired" Body::TimerFired { .. },
    13 TimerCancelled "timer_cancelled" Body::TimerCancelled { .. },
    14 Decision "decision" Body::Decision(_),
    15 RuleSkipped "rule_skipped" Body::RuleSkipped { .. },
    16 RuleFailed "rule_failed" Body::RuleFailed { .. },
    17 Receipt "receipt" Body::Receipt { .. },
    18 HoldEnded "hold_ended" Body::HoldEnded { .. },
    19 Child "child" Body::Child { .. },
    20 Problem "problem" Body::Problem { .. },
    21 Notice "notice" Body::Notice { .. },
    22 GraphChanged "graph_changed" Body::GraphChanged(_),
    23 InterlockTripped "interlock_tripped" Body::InterlockTripped { .. },
    24 InterlockCleared "interlock_cleared" Body::InterlockCleared { .. },
    25 InterlockAcknowledged "interlock_acknowledged" Body::InterlockAcknowledged { .. },
    26 Asked "asked" Body::Asked(_),
    27 Replied "replied" Body::Replied { .. },
    28 AutonomyChanged "autonomy_changed" Body::AutonomyChanged { .. },
    1000 Other "other" Body::Other { .. },
}

impl BodyKind {
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }
}
