//! What rules are in the middle of: runs at a delay, runs that wait their turn, triggers that must last, holds that stand
//! while a trigger does. All is kept, so that it outlives a restart.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use lares_model::{Basis, Causes, EventId, Missed, Question, Timestamp};
use serde::{Deserialize, Serialize};

use super::compile::Compiled;

/// The graph's space that keeps them.
pub const SPACE: &str = "rules";

/// A change of what is kept: `None` removes.
pub type Kept = (String, Option<Vec<u8>>);

/// What a run waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Waiting {
    /// Its timer.
    #[default]
    Time,
    /// Something that happens, or its timer if it has one.
    Happening,
    /// The runs of its branches.
    Branches,
    /// Somebody's answer, or that it is too late for one.
    Answer,
}

impl Waiting {
    /// Whether a timer ends it.
    fn has_timer(self, due: Option<Timestamp>) -> bool {
        match self {
            Self::Time | Self::Answer => true,
            Self::Happening => due.is_some(),
            Self::Branches => false,
        }
    }
}

impl KeptRun {
    /// As of the run.
    pub fn has_timer(&self) -> bool {
        self.waits.has_timer(self.due)
    }
}

/// A run that waits.
#[derive(Clone, Debug)]
pub struct Run {
    pub number: u64,
    /// The rule as it was when the run began: a changed rule's runs finish under the old text.
    pub rule: Arc<Compiled>,
    pub otherwise: bool,
    /// The step after the one that it waits at.
    pub next: usize,
    pub trigger: usize,
    pub basis: Arc<Basis>,
    pub causes: Vec<EventId>,
    pub waits: Waiting,
    /// When its delay is over, or it has waited for long enough; `None` of a delay: as soon as possible.
    pub due: Option<Timestamp>,
    /// Rounds that were begun, by the place of their loop.
    pub rounds: BTreeMap<usize, u32>,
    /// The run that waits for this one.
    pub parent: Option<u64>,
    /// What it asked.
    pub question: Option<Question>,
    /// Values that it has set, by their names.
    pub vars: BTreeMap<String, serde_json::Value>,
}

/// A run as it is kept.
#[derive(Serialize, Deserialize)]
pub struct KeptRun {
    pub rule: String,
    /// Its actions as they were: if the rule has others after a restart, the run is cancelled.
    #[serde(default)]
    pub actions: String,
    pub number: u64,
    pub otherwise: bool,
    pub next: usize,
    pub trigger: usize,
    pub basis: Basis,
    pub causes: Vec<EventId>,
    #[serde(default)]
    pub due: Option<Timestamp>,
    #[serde(default)]
    pub waits: Waiting,
    #[serde(default)]
    pub rounds: BTreeMap<usize, u32>,
    #[serde(default)]
    pub parent: Option<u64>,
    #[serde(default)]
    pub question: Option<Question>,
    #[serde(default)]
    pub vars: BTreeMap<String, serde_json::Value>,
}

/// Entities that a rule holds while one of its triggers holds, by rule and trigger.
pub type Whiles = BTreeMap<(Arc<str>, usize), Vec<String>>;

impl Run {
    /// A rule's actions as text, to see after a restart whether they are still the same.
    pub fn actions(rule: &Compiled, otherwise: bool) -> String {
        let actions = if otherwise { &rule.rule.otherwise } else { &rule.rule.then };
        serde_json::to_string(actions).unwrap_or_default()
    }

    /// Whether a timer ends its waiting.
    pub fn has_timer(&self) -> bool {
        self.waits.has_timer(self.due)
    }

    /// What becomes of its timer if nothing runs when it is due. A question is over then, whatever the rule says.
    pub fn missed(&self) -> Missed {
        if self.waits == Waiting::Answer { Missed::RunOnce } else { self.rule.rule.missed }
    }

    pub fn timer_name(&self) -> String {
        format!("run:{}", self.number)
    }

    pub fn key(&self) -> String {
        format!("run:{}:{}", self.rule.key, self.number)
    }

    pub fn write(&self) -> Kept {
        let kept = KeptRun {
            rule: self.rule.key.to_string(),
            actions: Self::actions(&self.rule, self.otherwise),
            number: self.number,
            otherwise: self.otherwise,
            next: self.next,
            trigger: self.trigger,
            basis: (*self.basis).clone(),
            causes: self.causes.clone(),
            due: self.due,
            waits: self.waits,
            rounds: self.rounds.clone(),
            parent: self.parent,
            question: self.question.clone(),
            vars: self.vars.clone(),
        };
        (self.key(), serde_json::to_vec(&kept).ok())
    }

    pub fn erase(&self) -> Kept {
        (self.key(), None)
    }
}

/// Triggers that must last before they set their rule off, by rule and trigger.
pub type Waits = BTreeMap<(Arc<str>, usize), Wait>;

/// A trigger that holds now, and when it has held for long enough: what its timer is made from.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Wait {
    pub due: Timestamp,
    pub length: Duration,
    pub missed: Missed,
    pub causes: Causes,
}

/// Triggers of a rule that wait until its run is over, oldest first, each with what set it off.
pub type Queue = VecDeque<(usize, Causes)>;

/// The write for a trigger that must last.
pub fn wait_write(rule: &str, trigger: usize, wait: Option<&Wait>) -> Kept {
    (format!("wait:{rule}:{trigger}"), wait.and_then(|w| serde_json::to_vec(w).ok()))
}

/// The write for what waits its turn.
pub fn queue_write(rule: &str, queue: Option<&Queue>) -> Kept {
    (format!("queue:{rule}"), queue.filter(|q| !q.is_empty()).and_then(|q| serde_json::to_vec(q).ok()))
}

/// The write for a hold that stands while a trigger does.
pub fn while_write(rule: &str, trigger: usize, held: Option<&Vec<String>>) -> Kept {
    (format!("while:{rule}:{trigger}"), held.and_then(|h| serde_json::to_vec(h).ok()))
}

/// The write for a trigger whose value is beyond its limit.
pub fn beyond_write(rule: &str, trigger: usize, beyond: bool) -> Kept {
    (format!("beyond:{rule}:{trigger}"), beyond.then(Vec::new))
}

/// The rule and trigger of a kept hold's or wait's key, after its first word.
pub fn parse_place(place: &str) -> Option<(Arc<str>, usize)> {
    let (rule, trigger) = place.rsplit_once(':')?;
    Some((rule.into(), trigger.parse().ok()?))
}
