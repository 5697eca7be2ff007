//! Runs: mode, conditions, actions.

use std::sync::Arc;

use lares_config::{Action, Condition, Hold, Mode, Target};
use lares_kernel::{Act, Aim, HoldFor, Intent};
use lares_model::{Basis, Body, Causes, Draft, Fact, NodeId, Origin, Property};

use super::{Effect, Engine, MOST_RUNS, View};
use crate::rules::compile::Compiled;
use crate::rules::conditions::look;
use crate::rules::runs::{Queue, Run, while_write};
use crate::rules::triggers::still_holds;

/// Stands in a notice for what was found.
const FOUND: &str = "{found}";

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
        let running = self.runs_of(&rule.key);
        match rule.rule.mode {
            Mode::Single if !running.is_empty() => return,
            Mode::Parallel if running.len() >= MOST_RUNS => return,
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
        let (met, conditions) = look(&rule.rule.conditions, &self.facts, view);
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
        let number = self.next_run;
        self.next_run += 1;
        let causes = causes.to_vec();
        self.proceed(
            Run { number, rule: rule.clone(), otherwise: !met, next: 0, trigger, basis, causes, due: None },
            view,
            effects,
        );
    }

    /// Does a run's actions up to its end or its next delay.
    pub(super) fn proceed(&mut self, mut run: Run, view: &View<'_>, effects: &mut Vec<Effect>) {
        let rule = run.rule.clone();
        let actions = if run.otherwise { &rule.rule.otherwise } else { &rule.rule.then };
        while let Some(action) = actions.get(run.next) {
            run.next += 1;
            match action {
                Action::Set { .. } => self.set(&run, action, view, effects),
                Action::Notify { text } => {
                    let body = Body::Notice { text: told(text, &run) };
                    let draft = Draft::new(NodeId::rule(&rule.key), Origin::Rule(rule.key.clone()), body);
                    effects.push(Effect::Publish(draft.caused_by(run.causes.iter().copied()), Vec::new()));
                }
                Action::Delay { length } => {
                    run.due = Some(view.now + *length);
                    effects.push(Effect::Keep(run.write()));
                    effects.push(Effect::SetTimer {
                        owner: rule.source.clone(),
                        name: run.timer_name(),
                        due: view.now + *length,
                        length: *length,
                        missed: rule.rule.missed,
                        causes: Causes::from_slice(&run.causes[..run.causes.len().min(4)]),
                    });
                    self.runs.insert(run.number, run);
                    return;
                }
            }
        }
        self.next_in_queue(&rule.key, view, effects);
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

    pub(super) fn set(&mut self, run: &Run, action: &Action, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Action::Set { target, values, hold, transition } = action else { return };
        let main = values.keys().next().copied().unwrap_or(Property::On);
        let (aim, name) = match target {
            Target::Entity(entity) => match view.directory.movable(entity, main) {
                Some(found) => (Aim::Entity(found.id), found.reference.to_string()),
                None => (Aim::Name(entity.to_string()), entity.to_string()),
            },
            Target::Find(filter) => (Aim::Find(filter.clone()), format!("find:{filter}")),
            Target::Group(key) => (Aim::Group(key.clone()), format!("group:{key}")),
            Target::Room { room, component } => {
                let what = component.map(|c| format!(":{}", c.name())).unwrap_or_default();
                (Aim::Room { room: room.clone(), component: *component }, format!("room:{room}{what}"))
            }
        };
        let hold = match hold {
            Hold::Momentary => HoldFor::Momentary,
            Hold::For(length) => HoldFor::For(*length),
            Hold::WhileWhen => {
                // After a delay it may be over: a hold without an end would stand for ever.
                let waits_for = &run.rule.rule.when[run.trigger];
                if !still_holds(waits_for, &self.facts, view) {
                    let mut basis = (*run.basis).clone();
                    basis.conditions.push(Fact {
                        text: format!("{waits_for}, still"),
                        found: "it ended before its turn".to_owned(),
                        met: false,
                    });
                    skipped(&run.rule, basis, run.causes.iter().copied().collect(), effects);
                    return;
                }
                let held = self.whiles.entry((run.rule.key.clone(), run.trigger)).or_default();
                if !held.contains(&name) {
                    held.push(name);
                    effects.push(Effect::Keep(while_write(&run.rule.key, run.trigger, Some(held))));
                }
                HoldFor::UntilReleased
            }
        };
        effects.push(Effect::Intend(Box::new(Intent {
            source: run.rule.source.clone(),
            origin: Origin::Rule(run.rule.key.clone()),
            level: run.rule.rule.level,
            target: aim,
            act: Act::Set { values: values.clone(), hold, transition: *transition },
            reason: run.rule.rule.name.as_str().into(),
            causes: run.causes.iter().copied().collect(),
            basis: Some(run.basis.clone()),
            reply: None,
            again: false,
            token: None,
        })));
    }

    pub(super) fn cancel_run(
        &mut self,
        number: u64,
        reason: &str,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        let Some(run) = self.runs.remove(&number) else { return };
        effects.push(Effect::CancelTimer {
            owner: run.rule.source.clone(),
            name: run.timer_name(),
            reason: reason.to_owned(),
            causes: causes.clone(),
        });
        effects.push(Effect::Keep(run.erase()));
    }
}

/// A notice with what its rule's first `find` found in place of `{found}`: how many, and their names.
fn told(text: &str, run: &Run) -> String {
    let looked = run.rule.rule.conditions.iter().zip(&run.basis.conditions);
    let found = looked
        .filter(|(c, _)| matches!(c, Condition::Find { .. }))
        .map(|(_, fact)| fact.found.as_str())
        .next();
    found.map_or_else(|| text.to_owned(), |found| text.replace(FOUND, found))
}

/// The rule looked and did not act.
fn skipped(rule: &Compiled, basis: Basis, causes: Causes, effects: &mut Vec<Effect>) {
    let body = Body::RuleSkipped { basis: Box::new(basis) };
    let mut draft = Draft::new(NodeId::rule(&rule.key), Origin::Rule(rule.key.clone()), body);
    draft.causes = causes;
    effects.push(Effect::Publish(draft, Vec::new()));
}
