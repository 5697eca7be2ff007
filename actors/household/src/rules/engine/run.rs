//! Runs: mode, conditions, actions.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_config::{Action, Mode, Template};
use lares_model::{Basis, Body, Causes, Draft, Fact, NodeId, Origin, Reply};

use super::asking::ended;
use super::claims::set_scene;
use super::{Effect, Engine, MOST_RUNS, View};
use crate::rules::compile::Compiled;
use crate::rules::conditions::{Look, look};
use crate::rules::program::Op;
use crate::rules::runs::{Queue, Run, Waiting};
use crate::rules::template::{reckon, words};

/// Steps without a pause: then it takes a short one, so that nothing else waits for it.
const MOST_STEPS: usize = 10_000;
const PAUSE: Duration = Duration::from_secs(1);
/// Before anything is set.
pub(super) static NO_VALUES: BTreeMap<String, serde_json::Value> = BTreeMap::new();
/// Facts of the ways that a run took, which are kept with what it does.
const MOST_FACTS: usize = 16;

impl Engine {
    /// A trigger fired: mode, conditions, actions.
    pub(super) fn set_off(
        &mut self,
        rule: &Arc<Compiled>,
        trigger: usize,
        causes: Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        if self.storms(rule, &causes, view, effects) {
            return;
        }
        if self.waits_for_leave(&rule.key) {
            return;
        }
        let running = self.runs_of(&rule.key);
        let whole = self.runs.values().filter(|r| r.rule.key == rule.key && r.parent.is_none()).count();
        match rule.rule.mode {
            Mode::Single if !running.is_empty() => return,
            Mode::Parallel if whole >= MOST_RUNS => return,
            Mode::Queued if !running.is_empty() => {
                let queue = self.queued.entry(rule.key.clone()).or_default();
                if queue.len() < MOST_RUNS {
                    queue.push_back((trigger, causes));
                    effects.push(self.keep_queue(&rule.key));
                }
                return;
            }
            _ => {}
        }
        let (met, conditions) = look(&rule.rule.conditions, self.look(rule, trigger, view));
        let basis = Arc::new(Basis {
            rule: rule.reference.clone(),
            trigger: rule.rule.when[trigger].to_string(),
            conditions,
        });
        if !met && rule.rule.otherwise.is_empty() {
            skipped(rule, (*basis).clone(), causes, effects);
            return;
        }
        if rule.rule.mode == Mode::Restart {
            for number in running {
                self.cancel_run(number, "it was set off again", &causes, effects);
            }
        }
        let run = Run {
            number: self.new_number(),
            rule: rule.clone(),
            otherwise: !met,
            next: 0,
            trigger,
            basis,
            causes: causes.to_vec(),
            waits: Waiting::Time,
            due: None,
            rounds: BTreeMap::new(),
            parent: None,
            question: None,
            vars: BTreeMap::new(),
        };
        self.begin(run, view, effects);
    }

    /// What the conditions of a rule come to, if this trigger of it fired.
    pub fn would(&self, key: &str, trigger: usize, view: &View<'_>) -> (bool, Vec<Fact>) {
        let Some(rule) = self.set.find(key).and_then(|at| self.set.rules.get(at)) else {
            return (false, Vec::new());
        };
        look(&rule.rule.conditions, self.look(rule, trigger, view))
    }

    /// What follows if this trigger of a rule fires.
    pub fn sets_off(&mut self, key: &str, trigger: usize, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(rule) = self.set.find(key).and_then(|at| self.set.rules.get(at)).cloned() {
            let causes = Causes::new();
            self.guarded(&rule, &causes, &mut effects, |engine, effects| {
                engine.set_off(&rule, trigger, Causes::new(), view, effects);
            });
        }
        effects
    }

    pub(super) fn new_number(&mut self) -> u64 {
        self.next_run += 1;
        self.next_run - 1
    }

    /// A rule's eyes.
    pub(super) fn look<'a>(&'a self, rule: &'a Compiled, trigger: usize, view: &'a View<'a>) -> Look<'a> {
        self.look_with(rule, trigger, view, &NO_VALUES)
    }

