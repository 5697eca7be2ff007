//! What rules are in the middle of: runs at a delay, runs that wait their turn, triggers that must last, holds that stand
//! while a trigger does. All is kept, so that it outlives a restart.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use lares_model::{Basis, Causes, EventId, Missed, Timestamp};
use serde::{Deserialize, Serialize};

use super::compile::Compiled;

/// The graph's space that keeps them.
pub const SPACE: &str = "rules";

/// A change of what is kept: `None` removes.
pub type Kept = (String, Option<Vec<u8>>);

/// A run that waits at a delay.
#[derive(Clone, Debug)]
pub struct Run {
    pub number: u64,
    /// The rule as it was when the run began: a changed rule's runs finish under the old text.
    pub rule: Arc<Compiled>,
    pub otherwise: bool,
    /// The action after the delay.
    pub next: usize,
    pub trigger: usize,
    pub basis: Arc<Basis>,
    pub causes: Vec<EventId>,
    /// When its delay is over; `None`: as soon as possible.
    pub due: Option<Timestamp>,
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
}

/// Entities that a rule holds while one of its triggers holds, by rule and trigger.
pub type Whiles = BTreeMap<(Arc<str>, usize), Vec<String>>;

impl Run {
    /// A rule's actions as text, to see after a restart whether they are still the same.
    pub fn actions(rule: &Compiled, otherwise: bool) -> String {
        let actions = if otherwise { &rule.rule.otherwise } else { &rule.rule.then };
        serde_json::to_string(actions).unwrap_or_default()
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

/// The rule and trigger of a kept hold's or wait's key, after its first word.
pub fn parse_place(place: &str) -> Option<(Arc<str>, usize)> {
    let (rule, trigger) = place.rsplit_once(':')?;
    Some((rule.into(), trigger.parse().ok()?))
}
