//! What things do: told to go, seen to be.

use lares_config::{MaxRun, MaxStarts};
use lares_model::{Causes, EventId, NodeId, Property, Timestamp, Value, Write};

use super::bounds::DAY;
use super::{Effect, Lock, Measured, Safety};

/// A measurement as it is told.
pub struct Told<'a> {
    pub value: Option<&'a Value>,
    pub at: Timestamp,
    pub event: Option<EventId>,
    /// The wire had kept it for whoever comes late.
    pub kept: bool,
}

impl Safety {
    /// A thing is told to have a value now.
    pub(super) fn commanded(
        &mut self,
        entity: NodeId,
        property: Property,
        value: &Value,
        now: Timestamp,
    ) -> Vec<Write> {
        let starts_at: Vec<(std::sync::Arc<str>, Option<f64>)> = self.measured_at_start();
        let mut writes = Vec::new();
        for lock in self.locks.values_mut() {
            let Some(place) = lock.place(entity, property).filter(|_| lock.set.safe.is_some()) else {
                continue;
            };
            let before = lock.memory.clone();
            match (place, lock.is_safe(value)) {
                (0, true) => lock.stops(now),
                (0, false) => {
                    let from = starts_at.iter().find(|(key, _)| *key == lock.key).and_then(|(_, from)| *from);
                    lock.starts(from, now);
                }
                // One that is told to go counts as going until it says that it does not.
                (_, true) => {}
                (_, false) => lock.other(place, true),
            }
            if lock.memory != before {
                writes.push(lock.memory.write(&lock.key));
            }
        }
        self.review_all(now);
        writes
    }

    /// A thing says what it is, and nothing else is under way to it. Gives what is to be kept in the commit of the reading.
    pub fn observed(
        &mut self,
        entity: NodeId,
        property: Property,
        value: &Value,
        now: Timestamp,
    ) -> Vec<Write> {
        let starts_at = self.measured_at_start();
        // Somebody's hand, or what was so when it came up. What was told to go and has not is told again in its time.
        let going = |l: &Lock| l.place(entity, property).is_some_and(|place| l.goes(place));
        if !self.locks.values().any(going)
            && let Some(moved) = self.objection(entity, property, value, now)
        {
            self.effects.push(Effect::Move { moved, causes: Causes::new() });
        }
        let mut writes = Vec::new();
        for lock in self.locks.values_mut() {
            let Some(place) = lock.place(entity, property).filter(|_| lock.set.safe.is_some()) else {
                continue;
            };
            let before = lock.memory.clone();
            match (place, lock.is_safe(value)) {
                (0, true) => {
                    if lock.memory.on_since.is_some() {
                        lock.stops(now);
                    }
                    (lock.memory.out_since, lock.memory.from) = (None, None);
                }
                (0, false) => {
                    if let Some(since) = lock.memory.out_since.filter(|_| lock.memory.leaves()) {
                        // It did not obey: it runs as long as it ran.
                        lock.memory.on_since = Some(since);
                        lock.memory.ran.retain(|(from, _)| *from < since);
                    }
                    let from = starts_at.iter().find(|(key, _)| *key == lock.key).and_then(|(_, from)| *from);
                    lock.starts(from, now);
                }
                (_, safe) => lock.other(place, !safe),
            }
            if lock.memory != before {
                writes.push(lock.memory.write(&lock.key));
            }
        }
        if !writes.is_empty() {
            self.review_all(now);
        }
        writes
    }

    /// A thing says what it is while a command is under way to it. That it rests before it is to go on is rest all the same: what
    /// watches how long it runs counts from the command.
    pub fn passed(&mut self, entity: NodeId, property: Property, value: &Value) -> Vec<Write> {
        let starts_at = self.measured_at_start();
        let mut writes = Vec::new();
        for lock in self.locks.values_mut() {
            let rests =
                lock.place(entity, property) == Some(0) && lock.set.safe.is_some() && lock.is_safe(value);
            let told =
                lock.memory.on_since.filter(|_| rests && lock.memory.out_since != lock.memory.on_since);
            let Some(told) = told else { continue };
            lock.memory.out_since = Some(told);
            lock.memory.from = starts_at.iter().find(|(key, _)| *key == lock.key).and_then(|(_, from)| *from);
            writes.push(lock.memory.write(&lock.key));
        }
        self.touched |= !writes.is_empty();
        writes
    }

