//! How long a thing ran within an hour and a day: what a pump may give, in time.

use std::time::Duration;

use lares_config::duration_words;
use lares_model::Timestamp;

use super::Lock;
use super::bounds::{DAY, HOUR};

impl Lock {
    fn windows(&self) -> impl Iterator<Item = (Duration, Duration, &'static str)> {
        let run = self.set.max_run;
        let all = [(run.per_hour, HOUR, "an hour"), (run.per_day, DAY, "a day")];
        all.into_iter().filter_map(|(most, window, per)| Some((most?, window, per)))
    }

    /// How long it ran within a window that ends now; what runs counts up to now.
    fn ran(&self, window: Duration, now: Timestamp) -> Duration {
        // One that was told to stop and has not said that it did runs on since then.
        let memory = &self.memory;
        let since = memory.on_since.or(memory.off_since.filter(|_| memory.leaves()));
        let running = since.map(|since| (since, now));
        let within = |(from, to): (Timestamp, Timestamp)| {
            let left = window.saturating_sub(now.since(to));
            to.since(from).min(left)
        };
        self.memory.ran.iter().copied().chain(running).map(within).sum()
    }

    /// It has run for as long as it may.
    pub(super) fn ran_out(&self, now: Timestamp) -> Option<String> {
        let (most, _, per) = self.windows().find(|(most, window, _)| self.ran(*window, now) >= *most)?;
        Some(format!("it ran for {} within {per} (`max_run`)", duration_words(most)))
    }

    /// While it runs: when it will have run for as long as it may, if nothing of before is forgotten until then.
    pub(super) fn runs_out(&self, now: Timestamp) -> Option<Timestamp> {
        self.memory.on_since?;
        self.windows().map(|(most, window, _)| now + most.saturating_sub(self.ran(window, now))).min()
    }

    /// While it rests: until when, and why.
    pub(super) fn worn_out(&self, now: Timestamp) -> Option<(Timestamp, String)> {
        let why = self.ran_out(now)?;
        let until = |(most, window, _): (Duration, Duration, &str)| {
            // As much as is too much must be further back than the window.
            let mut over = self.ran(window, now).checked_sub(most)? + Duration::from_secs(1);
            for (from, to) in &self.memory.ran {
                let left = window.saturating_sub(now.since(*to)).min(to.since(*from));
                if left >= over {
                    return Some(
                        Timestamp(to.0 - i64::try_from(left.as_micros()).unwrap_or(0)) + over + window,
                    );
                }
                over -= left;
            }
            Some(now + window)
        };
        Some((self.windows().filter_map(until).max()?, why))
    }
}
