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

    /// How often to look at what is looked at regularly and hardly ever finds anything (hung handlers, the store's
    /// health). Where days pass in milliseconds every look has its price, so a virtual clock may make them rarer.
    fn look_every(&self, period: Duration) -> Duration {
        period
    }
}

/// The machine's clocks.
pub struct SystemClock {
    started: std::time::Instant,
    latest: AtomicI64,
}

impl Default for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the port")]
    fn default() -> Self {
        Self { started: std::time::Instant::now(), latest: AtomicI64::new(i64::MIN) }
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the port")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let told = i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
        Timestamp(self.latest.fetch_max(told, Ordering::Relaxed).max(told))
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
