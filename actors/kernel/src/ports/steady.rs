//! Civil time that never goes back, from what the machine's clock tells. Pure.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// A clock that is set may be this much behind the last event: time servers correct by less.
const SLACK: i64 = 60 * SECOND;
/// Readings of two threads differ by less than this.
const JITTER: i64 = SECOND;
/// A clock that is further behind was not put back by somebody: it was never set.
const UNSET: i64 = 24 * 3600 * SECOND;
/// So much slower goes a time that waits for a clock that was put back.
const SLOWER: i64 = 100;
const SECOND: i64 = 1_000_000;

/// The latest time that was told, and what time it is at least. Microseconds throughout.
#[derive(Default)]
pub struct Steady {
    latest: AtomicI64,
    /// The clock is behind: time is taken from `floor`.
    held: AtomicBool,
    floor: Mutex<Floor>,
}

/// It is at least this, and goes on from there.
#[derive(Clone, Copy, Default)]
struct Floor {
    at: i64,
    /// Elapsed time at that moment.
    since: i64,
    /// How much slower it goes on.
    slower: i64,
}

impl Floor {
    fn at(&self, elapsed: i64) -> i64 {
        self.at.saturating_add(elapsed.saturating_sub(self.since) / self.slower.max(1))
    }
}

impl Steady {
    /// What time it is. `told`: what the machine's clock says. `elapsed`: at a steady pace since whenever.
    pub fn now(&self, told: i64, elapsed: impl Fn() -> i64) -> i64 {
        let latest = self.latest.load(Ordering::Relaxed);
        if told.saturating_add(JITTER) < latest && !self.held.load(Ordering::Acquire) {
            self.is_past(latest, told, elapsed());
        }
        let now = match self.floor(told, &elapsed) {
            Some(floor) => floor,
            None => told,
        };
        self.latest.fetch_max(now, Ordering::Relaxed).max(now)
    }

    /// It is later than `at` for certain. If the clock is behind that by less than a day it was put back, and time waits for it;
    /// by more, nobody knows what time it is, and time goes on from there.
    pub fn is_past(&self, at: i64, told: i64, elapsed: i64) {
        let mut floor = self.floor.lock().unwrap_or_else(PoisonError::into_inner);
        let held = self.held.load(Ordering::Acquire);
        if at <= told || (held && floor.at(elapsed) >= at) {
            return;
        }
        let slower = if at.saturating_sub(told) > UNSET { 1 } else { SLOWER };
        *floor = Floor { at, since: elapsed, slower };
        self.held.store(true, Ordering::Release);
    }

    /// How far the clock is behind, if it is by more than a correction.
    pub fn behind(&self, told: i64, elapsed: impl Fn() -> i64) -> Option<Duration> {
        let behind = self.floor(told, &elapsed)?.saturating_sub(told);
        let behind = u64::try_from(behind).ok().filter(|_| behind > SLACK)?;
        Some(Duration::from_micros(behind))
    }

    /// What time it is at least, while that is later than what the clock says.
    fn floor(&self, told: i64, elapsed: &impl Fn() -> i64) -> Option<i64> {
        if !self.held.load(Ordering::Acquire) {
            return None;
        }
        let floor = self.floor.lock().unwrap_or_else(PoisonError::into_inner);
        let at = floor.at(elapsed());
        if told >= at {
            self.held.store(false, Ordering::Release);
            return None;
        }
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600 * SECOND;
    const NOON: i64 = 500_000 * HOUR;

    #[test]
    fn a_clock_that_is_put_back_is_waited_for() {
        let steady = Steady::default();
        let at = |told: i64, elapsed: i64| {
            (steady.now(told, || elapsed) - NOON, steady.behind(told, || elapsed).map(|b| b.as_secs()))
        };
        assert_eq!(at(NOON, 0), (0, None));
        // An hour back: time goes on a hundred times slower, and meets the clock.
        assert_eq!(at(NOON - HOUR, 0), (0, Some(3600)));
        assert_eq!(at(NOON - HOUR / 2, HOUR / 2), (HOUR / 200, Some(1818)));
        assert_eq!(at(NOON + HOUR / 50, HOUR + HOUR / 50), (HOUR / 50, None));
        assert_eq!(at(NOON + HOUR, 2 * HOUR), (HOUR, None));
    }

    #[test]
    fn a_correction_by_seconds_is_none() {
        let steady = Steady::default();
        assert_eq!(steady.now(NOON, || 0), NOON);
        assert_eq!(steady.now(NOON - SECOND / 2, || 0), NOON, "another thread was quicker");
        let back = 5 * SECOND;
        assert_eq!(steady.now(NOON - back, || 0), NOON);
        assert_eq!(steady.behind(NOON - back, || 0), None);
        assert_eq!(steady.now(NOON + back, || 2 * back), NOON + back);
    }

    #[test]
    fn a_clock_that_was_never_set_does_not_stop_the_time() {
        let steady = Steady::default();
        steady.is_past(NOON, 0, 0);
        assert_eq!(steady.now(0, || 0), NOON);
        assert_eq!(steady.now(HOUR, || HOUR), NOON + HOUR);
        assert_eq!(steady.behind(HOUR, || HOUR), Some(Duration::from_micros(NOON as u64)));
        // It is set: forward is always right.
        assert_eq!(steady.now(NOON + 3 * HOUR, || HOUR), NOON + 3 * HOUR);
        assert_eq!(steady.behind(NOON + 3 * HOUR, || HOUR), None);
    }
}
