//! Events: what changed, and whose trigger it is.

use std::sync::Arc;

use lares_config::Trigger;
use lares_kernel::CountdownId;
use lares_model::{Body, Causes, Event, NodeId, Origin, Presence};

use super::earning::OFFER;
use super::{Effect, Engine, View};
use crate::rules::compile::Place;
use crate::rules::facts::{Known, Whereabouts};
use crate::rules::runs::Run;
use crate::rules::triggers::{Happening, lasting};

impl Engine {
    /// One event.
    pub fn hear(&mut self, event: &Event, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        match &event.body {
            Body::Reading { property, value, .. } => {
                let known = Known { value: value.clone(), at: event.at, event: event.id };
                let old = self.facts.note(event.subject, *property, known);
                let places = self.set.by_entity.get(&event.subject).cloned();
                if places.is_none() && self.awaiting.is_empty() {
                    return effects;
                }
                let happening = Happening::Reading {
                    entity: event.subject,
                    property: *property,
                    old: old.as_ref(),
                    new: value.as_ref(),
                };
                self.happened(&places.unwrap_or_default(), &happening, event, view, &mut effects);
            }
            Body::StatusChanged { status } => self.status(event, status, view, &mut effects),
            Body::RoomOccupied { occupied } => {
                let home = view.home;
                let Some(room) = home.rooms.keys().find(|k| NodeId::room(k) == event.subject) else {
                    return effects;
                };
                self.room(event, room, *occupied, view, &mut effects);
            }
            Body::PersonMoved { presence, room } => {
                self.person(event, *presence, room.clone(), view, &mut effects);
            }
            // What only does something at its end is no timer that somebody waits for.
            Body::TimerFired { owner, name, .. }
                if CountdownId::of(owner, name).is_some_and(|id| !id.does()) =>
            {
                self.is_told(event, view, &mut effects);
            }
            Body::TimerFired { owner, name, .. } => self.timer(owner, name, event, view, &mut effects),
            // Missed while nothing ran, and only to be reported: what waited for it is over.
            Body::TimerCancelled { owner, name, .. } if event.origin == Origin::Timer => {
                self.missed(owner, name, event, view, &mut effects);
            }
            body if lares_config::EVENTS.contains(&body.kind()) => {
                if let Body::Replied { question, reply } = body {
                    self.replied(question, *reply, event, view, &mut effects);
                }
                self.is_told(event, view, &mut effects);
            }
            _ => {}
        }
        effects
    }

    /// What sets off by being, of its kind.
    fn is_told(&mut self, event: &Event, view: &View<'_>, effects: &mut Vec<Effect>) {
        let kind = event.body.kind();
        let of_kind = |(k, place): &(_, Place)| (*k == kind).then_some(*place);
        let places: Vec<Place> = self.set.by_event.iter().filter_map(of_kind).collect();
        self.happened(&places, &Happening::Event(event), event, view, effects);
    }

    /// One event that is no news any more: what it says is known, and nobody reacts.
    pub fn take_note(&mut self, event: &Event, view: &View<'_>) {
        match &event.body {
            Body::Reading { property, value } => {
                let known = Known { value: value.clone(), at: event.at, event: event.id };
                self.facts.note(event.subject, *property, known);
            }
            Body::StatusChanged { status } => drop(self.facts.note_status(event.subject, status)),
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

    /// A room, and the zones that it is in.
    fn room(
        &mut self,
        event: &Event,
        room: &str,
        occupied: bool,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let zones = view.home.zones.iter().filter(|(_, zone)| zone.rooms.iter().any(|r| r == room));
        let zones: Vec<_> = zones.map(|(key, _)| (key, self.facts.zone(view.home, key))).collect();
        let old = self.facts.rooms.insert(room.to_owned(), occupied);
        let places = self.set.by_room.get(room).cloned().unwrap_or_default();
        self.happened(&places, &Happening::Room { room, old, new: occupied }, event, view, effects);
        for (zone, old) in zones {
            let new = self.facts.zone(view.home, zone).unwrap_or(false);
            let places = self.set.by_zone.get(zone).cloned().unwrap_or_default();
            self.happened(&places, &Happening::Zone { zone, old, new }, event, view, effects);
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
            person,
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
    pub(super) fn happened(
        &mut self,
        places: &[Place],
        happening: &Happening<'_>,
        event: &Event,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let causes = Causes::from_slice(&[event.id]);
        // Who begins to wait because of this event waits for another one.
        let waiting = self.awaiting.clone();
        for (at, trigger) in places {
            let rule = self.set.rules[*at].clone();
            if matches!(&event.origin, Origin::Rule(key) if *key == rule.key) {
                // What a rule did itself does not set it off.
                continue;
            }
            self.guarded(&rule, &causes, effects, |engine, effects| {
                let waits_for = &rule.rule.when[*trigger];
                if !engine.fires(&rule, *trigger, happening, view, effects) {
                    let reason = "its trigger no longer holds";
                    engine.review(&rule.key, *trigger, &causes, view, reason, effects);
                } else if let Some(length) = lasting(waits_for) {
                    engine.arm(&rule, *trigger, length, &causes, view, effects);
                } else {
                    engine.set_off(&rule, *trigger, causes.clone(), view, effects);
                }
            });
        }
        self.look_at_waiting(&waiting, happening, event, view, effects);
    }

    fn timer(&mut self, owner: &str, name: &str, event: &Event, view: &View<'_>, effects: &mut Vec<Effect>) {
        let causes = Causes::from_slice(&[event.id]);
        let of_rule = owner.strip_prefix("rule:");
        let (key, trigger) = match (of_rule, name.split_once(':'), name.rsplit_once('#')) {
            (Some(_), Some(("run", number)), _) => {
                return self.run_due(number, &causes, view, effects);
            }
            (Some(key), None, _) if name == OFFER => return self.offer_lapses(key, None, &causes, effects),
            (Some(key), Some((OFFER, of)), _) => return self.offer_lapses(key, Some(of), &causes, effects),
            (Some(key), Some(("for", n)), _) => (key, n),
            (None, _, Some((key, n))) if owner == crate::planner::OWNER => (key, n),
            _ => return,
        };
        let (Some(at), Ok(trigger)) = (self.set.find(key), trigger.parse::<usize>()) else { return };
        let rule = self.set.rules[at].clone();
        let due = match rule.rule.when.get(trigger) {
            Some(
                Trigger::Time { .. } | Trigger::Every { .. } | Trigger::Sun { .. } | Trigger::Calendar { .. },
            ) => of_rule.is_none(),
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
                if let Some(run) = self.take(number) {
                    effects.push(Effect::Keep(run.erase()));
                    let causes = Causes::from_slice(&[event.id]);
                    self.guarded(&run.rule, &causes, effects, |engine, effects| {
                        engine.end(&run, &causes, view, effects);
                    });
                }
            }
            _ => {}
        }
    }

    fn run_due(&mut self, number: &str, causes: &Causes, view: &View<'_>, effects: &mut Vec<Effect>) {
        let number = number.parse().ok().filter(|n| self.runs.get(n).is_some_and(Run::has_timer));
        if let Some(run) = number.and_then(|n| self.take(n)) {
            self.due(run, causes, view, effects);
        }
    }
}
