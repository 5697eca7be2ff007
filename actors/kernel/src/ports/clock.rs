//! The clock.

use std::time::Duration;

use lares_model::Timestamp;

use super::Steady;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Civil time, never going back while the process runs.
    fn now(&self) -> Timestamp;

    /// Time since the clock was made, at a steady pace, whatever happens to civil time; also while the machine sleeps.
    fn elapsed(&self) -> Duration;

    /// How far the machine's civil time is behind what is certainly past, if it is: it was not set since a start
    /// without a battery-backed clock. Durations can be trusted meanwhile; times of day cannot.
    fn behind(&self) -> Option<Duration> {
        None
    }

    /// How long of [`Clock::elapsed`] the machine was suspended: nothing ran in that time.
    fn slept(&self) -> Duration {
        Duration::ZERO
    }

    /// Whether civil time may be set to another time while the process runs.
    fn jumps(&self) -> bool {
        false
    }

    /// How often to look at what is looked at regularly and hardly ever finds anything (hung handlers, the store's
    /// health). Where days pass in milliseconds every look has its price, so a virtual clock may make them rarer.
    fn look_every(&self, period: Duration) -> Duration {
        period
    }
}

/// The machine's clocks.
pub struct SystemClock {
    started: std::time::Instant,
    /// Of the clock that goes on while the machine is suspended.
    booted: Duration,
    steady: Steady,
}

impl Default for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the port")]
    fn default() -> Self {
        Self { started: std::time::Instant::now(), booted: since_boot(), steady: Steady::default() }
    }
}

impl SystemClock {
    /// It is later than this for certain: the last thing that was seen before this start.
    pub fn is_past(&self, at: Timestamp) {
        self.steady.is_past(at.0, told(), micros(self.elapsed()));
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

fn since_boot() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let (seconds, nanos) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or_default(), nanos.unwrap_or_default())
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.steady.now(told(), || micros(self.elapsed())))
    }

    fn behind(&self) -> Option<Duration> {
        self.steady.behind(told(), || micros(self.elapsed()))
    }

    fn elapsed(&self) -> Duration {
        since_boot().saturating_sub(self.booted)
    }

    fn slept(&self) -> Duration {
        self.elapsed().saturating_sub(self.started.elapsed())
    }

    fn jumps(&self) -> bool {
        true
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
        let later = set + Duration::from_secs(2 * 86_400);
        clock.is_past(later);
        let behind = clock.behind().map(|b| b.as_secs());
        assert!(behind.is_some_and(|s| (2 * 86_400 - 1..=2 * 86_400).contains(&s)), "{behind:?}");
        assert!(clock.now() >= later);
        clock.is_past(set);
        assert!(clock.now() >= later, "it never goes back");
        assert!(clock.slept() < Duration::from_secs(1));
    }
}
