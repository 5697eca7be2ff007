//! Bounds on one property, from the highest level down.

use std::sync::Arc;
use std::time::Duration;

use lares_config::duration_words;
use lares_model::{Bound, Level, NodeId, Property, Timestamp, Value};

use super::{Lock, Safety, tolerance};

pub(super) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What an interlock allows at this moment, and why.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Standing {
    pub level: Level,
    pub source: Arc<str>,
    pub bound: Bound,
    pub reason: String,
}

/// A limit of times and counts that holds a start back.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Limit {
    pub reason: String,
    /// When it is over by itself.
    pub until: Option<Timestamp>,
}

impl Safety {
    /// What times and counts say against the thing at `place` going out of its safe state. `runs`: it is out of it already.
    pub(super) fn limit(&self, lock: &Lock, place: usize, runs: bool, now: Timestamp) -> Option<Limit> {
        let (set, memory) = (&lock.set, &lock.memory);
        let after = |until: Timestamp, why: String| {
            let left = Duration::from_secs(until.since(now).as_secs().max(1));
            let reason = format!("{why}, allowed again in {}", duration_words(left));
            (until > now).then_some(Limit { reason, until: Some(until) })
        };
        let own = place == 0;
        let boot = set
            .boot_delay
            .filter(|_| own)
            .and_then(|d| after(self.began + d, "the household has just started".into()));
        let others = || {
            let name = lock.refs().nth(place)?.to_string();
            let own = (place != 0 && memory.runs()).then(|| set.of.to_string());
            let other = own.or_else(|| memory.others_on.iter().find(|o| **o != name).cloned())?;
            Some(Limit { reason: format!("not together with {other}"), until: None })
        };
        if let Some(limit) = boot.or_else(others) {
            return Some(limit);
        }
        if runs || !own {
            return None;
        }
        let rest = set
            .min_off
            .zip(memory.off_since)
            .and_then(|(d, off)| after(off + d, format!("at least {} off (`min_off`)", duration_words(d))));
        let counted = |most: Option<u32>, length: Duration, per: &str| {
            let most = most? as usize;
            let within = memory.starts.iter().filter(|t| now < **t + length).count();
            let oldest = memory.starts.iter().rev().nth(most.checked_sub(1)?)?;
            (within >= most)
                .then(|| after(*oldest + length, format!("{most} starts {per} (`max_starts`)")))?
        };
        let worn = lock.worn_out(now).and_then(|(until, why)| after(until, why));
        let hour = || counted(set.max_starts.per_hour, HOUR, "an hour");
        let day = || counted(set.max_starts.per_day, DAY, "a day");
        [rest, worn, hour(), day()].into_iter().flatten().max_by_key(|l| l.until)
    }

    /// All bounds that stand on a property, the strongest first. `runs`: it is out of its safe state already.
    pub(super) fn standing(&self, entity: NodeId, property: Property, now: Timestamp) -> Vec<Standing> {
        let mut all = Vec::new();
        for lock in self.locks.values() {
            let Some(place) = lock.place(entity, property) else { continue };
            let standing = |bound, reason| Standing {
                level: lock.set.level,
                source: lock.source.clone(),
                bound,
                reason,
            };
            if let (Some(limits), 0) = (lock.set.bound, place) {
                let (min, max) = (limits.min.unwrap_or(f64::MIN), limits.max.unwrap_or(f64::MAX));
                all.push(standing(Bound::Range { min, max }, format!("{limits} (`bound`)")));
            }
            let Some(safe) = lock.set.safe.clone() else { continue };
            if let Some(reason) = self.against(lock, place, now) {
                all.push(standing(Bound::Only(safe), reason));
            }
        }
        all.sort_by(|a, b| (a.level, &a.source).cmp(&(b.level, &b.source)));
        all
    }

    /// Why the thing at `place` must be in its safe state now; `None`: it need not.
    pub(super) fn against(&self, lock: &Lock, place: usize, now: Timestamp) -> Option<String> {
        if let Some(trip) = lock.memory.tripped.as_ref().filter(|_| place == 0) {
            return Some(trip.reason.clone());
        }
        let runs = if place == 0 { lock.memory.on_since.is_some() } else { false };
        // What runs has its grace; what would begin is looked at strictly.
        let causes = self.causes(lock, !runs, now);
        let cause = causes.into_iter().find(|c| place == 0 || c.all).map(|c| c.reason);
        cause.or_else(|| self.limit(lock, place, runs, now).map(|l| l.reason))
    }
}

/// What is allowed by all of them; one that leaves nothing is passed over, and told.
pub(super) fn intersect(
    all: &[Standing],
    property: Property,
) -> (Vec<&Standing>, Vec<(&Standing, &Standing)>) {
    let (mut kept, mut lost): (Vec<&Standing>, Vec<(&Standing, &Standing)>) = (Vec::new(), Vec::new());
    for one in all {
        let against = kept.iter().find(|k| !compatible(&k.bound, &one.bound, property)).copied();
        match against {
            Some(stronger) => lost.push((stronger, one)),
            None => kept.push(one),
        }
    }
    (kept, lost)
}

/// Whether there is a value that both allow.
fn compatible(a: &Bound, b: &Bound, property: Property) -> bool {
    match (a, b) {
        (Bound::Range { min, max }, Bound::Range { min: low, max: high }) => min.max(*low) <= max.min(*high),
        (Bound::Only(a), Bound::Only(b)) => a.meets(b, tolerance(property)),
        (range @ Bound::Range { .. }, Bound::Only(v)) | (Bound::Only(v), range @ Bound::Range { .. }) => {
            allows(range, v, property)
        }
    }
}

/// Whether a bound allows a value. A range says nothing of what is no number.
pub(super) fn allows(bound: &Bound, value: &Value, property: Property) -> bool {
    match bound {
        Bound::Range { min, max } => value.as_number().is_none_or(|n| *min <= n && n <= *max),
        Bound::Only(only) => value.meets(only, tolerance(property)),
    }
}
