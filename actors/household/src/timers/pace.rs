//! Civil time beside elapsed time: what jumped, and by how much. Pure.

use std::time::Duration;

use lares_kernel::Clock;
use lares_model::Timestamp;

/// Civil time may be corrected by so much without being another time.
const CORRECTION: i64 = 60_000_000;

/// When both clocks were last found to go together.
#[derive(Clone, Copy)]
pub struct Pace {
    civil: Timestamp,
    elapsed: Duration,
    slept: Duration,
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// Civil time is another one: microseconds that it is ahead of where it would be by itself; 0: it is not.
    pub jumped: i64,
    /// The machine was suspended for so long.
    pub slept: Duration,
}

impl Pace {
    pub fn new(civil: Timestamp, elapsed: Duration, slept: Duration) -> Self {
        Self { civil, elapsed, slept }
    }

    pub fn of(clock: &dyn Clock) -> Self {
        Self::new(clock.now(), clock.elapsed(), clock.slept())
    }

    /// Looks at the household's clock: by how many microseconds it was set to another time since.
    pub fn jumped(&mut self, clock: &dyn Clock) -> i64 {
        if !clock.jumps() {
            return 0;
        }
        // Time goes slowly while it waits for a clock that was put back: what lasts does not wait with it.
        let least = if clock.behind().is_some() { 0 } else { CORRECTION };
        self.look_for(least, clock.now(), clock.elapsed(), clock.slept()).jumped
    }

    /// As [`Pace::jumped`], with the time that the machine slept. While the clock is behind, time goes so slowly that what
    /// lasts is measured anew only now and then.
    pub fn found(&mut self, clock: &dyn Clock) -> Found {
        let least = if clock.behind().is_some() { 10 * CORRECTION } else { CORRECTION };
        self.look_for(least, clock.now(), clock.elapsed(), clock.slept())
    }

    /// What time it would be if nobody had set the clock: what lasts is measured by it.
    pub fn steady(&self, elapsed: Duration) -> Timestamp {
        self.civil + elapsed.saturating_sub(self.elapsed)
    }

    /// Looks at both clocks; what was found is from then on how things are. `least`: so many microseconds are still a correction.
    fn look_for(&mut self, least: i64, civil: Timestamp, elapsed: Duration, slept: Duration) -> Found {
        let ahead = civil.0.saturating_sub(self.steady(elapsed).0);
        let jumped = if ahead.abs() > least { ahead } else { 0 };
        let slept_now = slept.saturating_sub(self.slept);
        if jumped != 0 {
            (self.civil, self.elapsed) = (civil, elapsed);
        }
        let long = slept_now > Duration::from_micros(CORRECTION.unsigned_abs());
        if long {
            self.slept = slept;
        }
        Found { jumped, slept: if long { slept_now } else { Duration::ZERO } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_jump_is_found_once_and_a_correction_is_none() {
        let mut pace = Pace::new(Timestamp(0), s(0), s(0));
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        assert_eq!(pace.look_for(CORRECTION, at(100), s(100), s(0)), Found::default());
        assert_eq!(
            pace.look_for(CORRECTION, at(130), s(110), s(0)),
            Found::default(),
            "20 s are a correction"
        );
        assert_eq!(pace.look_for(CORRECTION, at(3_720), s(120), s(0)).jumped, 3_600_000_000);
        assert_eq!(pace.look_for(CORRECTION, at(3_721), s(121), s(0)), Found::default());
        assert_eq!(pace.steady(s(130)), at(3_730));
        assert_eq!(pace.look_for(CORRECTION, at(3_730), s(3_730), s(0)).jumped, -3_600_000_000);
    }

    #[test]
    fn a_sleep_is_no_jump() {
        let mut pace = Pace::new(Timestamp(0), s(0), s(0));
        let at = Timestamp(28_800_000_000);
        assert_eq!(
            pace.look_for(CORRECTION, at, s(28_800), s(28_790)),
            Found { jumped: 0, slept: s(28_790) }
        );
        assert_eq!(pace.look_for(CORRECTION, at, s(28_800), s(28_790)), Found::default());
    }
}
