//! All interlocks and what they know. Pure: what happened and the time come in, rulings and effects come out.

mod ask;
mod bounds;
mod judge;
mod motion;
mod review;
mod total;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use lares_config::{EntityRef, Home, Input, Interlock};
use lares_model::{Causes, Draft, EventId, Level, NodeId, Property, Timestamp, Value, Write};

use super::memory::Memory;
use crate::Directory;

pub use ask::{Asked, Ruling};
pub use motion::Told;

/// An input that cannot be heard for so long counts as failed; what is to begin anew is refused at once.
pub const UNHEARD: Duration = Duration::from_secs(60);
/// What does not go to its safe state is told so again after this.
pub const AGAIN: Duration = Duration::from_secs(60);

/// Something to be done.
#[derive(Debug)]
pub enum Effect {
    /// Told first; what follows has it as its cause.
    Tell {
        draft: Draft,
        writes: Vec<Write>,
        moves: Vec<Moved>,
    },
    Move {
        moved: Moved,
        causes: Causes,
    },
}

/// What a device is told.
#[derive(Clone, PartialEq, Debug)]
pub struct Moved {
    pub entity: NodeId,
    pub property: Property,
    /// `None`: what is held on it may come into its own again.
    pub to: Option<Value>,
    /// `interlock:pump`.
    pub source: Arc<str>,
    pub key: Arc<str>,
    pub level: Level,
    pub reason: String,
}

/// A measurement as it was last told.
#[derive(Clone, PartialEq, Debug)]
struct Measured {
    value: Option<Value>,
    at: Timestamp,
    event: Option<EventId>,
    /// Since when it cannot be heard.
    lost: Option<Timestamp>,
    /// Since when it is what it is, as far as that was heard.
    since: Timestamp,
}

/// One interlock at work.
struct Lock {
    key: Arc<str>,
    /// `interlock:pump`.
    source: Arc<str>,
    set: Arc<Interlock>,
    /// Its own thing first, then those that it excludes; `None` until the device is there.
    things: Vec<Option<NodeId>>,
    memory: Memory,
    /// Of which of its things wishes were held back: when nothing speaks against one any more, what is held on it is looked at again.
    denied: BTreeSet<usize>,
    /// When its thing was last told to be safe.
    moved: Option<Timestamp>,
    /// An alarm was raised that nothing satisfies it and another one.
    contradicts: bool,
}

impl Lock {
    fn is_safe(&self, value: &Value) -> bool {
        self.set.safe.as_ref().is_some_and(|safe| value.meets(safe, tolerance(self.set.property)))
    }

    /// Of which of its things an entity is, if of any.
    fn place(&self, entity: NodeId, property: Property) -> Option<usize> {
        if self.set.property != property {
            return None;
        }
        self.things.iter().position(|t| *t == Some(entity))
    }

    fn refs(&self) -> impl Iterator<Item = &EntityRef> {
        std::iter::once(&self.set.of).chain(&self.set.exclusive)
    }

    /// The node that its events are about.
    fn subject(&self) -> NodeId {
        self.things.first().copied().flatten().unwrap_or_else(|| NodeId::derive("interlock", &self.key))
    }
}

fn tolerance(property: Property) -> f64 {
    crate::devices::tolerance(property)
}

/// The interlocks of a household.
#[derive(Default)]
pub struct Safety {
    locks: BTreeMap<Arc<str>, Lock>,
    measured: BTreeMap<(NodeId, Property), Measured>,
    /// Inputs as the home names them, and what they are, once their device is there.
    inputs: BTreeMap<String, (NodeId, Property)>,
    /// When this life began.
    began: Timestamp,
    effects: Vec<Effect>,
    /// Deadlines may have moved.
    touched: bool,
}

