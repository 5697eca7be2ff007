//! Events: what changed, and whose trigger it is.

use std::sync::Arc;

use lares_config::Trigger;
use lares_model::{Body, Causes, Event, NodeId, Presence, Status};

use super::{Effect, Engine, View};
use crate::rules::compile::Place;
use crate::rules::facts::{Known, Whereabouts};
use crate::rules::triggers::{Happening, fires, lasting};

impl Engine {
    /// One event.
    pub fn hear(&mut self, event: &Event, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        match &event.body {
            Body::Reading { property, value, .. } => {
                let known = Known { value: value.clone(), at: event.at, event: event.id };
                let old = self.facts.note(event.subject, *property, known);
                let Some(places) = self.set.by_entity.get(&event.subject).cloned() else { return effects };
                let happening = Happening::Reading {
                    entity: event.subject,
                    property: *property,
                    old: old.as_ref(),
                    new: value.as_ref(),
                };
                self.happened(&places, &happening, event, view, &mut effects);
            }
            Body::StatusChanged { status } => self.status(event, status, view, &mut effects),
            Body::RoomOccupied { occupied } => {
                let home = view.home;
                let Some(room) = home.rooms.keys().find(|k| NodeId::room(k) == event.subject) else {
                    return effects;
                };
                let old = self.facts.rooms.insert(room.clone(), *occupied);
                let places = self.set.by_room.get(room).cloned().unwrap_or_default();
                self.happened(&places, &Happening::Room { old, new: *occupied }, event, view, &mut effects);
            }
            Body::PersonMoved { presence, room } => {
                self.person(event, *presence, room.clone(), view, &mut effects);
            }
            Body::TimerFired { owner, name, .. } => self.timer(owner, name, event, view, &mut effects),
            _ => {}
        }
        effects
    }

    pub(super) fn status(
        &mut self,
        event: &Event,
        status: &Status,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        if !matches!(status, Status::Offline(_) | Status::Quarantined(_)) {
            self.facts.offline.remove(&event.subject);
            return;
        }
        self.facts.offline.insert(event.subject);
        let directory = view.directory;
        let lost: Vec<NodeId> = match directory.device_by_node(event.subject) {
            Some(device) => directory.entities_of(device).map(|e| e.id).collect(),
            None => vec![event.subject],
        };
        for entity in lost {
            let places = self.set.by_entity.get(&entity).cloned().unwrap_or_default();
            self.happened(&places, &Happening::Lost, event, view, effects);
        }
    }

    pub(super) fn person(
        &mut self,
        event: &Event,
        presence: Presence,
        room: Option<Arc<str>>,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(person) = view.home.people.keys().find(|k| NodeId::person(k) == event.subject) else {
            return;
        };
        let before = (self.facts.nobody_home(), self.facts.anybody_home());
        let old = self.facts.people.insert(person.clone(), Whereabouts { presence, room: room.clone() });
        let after = (self.facts.nobody_home(), self.facts.anybody_home());
        let happening = Happening::Person {
            old: old.as_ref().map(|w| (w.presence, w.room.as_deref())),
            new: (presence, room.as_deref()),
        };
        let places = self.set.by_person.get(person).cloned().unwrap_or_default();
        self.happened(&places, &happening, event, view, effects);
        if old.is_some() {
            let people = Happening::People { nobody: (before.0, after.0), anybody: (before.1, after.1) };
            let places = self.set.by_people.clone();
            self.happened(&places, &people, event, view, effects);
        }
    }

    /// Looks at each trigger that the happening may concern.
    pub(super) fn happened(
        &mut self,
        places: &[Place],
        happening: &Happening<'_>,
        event: &Event,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let causes = Causes::from_slice(&[event.id]);
        for place in places {
            let rule = self.set.rules[place.0].clone();
            if self.quarantined.contains(&rule.key) {
                continue;
            }
            let trigger = &rule.rule.when[place.1];
            if fires(trigger, happening, view) {
                match lasting(trigger) {
                    Some(length) => self.arm(&rule, place.1, length, &causes, view, effects),
                    None => self.set_off(&rule, place.1, causes.clone(), view, effects),
                }
            } else {
                self.review(
                    effects,
                    &causes,
                    view,
                    "its trigger no longer holds",
                    Some((&rule.key, place.1)),
                );
            }
        }
    }

    pub(super) fn timer(
        &mut self,
        owner: &str,
        name: &str,
        event: &Event,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let causes = Causes::from_slice(&[event.id]);
        if owner == crate::planner::OWNER {
            let Some((key, trigger)) = name.rsplit_once('#') else { return };
            let (Some(at), Ok(n)) = (self.set.find(key), trigger.parse::<usize>()) else { return };
            if self
                .set
                .trigger((at, n))
                .is_some_and(|t| matches!(t, Trigger::Time { .. } | Trigger::Sun { .. }))
            {
                let rule = self.set.rules[at].clone();
                self.set_off(&rule, n, causes, view, effects);
            }
            return;
        }
        let Some(key) = owner.strip_prefix("rule:") else { return };
        if let Some(n) = name.strip_prefix("for:").and_then(|n| n.parse::<usize>().ok()) {
            let armed = self.armed.remove(&(Arc::from(key), n));
            if let (true, Some(at)) = (armed, self.set.find(key))
                && n < self.set.rules[at].rule.when.len()
            {
                let rule = self.set.rules[at].clone();
                self.set_off(&rule, n, causes, view, effects);
            }
        } else if let Some(number) = name.strip_prefix("run:").and_then(|n| n.parse::<u64>().ok())
            && let Some(mut run) = self.runs.remove(&number)
        {
            effects.push(Effect::Keep(run.erase()));
            run.causes.insert(0, event.id);
            self.proceed(run, view, effects);
        }
    }
}
