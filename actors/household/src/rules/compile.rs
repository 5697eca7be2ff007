//! Rules made ready: each with its reference for the record, and the index of what sets them off.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::{Asked, Home, Rule, Template, Trigger};
use lares_model::{BodyKind, IdMap, NodeId, RuleRef};

use super::program::{Op, program};
use crate::{Directory, Resolved};

/// A rule of one snapshot of the configuration.
#[derive(Debug)]
pub struct Compiled {
    pub key: Arc<str>,
    /// `rule:hall-light`: source of its claims, owner of its timers.
    pub source: Arc<str>,
    pub rule: Rule,
    pub reference: RuleRef,
    /// `then` and `else` as steps.
    pub then: Vec<Op>,
    pub otherwise: Vec<Op>,
}

impl Compiled {
    pub fn steps(&self, otherwise: bool) -> &[Op] {
        if otherwise { &self.otherwise } else { &self.then }
    }
}

/// A trigger: position of its rule, position within it.
pub type Place = (usize, usize);

/// The enabled rules of a home, ordered by key, with the index of their triggers.
#[derive(Clone, Default)]
pub struct RuleSet {
    pub rules: Vec<Arc<Compiled>>,
    pub by_entity: IdMap<NodeId, Vec<Place>>,
    pub by_room: BTreeMap<String, Vec<Place>>,
    pub by_zone: BTreeMap<String, Vec<Place>>,
    pub by_person: BTreeMap<String, Vec<Place>>,
    pub by_people: Vec<Place>,
    /// Triggers on whether a device can be heard, by its reference.
    pub by_reach: BTreeMap<String, Vec<Place>>,
    pub by_event: Vec<(BodyKind, Place)>,
    /// Triggers on entities by the reference of their device, for when it announces itself.
    by_device: BTreeMap<String, Vec<Place>>,
}

impl RuleSet {
    pub fn new(home: &Home, directory: &Directory) -> Self {
        let mut set = Self::default();
        for (key, rule) in home.rules.iter().filter(|(_, r)| r.enabled) {
            let at = set.rules.len();
            for (n, trigger) in rule.when.iter().enumerate() {
                let place = (at, n);
                match trigger {
                    Trigger::Entity { entity, .. } => {
                        set.by_device.entry(entity.device.clone()).or_default().push(place);
                    }
                    Trigger::Room { room, .. } => set.by_room.entry(room.clone()).or_default().push(place),
                    Trigger::Zone { zone, .. } => set.by_zone.entry(zone.clone()).or_default().push(place),
                    Trigger::Person { person, .. } => {
                        set.by_person.entry(person.clone()).or_default().push(place)
                    }
                    Trigger::People { .. } => set.by_people.push(place),
                    Trigger::Device { device, .. } => {
                        set.by_reach.entry(device.clone()).or_default().push(place);
                    }
                    Trigger::Event { kind, .. } => set.by_event.push((*kind, place)),
                    Trigger::Template { template, .. } => set.asks(template, place, home),
                    Trigger::Time { .. }
                    | Trigger::Every { .. }
                    | Trigger::Sun { .. }
                    | Trigger::Calendar { .. } => {}
                }
            }
            set.rules.push(Arc::new(Compiled {
                key: key.as_str().into(),
                source: format!("rule:{key}").into(),
                then: program(&rule.then),
                otherwise: program(&rule.otherwise),
                rule: rule.clone(),
                reference: RuleRef {
                    key: key.as_str().into(),
                    snapshot: home.snapshot,
                    file: rule.place.file.clone(),
                    line: rule.place.line,
                },
            }));
        }
        for device in set.by_device.keys().cloned().collect::<Vec<_>>() {
            set.attend(&device, directory);
        }
        set
    }

    /// Whatever an expression asks for may make it true.
    fn asks(&mut self, template: &Template, place: Place, home: &Home) {
        for ask in &template.asks {
            let places = match &ask.what {
                Asked::State(entity) | Asked::Age(entity) => self.by_device.entry(entity.device.clone()),
                Asked::Home | Asked::Room => self.by_person.entry(ask.name.clone()),
                Asked::Occupied if home.rooms.contains_key(&ask.name) => self.by_room.entry(ask.name.clone()),
                Asked::Occupied => self.by_zone.entry(ask.name.clone()),
            };
            let places = places.or_default();
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }

    /// A device announced itself: triggers on its entities find them.
    pub fn attend(&mut self, device: &str, directory: &Directory) {
        let places = self.by_device.get(device).cloned().unwrap_or_default();
        for place in places {
            let found: Vec<Option<Resolved>> = match &self.rules[place.0].rule.when[place.1] {
                Trigger::Entity { entity, property, .. } => vec![directory.resolve(entity, *property)],
                Trigger::Template { template, .. } => {
                    let entities = template.asks.iter().filter_map(|ask| match &ask.what {
                        Asked::State(entity) | Asked::Age(entity) => Some(entity),
                        _ => None,
                    });
                    entities.filter(|e| e.device == device).map(|e| directory.resolve(e, None)).collect()
                }
                _ => continue,
            };
            for found in found.into_iter().flatten() {
                let places = self.by_entity.entry(found.entity).or_default();
                if !places.contains(&place) {
                    places.push(place);
                    places.sort_unstable();
                }
            }
        }
    }

    pub fn find(&self, key: &str) -> Option<usize> {
        self.rules.binary_search_by(|r| (*r.key).cmp(key)).ok()
    }

    pub fn trigger(&self, place: Place) -> Option<&Trigger> {
        self.rules.get(place.0)?.rule.when.get(place.1)
    }
}
