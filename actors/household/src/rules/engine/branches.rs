//! Runs that wait for something that happens, that branch, and that end before their time.

use std::collections::BTreeSet;
use std::time::Duration;

use lares_config::{Awaited, OnTimeout, duration_words};
use lares_model::{Basis, Causes, Event, Fact};

use super::run::skipped;
use super::{Effect, Engine, View};
use crate::rules::conditions::look;
use crate::rules::program::Op;
use crate::rules::runs::{Run, Waiting};
use crate::rules::triggers::{Happening, fires};

impl Run {
    /// The step that it waits at.
    pub(super) fn at(&self) -> Option<&Op> {
        self.rule.steps(self.otherwise).get(self.next.checked_sub(1)?)
    }

    pub(super) fn cancel_timer(&self, reason: &str, causes: Causes) -> Effect {
        let (owner, name, reason) = (self.rule.source.clone(), self.timer_name(), reason.to_owned());
        Effect::CancelTimer { owner, name, reason, causes }
    }
}

impl Engine {
    /// Whether what a run would wait for is so already. A change is waited for from then on.
    pub(super) fn is_so(&self, run: &Run, awaited: &Awaited, view: &View<'_>) -> bool {
        match awaited {
            Awaited::Triggers(_) => false,
            Awaited::Conditions(all) => look(all, self.look_with(&run.rule, run.trigger, view, &run.vars)).0,
        }
    }

    /// Whether what a waiting run waits for is so.
    pub(super) fn has_come(&self, run: &Run, view: &View<'_>) -> bool {
        matches!(run.at(), Some(Op::Wait { awaited, .. }) if self.is_so(run, awaited, view))
    }

    /// A run that waits for something, and what that is, if any does.
    pub fn waits_for(&self) -> Option<(u64, String)> {
        if let Some(run) = self.runs.values().find(|run| run.waits == Waiting::Answer) {
            return Some((run.number, "for somebody to say yes".to_owned()));
        }
        let run = self.runs.get(self.awaiting.first()?)?;
        match run.at() {
            Some(Op::Wait { awaited, timeout: Some(length), .. }) => {
                Some((run.number, format!("{awaited}, at most {}", duration_words(*length))))
            }
            Some(Op::Wait { awaited, .. }) => Some((run.number, awaited.to_string())),
            _ => None,
        }
    }

    /// Waits for something to happen, at most for so long.
    pub(super) fn wait(
        &mut self,
        mut run: Run,
        timeout: Option<Duration>,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        run.waits = Waiting::Happening;
        run.due = timeout.map(|length| view.now + length);
        self.shelve(run, timeout.unwrap_or_default(), effects);
    }

    /// Something happened: runs that waited for it go on.
    pub(super) fn look_at_waiting(
        &mut self,
        waiting: &BTreeSet<u64>,
        happening: &Happening<'_>,
        event: &Event,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        for number in waiting.iter().copied() {
            let Some(run) = self.runs.get(&number) else { continue };
            let came = match run.at() {
                Some(Op::Wait { awaited: Awaited::Triggers(any), .. }) => {
                    any.iter().any(|t| fires(t, happening, view))
                }
                _ => self.has_come(run, view),
            };
            if came {
                self.came(number, Causes::from_slice(&[event.id]), view, effects);
            }
        }
    }

    /// What a run waited for is so.
    pub fn came(&mut self, number: u64, causes: Causes, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Some(mut run) = self.take(number) else { return };
        if run.has_timer() {
            effects.push(run.cancel_timer("what it waited for came", causes.clone()));
        }
        effects.push(Effect::Keep(run.erase()));
        run.causes.splice(0..0, causes.iter().copied());
        run.question = None;
        let rule = run.rule.clone();
        self.guarded(&rule, &causes, effects, |engine, effects| engine.proceed(run, view, effects));
    }

    /// A run's timer fired: its delay is over, or it has waited for long enough.
    pub(super) fn due(&mut self, mut run: Run, causes: &Causes, view: &View<'_>, effects: &mut Vec<Effect>) {
        effects.push(Effect::Keep(run.erase()));
        run.causes.splice(0..0, causes.iter().copied());
        let rule = run.rule.clone();
        if run.waits == Waiting::Answer {
            return self.guarded(&rule, causes, effects, |engine, effects| {
                engine.silence(run, causes, view, effects);
            });
        }
        let gives_up = match (run.waits, run.at()) {
            (Waiting::Happening, Some(Op::Wait { awaited, timeout, on_timeout: OnTimeout::Stop })) => {
                let length = timeout.map(duration_words).unwrap_or_default();
                Some((format!("waited {awaited}"), format!("it did not come within {length}")))
            }
            _ => None,
        };
        self.guarded(&rule, causes, effects, |engine, effects| match gives_up {
            Some((text, found)) => engine.stop(run, (&text, &found), view, effects),
            None => engine.proceed(run, view, effects),
        });
    }

    /// Begins the branches; the run waits for all of them.
    pub(super) fn fork(
        &mut self,
        mut run: Run,
        branches: &[usize],
        to: usize,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        run.next = to;
        run.waits = Waiting::Branches;
        run.due = None;
        let all: Vec<Run> = branches
            .iter()
            .map(|next| Run {
                number: self.new_number(),
                next: *next,
                waits: Waiting::Time,
                parent: Some(run.number),
                ..run.clone()
            })
            .collect();
        effects.push(Effect::Keep(run.write()));
        self.put(run);
        let numbers: Vec<u64> = all.iter().map(|branch| branch.number).collect();
        // All are there before the first one goes: it may be over at once, and is not the last.
        all.into_iter().for_each(|branch| self.put(branch));
        for number in numbers {
            if let Some(branch) = self.take(number) {
                self.proceed(branch, view, effects);
            }
        }
    }

    /// A run has come to its end: the one that it is a branch of may go on, or the next in the queue.
    pub(super) fn over(&mut self, run: &Run, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Some(parent) = run.parent else { return self.next_in_queue(&run.rule.key, view, effects) };
        if self.runs.values().any(|r| r.parent == Some(parent)) {
            return;
        }
        if let Some(parent) = self.take(parent) {
            effects.push(Effect::Keep(parent.erase()));
            self.proceed(parent, view, effects);
        }
    }

    /// Ends a run with all that belongs to it, and says why.
    pub(super) fn stop(
        &mut self,
        run: Run,
        (text, found): (&str, &str),
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let mut basis: Basis = (*run.basis).clone();
        basis.conditions.push(Fact { text: text.to_owned(), found: found.to_owned(), met: false });
        let causes: Causes = run.causes.iter().copied().collect();
        skipped(&run.rule, basis, causes.clone(), effects);
        self.end(&run, &causes, view, effects);
    }

    /// Ends a run with all that belongs to it.
    pub(super) fn end(&mut self, run: &Run, causes: &Causes, view: &View<'_>, effects: &mut Vec<Effect>) {
        let root = |run: &Run| {
            let (mut number, mut parent) = (run.number, run.parent);
            while let Some(above) = parent {
                number = above;
                parent = self.runs.get(&above).and_then(|r| r.parent);
            }
            number
        };
        let whole = root(run);
        let all: Vec<u64> = self.runs.values().filter(|r| root(r) == whole).map(|r| r.number).collect();
        for number in all {
            self.cancel_run(number, "its run was stopped", causes, effects);
        }
        self.next_in_queue(&run.rule.key, view, effects);
    }
}
