//! A device asks in the step of its decision; what is allowed is noted in the same step.

use std::sync::Arc;

use lares_config::duration_words;
use lares_model::{Body, Bound, Draft, Level, NodeId, Origin, Property, Rival, Timestamp, Value, Write};

use super::bounds::{allows, intersect};
use super::{Effect, Moved, Safety};

/// A wish on a property.
pub struct Asked<'a> {
    pub entity: NodeId,
    pub property: Property,
    pub value: &'a Value,
    pub level: Level,
    pub now: Timestamp,
}

/// What becomes of it.
#[derive(Clone, PartialEq, Debug)]
pub enum Ruling {
    /// Nobody objects.
    Free,
    /// This value instead, for these reasons.
    Clamped {
        value: Value,
        by: Arc<str>,
    },
    Denied {
        by: Arc<str>,
    },
}

impl Safety {
    /// Rules on a wish. `already(value)`: the thing surely has that value, so that nothing would be sent. Also gives the bounds that
    /// stand, for the record, and what must be kept in the commit of the decision.
    pub fn ask(
        &mut self,
        asked: &Asked<'_>,
        already: impl Fn(&Value) -> bool,
    ) -> (Ruling, Vec<Rival>, Vec<Write>) {
        let Asked { entity, property, value, level, now } = *asked;
        let all = self.standing(entity, property, now);
        let (kept, lost) = intersect(&all, property);
        let contradictions: Vec<(Arc<str>, String)> = lost
            .iter()
            .map(|(a, b)| {
                (
                    b.source.clone(),
                    format!("{} ({}) leaves nothing to {} ({})", a.source, a.reason, b.source, b.reason),
                )
            })
            .collect();
        let mut rivals: Vec<Rival> = kept
            .iter()
            .filter_map(|s| match &s.bound {
                Bound::Only(only) => {
                    Some(Rival { source: s.source.clone(), level: s.level, value: only.clone() })
                }
                Bound::Range { .. } => None,
            })
            .collect();
        let words = |source: &str, level: Level, reason: &str| -> Arc<str> {
            format!("{source} ({}): {reason}", level.name()).into()
        };
        let mut ruling = Ruling::Free;
        let mut allowed = value.clone();
        let mut denied_by: Option<Arc<str>> = None;
        // A bound clamps its own level and all below, nothing above.
        for standing in kept.iter().filter(|s| s.level <= level) {
            if allows(&standing.bound, &allowed, property) {
                continue;
            }
            let by = words(&standing.source, standing.level, &standing.reason);
            match (&standing.bound, allowed.as_number()) {
                (Bound::Range { min, max }, Some(n)) => {
                    allowed = Value::Number(n.max(*min).min(*max));
                    let (source, level) = (standing.source.clone(), standing.level);
                    rivals.push(Rival { source, level, value: allowed.clone() });
                    let by = format!("{by}, brought to {allowed}").into();
                    ruling = Ruling::Clamped { value: allowed.clone(), by };
                }
                _ => {
                    ruling = Ruling::Denied { by };
                    denied_by = Some(standing.source.clone());
                    break;
                }
            }
        }
        let mut writes = Vec::new();
        if let Some(by) =
            self.holds_back(asked, kept.iter().any(|s| matches!(s.bound, Bound::Only(_))), &mut writes)
        {
            ruling = Ruling::Denied { by };
        }
        let denied = matches!(ruling, Ruling::Denied { .. });
        if denied {
            self.note_denied(denied_by.as_deref(), entity, property);
            self.touched = true;
        } else if !already(&allowed) {
            writes.extend(self.commanded(entity, property, &allowed, now));
        }
        self.contradict(contradictions);
        (ruling, rivals, writes)
    }

    /// Whether `min_on` holds back an ordinary wish for the safe state: it is carried out when that is over. People, hands and
    /// interlocks are never held back.
    fn holds_back(
        &mut self,
        asked: &Asked<'_>,
        must_be_safe: bool,
        writes: &mut Vec<Write>,
    ) -> Option<Arc<str>> {
        if asked.level <= Level::Person || must_be_safe {
            return None;
        }
        let mut found = None;
        for lock in self.locks.values_mut() {
            let own = lock.place(asked.entity, asked.property) == Some(0);
            let Some((least, since)) = lock.set.min_on.zip(lock.memory.on_since).filter(|_| own) else {
                continue;
            };
            let over = since + least;
            if !lock.is_safe(asked.value) || over <= asked.now {
                continue;
            }
            if lock.memory.owed != Some(over) {
                lock.memory.owed = Some(over);
                writes.push(lock.memory.write(&lock.key));
            }
            let left = duration_words(std::time::Duration::from_secs(over.since(asked.now).as_secs().max(1)));
            let reason = format!("at least {} on (`min_on`), it follows in {left}", duration_words(least));
            found = Some(format!("{} ({}): {reason}", lock.source, lock.set.level.name()).into());
        }
        found
    }

    /// What must be made of a value that a thing came to without being told, if it may not have it.
    pub(super) fn objection(
        &self,
        entity: NodeId,
        property: Property,
        value: &Value,
        now: Timestamp,
    ) -> Option<Moved> {
        let all = self.standing(entity, property, now);
        let (kept, _) = intersect(&all, property);
        let (mut to, mut by) = (value.clone(), None);
        for standing in kept.iter().filter(|s| s.level <= Level::PhysicalSwitch) {
            if allows(&standing.bound, &to, property) {
                continue;
            }
            by = Some(standing);
            match (&standing.bound, to.as_number()) {
                (Bound::Range { min, max }, Some(n)) => to = Value::Number(n.max(*min).min(*max)),
                (Bound::Only(safe), _) => to = safe.clone(),
                (Bound::Range { .. }, None) => {}
            }
        }
        let by = by?;
        let key: Arc<str> = by.source.strip_prefix("interlock:")?.into();
        let (source, level, reason) = (by.source.clone(), by.level, by.reason.clone());
        Some(Moved { entity, property, to: Some(to), source, key, level, reason })
    }

    fn note_denied(&mut self, by: Option<&str>, entity: NodeId, property: Property) {
        for lock in self.locks.values_mut().filter(|l| by == Some(&*l.source)) {
            let place = lock.place(entity, property);
            lock.denied.extend(place);
        }
    }

    /// An alarm, once for as long as it is so.
    fn contradict(&mut self, found: Vec<(Arc<str>, String)>) {
        for lock in self.locks.values_mut() {
            let against = found.iter().find(|(source, _)| *source == lock.source);
            let before = std::mem::replace(&mut lock.contradicts, against.is_some());
            if let (Some((_, reason)), false) = (against, before) {
                let body = Body::Problem { place: lock.source.to_string(), reason: reason.clone() };
                let draft = Draft::new(lock.subject(), Origin::Interlock(lock.key.clone()), body);
                self.effects.push(Effect::Tell { draft, writes: Vec::new(), moves: Vec::new() });
            }
        }
    }
}
