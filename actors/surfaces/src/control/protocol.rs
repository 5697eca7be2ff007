//! What is said on the socket: one JSON object a line.

use std::collections::BTreeMap;

use lares_kernel::TimerAct;
use lares_model::Placed;
use serde::{Deserialize, Serialize};

use super::trouble::Trouble;
use super::view::View;
use crate::tongue::Tongue;
use crate::views::{LogFilter, LogLine, Moment, NeighbourFilter, SeriesFilter, Telling};

/// Raised when an older command line could misread an answer.
pub const PROTOCOL: u32 = 1;

/// The first line on every connection, said by the household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    pub lares: String,
    pub pid: u32,
    pub protocol: u32,
}

/// A question or an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    Devices {
        /// Also those that were removed.
        #[serde(default)]
        all: bool,
    },
    Tree,
    Status,
    /// Rooms, people, and what needs somebody.
    Home,
    Log {
        #[serde(default)]
        filter: LogFilter,
        /// Goes on with what comes, until the asker leaves.
        #[serde(default)]
        follow: bool,
    },
    Why {
        what: String,
    },
    /// What an event led to.
    Effects {
        event: String,
    },
    Plan,
    Timers,
    /// Timers that people set.
    Countdowns,
    /// Sets, changes or ends one of these.
    Timer {
        /// Its id; of a new one: a room's key and `/`, if it is in a room, and its name, if it has one.
        timer: String,
        act: TimerAct,
        /// Key of the person who does.
        #[serde(default)]
        person: Option<String>,
    },
    /// Calls by telephone.
    Calls,
    /// Calls that stand.
    CallsNow,
    /// The sound of one of them.
    CallSound {
        call: String,
    },
    /// All nodes of a kind.
    Nodes {
        kind: String,
    },
    /// One node, by any of its names.
    Node {
        name: String,
    },
    /// The nodes that fit a filter string.
    Find {
        filter: String,
        limit: usize,
        #[serde(default)]
        at: Named,
    },
    /// What lies between two days or instants, as they were typed.
    Agenda {
        from: Option<String>,
        to: Option<String>,
        #[serde(default)]
        only: String,
    },
    /// Nodes that fit a filter, and the edges between them, in full.
    Dump {
        filter: String,
        #[serde(default)]
        at: Named,
    },
    /// Something said of the life graph: all of it holds or none.
    Say {
        statements: Vec<Placed>,
        /// What it was taken from; empty if it was said one by one.
        #[serde(default)]
        import: String,
        /// Key of the person who says so.
        person: Option<String>,
    },
    /// A question in the subset of openCypher.
    Match {
        query: String,
    },
    /// What a node is connected with.
    Neighbours {
        name: String,
        #[serde(default)]
        filter: NeighbourFilter,
    },
    /// Every change of a node.
    History {
        name: String,
    },
    /// What a property was over time.
    Series {
        name: String,
        #[serde(default)]
        filter: SeriesFilter,
    },
    /// Which series there are.
    SeriesKept,
    /// A file of samples: all of it is taken or nothing.
    SeriesImport {
        /// Its name, for the record.
        file: String,
        text: String,
        /// What the file itself does not say.
        #[serde(default)]
        entity: Option<String>,
        #[serde(default)]
        property: Option<String>,
        #[serde(default)]
        unit: Option<String>,
        /// Key of the person who says so.
        person: Option<String>,
    },
    Set {
        /// `hall-lamp`, `hall-lamp.light`, `group:NAME`, `room:NAME` or `room:NAME/light`.
        target: String,
        values: BTreeMap<String, serde_json::Value>,
        /// Milliseconds that the wish stands; absent: it competes once.
        hold_ms: Option<u64>,
        /// It stands until it is released.
        #[serde(default)]
        until_released: bool,
        transition_ms: Option<u64>,
        /// Key of the person who wishes.
        person: Option<String>,
    },
    Release {
        target: String,
        #[serde(default)]
        properties: Vec<String>,
        person: Option<String>,
    },
    Interlocks,
    /// A person clears a latched interlock.
    Acknowledge {
        interlock: String,
        /// Key of the person who does.
        person: Option<String>,
    },
    /// What the household asks and waits for an answer to.
    Questions,
    /// What it does by itself because it was trusted with it.
    Trust,
    /// A person answers one of these.
    Answer {
        question: String,
        yes: bool,
        /// Key of the person who does.
        #[serde(default)]
        person: Option<String>,
    },
    /// Enough of what rings, in all rooms.
    StopRing {
        /// The event that said so.
        ring: String,
        /// Key of the person who has enough.
        #[serde(default)]
        person: Option<String>,
    },
    /// A sentence, to be understood, done and answered.
    Speak {
        text: String,
        /// `en`, `de`, `es`, `fr` or `nl`; absent: the household's.
        #[serde(default)]
        language: Option<String>,
        /// Key of the room that it is said in.
        #[serde(default)]
        room: Option<String>,
        /// It was asked back, and is meant.
        #[serde(default)]
        yes: bool,
        /// Key of the person who speaks.
        #[serde(default)]
        person: Option<String>,
    },
    /// Sound, to be recognised, understood, done and answered.
    Hear {
        /// Of one channel, 16 kHz.
        samples: Vec<i16>,
        #[serde(default)]
        language: Option<String>,
        #[serde(default)]
        room: Option<String>,
        #[serde(default)]
        yes: bool,
        #[serde(default)]
        person: Option<String>,
    },
    /// Takes back a decision, or what this person did last.
    Undo {
        #[serde(default)]
        event: Option<String>,
        /// Key of the person who does; absent: the command line.
        #[serde(default)]
        person: Option<String>,
    },
    /// The rules of the configuration in force.
    Rules,
    /// The scenes of the configuration in force.
    Scenes,
    /// What rules can be made of.
    Blueprints,
    /// What a rule would do; nothing is moved.
    TryRule {
        rule: String,
        /// `id` or number of the trigger; absent: the first.
        #[serde(default)]
        trigger: Option<String>,
        /// Readings that are taken as so: `hall-motion.illuminance` and its value.
        #[serde(default)]
        assume: BTreeMap<String, serde_json::Value>,
        /// The time it is taken to be, as it was typed.
        #[serde(default)]
        at: Option<String>,
    },
    /// The home's persons, and what there is to log in with.
    People,
    /// A one-time code for a person.
    Invite {
        person: String,
    },
    /// Guest links that last.
    Guests,
    /// A guest link: keys of rooms, and how long it lasts.
    MakeGuest {
        name: String,
        rooms: Vec<String>,
        lasts_s: u64,
    },
    EndGuest {
        /// Key of the guest.
        guest: String,
    },
    /// What was changed of the home's files on the dashboard.
    Changes,
    /// A word on one of them; absent: on that which waits.
    EndChange {
        #[serde(default)]
        id: Option<u64>,
        /// Else it is taken back.
        keep: bool,
    },
    /// Sessions and device tokens.
    Tokens,
    /// Ends one of them.
    EndToken {
        id: String,
    },
    Reload,
    /// Keeps what comes in on the wires in a new file, from now on; without a path the recording ends.
    Record {
        path: Option<String>,
    },
    Stop,
}

/// Instants as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Named {
    /// As it was known then.
    pub as_of: Option<String>,
    /// What was so in the world then.
    pub valid_at: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Response {
    View {
        told: Told,
        view: Box<View>,
    },
    /// A line of a log that is followed.
    Line {
        told: Told,
        line: Box<LogLine>,
    },
    Trouble(Trouble),
}

/// When and where an answer was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub now: Moment,
    /// IANA name of the household's zone.
    pub zone: String,
    /// In which language its words are.
    #[serde(default)]
    pub language: String,
}

impl Told {
    pub fn of(telling: &Telling) -> Self {
        Self {
            now: Moment(telling.now),
            zone: telling.zone_name().to_owned(),
            language: telling.tongue.code().to_owned(),
        }
    }

    /// As a running household told it.
    pub fn telling(&self) -> Telling {
        let tongue = Tongue::of(&self.language).unwrap_or_default();
        Telling::in_zone(&self.zone, self.now.0, true).spoken_in(tongue)
    }
}
