//! Whether somebody is in a room where no presence sensor says so: by its air, and by when people are there. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{NodeId, Timestamp};

use super::air::{Air, Measure};
use super::habit::{Habit, Hour, moment};

/// A sensor that said nothing for so long gives way to another.
const SILENT: Duration = Duration::from_secs(1800);

/// How often the air is looked at: it changes no faster.
const EVERY: Duration = Duration::from_secs(30);

/// A room's own opinion.
#[derive(Debug, Default)]
pub struct Guess {
    air: Air,
    /// Which sensor is heard, and when it last was.
    heard: BTreeMap<Measure, (NodeId, Timestamp)>,
    habit: Habit,
    looked: Option<Timestamp>,
    says: Option<bool>,
}

impl Guess {
    /// A reading. Of several sensors of a kind the first is heard, as long as it speaks: two thermometers are never at one,
    /// and a jump from one to the other is nobody's breath.
    pub fn hear(&mut self, measure: Measure, sensor: NodeId, value: f64, at: Timestamp) {
        let heard = self.heard.entry(measure).or_insert((sensor, at));
        if heard.0 != sensor && at.since(heard.1) < SILENT {
            return;
        }
        *heard = (sensor, at);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_thermometers_one_is_heard_until_it_falls_silent() {
        let at = |minutes: i64| Timestamp(minutes * 60_000_000);
        let mut guess = Guess::default();
        for m in 0..30 {
            guess.hear(Measure::CarbonDioxide, NodeId(1), 420.0, at(m));
            guess.hear(Measure::CarbonDioxide, NodeId(2), 900.0, at(m));
        }
        assert_eq!(guess.look(None, || None, at(30)), Some(false), "the second one is not heard");
        guess.hear(Measure::CarbonDioxide, NodeId(2), 900.0, at(60));
        for m in 61..70 {
            guess.hear(Measure::CarbonDioxide, NodeId(2), 900.0 + 10.0 * (m - 60) as f64, at(m));
        }
        assert_eq!(guess.look(None, || None, at(70)), Some(true), "now it is");
    }
}
