//! How long to wait before the next attempt.

use std::time::Duration;

use lares_kernel::Chance;

/// A broker that restarts is back within moments: the first retry is quick.
const FIRST: Duration = Duration::from_millis(100);
const SECOND: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);

/// A connection that held this long counts as a success. One that is ended sooner (two clients under one id take it
/// from each other) must not start the quick retries again.
const HELD: Duration = Duration::from_secs(1);

/// Failures that a connection which did not hold counts for at most: the broker is there, so 4 s are enough against a
/// quarrel over an id, and a broker that restarts several times in a row does not lock the house out for minutes.
const UNSTEADY: u32 = 3;

/// 100 ms, then 1 s, 2 s, 4 s ... 5 min, each within a quarter more or less, so that a house full of clients does not
/// come back in one wave.
#[derive(Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The connection ended after it had been up for so long.
    pub fn ended_after(&mut self, up: Duration) {
        if up >= HELD {
            self.failures = 0;
        } else if !up.is_zero() {
            self.failures = self.failures.min(UNSTEADY);
        }
    }

    /// The wait before the next attempt.
    pub fn next(&mut self, chance: &dyn Chance) -> Duration {
        let plain = match self.failures {
            0 => FIRST,
            n => SECOND.saturating_mul(1 << (n - 1).min(16)).min(LONGEST),
        };
        self.failures = self.failures.saturating_add(1);
        let quarter = u64::try_from(plain.as_micros() / 4).unwrap_or(u64::MAX / 4);
        let jittered =
            plain - Duration::from_micros(quarter) + Duration::from_micros(chance.below(2 * quarter));
        jittered.min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_kernel::SeededChance;

    #[test]
    fn it_is_quick_once_then_grows_to_five_minutes_and_starts_over_after_a_success() {
        let chance = SeededChance::new(7);
        let mut backoff = Backoff::default();
        let near = |got: Duration, plain: f64| {
            (plain * 0.75..=plain * 1.25).contains(&got.as_secs_f64()) && got <= LONGEST
        };
        for plain in [0.1, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 300.0, 300.0] {
            let got = backoff.next(&chance);
            assert!(near(got, plain), "{got:?} for {plain}");
        }
        backoff.ended_after(Duration::from_millis(10));
        assert!(near(backoff.next(&chance), 4.0), "a connection that did not hold is no success");
        assert!(near(backoff.next(&chance), 8.0));
        backoff.ended_after(Duration::ZERO);
        assert!(near(backoff.next(&chance), 16.0), "no connection at all");
        backoff.ended_after(HELD);
        assert!(near(backoff.next(&chance), 0.1));
    }
}
