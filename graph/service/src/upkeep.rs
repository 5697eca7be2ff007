//! When the series and the journal are looked after: once a day is over, and at once when what is kept was changed. In small steps
//! between groups, so that nobody waits for more than one.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use lares_kernel::Clock;
use lares_model::{EventId, NodeId, Property, Timestamp};
use lares_store::{KeepFor, Keeping, Store, StoreError, Upkeep};

/// A clock that runs ahead must not take years of data with it: time is believed to have gone on by so much since the
/// newest entry, and by this many times what has passed since the start.
const BELIEVED: Duration = Duration::from_secs(7 * 86_400);
const FASTER: u32 = 168;
/// Microseconds.
const DAY: i64 = 86_400_000_000;
/// A day is over an hour after its end.
const LATE: Duration = Duration::from_secs(3600);
/// Raw samples are kept for two days and roll-ups of five minutes for a month however full it is.
const LEAST: (u32, u32) = (2, 30);
/// What is kept for ever counts as so many days when space is short.
const EVER: u32 = 3652;
/// Below this share of the budget what was given up is kept again.
const AT_EASE: f64 = 0.8;

/// How long the journal's entries are kept as they are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KeptEntries {
    /// Months that are over for so many days are folded together; `None`: never.
    pub archive: Option<u32>,
    /// By the number of their kind: those that are older than so many days go.
    pub kinds: BTreeMap<u16, u32>,
}

/// How long series and the journal are kept, and how much all may take.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Retention {
    pub series: Keeping,
    pub journal: KeptEntries,
    /// Bytes of the file that may hold something; `None`: as many as there are.
    pub budget: Option<u64>,
}

/// Where looking after the series has come to.
pub(crate) struct Care {
    /// Until it is told, nothing goes: what the home says comes seconds after the start.
    retention: Option<Retention>,
    /// The newest entry when the graph was opened, and when that was.
    began: (Option<Timestamp>, Duration),
    /// The day that was seen to last.
    day: Option<i64>,
    next: Option<(NodeId, Property)>,
    running: bool,
    journal: Journal,
    /// The journal's chain does not hold where the next archive would begin: nothing is folded until the next start.
    broken: bool,
    /// By how many days raw samples are kept shorter, for want of space.
    pub squeezed: u32,
    pub over_budget: bool,
    pub done: Upkeep,
}

/// What of the journal a pass has come to, after the series.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Journal {
    /// Not yet.
    Waits,
    /// Old entries go, from this one on.
    Goes(Option<EventId>),
    Folds,
}

/// Midnight of the first of a month, UTC.
fn month(at: Timestamp) -> Timestamp {
    let first = jiff::Timestamp::from_microsecond(at.0).ok().and_then(|at| {
        let date = at.to_zoned(TimeZone::UTC).date().first_of_month();
        date.to_zoned(TimeZone::UTC).ok()
    });
    first.map_or(Timestamp::MIN, |first| Timestamp(first.timestamp().as_microsecond()))
}

fn before(now: Timestamp, days: u32) -> Timestamp {
    Timestamp(now.0.saturating_sub(i64::from(days) * DAY))
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY)
}

impl Care {
    pub fn new(newest: Option<Timestamp>, clock: &dyn Clock) -> Self {
        Self {
            retention: None,
            began: (newest, clock.elapsed()),
            day: None,
            next: None,
            running: false,
            journal: Journal::Waits,
            broken: false,
            squeezed: 0,
            over_budget: false,
            done: Upkeep::default(),
        }
    }

    pub fn set(&mut self, retention: Retention) {
        if self.retention.as_ref() != Some(&retention) {
            (self.retention, self.day) = (Some(retention), None);
        }
    }

    pub fn budget(&self) -> Option<u64> {
        self.retention.as_ref()?.budget
    }

    fn now(&self, clock: &dyn Clock) -> Timestamp {
        let (newest, since) = self.began;
        let now = clock.now();
        let believed = BELIEVED + clock.elapsed().saturating_sub(since) * FASTER;
        newest.map_or(now, |newest| now.min(newest + believed))
    }

    /// Whether there is something to do.
    pub fn is_due(&self, clock: &dyn Clock) -> bool {
        self.running || self.day.is_none_or(|seen| day(self.now(clock) - LATE) > seen)
    }

    /// One step.
    pub fn step(&mut self, store: &Store, clock: &dyn Clock) -> Result<(), StoreError> {
        let now = self.now(clock);
        self.running = true;
        if self.journal != Journal::Waits {
            return self.step_journal(store, now);
        }
        let keeping = self.keeping();
        let did = store.upkeep(now, &keeping, self.next)?;
        self.done.rolled += did.rolled;
        self.done.samples += did.samples;
        self.done.records += did.records;
        self.next = did.next;
        if did.next.is_none() && !did.tail {
            self.journal = Journal::Goes(None);
        }
        Ok(())
    }

