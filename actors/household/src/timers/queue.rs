//! Timers in order of their due time. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use lares_model::{Missed, Timer, Timestamp};

type Key = (Arc<str>, Arc<str>);

/// What to do with a timer whose time has come.
#[derive(Clone, PartialEq, Debug)]
pub enum Due {
    Fire {
        timer: Timer,
        late: Duration,
    },
    /// It was missed while nothing ran, and its policy is to say so only.
    Report {
        timer: Timer,
        late: Duration,
    },
}

impl Due {
    /// When its time came.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Fire { timer, .. } | Self::Report { timer, .. } => timer.due,
        }
    }
}

/// The waiting timers.
#[derive(Default)]
pub struct TimerQueue {
    by_key: BTreeMap<Key, Timer>,
    by_due: BTreeSet<(Timestamp, Key)>,
}

impl TimerQueue {
    pub fn set(&mut self, timer: Timer) {
        let key = (timer.owner.clone(), timer.name.clone());
        self.clear(&key.0, &key.1);
        self.by_due.insert((timer.due, key.clone()));
        self.by_key.insert(key, timer);
    }

    pub fn clear(&mut self, owner: &Arc<str>, name: &Arc<str>) {
        let key = (owner.clone(), name.clone());
        if let Some(old) = self.by_key.remove(&key) {
            self.by_due.remove(&(old.due, key));
        }
    }

    /// All come due so many microseconds later; gives them as they are now.
    pub fn shift(&mut self, by: i64) -> Vec<Timer> {
        let mut all: Vec<Timer> = std::mem::take(self).by_key.into_values().collect();
        for timer in &mut all {
            timer.due = Timestamp(timer.due.0.saturating_add(by));
            self.set(timer.clone());
        }
        all
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.by_due.first().map(|(due, _)| *due)
    }

    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Takes the timers that are due, in order. `missed_before`: timers due before it came due while nothing ran.
    pub fn take_due(&mut self, now: Timestamp, missed_before: Timestamp) -> Vec<Due> {
        let mut due = Vec::new();
        while let Some((at, key)) = self.by_due.first().cloned().filter(|(at, _)| *at <= now) {
            self.by_due.remove(&(at, key.clone()));
            let Some(timer) = self.by_key.remove(&key) else { continue };
            let late = now.since(at);
            let fires = at >= missed_before
                || match timer.missed {
                    Missed::RunOnce => true,
                    Missed::RunIfWithin(limit) => late <= limit,
                    Missed::Report => false,
                };
            due.push(if fires { Due::Fire { timer, late } } else { Due::Report { timer, late } });
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_model::EventId;

    fn timer(name: &str, due_s: i64, missed: Missed) -> Timer {
        Timer {
            owner: "rule:x".into(),
            name: name.into(),
            due: Timestamp(due_s * 1_000_000),
            length: Duration::from_secs(60),
            missed,
            cause: EventId(1),
        }
    }

    #[test]
    fn timers_fire_in_order_once_and_can_be_replaced_and_cleared() {
        let mut queue = TimerQueue::default();
        queue.set(timer("b", 20, Missed::RunOnce));
        queue.set(timer("a", 10, Missed::RunOnce));
        queue.set(timer("c", 30, Missed::RunOnce));
        queue.set(timer("a", 25, Missed::RunOnce));
        queue.clear(&"rule:x".into(), &"c".into());
        assert_eq!(queue.next_due(), Some(Timestamp(20_000_000)));
        assert_eq!(queue.shift(5_000_000).len(), 2);
        assert_eq!(queue.next_due(), Some(Timestamp(25_000_000)));
        let fired: Vec<String> = queue
            .take_due(Timestamp(40_000_000), Timestamp(0))
            .into_iter()
            .map(|d| match d {
                Due::Fire { timer, .. } | Due::Report { timer, .. } => timer.name.to_string(),
            })
            .collect();
        assert_eq!(fired, ["b", "a"]);
        assert!(queue.is_empty());
    }

    #[test]
    fn what_was_missed_follows_its_policy() {
        let within = Missed::RunIfWithin(Duration::from_secs(60));
        for (due, missed, fires) in [
            (10, Missed::RunOnce, true),
            (10, Missed::Report, false),
            (10, within, false),
            (950, within, true),
            (1000, Missed::Report, true),
        ] {
            let mut queue = TimerQueue::default();
            queue.set(timer("x", due, missed));
            let due = queue.take_due(Timestamp(1_000_000_000), Timestamp(990_000_000));
            assert_eq!(matches!(due[0], Due::Fire { .. }), fires, "{due:?}");
        }
    }
}
