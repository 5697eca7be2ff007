//! Waits (`for`) and holds that stand while a trigger does.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{Act, Aim, Intent};
use lares_model::{Causes, Component, Level, Origin};

use super::{Effect, Engine, View};
use crate::rules::compile::Compiled;
use crate::rules::runs::{Wait, wait_write, while_write};
use crate::rules::triggers::still_holds;

impl Engine {
    /// Ends a wait and a hold of a trigger that no longer holds.
    pub(super) fn review(
        &mut self,
        key: &Arc<str>,
        trigger: usize,
        causes: &Causes,
        view: &View<'_>,
        reason: &str,
        effects: &mut Vec<Effect>,
    ) {
        let place = (key.clone(), trigger);
        if !self.armed.contains_key(&place) && !self.whiles.contains_key(&place) {
            return;
        }
        let Some(waits_for) = self.set.find(key).and_then(|at| self.set.trigger((at, trigger))) else {
            return;
        };
        if still_holds(waits_for, &self.facts, view) {
            return;
        }
        self.disarm(key, trigger, reason, causes.clone(), effects);
        self.release(key, trigger, reason, causes, effects);
    }

    pub(super) fn arm(
        &mut self,
        rule: &Arc<Compiled>,
        trigger: usize,
        length: Duration,
        causes: &Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let wait = Wait { due: view.now + length, length, missed: rule.rule.missed, causes: causes.clone() };
        effects.push(Effect::Keep(wait_write(&rule.key, trigger, Some(&wait))));
        effects.push(wait_timer(&rule.key, trigger, &wait));
        self.armed.insert((rule.key.clone(), trigger), wait);
    }

    /// What a trigger waited for is over, one way or the other.
    pub(super) fn disarmed(&mut self, key: &Arc<str>, trigger: usize, effects: &mut Vec<Effect>) -> bool {
        let was = self.armed.remove(&(key.clone(), trigger)).is_some();
        if was {
            effects.push(Effect::Keep(wait_write(key, trigger, None)));
        }
        was
    }

    pub(super) fn disarm(
        &mut self,
        key: &Arc<str>,
        trigger: usize,
        reason: &str,
        causes: Causes,
        effects: &mut Vec<Effect>,
    ) {
        if self.disarmed(key, trigger, effects) {
            effects.push(Effect::CancelTimer {
                owner: format!("rule:{key}").into(),
                name: format!("for:{trigger}"),
                reason: reason.to_owned(),
                causes,
            });
        }
    }

    /// Ends the holds that a rule has while one of its triggers holds.
    pub(super) fn release(
        &mut self,
        key: &Arc<str>,
        trigger: usize,
        reason: &str,
        causes: &Causes,
        effects: &mut Vec<Effect>,
    ) {
        let Some(held) = self.whiles.remove(&(key.clone(), trigger)) else { return };
        effects.push(Effect::Keep(while_write(key, trigger, None)));
        for name in held {
            effects.push(Effect::Intend(Box::new(Intent {
                source: format!("rule:{key}").into(),
                origin: Origin::Rule(key.clone()),
                level: Level::Rule,
                target: aim_of(&name),
                act: Act::Release { properties: Vec::new() },
                reason: reason.into(),
                causes: causes.clone(),
                basis: None,
                reply: None,
                again: false,
                token: None,
            })));
        }
    }
}

/// The timer of a trigger that must last.
pub(super) fn wait_timer(key: &str, trigger: usize, wait: &Wait) -> Effect {
    Effect::SetTimer {
        owner: format!("rule:{key}").into(),
        name: format!("for:{trigger}"),
        due: wait.due,
        length: wait.length,
        missed: wait.missed,
        causes: wait.causes.clone(),
    }
}

fn aim_of(name: &str) -> Aim {
    if let Some(key) = name.strip_prefix("group:") {
        return Aim::Group(key.to_owned());
    }
    if let Some(filter) = name.strip_prefix("find:") {
        return Aim::Find(filter.to_owned());
    }
    if let Some(room) = name.strip_prefix("room:") {
        let (room, component) = match room.split_once(':') {
            Some((room, component)) => (room, Component::parse(component)),
            None => (room, None),
        };
        return Aim::Room { room: room.to_owned(), component };
    }
    Aim::Name(name.to_owned())
}
