//! How many guesses are looked at. Pure: time is given.

use std::collections::BTreeMap;
use std::time::Duration;

/// As many as come at once, and how soon there is another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub burst: f64,
    pub every: Duration,
}

/// For one person, from wherever: 10, then one a minute. Sessions that are there go on.
pub(super) const PERSON: Rule = Rule { burst: 10.0, every: Duration::from_secs(60) };
/// From one address (of IPv6: one network): 20, then two a minute.
pub(super) const ADDRESS: Rule = Rule { burst: 20.0, every: Duration::from_secs(30) };

/// More are not remembered; whoever needs this many addresses is slowed by the person's own bucket.
const MOST: usize = 4096;

#[derive(Default)]
pub(super) struct Throttle(BTreeMap<String, Bucket>);

struct Bucket {
    left: f64,
    at: Duration,
    rule: Rule,
}

impl Bucket {
    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.left = (self.left + passed / self.rule.every.as_secs_f64()).min(self.rule.burst);
        self.at = now;
    }
}

impl Throttle {
    /// Takes one guess from each bucket, or none; the error is how long to wait.
    pub fn take(&mut self, buckets: &[(String, Rule)], now: Duration) -> Result<(), Duration> {
        self.make_room(now);
        let mut wait = Duration::ZERO;
        for (key, rule) in buckets {
            let new = Bucket { left: rule.burst, at: now, rule: *rule };
            let bucket = self.0.entry(key.clone()).or_insert(new);
            bucket.fill(now);
            if bucket.left < 1.0 {
                wait = wait.max(rule.every.mul_f64(1.0 - bucket.left));
            }
        }
        if !wait.is_zero() {
            return Err(wait);
        }
        for (key, _) in buckets {
            if let Some(bucket) = self.0.get_mut(key) {
                bucket.left -= 1.0;
            }
        }
        Ok(())
    }

    /// The guess was right: it does not count.
    pub fn give_back(&mut self, buckets: &[(String, Rule)]) {
        for (key, _) in buckets {
            if let Some(bucket) = self.0.get_mut(key) {
                bucket.left = (bucket.left + 1.0).min(bucket.rule.burst);
            }
        }
    }

    fn make_room(&mut self, now: Duration) {
        if self.0.len() < MOST {
            return;
        }
        self.0.values_mut().for_each(|b| b.fill(now));
        self.0.retain(|_, b| b.left < b.rule.burst);
        while self.0.len() >= MOST {
            let fullest = self.0.iter().max_by(|a, b| a.1.left.total_cmp(&b.1.left)).map(|(k, _)| k.clone());
            fullest.map(|key| self.0.remove(&key));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_of_an_hour_are_few_and_the_rest_are_told_when_to_come_back() {
        let mut throttle = Throttle::default();
        let (mut looked_at, mut soonest) = (0, Duration::MAX);
        for n in 0..10_000_u64 {
            let now = Duration::from_millis(n * 360);
            // From a new address each time: the person's own bucket holds.
            let buckets = [("person anna".to_owned(), PERSON), (format!("address {n}"), ADDRESS)];
            match throttle.take(&buckets, now) {
                Ok(()) => looked_at += 1,
                Err(wait) => soonest = soonest.min(wait),
            }
        }
        assert!((68..=71).contains(&looked_at), "{looked_at} in an hour");
        assert!(soonest <= Duration::from_secs(60));
        assert!(throttle.0.len() <= MOST, "{}", throttle.0.len());
    }

    #[test]
    fn a_right_guess_costs_nothing_and_a_refused_one_takes_from_no_bucket() {
        let mut throttle = Throttle::default();
        let rule = Rule { burst: 2.0, every: Duration::from_secs(10) };
        let both = [("a".to_owned(), rule), ("b".to_owned(), rule)];
        for _ in 0..50 {
            throttle.take(&both, Duration::ZERO).unwrap();
            throttle.give_back(&both);
        }
        throttle.take(&both[..1], Duration::ZERO).unwrap();
        throttle.take(&both[..1], Duration::ZERO).unwrap();
        assert_eq!(throttle.take(&both, Duration::ZERO), Err(Duration::from_secs(10)));
        throttle.take(&both[1..], Duration::ZERO).unwrap();
        throttle.take(&both[1..], Duration::ZERO).unwrap();
        assert!(throttle.take(&both[1..], Duration::ZERO).is_err());
        assert!(throttle.take(&both, Duration::from_secs(10)).is_ok());
    }
}
