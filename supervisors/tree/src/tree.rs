//! The tree. Branches stand in start order and stop in reverse. It must never decide anything about the household:
//! it says who runs, who restarts with whom, and what a failure means.

use std::collections::BTreeMap;

use lares_household::House;
use lares_kernel::{Child, Strategy};

/// A supervisor and what it is for.
pub struct Branch {
    pub key: &'static str,
    pub strategy: Strategy,
    /// Fixed children; others come and go with the configuration and with discovery.
    pub children: &'static [&'static str],
    /// What runs here, and what its failure means.
    pub meaning: &'static str,
}

/// Everything that runs. Core first: without it nothing can be promised, so its exhaustion ends the process. Then those
/// who restore the world as it was left, so that no rule sees it before it is whole; the wires come up last.
pub const TREE: &[Branch] = &[
    Branch {
        key: "core",
        strategy: Strategy::RestForOne,
        children: &["graph", "timers", "intake"],
        meaning: "the store's keeper, durable timers, the one door; exhausted: the process ends and is started again",
    },
    Branch {
        key: "safety",
        strategy: Strategy::OneForOne,
        children: &["interlocks"],
        meaning: "interlocks: bounds as leases; while it is away guarded devices go to their safe state by themselves",
    },
    Branch {
        key: "devices",
        strategy: Strategy::OneForOne,
        children: &[],
        meaning: "one each, flat, with a limit of its own; exhausted: that device is quarantined",
    },
    Branch {
        key: "links",
        strategy: Strategy::OneForOne,
        children: &[],
        meaning: "one for each protocol on a wire: routing and discovery",
    },
    Branch {
        key: "rooms",
        strategy: Strategy::OneForOne,
        children: &[],
        meaning: "what is going on in each room",
    },
    Branch {
        key: "people",
        strategy: Strategy::OneForOne,
        children: &[],
        meaning: "presence of each person",
    },
    Branch {
        key: "rules",
        strategy: Strategy::OneForOne,
        children: &["engine"],
        meaning: "index of triggers and runs",
    },
    Branch {
        key: "planner",
        strategy: Strategy::OneForOne,
        children: &["day"],
        meaning: "the plan of timed steps",
    },
    Branch {
        key: "production",
        strategy: Strategy::OneForOne,
        children: &[],
        meaning: "safe state before a restart and on every stop",
    },
    Branch {
        key: "domains",
        strategy: Strategy::OneForOne,
        children: &["countdowns"],
        meaning: "energy, media, calendar, tasks, people's timers ...",
    },
    Branch {
        key: "gateways",
        strategy: Strategy::OneForOne,
        children: &[],
        meaning: "one for each wire; never gives up, always visible",
    },
    Branch {
        key: "surfaces",
        strategy: Strategy::OneForOne,
        children: &[],
        meaning: "control socket, displays, web, voice: all may die, the house goes on",
    },
];

/// What the caller starts: by branch, a function that makes its children for the configuration in force.
pub type SpawnTable = BTreeMap<&'static str, Box<dyn Fn(&House) -> Vec<Child> + Send + Sync>>;
