//! A new configuration, and what was kept before a restart.

use std::sync::Arc;

use lares_config::Home;
use lares_model::{Causes, Timer};

use super::{Effect, Engine, View};
use crate::Directory;
use crate::rules::compile::RuleSet;
use crate::rules::runs::{KeptRun, Run, parse_while};

impl Engine {
    /// Takes the rules of a configuration. Runs under way finish under their old text; those of rules that are gone
    /// are cancelled, as are holds and waits of triggers that changed.
    pub fn configure(&mut self, home: &Home, directory: &Directory) -> Vec<Effect> {
        let old = std::mem::replace(&mut self.set, RuleSet::new(home, directory));
        self.quarantined.clear();
        let mut effects = Vec::new();
        let same = |set: &RuleSet, key: &Arc<str>, trigger: usize| {
            let before = old.find(key).and_then(|at| old.trigger((at, trigger)));
            before.is_some() && before == set.find(key).and_then(|at| set.trigger((at, trigger)))
        };
        for (key, trigger) in self.armed.clone() {
            if !same(&self.set, &key, trigger) {
                self.disarm(&key, trigger, "its rule changed", Causes::new(), &mut effects);
            }
        }
        for (key, trigger) in self.whiles.keys().cloned().collect::<Vec<_>>() {
            if !same(&self.set, &key, trigger) {
                self.release(&key, trigger, "its rule changed", &Causes::new(), &mut effects);
            }
        }
        let gone: Vec<u64> =
            self.runs.values().filter(|r| self.set.find(&r.rule.key).is_none()).map(|r| r.number).collect();
        for number in gone {
            self.cancel_run(number, "its rule was removed", &Causes::new(), &mut effects);
        }
        effects
    }

    /// Takes back what was kept before a restart: runs, holds, armed timers.
    pub fn restore(&mut self, kept: Vec<(String, Vec<u8>)>, timers: Vec<Timer>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (key, bytes) in kept {
            if let Some(place) = parse_while(&key) {
                self.whiles.insert(place, serde_json::from_slice(&bytes).unwrap_or_default());
            } else if let Ok(run) = serde_json::from_slice::<KeptRun>(&bytes) {
                self.restore_run(&key, run, &mut effects);
            }
        }
        for timer in timers {
            let Some(key) = timer.owner.strip_prefix("rule:") else { continue };
            if let Some(trigger) = timer.name.strip_prefix("for:").and_then(|n| n.parse().ok()) {
                self.armed.insert((key.into(), trigger));
            }
        }
        effects
    }

    pub(super) fn restore_run(&mut self, key: &str, kept: KeptRun, effects: &mut Vec<Effect>) {
        self.next_run = self.next_run.max(kept.number + 1);
        let rule = self.set.find(&kept.rule).map(|at| self.set.rules[at].clone());
        match rule.filter(|r| r.reference.snapshot == kept.snapshot) {
            Some(rule) => {
                let run = Run {
                    number: kept.number,
                    rule,
                    otherwise: kept.otherwise,
                    next: kept.next,
                    trigger: kept.trigger,
                    basis: Arc::new(kept.basis),
                    causes: kept.causes,
                };
                self.runs.insert(run.number, run);
            }
            None => {
                effects.push(Effect::CancelTimer {
                    owner: format!("rule:{}", kept.rule).into(),
                    name: format!("run:{}", kept.number),
                    reason: "the configuration changed while nothing ran".to_owned(),
                    causes: Causes::new(),
                });
                effects.push(Effect::Keep((key.to_owned(), None)));
            }
        }
    }

    /// After all facts are restored: holds whose trigger ended while nothing ran are given up, waits likewise.
    pub fn settle(&mut self, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.review(&mut effects, &Causes::new(), view, "it ended while nothing ran", None);
        effects
    }
}
