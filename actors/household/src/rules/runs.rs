//! Runs of rules that wait, and holds that stand while a trigger does: both are kept, so that they outlive a restart.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_model::{Basis, EventId};
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
        };
        (self.key(), serde_json::to_vec(&kept).ok())
    }

    pub fn erase(&self) -> Kept {
        (self.key(), None)
    }
}

/// The write for a hold that stands while a trigger does.
pub fn while_write(rule: &str, trigger: usize, held: Option<&Vec<String>>) -> Kept {
    (format!("while:{rule}:{trigger}"), held.and_then(|h| serde_json::to_vec(h).ok()))
}

/// The rule and trigger of a kept hold's key.
pub fn parse_while(key: &str) -> Option<(Arc<str>, usize)> {
    let (rule, trigger) = key.strip_prefix("while:")?.rsplit_once(':')?;
    Some((rule.into(), trigger.parse().ok()?))
}
