//! The clock.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use lares_model::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Civil time, never going back while the process runs.
    fn now(&self) -> Timestamp;

    /// Time since the clock was made, at a steady pace, whatever happens to civil time.
    fn elapsed(&self) -> Duration;

    /// How far the machine's civil time is behind what is certainly past, if it is: it was not set since a start
    /// without a battery-backed clock. Durations can be trusted meanwhile; times of day cannot.
    fn behind(&self) -> Option<Duration> {
        None
    }

    /// How often to look at what is looked at regularly and hardly ever finds anything (hung handlers, the store's
    /// health). Where days pass in milliseconds every look has its price, so a virtual clock may make them rarer.
    fn look_every(&self, period: Duration) -> Duration {
        period
    }
}

/// A clock that is set may be this much behind the last event: time servers correct by less.
const SLACK: Duration = Duration::from_secs(60);

/// The machine's clocks. While civil time is behind what is certainly past, time goes on from there at a steady pace.
pub struct SystemClock {
    started: std::time::Instant,
    latest: AtomicI64,
    /// It is at least this, plus what has elapsed since.
    past: AtomicI64,
}

impl Default for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the port")]
    fn default() -> Self {
        Self {
            started: std::time::Instant::now(),
            latest: AtomicI64::new(i64::MIN),
            past: AtomicI64::new(i64::MIN),
        }
    }
}

impl SystemClock {
    /// It is later than this for certain: the last thing that was seen before this start.
    pub fn is_past(&self, at: Timestamp) {
        let began = at.0.saturating_sub(micros(self.elapsed()));
        self.past.fetch_max(began, Ordering::Relaxed);
    }

    fn at_least(&self) -> i64 {
        self.past.load(Ordering::Relaxed).saturating_add(micros(self.elapsed()))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[allow(clippy::disallowed_methods, reason = "this is the port")]
fn told() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    micros(since)
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let told = told().max(self.at_least());
        Timestamp(self.latest.fetch_max(told, Ordering::Relaxed).max(told))
    }

    fn behind(&self) -> Option<Duration> {
        let behind = u64::try_from(self.at_least().saturating_sub(told())).ok().map(Duration::from_micros);
        behind.filter(|b| *b > SLACK)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

/// Tokio's paused clock, set to begin at a given instant.
pub struct VirtualClock {
    start: Timestamp,
    began: tokio::time::Instant,
    rarer: u32,
}

impl VirtualClock {
    /// Begins at `start`. Must be called inside the paused runtime.
    pub fn starting_at(start: Timestamp) -> Self {
        Self { start, began: tokio::time::Instant::now(), rarer: 1 }
    }

    /// Regular looks ([`Clock::look_every`]) are so many times rarer: for runs of weeks.
    pub fn looking_rarely(mut self, times: u32) -> Self {
        self.rarer = times;
        self
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.start + self.began.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn look_every(&self, period: Duration) -> Duration {
        period * self.rarer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_behind_what_is_past_says_so_and_goes_on_from_there() {
        let clock = SystemClock::default();
        let set = clock.now();
        assert_eq!(clock.behind(), None);
        clock.is_past(set + Duration::from_secs(30));
        assert_eq!(clock.behind(), None, "a correction");
        let later = set + Duration::from_secs(86_400);
        clock.is_past(later);
        let behind = clock.behind().map(|b| b.as_secs());
        assert!(behind.is_some_and(|s| (86_399..=86_400).contains(&s)), "{behind:?}");
        assert!(clock.now() >= later);
        clock.is_past(set);
        assert!(clock.now() >= later, "it never goes back");
    }
}
