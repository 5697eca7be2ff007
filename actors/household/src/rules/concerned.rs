//! What a rule's steps may move, as far as it can be told before they are done.

use std::collections::BTreeMap;

use lares_config::{Action, Home, Limit, Risk, Target, Thing, verbs};
use lares_model::{Property, Value, Verb};

use crate::controls::{Moves, main_of, sets};
use crate::{Directory, EntityEntry};

/// An entity that may be moved, and what it would be.
pub struct Concerned<'a> {
    pub entity: &'a EntityEntry,
    pub values: &'a BTreeMap<Property, Value>,
    /// Some of it is reckoned when it is done: it may be anything.
    pub reckoned: bool,
    /// What it is done by, before all.
    main: Property,
}

impl Concerned<'_> {
    /// What is done with it; both ends of what is reckoned.
    pub fn verbs(&self) -> Vec<Verb> {
        verbs(self.kind(), self.main, self.values.get(&self.main))
    }

    fn kind(&self) -> (lares_model::Component, Option<&str>) {
        (self.entity.component, self.entity.info.device_class.as_deref())
    }

    /// It, as rights know it.
    pub fn thing(&self) -> Thing<'_> {
        let (component, class) = self.kind();
        Thing { name: &self.entity.reference, component, class, room: self.entity.room.as_deref() }
    }

    pub fn risk(&self, limit: &Limit) -> Option<Risk> {
        let (component, class) = self.kind();
        let hot = limit.hot(component);
        let of = |(property, value): (&Property, &Value)| Risk::of((component, class), *property, value, hot);
        let written = self.values.iter().find_map(of);
        written.or_else(|| Risk::worst(component, class).filter(|_| self.reckoned))
    }
}

/// All that the steps may move, on whatever way they go. What a filter will find is not known: everything that can be
/// moved so counts.
pub fn concerned<'a>(actions: &'a [Action], home: &'a Home, directory: &'a Directory) -> Vec<Concerned<'a>> {
    let mut wanted = Vec::new();
    sets(home, actions, &mut wanted);
    let mut found = Vec::new();
    for Moves { target, values, reckoned } in wanted {
        let main = main_of(values, reckoned);
        let reckoned = !reckoned.is_empty();
        let mut take = |entity| found.push(Concerned { entity, values, reckoned, main });
        let mut reach = |target: &Target| match target {
            Target::Entity(entity) => directory.movable(entity, main).into_iter().for_each(&mut take),
            Target::Room { room, component } => {
                directory.movable_in(room, *component, Some(main)).into_iter().for_each(&mut take);
            }
            Target::Find(_) => {
                let all = directory.devices().flat_map(|d| directory.entities_of(d));
                all.filter(|e| e.can_move(main)).for_each(&mut take);
            }
            // Its members are looked at one by one.
            Target::Group(_) => {}
        };
        match target {
            Target::Group(key) => home.groups.get(key).iter().flat_map(|g| &g.members).for_each(reach),
            target => reach(target),
        }
    }
    found
}
