//! How likely somebody is in a room, by its air and by when people are there. Pure.
//!
//! It starts with weights that follow from what people breathe out, and learns from a presence sensor as long as there is
//! one: logistic regression, drawn towards what was known before, over an even selection of all that was seen.

use lares_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::air::SIGNS;

/// Waves of the day: whole days, halves, thirds and quarters.
const WAVES: usize = 4;
/// Signs of the air, two for each wave, whether it is the weekend, and a constant.
pub const LENGTH: usize = SIGNS + 2 * WAVES + 2;
const WEEKEND: usize = LENGTH - 2;
const ONE: usize = LENGTH - 1;

/// Samples that are kept; more and every second one is let go.
const MOST: usize = 1024;
/// Seconds between two samples at first.
const EVERY_S: u64 = 300;
/// It is learned again after so many new samples.
const LEARN_AFTER: usize = 24;
/// Samples of about a day.
const TAUGHT: u64 = 280;
/// Pull towards what was known before, in samples' worth.
const PULL: f64 = 1.0;
/// More than this the past never weighs.
const MOST_PULL: f64 = 12.0;
/// The constant is nobody's knowledge: how often a room is used is each room's own.
const LOOSE: f64 = 0.1;
const ROUNDS: usize = 6;
const HALVINGS: usize = 8;
/// It changes its mind only beyond these.
const YES: f64 = 0.55;
const NO: f64 = 0.45;

/// What is kept over a restart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Learned {
    version: u8,
    weights: Vec<f64>,
    samples: u64,
}

/// The habits of one room.
#[derive(Debug)]
pub struct Habit {
    before: [f64; LENGTH],
    pull: f64,
    weights: [f64; LENGTH],
    samples: Vec<([f32; LENGTH], bool)>,
    every_s: u64,
    last: Option<Timestamp>,
    seen: u64,
    fresh: usize,
    unkept: bool,
    says: Option<bool>,
}

impl Default for Habit {
    fn default() -> Self {
        let mut before = [0.0; LENGTH];
        // One person's breath is a strong sign, what they left in the air a weak one; an empty room is the rule.
        for (at, weight) in [(0, 1.0), (2, 1.0), (4, 1.5), (5, 0.7), (6, 0.7), (ONE, -2.2)] {
            if let Some(place) = before.get_mut(at) {
                *place = weight;
            }
        }
        Self {
            before,
            pull: PULL,
            weights: before,
            samples: Vec::new(),
            every_s: EVERY_S,
            last: None,
            seen: 0,
            fresh: 0,
            unkept: false,
            says: None,
        }
    }
}

/// The moment, as habits see it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Hour {
    /// Of the day, 0-24, in the home's time.
    pub hour: f64,
    pub weekend: bool,
}

/// All that is known of a moment. Without an hour, habits are left out.
pub fn moment(signs: [f64; SIGNS], hour: Option<Hour>) -> [f64; LENGTH] {
    let mut all = [0.0; LENGTH];
    all.iter_mut().zip(signs).for_each(|(place, sign)| *place = sign);
    if let Some(Hour { hour, weekend }) = hour {
        for (wave, pair) in all[SIGNS..WEEKEND].chunks_mut(2).enumerate() {
            let angle = std::f64::consts::TAU * (wave + 1) as f64 * hour / 24.0;
            if let [cos, sin] = pair {
                (*cos, *sin) = (libm::cos(angle), libm::sin(angle));
            }
        }
        all[WEEKEND] = f64::from(u8::from(weekend));
    }
    all[ONE] = 1.0;
    all
}

