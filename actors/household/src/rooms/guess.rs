//! Whether somebody is in a room where no presence sensor says so: by its air, and by when people are there. Pure.

use std::time::Duration;

use lares_model::Timestamp;

use super::air::{Air, Measure};
use super::habit::{Habit, Hour, moment};

/// How often the air is looked at: it changes no faster.
const EVERY: Duration = Duration::from_secs(30);

/// A room's own opinion.
#[derive(Debug, Default)]
pub struct Guess {
    air: Air,
    habit: Habit,
    looked: Option<Timestamp>,
    says: Option<bool>,
}

impl Guess {
    pub fn hear(&mut self, measure: Measure, value: f64, at: Timestamp) {
        self.air.hear(measure, value, at);
    }

    /// Whether somebody is there; `None` if the air says nothing. `known`: what a sensor says, which teaches.
    pub fn look(
        &mut self,
        known: Option<bool>,
        hour: impl FnOnce() -> Option<Hour>,
        now: Timestamp,
    ) -> Option<bool> {
        if !self.air.is_known(now) {
            self.says = None;
            return None;
        }
        if self.looked.is_some_and(|before| now.since(before) < EVERY) {
            return self.says;
        }
        self.looked = Some(now);
        let moment = moment(self.air.signs(now), hour());
        match known {
            Some(there) => self.habit.teach(&moment, there, now),
            // The teacher has gone: what it said last counts too.
            None => self.habit.catch_up(),
        }
        let enough = self.air.breathes(now) || self.habit.is_taught();
        self.says = enough.then(|| self.habit.judge(&moment));
        self.says
    }

    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.habit.restore(bytes)
    }

    /// What is to be kept over a restart, if there is anything new.
    pub fn keep(&mut self) -> Option<Vec<u8>> {
        self.habit.keep()
    }
}
