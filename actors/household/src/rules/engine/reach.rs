//! Limits with a hysteresis, devices that can be heard or not, storms.

use std::sync::Arc;

use lares_config::Trigger;
use lares_model::{Causes, Event, NodeId, Status};

use super::{Effect, Engine, MOST_IN_A_STORM, STORM, View};
use crate::rules::compile::Compiled;
use crate::rules::facts::reach_of;
use crate::rules::runs::beyond_write;
use crate::rules::triggers::{Happening, fires, still_holds};

impl Engine {
    /// Whether a happening sets a trigger off. One with a hysteresis is not set off again before its value has come back.
    pub(super) fn fires(
        &mut self,
        rule: &Compiled,
        trigger: usize,
        happening: &Happening<'_>,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let waits_for = &rule.rule.when[trigger];
        if let Trigger::Template { .. } = waits_for {
            let is = still_holds(waits_for, &self.facts, view);
            // What it was before anybody looked is not known: that is no change.
            let before = self.beyond_now(&rule.key, trigger, is, effects);
            return is && !before && self.looked.contains(&(rule.key.clone(), trigger));
        }
        let (change, entity, property) = match waits_for {
            Trigger::Entity { change, entity, property, .. } if change.hysteresis > 0.0 => {
                (change, entity, *property)
            }
            _ => return fires(waits_for, happening, view),
        };
        let Happening::Reading { entity: of, property: p, old, new: Some(new) } = happening else {
            return false;
        };
        if view.directory.resolve(entity, property).is_none_or(|r| r.entity != *of || r.property != *p) {
            return false;
        }
        let place = (rule.key.clone(), trigger);
        // What was beyond its limit before anybody looked counts as that.
        let was = self.beyond.contains(&place) || old.is_some_and(|old| change.holds(Some(old)));
        let is = if was { change.stays(Some(new)) } else { change.holds(Some(new)) };
        if is != self.beyond.contains(&place) {
            effects.push(Effect::Keep(beyond_write(&rule.key, trigger, is)));
            if is {
                self.beyond.insert(place);
            } else {
                self.beyond.remove(&place);
            }
        }
        is && !was && old.is_some()
    }

    /// Notes whether a trigger's value is beyond its limit; gives whether it was.
    fn beyond_now(&mut self, key: &Arc<str>, trigger: usize, is: bool, effects: &mut Vec<Effect>) -> bool {
        let place = (key.clone(), trigger);
        let was = self.beyond.contains(&place);
        if is != was {
            effects.push(Effect::Keep(beyond_write(key, trigger, is)));
            if is {
                self.beyond.insert(place);
            } else {
                self.beyond.remove(&place);
            }
        }
        was
    }

    /// Looks at all expressions without anything following from it: what is so when a home is loaded, or came to be so while
    /// nothing ran, is no change.
    pub fn look_at_templates(&mut self, view: &View<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for rule in self.set.rules.clone() {
            for (trigger, waits_for) in rule.rule.when.iter().enumerate() {
                if let Trigger::Template { .. } = waits_for {
                    let is = still_holds(waits_for, &self.facts, view);
                    self.beyond_now(&rule.key, trigger, is, &mut effects);
                    self.looked.insert((rule.key.clone(), trigger));
                }
            }
        }
        effects
    }

    /// Forgets what was beyond the limits of triggers that are others now.
    pub(super) fn forget_beyond(
        &mut self,
        gone: impl Fn(&Arc<str>, usize) -> bool,
        effects: &mut Vec<Effect>,
    ) {
        self.beyond.retain(|(key, trigger)| {
            let gone = gone(key, *trigger);
            if gone {
                effects.push(Effect::Keep(beyond_write(key, *trigger, false)));
            }
            !gone
        });
    }

    /// A status: what cannot be heard holds nothing any more, and rules may wait for just that.
    pub(super) fn status(
        &mut self,
        event: &Event,
        status: &Status,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) {
        let old = self.facts.note_status(event.subject, status);
        let directory = view.directory;
        let device = directory.device_by_node(event.subject);
        if self.facts.offline.contains(&event.subject) {
            let lost: Vec<NodeId> = match device {
                Some(device) => directory.entities_of(device).map(|e| e.id).collect(),
                None => vec![event.subject],
            };
            for entity in lost {
                let places = self.set.by_entity.get(&entity).cloned().unwrap_or_default();
                self.happened(&places, &Happening::Lost, event, view, effects);
            }
        }
        if let (Some(device), Some(new)) = (device, reach_of(status)) {
            let places = self.set.by_reach.get(&*device.reference).cloned().unwrap_or_default();
            let happening = Happening::Reach { device: &device.reference, old, new };
            self.happened(&places, &happening, event, view, effects);
        }
    }

    /// Whether a rule is set off so often that it must be its own doing: then it is set aside.
    pub(super) fn storms(
        &mut self,
        rule: &Arc<Compiled>,
        causes: &Causes,
        view: &View<'_>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let (since, count) = self.storms.entry(rule.key.clone()).or_insert((view.now, 0));
        if view.now.since(*since) > STORM {
            (*since, *count) = (view.now, 0);
        }
        *count += 1;
        if *count <= MOST_IN_A_STORM {
            return false;
        }
        self.storms.remove(&rule.key);
        let why = format!("it was set off {MOST_IN_A_STORM} times within ten seconds: it sets itself off");
        self.quarantine(rule, &why, causes, effects);
        true
    }
}