impl Safety {
    /// Takes the interlocks of a home. `memories`: what was kept, by key; else what is in memory stays.
    pub fn configure(&mut self, home: &Home, memories: Option<BTreeMap<String, Memory>>, now: Timestamp) {
        let first = memories.is_some();
        if first {
            self.began = now;
        }
        let mut old = std::mem::take(&mut self.locks);
        for (key, set) in &home.interlocks {
            let kept = memories.as_ref().and_then(|all| all.get(key)).cloned();
            let before = old.remove(key.as_str());
            let same =
                before.as_ref().is_some_and(|b| b.set.of == set.of && b.set.exclusive == set.exclusive);
            let memory = kept.or(before.as_ref().map(|b| b.memory.clone())).unwrap_or_default();
            let things = match before {
                Some(before) if same => before.things,
                _ => vec![None; 1 + set.exclusive.len()],
            };
            let lock = Lock {
                key: key.as_str().into(),
                source: format!("interlock:{key}").into(),
                set: Arc::new(set.clone()),
                things,
                memory,
                denied: (0..=set.exclusive.len()).collect(),
                moved: None,
                contradicts: false,
            };
            self.locks.insert(lock.key.clone(), lock);
        }
        self.review_all(now);
    }

    /// A device is there, or is called otherwise: finds what interlocks name of it.
    pub fn attend(&mut self, device: &str, directory: &Directory, now: Timestamp) {
        for lock in self.locks.values_mut() {
            let property = lock.set.property;
            let refs: Vec<EntityRef> = lock.refs().cloned().collect();
            let of_it = refs.iter().enumerate().filter(|(_, e)| e.device == device);
            for (place, entity) in of_it {
                lock.things[place] = directory.movable(entity, property).map(|e| e.id);
                lock.denied.insert(place);
            }
            for input in lock.set.inputs().filter(|i| i.entity.device == device) {
                let found = directory.resolve(&input.entity, input.property);
                match found {
                    Some(found) => {
                        self.inputs.insert(input.to_string(), (found.entity, found.property));
                    }
                    None => drop(self.inputs.remove(&input.to_string())),
                }
            }
        }
        self.review_all(now);
    }

    /// The clock was set to another time: what lasts goes on for as long as it would have.
    pub fn shift(&mut self, by: i64) {
        let later = |at: &mut Timestamp| at.0 = at.0.saturating_add(by);
        later(&mut self.began);
        for lock in self.locks.values_mut() {
            let memory = &mut lock.memory;
            let all = [&mut memory.on_since, &mut memory.out_since, &mut memory.off_since, &mut memory.owed];
            let ran = memory.ran.iter_mut().flat_map(|(from, to)| [from, to]);
            let all = all.into_iter().flatten().chain(&mut memory.starts).chain(&mut lock.moved).chain(ran);
            all.chain(&mut memory.reminded).for_each(later);
        }
        for measured in self.measured.values_mut() {
            later(&mut measured.at);
            later(&mut measured.since);
            measured.lost.iter_mut().for_each(later);
        }
        self.touched = true;
    }

    pub fn is_empty(&self) -> bool {
        self.locks.is_empty()
    }

    /// Something is to be done, or may have to be at another time than before.
    pub fn wants_a_look(&self) -> bool {
        self.touched || !self.effects.is_empty()
    }

    pub fn take_effects(&mut self) -> Vec<Effect> {
        self.touched = false;
        std::mem::take(&mut self.effects)
    }

    /// What is kept of an interlock.
    pub fn memory(&self, key: &str) -> Option<&Memory> {
        self.locks.get(key).map(|l| &l.memory)
    }

    /// Things that interlocks guard, with the safe state of the first that declares one: what a lease is worth without renewal.
    pub fn guarded(&self, entity: NodeId) -> Vec<(Property, Value, Arc<str>, Level)> {
        let safe = |l: &Lock| {
            let is = l.things.contains(&Some(entity));
            let safe = l.set.safe.clone().filter(|_| is)?;
            Some((l.set.property, safe, l.source.clone(), l.set.level))
        };
        let mut all: Vec<_> = self.locks.values().filter_map(safe).collect();
        all.sort_by_key(|(property, _, _, level)| (*property, *level));
        all.dedup_by_key(|(property, ..)| *property);
        all
    }

    /// Devices whose leases are renewed.
    pub fn devices(&self) -> BTreeSet<String> {
        self.locks.values().flat_map(|l| l.refs().map(|e| e.device.clone())).collect()
    }

    fn input(&self, input: &Input) -> Option<&Measured> {
        self.measured.get(self.inputs.get(&input.to_string())?)
    }
}
