//! What rings until it is stopped: a chime and words, again and again, for a time that is bounded. Pure.

use std::time::Duration;

use lares_model::{EventId, Timestamp};

use crate::voice::sound::Sound;

/// Between two rings somebody can say that it is enough.
const PAUSE: Duration = Duration::from_secs(4);
const RATE: u32 = 22_050;

/// A timer that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    pub event: EventId,
    pub text: String,
    until: Timestamp,
    /// When it is to be heard next.
    pub next: Timestamp,
}

impl Ring {
    /// It rings for so long since `at`; nothing if that is no time, or over.
    pub fn new(
        event: EventId,
        text: String,
        at: Timestamp,
        length: Duration,
        now: Timestamp,
    ) -> Option<Self> {
        let until = at + length;
        (now < until).then_some(Self { event, text, until, next: now })
    }

    /// It was heard to its end; false: that was the last time.
    pub fn rang(&mut self, now: Timestamp) -> bool {
        self.next = now + PAUSE;
        self.next < self.until
    }
}

/// Two soft strokes of a bell.
pub fn chime() -> Sound {
    let stroke = |hertz: f64| {
        let turn = std::f64::consts::TAU * hertz / f64::from(RATE);
        (0..RATE as usize / 3).map(move |n| {
            let fades = (-6.0 * n as f64 / f64::from(RATE)).exp();
            ((n as f64 * turn).sin() * fades * 9_000.0) as i16
        })
    };
    Sound { rate: RATE, samples: stroke(880.0).chain(stroke(660.0)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rings_for_a_time_that_is_bounded() {
        let at = |second: i64| Timestamp(second * 1_000_000);
        let ring =
            |length, now| Ring::new(EventId(1), "eggs".into(), at(100), Duration::from_secs(length), at(now));
        let mut rings = ring(10, 101).unwrap();
        assert_eq!(rings.next, at(101));
        assert!(rings.rang(at(104)));
        assert_eq!(rings.next, at(108));
        assert!(!rings.rang(at(109)), "it would be over by then");
        assert_eq!((ring(0, 100), ring(10, 111)), (None, None));
        assert!(chime().length() > 0.5);
    }
}
