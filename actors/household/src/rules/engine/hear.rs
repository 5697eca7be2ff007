//! Events: what changed, and whose trigger it is.

use std::sync::Arc;

use lares_config::Trigger;
use lares_model::{Body, Causes, Event, NodeId, Origin, Presence, Status};

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
            // Missed while nothing ran, and only to be reported: what waited for it is over.
            Body::TimerCancelled { owner, name, .. } if event.origin == Origin::Timer => {
                self.missed(owner, name, event, view, &mut effects);
            }
            _ => {}
        }
        effects
    }

    /// One event that is no news any more: what it says is known, and nobody reacts.
    pub fn take_note(&mut self, event: &Event, view: &View<'_>) {
        match &event.body {
            Body::Reading { property, value } => {
                let known = Known { value: value.clone(), at: event.at, event: event.id };
                self.facts.note(event.subject, *property, known);
            }
            Body::StatusChanged { status: Status::Offline(_) | Status::Quarantined(_) } => {
                self.facts.offline.insert(event.subject);
            }
            Body::StatusChanged { .. } => drop(self.facts.offline.remove(&event.subject)),
            Body::RoomOccupied { occupied } => {
                if let Some(room) = view.home.rooms.keys().find(|k| NodeId::room(k) == event.subject) {
                    self.facts.rooms.insert(room.clone(), *occupied);
                }
            }
            Body::PersonMoved { presence, room } => {
                if let Some(person) = view.home.people.keys().find(|k| NodeId::person(k) == event.subject) {
                    let now = Whereabouts { presence: *presence, room: room.clone() };
                    self.facts.people.insert(person.clone(), now);
                }
            }
            _ => {}
        }
    }

    fn status(&mut self, event: &Event, status: &Status, view: &View<'_>, effects: &mut Vec<Effect>) {
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

    fn person(
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
        // As for one person: coming from unknown is no edge.
        if old.as_ref().is_some_and(|w| w.presence != Presence::Unknown) {
            let people = Happening::People { nobody: (before.0, after.0), anybody: (before.1, after.1) };
            let places = self.set.by_people.clone();
            self.happened(&places, &people, event, view, effects);
        }
    }

    /// Looks at each trigger that the happening may concern.
    fn happened(
        &mut self,
        places: &[Place],
        happening: &Happening<'_>,
        event: &Event,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let causes = Causes::from_slice(&[event.id]);
        for (at, trigger) in places {
            let rule = self.set.rules[*at].clone();
            self.guarded(&rule, &causes, effects, |engine, effects| {
                let waits_for = &rule.rule.when[*trigger];
                if !fires(waits_for, happening, view) {
                    let reason = "its trigger no longer holds";
                    engine.review(&rule.key, *trigger, &causes, view, reason, effects);
                } else if let Some(length) = lasting(waits_for) {
                    engine.arm(&rule, *trigger, length, &causes, view, effects);
                } else {
                    engine.set_off(&rule, *trigger, causes.clone(), view, effects);
                }
            });
        }
    }

    fn timer(&mut self, owner: &str, name: &str, event: &Event, view: &View<'_>, effects: &mut Vec<Effect>) {
        let causes = Causes::from_slice(&[event.id]);
        let of_rule = owner.strip_prefix("rule:");
        let (key, trigger) = match (of_rule, name.split_once(':'), name.rsplit_once('#')) {
            (Some(_), Some(("run", number)), _) => {
                return self.delay_over(number, &causes, view, effects);
            }
            (Some(key), Some(("for", n)), _) => (key, n),
            (None, _, Some((key, n))) if owner == crate::planner::OWNER => (key, n),
            _ => return,
        };
        let (Some(at), Ok(trigger)) = (self.set.find(key), trigger.parse::<usize>()) else { return };
        let rule = self.set.rules[at].clone();
        let due = match rule.rule.when.get(trigger) {
            Some(Trigger::Time { .. } | Trigger::Sun { .. }) => of_rule.is_none(),
            Some(_) => self.disarmed(&rule.key, trigger, effects),
            None => false,
        };
        if due {
            self.guarded(&rule, &causes, effects, |engine, effects| {
                engine.set_off(&rule, trigger, causes.clone(), view, effects);
            });
        }
    }

    fn missed(&mut self, owner: &str, name: &str, event: &Event, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Some(key) = owner.strip_prefix("rule:") else { return };
        match name.split_once(':').map(|(kind, n)| (kind, n.parse::<u64>())) {
            Some(("for", Ok(n))) => drop(self.disarmed(&key.into(), n as usize, effects)),
            Some(("run", Ok(number))) => {
                if let Some(run) = self.runs.remove(&number) {
                    effects.push(Effect::Keep(run.erase()));
                    let causes = Causes::from_slice(&[event.id]);
                    self.guarded(&run.rule, &causes, effects, |engine, effects| {
                        engine.next_in_queue(&run.rule.key, view, effects);
                    });
                }
            }
            _ => {}
        }
    }

    fn delay_over(&mut self, number: &str, causes: &Causes, view: &View<'_>, effects: &mut Vec<Effect>) {
        let Some(mut run) = number.parse().ok().and_then(|n: u64| self.runs.remove(&n)) else { return };
        effects.push(Effect::Keep(run.erase()));
        run.causes.splice(0..0, causes.iter().copied());
        let rule = run.rule.clone();
        self.guarded(&rule, causes, effects, |engine, effects| engine.proceed(run, view, effects));
    }
}