impl Habit {
    /// Goes on from what was learned before.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), String> {
        let learned: Learned = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        let weights: [f64; LENGTH] = learned
            .weights
            .try_into()
            .map_err(|w: Vec<f64>| format!("it holds {} weights, not {LENGTH}", w.len()))?;
        if learned.version != 1 || weights.iter().any(|w| !w.is_finite()) {
            return Err(format!("it is of form {}; form 1 can be read", learned.version));
        }
        (self.before, self.weights, self.seen) = (weights, weights, learned.samples);
        self.pull = (PULL + learned.samples as f64 / 100.0).min(MOST_PULL);
        Ok(())
    }

    /// What is to be kept over a restart, if there is anything new.
    pub fn keep(&mut self) -> Option<Vec<u8>> {
        std::mem::take(&mut self.unkept).then(|| {
            let learned = Learned { version: 1, weights: self.weights.to_vec(), samples: self.seen };
            serde_json::to_vec(&learned).unwrap_or_default()
        })
    }

    /// A moment at which it is known whether somebody was there.
    pub fn teach(&mut self, moment: &[f64; LENGTH], there: bool, at: Timestamp) {
        if self.last.is_some_and(|last| at.since(last).as_secs() < self.every_s) {
            return;
        }
        self.last = Some(at);
        self.seen += 1;
        #[allow(clippy::cast_possible_truncation, reason = "six digits of a sign are more than it has")]
        self.samples.push((moment.map(|m| m as f32), there));
        if self.samples.len() > MOST {
            let mut odd = false;
            self.samples.retain(|_| {
                odd = !odd;
                odd
            });
            self.every_s *= 2;
        }
        self.fresh += 1;
        if self.fresh >= LEARN_AFTER {
            self.learn();
        }
    }

    /// Learns what was taught since it last did.
    pub fn catch_up(&mut self) {
        if self.fresh > 0 {
            self.learn();
        }
    }

    /// How likely somebody is there.
    pub fn likely(&self, moment: &[f64; LENGTH]) -> f64 {
        sigmoid(dot(&self.weights, moment))
    }

    /// Whether somebody is there; it keeps its mind as long as it is open.
    pub fn judge(&mut self, moment: &[f64; LENGTH]) -> bool {
        let likely = self.likely(moment);
        let says = match self.says {
            Some(true) => likely >= NO,
            Some(false) => likely > YES,
            None => likely > 0.5,
        };
        self.says = Some(says);
        says
    }

    /// Newton's rounds over the kept samples.
    pub fn learn(&mut self) {
        self.fresh = 0;
        let mut weights = self.weights;
        for _ in 0..ROUNDS {
            let mut slope = [0.0; LENGTH];
            let mut bend = [[0.0; LENGTH]; LENGTH];
            for (at, (row, weight)) in bend.iter_mut().zip(weights).enumerate() {
                let pull = if at == ONE { LOOSE } else { self.pull };
                row[at] += pull;
                slope[at] -= pull * (weight - self.before[at]);
            }
            for (sample, there) in &self.samples {
                let sample = sample.map(f64::from);
                let likely = sigmoid(dot(&weights, &sample));
                let weight = (likely * (1.0 - likely)).max(1e-6);
                let off = f64::from(u8::from(*there)) - likely;
                for (i, (slope, row)) in slope.iter_mut().zip(&mut bend).enumerate() {
                    *slope += sample[i] * off;
                    let scaled = weight * sample[i];
                    for (cell, other) in row.iter_mut().zip(sample).take(i + 1) {
                        *cell += scaled * other;
                    }
                }
            }
            let Some(step) = solve(&bend, slope) else { break };
            let Some(better) = self.descend(&weights, &step) else { break };
            weights = better;
        }
        if weights.iter().all(|w| w.is_finite()) {
            self.weights = weights;
            self.unkept = true;
        }
    }

    /// A whole step, or the part of it that makes things better: where signs part the samples cleanly, Newton's goes too
    /// far. `None`: none does.
    fn descend(&self, weights: &[f64; LENGTH], step: &[f64; LENGTH]) -> Option<[f64; LENGTH]> {
        let before = self.loss(weights);
        let mut part = 1.0;
        for _ in 0..HALVINGS {
            let mut next = *weights;
            next.iter_mut().zip(step).for_each(|(w, s)| *w += part * s);
            if self.loss(&next) < before {
                return Some(next);
            }
            part /= 2.0;
        }
        None
    }

    /// What [`Habit::learn`] makes small: how wrong it is about the samples, and how far from what was known.
    fn loss(&self, weights: &[f64; LENGTH]) -> f64 {
        let pulled = weights.iter().zip(self.before).enumerate().map(|(at, (weight, before))| {
            let pull = if at == ONE { LOOSE } else { self.pull };
            pull / 2.0 * (weight - before) * (weight - before)
        });
        let wrong = self.samples.iter().map(|(sample, there)| {
            let odds = dot(weights, &sample.map(f64::from));
            libm::log1p(libm::exp((if *there { -odds } else { odds }).min(500.0)))
        });
        pulled.sum::<f64>() + wrong.sum::<f64>()
    }

    /// It has seen enough of this room to tell without carbon dioxide, too: about a day.
    pub fn is_taught(&self) -> bool {
        self.seen >= TAUGHT
    }
}

