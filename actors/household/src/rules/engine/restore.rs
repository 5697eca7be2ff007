//! A new configuration, and what was kept before a restart.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use lares_config::{Home, Trigger};
use lares_model::{Body, Causes, Draft, Fact, Missed, NodeId, Origin, Reply, Timer, Timestamp};

use super::asking::ended;
use super::waits::wait_timer;
use super::{Effect, Engine, Fired, View};
use crate::Directory;
use crate::rules::compile::RuleSet;
use crate::rules::runs::{KeptRun, Run, Wait, parse_place, queue_write};
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
        for (key, trigger) in self.armed.keys().cloned().collect::<Vec<_>>() {
            if !same(&self.set, &key, trigger) {
                self.disarm(&key, trigger, "its rule changed", Causes::new(), &mut effects);
            }
        }
        for (key, trigger) in self.whiles.keys().cloned().collect::<Vec<_>>() {
            if !same(&self.set, &key, trigger) {
                self.release(&key, trigger, "its rule changed", &Causes::new(), &mut effects);
            }
        }
        let set = std::mem::take(&mut self.set);
        self.forget_beyond(|key, trigger| !same(&set, key, trigger), &mut effects);
        self.set = set;
        let mut queued = std::mem::take(&mut self.queued);
        for (key, waiting) in &mut queued {
            let before = waiting.len();
            waiting.retain(|(trigger, _)| same(&self.set, key, *trigger));
            if waiting.len() < before {
                effects.push(Effect::Keep(queue_write(key, Some(waiting))));
            }
        }
        queued.retain(|_, waiting| !waiting.is_empty());
        self.queued = queued;
        if self.restored {
            self.mind_words(home, directory, &mut effects);
        }
        let gone: Vec<u64> =
            self.runs.values().filter(|r| self.set.find(&r.rule.key).is_none()).map(|r| r.number).collect();
        for number in gone {
            self.cancel_run(number, "its rule was removed", &Causes::new(), &mut effects);
        }
        effects
    }

    /// Takes back what was kept before a restart: runs, what waits behind them, holds, triggers that must last. Then the
    /// timers are made to fit: the one is kept before the other, and a kill may have come between. `fired`: timers whose
    /// firing is still to be heard.
    pub fn restore(
        &mut self,
        kept: Vec<(String, Vec<u8>)>,
        timers: &[Timer],
        fired: &Fired,
        view: &View<'_>,
    ) -> Vec<Effect> {
        let now = view.now;
        let mut effects = Vec::new();
        for (key, bytes) in kept {
            match key.split_once(':') {
                Some(("while", place)) => {
                    if let Some(place) = parse_place(place) {
                        self.whiles.insert(place, serde_json::from_slice(&bytes).unwrap_or_default());
                    }
                }
                Some(("wait", place)) => {
                    if let (Some(place), Ok(wait)) = (parse_place(place), serde_json::from_slice(&bytes)) {
                        self.armed.insert(place, wait);
                    }
                }
                Some(("beyond", place)) => self.beyond.extend(parse_place(place)),
                Some(("queue", rule)) => {
                    self.queued.insert(rule.into(), serde_json::from_slice(&bytes).unwrap_or_default());
                }
                Some(("trust" | "deed", _)) => drop(self.restore_trust(&key, &bytes)),
                Some(("run", _)) => {
                    if let Ok(run) = serde_json::from_slice::<KeptRun>(&bytes) {
                        self.restore_run(&key, run, &mut effects);
                    }
                }
                _ => {}
            }
        }
        self.fit_timers(timers, fired, now, &mut effects);
        self.forget_changed(&mut effects);
        self.restored = true;
        self.mind_words(view.home, view.directory, &mut effects);
        effects
    }

    /// Sets the timers that are missing and cancels those that nobody waits for any more.
    fn fit_timers(&mut self, timers: &[Timer], fired: &Fired, now: Timestamp, effects: &mut Vec<Effect>) {
        let stands = |owner: &str, name: &str| {
            fired.contains(&(owner.into(), name.into()))
                || timers.iter().any(|t| &*t.owner == owner && &*t.name == name)
        };
        for ((key, trigger), wait) in &self.armed {
            if !stands(&format!("rule:{key}"), &format!("for:{trigger}")) {
                effects.push(wait_timer(key, *trigger, wait));
            }
        }
        let waits = |r: &&Run| r.has_timer() && !stands(&r.rule.source, &r.timer_name());
        for run in self.runs.values().filter(waits) {
            effects.push(Effect::SetTimer {
                owner: run.rule.source.clone(),
                name: run.timer_name(),
                due: run.due.unwrap_or(now),
                length: Duration::ZERO,
                missed: run.due.map_or(Missed::RunOnce, |_| run.missed()),
                causes: run.causes.first().copied().into_iter().collect(),
            });
        }
        self.offer_timers(&stands, effects);
        for timer in timers {
            let Some(key) = timer.owner.strip_prefix("rule:") else { continue };
            let (known, reason) = match timer.name.split_once(':').map(|(kind, n)| (kind, n.parse::<u64>())) {
                Some(("for", Ok(n))) => {
                    let place = (key.into(), n as usize);
                    // Kept by a version that kept the timer only.
                    let old = Wait {
                        due: timer.due,
                        length: timer.length,
                        missed: timer.missed,
                        causes: Causes::from_slice(&[timer.cause]),
                    };
                    if self.adopts {
                        self.armed.entry(place.clone()).or_insert(old);
                    }
                    (self.armed.contains_key(&place), "it is not waited for any more")
                }
                Some(("run", Ok(number))) => (
                    self.runs.get(&number).is_some_and(Run::has_timer),
                    "the configuration changed while nothing ran",
                ),
                _ => match self.is_of_an_offer(key, timer) {
                    Some(stands) => (stands, "nobody is offered it any more"),
                    None => continue,
                },
            };
            if !known {
                let (owner, name) = (timer.owner.clone(), timer.name.to_string());
                let (reason, causes) = (reason.to_owned(), Causes::new());
                effects.push(Effect::CancelTimer { owner, name, reason, causes });
            }
        }
    }

    /// Waits and queues of triggers that are others now.
    fn forget_changed(&mut self, effects: &mut Vec<Effect>) {
        for ((key, trigger), wait) in self.armed.clone() {
            let now = self.set.find(&key).and_then(|at| self.set.trigger((at, trigger)));
            if now.and_then(lasting) != Some(wait.length) {
                let reason = "the configuration changed while nothing ran";
                self.disarm(&key, trigger, reason, Causes::new(), effects);
            }
        }
        let set = std::mem::take(&mut self.set);
        let crosses = |key: &Arc<str>, trigger| {
            let trigger = set.find(key).and_then(|at| set.trigger((at, trigger)));
            matches!(trigger, Some(Trigger::Entity { change, .. }) if change.hysteresis > 0.0)
                || matches!(trigger, Some(Trigger::Template { .. }))
        };
        self.forget_beyond(|key, trigger| !crosses(key, trigger), effects);
        self.set = set;
        let set = &self.set;
        for (key, queue) in &mut self.queued {
            let before = queue.len();
            queue.retain(|(trigger, _)| set.find(key).and_then(|at| set.trigger((at, *trigger))).is_some());
            if queue.len() < before {
                effects.push(Effect::Keep(queue_write(key, Some(queue))));
            }
        }
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
                    waits: kept.waits,
                    due: kept.due,
                    rounds: kept.rounds,
                    parent: kept.parent,
                    question: kept.question,
                    vars: kept.vars,
                };
                self.put(run);
            }
            None => {
                effects.push(Effect::Keep((key.to_owned(), None)));
                if let Some(question) = &kept.question {
                    effects.push(ended(question, Reply::Withdrawn, Origin::System, Causes::new()));
                }
                // What had a timer is told with the timer's end.
                if kept.parent.is_none() && !kept.has_timer() {
                    let mut basis = kept.basis;
                    let text = "its steps are others now".to_owned();
                    let found = "the configuration changed while nothing ran".to_owned();
                    basis.conditions.push(Fact { text, found, met: false });
                    let body = Body::RuleSkipped { basis: Box::new(basis) };
                    let (node, origin) = (NodeId::rule(&kept.rule), Origin::Rule(kept.rule.as_str().into()));
                    let draft = Draft::new(node, origin, body).caused_by(kept.causes.iter().copied());
                    effects.push(Effect::Publish(draft, Vec::new()));
                }
            }
        }
    }

    /// After all facts are restored: holds whose trigger ended while nothing ran are given up, waits likewise.
    pub fn settle(&mut self, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let all: BTreeSet<_> = self.armed.keys().chain(self.whiles.keys()).cloned().collect();
        for (key, trigger) in all {
            let causes = Causes::new();
            match self.set.find(&key).map(|at| self.set.rules[at].clone()) {
                Some(rule) => self.guarded(&rule, &causes, &mut effects, |engine, effects| {
                    engine.review(&key, trigger, &causes, view, "it ended while nothing ran", effects);
                }),
                None => self.release(&key, trigger, "its rule was removed", &causes, &mut effects),
            }
        }
        // What a run waits for may have come to be so while nothing ran.
        for number in self.awaiting.clone() {
            if self.runs.get(&number).is_some_and(|run| self.has_come(run, view)) {
                self.came(number, Causes::new(), view, &mut effects);
            }
        }
        for key in self.queued.keys().cloned().collect::<Vec<_>>() {
            if let Some(rule) = self.set.find(&key).map(|at| self.set.rules[at].clone()) {
                self.guarded(&rule, &Causes::new(), &mut effects, |engine, effects| {
                    engine.next_in_queue(&key, view, effects);
                });
            }
        }
        effects
    }
}
