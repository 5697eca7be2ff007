//! A new configuration, and what was kept before a restart.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use lares_config::Home;
use lares_model::{Causes, Missed, Timer, Timestamp};

use super::{Effect, Engine, View};
use crate::Directory;
use crate::rules::compile::RuleSet;
use crate::rules::runs::{KeptRun, Run, parse_while};
use crate::rules::triggers::lasting;

impl Engine {
    /// Takes the rules of a configuration. Runs under way finish under their old text; those of rules that are gone
    /// are cancelled, as are holds and waits of triggers that changed.
    pub fn configure(&mut self, home: &Home, directory: &Directory) -> Vec<Effect> {
        let old = std::mem::replace(&mut self.set, RuleSet::new(home, directory));
        let mut effects = Vec::new();
        self.unquarantine(&mut effects);
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
        let mut queued = std::mem::take(&mut self.queued);
        for (key, waiting) in &mut queued {
            waiting.retain(|(trigger, _)| same(&self.set, key, *trigger));
        }
        queued.retain(|_, waiting| !waiting.is_empty());
        self.queued = queued;
        let gone: Vec<u64> =
            self.runs.values().filter(|r| self.set.find(&r.rule.key).is_none()).map(|r| r.number).collect();
        for number in gone {
            self.cancel_run(number, "its rule was removed", &Causes::new(), &mut effects);
        }
        effects
    }

    /// Takes back what was kept before a restart: runs, holds, armed timers. A run whose timer fired without its actions
    /// being done goes on at once.
    pub fn restore(&mut self, kept: Vec<(String, Vec<u8>)>, timers: &[Timer], now: Timestamp) -> Vec<Effect> {
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
                let now = self.set.find(key).and_then(|at| self.set.trigger((at, trigger)));
                if now.and_then(lasting) != Some(timer.length) {
                    let reason = "the configuration changed while nothing ran";
                    self.disarm(&key.into(), trigger, reason, Causes::new(), &mut effects);
                }
            }
        }
        for run in self.runs.values() {
            let (owner, name) = (&run.rule.source, run.timer_name());
            if !timers.iter().any(|t| t.owner == *owner && *t.name == *name) {
                effects.push(Effect::SetTimer {
                    owner: owner.clone(),
                    name,
                    due: now,
                    length: Duration::ZERO,
                    missed: Missed::RunOnce,
                    causes: run.causes.first().copied().into_iter().collect(),
                });
            }
        }
        effects
    }

    pub(super) fn restore_run(&mut self, key: &str, kept: KeptRun, effects: &mut Vec<Effect>) {
        self.next_run = self.next_run.max(kept.number + 1);
        let rule = self.set.find(&kept.rule).map(|at| self.set.rules[at].clone());
        match rule.filter(|r| Run::actions(r, kept.otherwise) == kept.actions) {
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
        let all: BTreeSet<_> = self.armed.iter().chain(self.whiles.keys()).cloned().collect();
        for (key, trigger) in all {
            let causes = Causes::new();
            match self.set.find(&key).map(|at| self.set.rules[at].clone()) {
                Some(rule) => self.guarded(&rule, &causes, &mut effects, |engine, effects| {
                    engine.review(&key, trigger, &causes, view, "it ended while nothing ran", effects);
                }),
                None => self.release(&key, trigger, "its rule was removed", &causes, &mut effects),
            }
        }
        effects
    }
}