fn dot(a: &[f64; LENGTH], b: &[f64; LENGTH]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn sigmoid(odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-odds.clamp(-30.0, 30.0)))
}

/// Solves a symmetric positive system by its lower half (Cholesky); `None` if it is none.
#[allow(clippy::needless_range_loop, reason = "the formulas are written by rows and columns")]
fn solve(lower: &[[f64; LENGTH]; LENGTH], right: [f64; LENGTH]) -> Option<[f64; LENGTH]> {
    let mut root = [[0.0; LENGTH]; LENGTH];
    for i in 0..LENGTH {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            root[i][j] = if i == j {
                let rest = lower[i][i] - sum;
                if rest <= 0.0 {
                    return None;
                }
                libm::sqrt(rest)
            } else {
                (lower[i][j] - sum) / root[j][j]
            };
        }
    }
    let mut half = right;
    for i in 0..LENGTH {
        let sum: f64 = (0..i).map(|k| root[i][k] * half[k]).sum();
        half[i] = (half[i] - sum) / root[i][i];
    }
    for i in (0..LENGTH).rev() {
        let sum: f64 = (i + 1..LENGTH).map(|k| root[k][i] * half[k]).sum();
        half[i] = (half[i] - sum) / root[i][i];
    }
    Some(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000_000)
    }

    fn breath(strength: f64, hour: f64) -> [f64; LENGTH] {
        let mut signs = [0.0; SIGNS];
        (signs[0], signs[2], signs[4]) = (2.0 * strength.max(0.0), strength, strength);
        moment(signs, Some(Hour { hour, weekend: false }))
    }

    #[test]
    fn breath_tells_without_any_training_and_an_open_mind_stays() {
        let mut habit = Habit::default();
        assert!(!habit.judge(&breath(-0.5, 12.0)) && habit.judge(&breath(0.9, 12.0)));
        assert!(habit.judge(&breath(0.49, 12.0)), "it is open: {}", habit.likely(&breath(0.49, 12.0)));
        assert!(!habit.judge(&breath(0.0, 12.0)));
        assert!(
            !habit.judge(&breath(0.49, 12.0)),
            "it is as open as before: {}",
            habit.likely(&breath(0.49, 12.0))
        );
    }

    #[test]
    fn it_learns_when_people_come_keeps_it_and_stays_bounded() {
        let mut habit = Habit::default();
        let there = |m: i64| (9..17).contains(&(m / 60 % 24));
        for m in (0..30 * 24 * 60).step_by(5) {
            #[allow(clippy::cast_precision_loss)]
            let hour = (m % 1440) as f64 / 60.0;
            habit.teach(&breath(0.2, hour), there(m), at(m));
        }
        assert!(habit.samples.len() <= MOST);
        habit.learn();
        let mut again = Habit::default();
        again.restore(&habit.keep().unwrap()).unwrap();
        for habit in [&habit, &again] {
            let (noon, night) = (habit.likely(&breath(0.2, 12.0)), habit.likely(&breath(0.2, 2.0)));
            assert!(noon > 0.9 && night < 0.1, "{noon} {night}");
        }
    }

    #[test]
    fn what_cannot_be_read_back_is_named() {
        let mut habit = Habit::default();
        assert!(habit.keep().is_none(), "nothing was learned");
        for (bytes, word) in
            [(&br#"{"version":1,"weights":[1.0],"samples":3}"#[..], "1 weights"), (b"\x00", "expected")]
        {
            let said = habit.restore(bytes).unwrap_err();
            assert!(said.contains(word), "{said}");
        }
    }

    /// Kept for ever: an older Lares wrote this.
    #[test]
    fn the_kept_form_is_what_it_was() {
        let zeros = vec!["0.5"; LENGTH].join(",");
        let golden = format!("{{\"version\":1,\"weights\":[{zeros}],\"samples\":7}}");
        let learned: Learned = serde_json::from_str(&golden).unwrap();
        assert_eq!(serde_json::to_string(&learned).unwrap(), golden);
        Habit::default().restore(golden.as_bytes()).unwrap();
    }
}
