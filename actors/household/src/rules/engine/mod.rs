//! The engine: events in, effects out. Pure: it sees the world through [`View`] and touches nothing.

mod asking;
mod branches;
mod claims;
mod earning;
mod guard;
mod hear;
mod notice;
mod reach;
mod restore;
mod run;
mod trust;
mod trusted;
mod waits;

pub use asking::{QUESTION_OWNER, question_write};
pub use trusted::EARNED;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use lares_config::Home;
use lares_kernel::Intent;
use lares_model::{
    Body, BodyKind, Causes, Draft, Earned, Filter, Missed, NodeId, Property, Timestamp, TrustKey, Value,
    Write,
};

use super::compile::{Compiled, RuleSet};
use super::facts::Facts;
use super::runs::{Kept, Queue, Run, Waits, Whiles, queue_write};
use crate::Directory;
use trust::Trust;

/// The world as a rule sees it.
pub struct View<'a> {
    pub now: Timestamp,
    /// Whether `now` can be trusted as a time of day.
    pub clock_set: bool,
    pub home: &'a Home,
    pub directory: &'a Directory,
    pub graph: &'a dyn Graph,
}

/// When something was told, and what; none: that it is not known.
pub type Was = (Timestamp, Option<Value>);

/// The life graph as a rule asks it.
pub trait Graph {
    /// How many nodes fit, and the names of the first few.
    fn find(&self, filter: &Filter) -> Result<(usize, Vec<String>), String>;

    /// What was told of a property since an instant, and what it was by then, the oldest first.
    fn readings(&self, entity: NodeId, property: Property, since: Timestamp) -> Result<Vec<Was>, String>;

    /// What was told of a room or a person since an instant, and what it was by then, the newest first.
    fn told(&self, of: NodeId, kind: BodyKind, since: Timestamp) -> Result<Vec<(Timestamp, Body)>, String>;
}

impl View<'_> {
    /// Local time of the household; `None` while the machine's clock is not set.
    pub fn civil(&self) -> Option<jiff::Zoned> {
        if !self.clock_set {
            return None;
        }
        let now = jiff::Timestamp::from_microsecond(self.now.0).ok()?;
        Some(now.to_zoned(self.home.household.zone.clone()))
    }

    pub fn coordinates(&self) -> Option<(f64, f64)> {
        self.home.household.latitude.zip(self.home.household.longitude)
    }
}

/// What the engine wants done.
#[derive(Debug)]
pub enum Effect {
    Intend(Box<Intent>),
    Publish(Draft, Vec<Write>),
    SetTimer {
        owner: Arc<str>,
        name: String,
        due: Timestamp,
        length: Duration,
        missed: Missed,
        causes: Causes,
    },
    CancelTimer {
        owner: Arc<str>,
        name: String,
        reason: String,
        causes: Causes,
    },
    Keep(Kept),
}

/// All rules of a household and what they know.
#[derive(Default)]
pub struct Engine {
    set: RuleSet,
    pub facts: Facts,
    /// `for` timers that run, by rule and trigger.
    armed: Waits,
    whiles: Whiles,
    /// Triggers with a hysteresis whose value has not come back over it.
    beyond: BTreeSet<(Arc<str>, usize)>,
    /// Triggers on expressions that were looked at in this life.
    looked: BTreeSet<(Arc<str>, usize)>,
    /// Runs that wait.
    runs: BTreeMap<u64, Run>,
    /// Those of them that wait for something that happens.
    awaiting: BTreeSet<u64>,
    /// How often each rule was set off since when: a storm is stopped.
    storms: BTreeMap<Arc<str>, (Timestamp, u32)>,
    queued: BTreeMap<Arc<str>, Queue>,
    next_run: u64,
    /// Rules that say how much they do by themselves, and what they say.
    trust: BTreeMap<Arc<str>, Trust>,
    /// What was earned and lost, by who is asked and what is done.
    earned: BTreeMap<TrustKey, Earned>,
    /// The last turn of what was earned.
    turn: u64,
    /// What was kept is taken back: from then on what is seen to change has changed.
    restored: bool,
    /// What is kept is of a version that kept no waits beside their timers.
    pub adopts: bool,
    /// Rules that failed: they are left out until the configuration changes.
    pub quarantined: BTreeSet<Arc<str>>,
    /// Nothing is carried out: what sets the rule off is taken as so.
    pub trial: bool,
    /// A rule that panics when it is looked at.
    #[cfg(test)]
    pub broken: Option<Arc<str>>,
}

/// Timers, by owner and name, whose firing was not heard yet.
pub type Fired = BTreeSet<(Arc<str>, Arc<str>)>;

/// Runs of one rule that may wait their turn or run side by side.
const MOST_RUNS: usize = 10;
/// A rule that is set off more often within [`STORM`] sets itself off, alone or with another one.
const MOST_IN_A_STORM: u32 = 10_000;
const STORM: Duration = Duration::from_secs(10);

impl Engine {
    /// One whose rules are tried on these facts.
    pub fn on_trial(facts: Facts) -> Self {
        Self { facts, trial: true, ..Self::default() }
    }

    /// A device announced itself.
    pub fn attend(&mut self, device: &str, directory: &Directory) {
        self.set.attend(device, directory);
    }

    /// The write that keeps what waits its turn behind a rule's run.
    fn keep_queue(&self, key: &str) -> Effect {
        Effect::Keep(queue_write(key, self.queued.get(key)))
    }

    /// Waits, holds and runs that stand now.
    pub fn waiting(&self) -> (usize, usize, usize) {
        (self.armed.len(), self.whiles.len(), self.runs.len())
    }
}
