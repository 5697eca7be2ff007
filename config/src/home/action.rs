//! What rules do: steps, and how they follow one another.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{Property, Value};
use serde::Serialize;

use super::{Condition, Target, Template, Trigger};

/// What is done, one after the other.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Action {
    /// A claim on each of these properties of the target. Never empty.
    Set {
        target: Target,
        values: BTreeMap<Property, Value>,
        /// Values that are reckoned when it is done.
        reckoned: BTreeMap<Property, Template>,
        hold: Hold,
        transition: Option<Duration>,
    },
    /// All of a scene; `None`: its claims compete once.
    Scene {
        scene: String,
        hold: Option<Duration>,
    },
    /// Values of the run, each under its name: `var.NAME` in expressions after it.
    Let {
        values: BTreeMap<String, Template>,
    },
    /// Wait, durably.
    Delay {
        length: Duration,
    },
    /// Words for the household, with `{...}` for what is to be told in them.
    Notify {
        text: String,
    },
    /// Words that are said aloud in a room, with `{...}` for what is to be told in them.
    Say {
        text: String,
        /// Key of the room.
        room: String,
    },
    /// Several, one after the other.
    Do {
        actions: Vec<Action>,
    },
    /// The first branch whose conditions hold; if none does, `otherwise`.
    Choose {
        branches: Vec<Branch>,
        otherwise: Vec<Action>,
    },
    Repeat {
        rounds: Rounds,
        actions: Vec<Action>,
    },
    /// All of these side by side; what follows waits for the last of them.
    Parallel {
        branches: Vec<Vec<Action>>,
    },
    /// Goes on when something has happened, or is so; durably.
    Wait {
        awaited: Awaited,
        timeout: Option<Duration>,
        on_timeout: OnTimeout,
    },
    /// A question to the people of the household: one way on yes, the other on no and on silence. Without ways the run
    /// goes on at yes and ends at no.
    Ask {
        text: String,
        /// Keys of the persons who may answer; empty: whoever may do it themselves.
        to: Vec<String>,
        timeout: Option<Duration>,
        then: Vec<Action>,
        otherwise: Vec<Action>,
    },
    /// Ends the run.
    Stop {
        reason: String,
    },
}

/// A way that `choose` may take.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Branch {
    /// All of these must hold. Never empty.
    pub conditions: Vec<Condition>,
    pub then: Vec<Action>,
}

/// How often something is repeated.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Rounds {
    Times(u32),
    /// Looked at before each round.
    While(Vec<Condition>),
    /// Looked at after each round.
    Until(Vec<Condition>),
}

/// What a run waits for.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub enum Awaited {
    /// Any of these happens from now on.
    Triggers(Vec<Trigger>),
    /// All of these hold, now or later.
    Conditions(Vec<Condition>),
}

/// What follows when it did not come in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnTimeout {
    /// The run ends, and says so.
    Stop,
    GoOn,
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