    /// A measurement came in.
    pub fn heard_of(&mut self, entity: NodeId, property: Property, told: &Told<'_>, now: Timestamp) {
        if !self.inputs.values().any(|i| *i == (entity, property)) {
            return;
        }
        let known = self.measured.get(&(entity, property)).filter(|m| m.value.is_some());
        // That a broker kept it makes a measurement no younger.
        let at = known.filter(|_| told.kept).map_or(told.at, |m| m.at);
        let same = known.filter(|m| m.value.as_ref() == told.value).map(|m| m.since);
        let (value, since) = (told.value.cloned(), same.unwrap_or(at));
        let measured = Measured { value, at, event: told.event, lost: None, since };
        self.measured.insert((entity, property), measured);
        self.review_all(now);
    }

    /// Whether an entity can be heard.
    pub fn reach(&mut self, entity: NodeId, reachable: bool, now: Timestamp) {
        let mut changed = false;
        for (_, measured) in self.measured.iter_mut().filter(|((id, _), _)| *id == entity) {
            let lost = (!reachable).then(|| measured.lost.unwrap_or(now));
            changed |= lost != measured.lost;
            measured.lost = lost;
        }
        if changed {
            self.review_all(now);
        }
    }

    /// What running must move, as it is now, by interlock.
    fn measured_at_start(&self) -> Vec<(std::sync::Arc<str>, Option<f64>)> {
        let number = |l: &Lock| {
            let input = &l.set.ineffective.as_ref()?.input;
            Some((l.key.clone(), self.input(input).and_then(|m| m.value.as_ref()?.as_number())))
        };
        self.locks.values().filter_map(number).collect()
    }
}

impl Lock {
    /// Whether the thing at `place` is known to be out of its safe state.
    fn goes(&self, place: usize) -> bool {
        match place {
            0 => self.memory.runs(),
            _ => self.refs().nth(place).is_some_and(|name| self.memory.others_on.contains(&name.to_string())),
        }
    }

    fn starts(&mut self, from: Option<f64>, now: Timestamp) {
        let memory = &mut self.memory;
        memory.owed = None;
        if memory.on_since.is_some() {
            return;
        }
        memory.on_since = Some(now);
        if memory.out_since.is_none() {
            (memory.out_since, memory.from) = (Some(now), from);
        } else if let Some((_, to)) = memory.ran.last_mut() {
            // Nobody knows that it rested meanwhile.
            *to = now;
        }
        let MaxStarts { per_hour, per_day } = self.set.max_starts;
        if per_hour.is_none() && per_day.is_none() {
            return;
        }
        memory.starts.push(now);
        memory.starts.retain(|t| now < *t + DAY);
        let most = per_hour.max(per_day).unwrap_or(0) as usize;
        let beyond = memory.starts.len().saturating_sub(most);
        memory.starts.drain(..beyond);
    }

    fn stops(&mut self, now: Timestamp) {
        let memory = &mut self.memory;
        memory.owed = None;
        if let Some(since) = memory.on_since.take() {
            memory.off_since = Some(now);
            memory.opened = false;
            if self.set.max_run != MaxRun::default() {
                memory.ran.push((since, now));
                memory.ran.retain(|(_, to)| now < *to + DAY);
            }
        }
    }

    fn other(&mut self, place: usize, on: bool) {
        let Some(name) = self.refs().nth(place).map(ToString::to_string) else { return };
        let all = &mut self.memory.others_on;
        all.retain(|o| *o != name);
        if on {
            all.push(name);
            all.sort();
        }
    }
}