    fn step_journal(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let KeptEntries { archive, kinds } = self.retention.clone().unwrap_or_default().journal;
        match self.journal {
            Journal::Goes(from) => {
                let kinds = kinds.into_iter().map(|(kind, days)| (kind, before(now, days))).collect();
                let (went, next) = store.let_go(&kinds, now, from)?;
                self.done.entries += went;
                self.journal = next.map_or(Journal::Folds, |id| Journal::Goes(Some(id)));
            }
            Journal::Waits | Journal::Folds => {
                let folded = match archive.filter(|_| !self.broken) {
                    None => 0,
                    Some(days) => match store.fold(month(before(now, days)), now) {
                        Err(e @ StoreError::ChainBroken { .. }) => {
                            tracing::error!(error = %e, "no more months go to the archive: see `lares graph check`");
                            self.broken = true;
                            0
                        }
                        folded => folded?,
                    },
                };
                self.done.archived += folded;
                if folded == 0 {
                    self.journal = Journal::Waits;
                    self.running = false;
                    self.day = Some(day(now - LATE));
                    self.weigh(store)?;
                }
            }
        }
        Ok(())
    }

    /// After a pass: whether more has to go, or less.
    fn weigh(&mut self, store: &Store) -> Result<(), StoreError> {
        let Some(budget) = self.budget() else {
            (self.squeezed, self.over_budget) = (0, false);
            return Ok(());
        };
        let used = store.reader().space()?.used;
        let (least_raw, least_minutes) = LEAST;
        let keep = self.keeping().all;
        let more = keep.raw.unwrap_or(EVER) > least_raw || keep.minutes.unwrap_or(EVER) > least_minutes;
        self.over_budget = used > budget;
        if used > budget && more {
            // A tenth more each time, at once: until it fits or nothing is left that may go.
            self.squeezed = self.squeezed.saturating_add((self.squeezed / 10).max(1));
            self.day = None;
        } else if (used as f64) < budget as f64 * AT_EASE {
            self.squeezed = self.squeezed.saturating_sub(1);
        }
        Ok(())
    }

    fn keeping(&self) -> Keeping {
        let Some(told) = &self.retention else {
            let all = KeepFor { raw: None, minutes: None, hours: None, days: None };
            return Keeping { all, ..Keeping::default() };
        };
        let mut keeping = told.series.clone();
        if self.squeezed > 0 {
            let shorter = |days: Option<u32>, by: u32, least: u32| {
                let days = days.unwrap_or(EVER);
                Some(days.saturating_sub(by).max(least.min(days)))
            };
            let (raw, minutes) = LEAST;
            for keep in keeping.of.values_mut().chain([&mut keeping.all]) {
                keep.raw = shorter(keep.raw, self.squeezed, raw);
                keep.minutes = shorter(keep.minutes, self.squeezed.saturating_mul(12), minutes);
            }
        }
        keeping
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    struct Hands(AtomicI64, AtomicI64);

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.load(Ordering::Relaxed))
        }

        fn elapsed(&self) -> Duration {
            Duration::from_secs(self.1.load(Ordering::Relaxed) as u64)
        }
    }

    #[test]
    fn a_clock_that_jumps_ahead_is_believed_slowly() {
        let year = 365 * 86_400_000_000_i64;
        let clock = Hands(AtomicI64::new(50 * year), AtomicI64::new(10));
        let care = Care::new(Some(Timestamp(year)), &clock);
        assert_eq!(care.now(&clock).0, year + 7 * 86_400_000_000);
        clock.1.store(10 + 3600, Ordering::Relaxed);
        assert_eq!(care.now(&clock).0, year + 14 * 86_400_000_000);
        clock.0.store(year + 5, Ordering::Relaxed);
        assert_eq!(care.now(&clock).0, year + 5);
    }

    #[test]
    fn months_begin_on_their_first_in_utc() {
        let at = |text: &str| Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond());
        assert_eq!(month(at("2026-02-28T23:59:59.999999Z")), at("2026-02-01T00:00:00Z"));
        assert_eq!(month(at("2026-03-01T00:00:00Z")), at("2026-03-01T00:00:00Z"));
        assert_eq!(month(before(at("2026-03-01T00:00:00Z"), 1)), at("2026-02-01T00:00:00Z"));
        assert_eq!(month(Timestamp::MIN), Timestamp::MIN);
    }

    #[test]
    fn want_of_space_keeps_less_but_never_less_than_two_days() {
        let clock = Hands(AtomicI64::new(0), AtomicI64::new(0));
        let mut care = Care::new(None, &clock);
        assert_eq!(care.keeping().all.raw, None, "nothing goes before it is told");
        care.set(Retention::default());
        care.squeezed = 5;
        assert_eq!((care.keeping().all.raw, care.keeping().all.minutes), (Some(25), Some(305)));
        care.squeezed = 1000;
        let all = care.keeping().all;
        assert_eq!((all.raw, all.minutes, all.hours), (Some(2), Some(30), Some(3652)));
    }
}
