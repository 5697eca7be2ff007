//! Occupancy of one room. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_model::{NodeId, Timestamp};

/// What a sensor says about somebody being there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// Somebody is there now, until it says otherwise.
    Present,
    Absent,
    /// Somebody was there at this moment (a door moved).
    Passing,
    /// It cannot tell any more.
    Gone,
}

/// Motion that ended so recently is somebody who holds still.
const JUST_NOW: Duration = Duration::from_secs(60);

/// A room's signs of life.
#[derive(Debug)]
pub struct Occupancy {
    timeout: Duration,
    present: BTreeMap<NodeId, bool>,
    last_sign: Option<Timestamp>,
    /// What the air says, where no sensor does.
    guess: Option<bool>,
    occupied: Option<bool>,
}

impl Occupancy {
    pub fn new(timeout: Duration) -> Self {
        Self { timeout, present: BTreeMap::new(), last_sign: None, guess: None, occupied: None }
    }

    /// What was told of the room before this start.
    pub fn told(&mut self, occupied: bool) {
        self.occupied = Some(occupied);
    }

    /// Takes a sensor's last value from before the start; [`Occupancy::review`] tells what is news in it. In a room that was
    /// occupied, a quiet sensor's last word counts as the end of presence: when that was is not known any better.
    pub fn restore(&mut self, sensor: NodeId, sign: Sign, at: Timestamp) {
        self.note(sensor, sign, at);
        if self.occupied == Some(true) && sign == Sign::Absent {
            self.last_sign = self.last_sign.max(Some(at));
        }
    }

    /// A sign; gives the new state if it changed.
    pub fn sign(&mut self, sensor: NodeId, sign: Sign, at: Timestamp, now: Timestamp) -> Option<bool> {
        self.note(sensor, sign, at);
        self.review(now)
    }

    fn note(&mut self, sensor: NodeId, sign: Sign, at: Timestamp) {
        let was = self.present.get(&sensor).copied().unwrap_or(false);
        match sign {
            Sign::Present => drop(self.present.insert(sensor, true)),
            Sign::Absent => drop(self.present.insert(sensor, false)),
            Sign::Gone => drop(self.present.remove(&sensor)),
            Sign::Passing => {}
        }
        // The end of presence is the last moment at which somebody was known to be there.
        if sign == Sign::Present || sign == Sign::Passing || (sign == Sign::Absent && was) {
            self.last_sign = self.last_sign.max(Some(at));
        }
    }

    /// What the air says of somebody being there. It counts only while no sensor can tell.
    pub fn guess(&mut self, guess: Option<bool>) {
        self.guess = guess;
    }

    /// What the sensors say at this moment, without waiting; `None` if there is none that can tell.
    pub fn known(&self, now: Timestamp) -> Option<bool> {
        let recent = self.last_sign.is_some_and(|t| t + JUST_NOW > now);
        (!self.present.is_empty()).then(|| self.is_present() || recent)
    }

    fn guessed(&self) -> Option<bool> {
        self.guess.filter(|_| self.present.is_empty())
    }

    /// Looks at the clock; gives the new state if it changed.
    pub fn review(&mut self, now: Timestamp) -> Option<bool> {
        let recent = self.last_sign.is_some_and(|t| t + self.timeout > now);
        let guess = self.guessed();
        let occupied = guess.unwrap_or(self.is_present() || recent);
        let nothing = self.last_sign.is_none() && guess.is_none();
        if self.occupied == Some(occupied) || (self.occupied.is_none() && nothing) {
            return None;
        }
        self.occupied = Some(occupied);
        Some(occupied)
    }

    fn is_present(&self) -> bool {
        self.present.values().any(|p| *p)
    }

    /// The clock was set to another time.
    pub fn shift(&mut self, by: i64) {
        self.last_sign.iter_mut().for_each(|at| at.0 = at.0.saturating_add(by));
    }

    /// When the room will be empty if nothing more happens.
    pub fn empty_at(&self) -> Option<Timestamp> {
        let waiting = self.occupied == Some(true) && !self.is_present() && self.guessed().is_none();
        self.last_sign.filter(|_| waiting).map(|t| t + self.timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: i64 = 1_000_000;
    const A: NodeId = NodeId(1);
    const B: NodeId = NodeId(2);

    fn at(s: i64) -> Timestamp {
        Timestamp(s * S)
    }

    #[test]
    fn a_room_fills_at_once_and_empties_after_its_timeout() {
        let mut room = Occupancy::new(Duration::from_secs(300));
        assert_eq!(room.sign(A, Sign::Absent, at(0), at(0)), None, "quiet from the start is no news");
        assert_eq!(room.sign(A, Sign::Present, at(10), at(10)), Some(true));
        assert_eq!(room.sign(A, Sign::Present, at(20), at(20)), None);
        assert_eq!(room.empty_at(), None);
        assert_eq!(room.sign(B, Sign::Passing, at(25), at(25)), None);
        assert_eq!(room.sign(A, Sign::Absent, at(30), at(30)), None);
        assert_eq!(room.empty_at(), Some(at(330)));
        assert_eq!(room.review(at(329)), None);
        assert_eq!(room.review(at(330)), Some(false));
    }

    #[test]
    fn a_second_sensor_keeps_it_and_a_lost_one_does_not() {
        let mut room = Occupancy::new(Duration::from_secs(10));
        room.sign(A, Sign::Present, at(0), at(0));
        room.sign(B, Sign::Present, at(1), at(1));
        room.sign(A, Sign::Absent, at(2), at(2));
        assert_eq!(room.review(at(100)), None);
        assert_eq!(room.sign(B, Sign::Gone, at(100), at(100)), Some(false));
    }

    #[test]
    fn the_air_speaks_only_where_no_sensor_does() {
        let mut room = Occupancy::new(Duration::from_secs(10));
        room.guess(Some(true));
        assert_eq!(room.review(at(0)), Some(true));
        assert_eq!(room.sign(A, Sign::Absent, at(1), at(1)), Some(false), "the sensor knows better");
        assert_eq!(room.known(at(1)), Some(false));
        assert_eq!(room.sign(A, Sign::Gone, at(2), at(2)), Some(true));
        assert_eq!((room.known(at(2)), room.empty_at()), (None, None), "the clock decides nothing here");
        room.guess(Some(false));
        assert_eq!(room.review(at(3)), Some(false));
    }

    #[test]
    fn what_passed_while_nothing_ran_counts() {
        let mut room = Occupancy::new(Duration::from_secs(300));
        room.restore(A, Sign::Present, at(0));
        room.restore(A, Sign::Absent, at(100));
        assert_eq!(room.review(at(200)), Some(true), "somebody came, and the kill was before it was told");
        assert_eq!(room.review(at(500)), Some(false));
    }

    #[test]
    fn a_room_that_was_occupied_when_it_stopped_empties_after_all() {
        let mut room = Occupancy::new(Duration::from_secs(300));
        room.told(true);
        room.restore(A, Sign::Absent, at(100));
        assert_eq!(room.review(at(200)), None, "its time is not over");
        assert_eq!(room.empty_at(), Some(at(400)));
        assert_eq!(room.review(at(400)), Some(false));
        let mut room = Occupancy::new(Duration::from_secs(300));
        room.told(false);
        room.restore(A, Sign::Absent, at(100));
        assert_eq!(room.review(at(200)), None);
        room.restore(B, Sign::Present, at(190));
        assert_eq!(room.review(at(200)), Some(true), "somebody came while nothing ran");
    }
}
