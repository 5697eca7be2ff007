//! What follows: trips, clears, moves to the safe state, holds that may come back.

use std::collections::BTreeSet;
use std::time::Duration;

use lares_config::duration_words;
use lares_model::{Body, Causes, Draft, Level, Origin, Timestamp, Write};

use super::judge::Cause;
use super::{AGAIN, Effect, Lock, Moved, Safety};
use crate::safety::memory::Trip;

impl Safety {
    /// Looks at all interlocks as they are now.
    pub fn review_all(&mut self, now: Timestamp) {
        self.touched = !self.locks.is_empty();
        let keys: Vec<_> = self.locks.keys().cloned().collect();
        for key in keys {
            let Some(mut lock) = self.locks.remove(&key) else { continue };
            self.review(&mut lock, now);
            self.locks.insert(key, lock);
        }
    }

    /// When the next look is due by time alone.
    pub fn next_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        self.locks.values().filter_map(|l| self.deadline(l, now)).min()
    }

    fn review(&mut self, lock: &mut Lock, now: Timestamp) {
        let causes = self.causes(lock, false, now);
        let latches = causes.iter().any(|c| c.latches);
        let latched = lock.memory.tripped.as_ref().map(|t| t.latched);
        match (causes.first(), latched) {
            (Some(cause), None) => self.trip(lock, cause, latches, now),
            // It was tripped by something that passes, and is by something that does not.
            (Some(_), Some(false)) if latches => {
                if let Some(cause) = causes.iter().find(|c| c.latches) {
                    self.trip(lock, cause, true, now);
                }
            }
            (None, Some(false)) => {
                let was = lock.memory.tripped.take();
                let reason = was.map(|t| t.reason).unwrap_or_default();
                let body = Body::InterlockCleared { interlock: lock.key.clone(), reason };
                let draft = Draft::new(lock.subject(), Origin::Interlock(lock.key.clone()), body);
                let writes = vec![lock.memory.write(&lock.key)];
                self.effects.push(Effect::Tell { draft, writes, moves: Vec::new() });
            }
            _ => {}
        }
        if lock.memory.tripped.is_some() {
            // It was told, and has not gone: once more.
            let again = lock.memory.runs() && lock.moved.is_some_and(|t| now >= t + AGAIN);
            // It came up, or was moved, while it must be safe.
            let anew = lock.memory.on_since.is_some() && lock.moved.is_none();
            if again || anew {
                let moves = lock.to_safe(causes.iter().any(|c| c.all));
                lock.moved = (!moves.is_empty()).then_some(now);
                let told = moves.into_iter().map(|moved| Effect::Move { moved, causes: Causes::new() });
                self.effects.extend(told);
            }
        } else {
            lock.moved = None;
        }
        self.owed(lock, now);
        self.remind(lock, now);
        // Only what may come about now: one that is refused again would have this interlock looked at again, and so on.
        let (barred, free) =
            std::mem::take(&mut lock.denied).into_iter().partition(|p| self.against(lock, *p, now).is_some());
        lock.denied = barred;
        self.reveal(lock, &free);
    }

    fn trip(&mut self, lock: &mut Lock, cause: &Cause, latched: bool, now: Timestamp) {
        let since = lock.memory.tripped.as_ref().map_or(now, |t| t.since);
        lock.memory.tripped = Some(Trip { reason: cause.reason.clone(), since, latched });
        let body =
            Body::InterlockTripped { interlock: lock.key.clone(), reason: cause.reason.clone(), latched };
        let draft = Draft::new(lock.subject(), Origin::Interlock(lock.key.clone()), body)
            .caused_by(cause.events.iter().copied());
        let (writes, moves) = (vec![lock.memory.write(&lock.key)], lock.to_safe(cause.all));
        // Nobody can be told before the device is there.
        lock.moved = (!moves.is_empty()).then_some(now);
        self.effects.push(Effect::Tell { draft, writes, moves });
        lock.denied = (0..lock.things.len()).collect();
    }

    /// A wish for the safe state that waited for `min_on`.
    fn owed(&mut self, lock: &mut Lock, now: Timestamp) {
        if lock.memory.owed.is_none_or(|due| due > now) {
            return;
        }
        let reason = "`min_on` is over: what was wished is done now".to_owned();
        // At the level of who wished it at most: whoever holds it stays before it.
        let moved = lock.to_safe(false).into_iter().map(|m| Moved {
            level: Level::Default,
            reason: reason.clone(),
            ..m
        });
        self.effects.extend(moved.map(|moved| Effect::Move { moved, causes: Causes::new() }));
        lock.memory.owed = None;
    }

    /// Somebody is waited for, and has been for long.
    fn remind(&mut self, lock: &mut Lock, now: Timestamp) {
        if lock.reminds_at().is_none_or(|at| at > now) {
            return;
        }
        let Some(trip) = lock.memory.tripped.clone() else { return };
        lock.memory.reminded = Some(now);
        let waited = Duration::from_secs(now.since(trip.since).as_secs());
        let text = format!(
            "{} has waited for somebody for {}: {} (lares ack {})",
            lock.set.name,
            duration_words(waited),
            trip.reason,
            lock.key
        );
        let draft = Draft::new(lock.subject(), Origin::Interlock(lock.key.clone()), Body::Notice { text });
        let writes = vec![lock.memory.write(&lock.key)];
        self.effects.push(Effect::Tell { draft, writes, moves: Vec::new() });
    }

    /// What was held back may be looked at again.
    fn reveal(&mut self, lock: &Lock, places: &BTreeSet<usize>) {
        let reason = format!("{} allows it", lock.source);
        for entity in places.iter().filter_map(|p| lock.things.get(*p)?.as_ref()) {
            let moved = Moved { to: None, reason: reason.clone(), ..lock.moved(*entity) };
            self.effects.push(Effect::Move { moved, causes: Causes::new() });
        }
    }

    /// A person clears a latch. Gives what is to be told and kept, before anything else of this interlock is.
    ///
    /// # Errors
    /// There is no such interlock, it is not latched, or its condition still holds: in words.
    pub fn acknowledge(
        &mut self,
        key: &str,
        origin: Origin,
        now: Timestamp,
    ) -> Result<(Draft, Vec<Write>), String> {
        let unknown = |all: &Self| {
            let known: Vec<&str> = all.locks.keys().map(|k| &**k).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            format!("there is no interlock `{key}`; there is {known}")
        };
        let Some(lock) = self.locks.get_mut(key) else { return Err(unknown(self)) };
        if !lock.memory.tripped.as_ref().is_some_and(|t| t.latched) {
            return Err(format!("interlock `{key}` is not latched: there is nothing to acknowledge"));
        }
        // What it waited for is said by this.
        lock.memory.opened = lock.set.gate.is_some();
        let Some(mut lock) = self.locks.remove(key) else { return Err(unknown(self)) };
        // Running in vain, or for too long, is over once it is off.
        if let Some(cause) = self.causes(&lock, true, now).into_iter().next() {
            lock.memory.opened = false;
            self.locks.insert(lock.key.clone(), lock);
            return Err(format!("interlock `{key}` stays tripped: {}", cause.reason));
        }
        lock.memory.reminded = None;
        let reason = lock.memory.tripped.take().map(|t| t.reason).unwrap_or_default();
        let body = Body::InterlockAcknowledged { interlock: lock.key.clone(), reason };
        let writes = vec![lock.memory.write(&lock.key)];
        let draft = Draft::new(lock.subject(), origin, body);
        self.review(&mut lock, now);
        self.locks.insert(lock.key.clone(), lock);
        Ok((draft, writes))
    }
}

impl Lock {
    fn moved(&self, entity: lares_model::NodeId) -> Moved {
        Moved {
            entity,
            property: self.set.property,
            to: self.set.safe.clone(),
            source: self.source.clone(),
            key: self.key.clone(),
            level: self.set.level,
            reason: self.memory.tripped.as_ref().map(|t| t.reason.clone()).unwrap_or_default(),
        }
    }

    /// When it is told again that somebody is waited for.
    pub(super) fn reminds_at(&self) -> Option<Timestamp> {
        let trip = self.memory.tripped.as_ref().filter(|t| t.latched)?;
        Some(self.memory.reminded.unwrap_or(trip.since) + self.set.remind?)
    }

    fn to_safe(&self, all: bool) -> Vec<Moved> {
        let most = if all { self.things.len() } else { 1 };
        self.things.iter().take(most).flatten().map(|entity| self.moved(*entity)).collect()
    }
}
