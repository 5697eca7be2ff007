//! Waits (`for`) and holds that stand while a trigger does.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{Act, Aim, Intent};
use lares_model::{Causes, Component, Level, Origin};

use super::{Effect, Engine, View};
use crate::rules::compile::Compiled;
use crate::rules::runs::while_write;
use crate::rules::triggers::still_holds;

impl Engine {
    /// Ends waits and holds of triggers that no longer hold (of one, or of all).
    pub(super) fn review(
        &mut self,
        effects: &mut Vec<Effect>,
        causes: &Causes,
        view: &View<'_>,
        reason: &str,
        only: Option<(&Arc<str>, usize)>,
    ) {
        let concerns = |key: &Arc<str>, n: usize| only.is_none_or(|(k, t)| k == key && t == n);
        let over = |(key, n): &(Arc<str>, usize)| {
            let at = self.set.find(key)?;
            let trigger = self.set.trigger((at, *n))?;
            (concerns(key, *n) && !still_holds(trigger, &self.facts, view)).then(|| (key.clone(), *n))
        };
        let disarmed: Vec<_> = self.armed.iter().filter_map(over).collect();
        let released: Vec<_> = self.whiles.keys().filter_map(over).collect();
        for (key, n) in disarmed {
            self.disarm(&key, n, reason, causes.clone(), effects);
        }
        for (key, n) in released {
            self.release(&key, n, reason, causes, effects);
        }
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
        self.armed.insert((rule.key.clone(), trigger));
        effects.push(Effect::SetTimer {
            owner: rule.source.clone(),
            name: format!("for:{trigger}"),
            due: view.now + length,
            length,
            missed: rule.rule.missed,
            causes: causes.clone(),
        });
    }

    pub(super) fn disarm(
        &mut self,
        key: &Arc<str>,
        trigger: usize,
        reason: &str,
        causes: Causes,
        effects: &mut Vec<Effect>,
    ) {
        if self.armed.remove(&(key.clone(), trigger)) {
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
            })));
        }
    }
}

fn aim_of(name: &str) -> Aim {
    if let Some(key) = name.strip_prefix("group:") {
        return Aim::Group(key.to_owned());
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