    /// As [`Engine::look`], with the values that a run has set.
    pub(super) fn look_with<'a>(
        &'a self,
        rule: &'a Compiled,
        trigger: usize,
        view: &'a View<'a>,
        vars: &'a BTreeMap<String, serde_json::Value>,
    ) -> Look<'a> {
        let id = rule.rule.ids.get(trigger).and_then(Option::as_deref);
        Look { facts: &self.facts, view, id, vars }
    }

    /// Does a run's steps up to its end or the next that waits.
    pub(super) fn proceed(&mut self, mut run: Run, view: &View<'_>, effects: &mut Vec<Effect>) {
        let rule = run.rule.clone();
        let steps = rule.steps(run.otherwise);
        for _ in 0..MOST_STEPS {
            let Some(op) = steps.get(run.next) else { return self.over(&run, view, effects) };
            run.next += 1;
            match op {
                Op::Do(action @ Action::Set { .. }) => self.set(&run, action, view, effects),
                Op::Do(Action::Let { values }) => self.remember(&mut run, values, view),
                Op::Do(Action::Scene { scene, hold }) => effects.push(set_scene(&run, scene, *hold)),
                Op::Do(Action::Say { text, room }) => effects.push(self.say(&run, text, room, view)),
                Op::Do(action) => self.notify(&run, action, view, effects),
                Op::Delay(length) => return self.pause(run, *length, view, effects),
                Op::Wait { awaited, timeout, .. } => {
                    if !self.is_so(&run, awaited, view) {
                        return self.wait(run, *timeout, view, effects);
                    }
                }
                Op::Ask { .. } => return self.ask_step(run, op, view, effects),
                Op::Stop(reason) => return self.stop(run, ("stopped", reason), view, effects),
                Op::If { conditions, to } => {
                    let (met, facts) = look(conditions, self.look_with(&rule, run.trigger, view, &run.vars));
                    note(&mut run, facts);
                    if !met {
                        run.next = *to;
                    }
                }
                Op::Jump(to) => run.next = *to,
                Op::Round { times, to } => {
                    let begun = run.rounds.entry(run.next).or_default();
                    *begun += 1;
                    if *begun > *times {
                        run.rounds.remove(&run.next);
                        run.next = *to;
                    }
                }
                Op::Fork { branches, to } => return self.fork(run, branches, *to, view, effects),
                Op::End => return self.over(&run, view, effects),
            }
        }
        self.pause(run, PAUSE, view, effects);
    }

    /// Values that the run sets. One that cannot be reckoned is none, and the record says why.
    fn remember(&self, run: &mut Run, values: &BTreeMap<String, Template>, view: &View<'_>) {
        for (name, template) in values {
            let rule = run.rule.clone();
            let reckoned = reckon(template, &run.vars, self.look_with(&rule, run.trigger, view, &run.vars));
            let text = format!("{name} = {}", template.source);
            let fact = match reckoned {
                Ok((value, told)) => {
                    let found =
                        if told.is_empty() { words(&value) } else { format!("{} ({told})", words(&value)) };
                    let json = serde_json::to_value(&value).unwrap_or_default();
                    run.vars.insert(name.clone(), json);
                    Fact { text, found, met: true }
                }
                Err(why) => {
                    run.vars.insert(name.clone(), serde_json::Value::Null);
                    Fact { text, found: why, met: false }
                }
            };
            note(run, vec![fact]);
        }
    }

    /// Goes on after so long, also over a restart.
    fn pause(&mut self, mut run: Run, length: Duration, view: &View<'_>, effects: &mut Vec<Effect>) {
        run.waits = Waiting::Time;
        run.due = Some(view.now + length);
        self.shelve(run, length, effects);
    }

    /// Keeps a run that waits, and sets its timer if it has one.
    pub(super) fn shelve(&mut self, run: Run, length: Duration, effects: &mut Vec<Effect>) {
        effects.push(Effect::Keep(run.write()));
        if let Some(due) = run.due {
            effects.push(Effect::SetTimer {
                owner: run.rule.source.clone(),
                name: run.timer_name(),
                due,
                length,
                missed: run.missed(),
                causes: run.causes.iter().take(4).copied().collect(),
            });
        }
        self.put(run);
    }

    pub(super) fn put(&mut self, run: Run) {
        if run.waits == Waiting::Happening {
            self.awaiting.insert(run.number);
        }
        self.runs.insert(run.number, run);
    }

    pub(super) fn take(&mut self, number: u64) -> Option<Run> {
        self.awaiting.remove(&number);
        self.runs.remove(&number)
    }

    /// A run is over: those that wait their turn are set off, under the rule as it is now, until one of them waits.
    pub(super) fn next_in_queue(&mut self, key: &Arc<str>, view: &View<'_>, effects: &mut Vec<Effect>) {
        while self.runs_of(key).is_empty() {
            let Some((trigger, causes)) = self.queued.get_mut(key).and_then(Queue::pop_front) else { break };
            effects.push(self.keep_queue(key));
            let Some(rule) = self.set.find(key).map(|at| self.set.rules[at].clone()) else { continue };
            self.set_off(&rule, trigger, causes, view, effects);
        }
    }

    /// Numbers of a rule's runs that wait.
    pub(super) fn runs_of(&self, key: &Arc<str>) -> Vec<u64> {
        self.runs.values().filter(|r| r.rule.key == *key).map(|r| r.number).collect()
    }

    pub(super) fn cancel_run(
        &mut self,
        number: u64,
        reason: &str,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        let Some(run) = self.take(number) else { return };
        if run.has_timer() {
            effects.push(run.cancel_timer(reason, causes.clone()));
        }
        if let Some(question) = &run.question {
            effects.push(ended(question, Reply::Withdrawn, Origin::System, causes.clone()));
        }
        effects.push(Effect::Keep(run.erase()));
    }
}

/// What was seen on the way is told with what is done: once each, the latest of them.
fn note(run: &mut Run, facts: Vec<Fact>) {
    let own = run.rule.rule.conditions.len();
    let basis = Arc::make_mut(&mut run.basis);
    let mut seen = basis.conditions.split_off(own.min(basis.conditions.len()));
    seen.retain(|old| facts.iter().all(|new| new.text != old.text));
    seen.extend(facts);
    let most = seen.len().saturating_sub(MOST_FACTS);
    basis.conditions.extend(seen.into_iter().skip(most));
}

/// The rule looked and did not act.
pub(super) fn skipped(rule: &Compiled, basis: Basis, causes: Causes, effects: &mut Vec<Effect>) {
    let body = Body::RuleSkipped { basis: Box::new(basis) };
    let mut draft = Draft::new(NodeId::rule(&rule.key), Origin::Rule(rule.key.clone()), body);
    draft.causes = causes;
    effects.push(Effect::Publish(draft, Vec::new()));
}
