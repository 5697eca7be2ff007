//! How likely each place is.

use super::Plan;

/// Somebody moves in this share of the seconds of a day that they are up: the rest they sit, stand or lie.
const MOVES: f64 = 0.35;
/// Longer than this nothing more is learned from how long ago it was, seconds.
const LONGEST_S: f64 = 30.0;
/// Share of readings that a body or a door in between weakens, and by how much and how evenly, in spreads.
const SHADED: f64 = 0.1;
const SHADE: f64 = 1.5;
const SHADE_SPREAD: f64 = 2.0;
/// A reading never rules a place out.
const LEAST: f64 = 1e-4;
/// Distances beyond this are no measurement, metres.
const FARTHEST_M: f64 = 100.0;

/// A belief over the places of a plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Belief {
    weights: Vec<f64>,
}

impl Belief {
    /// Every place is as likely as any other.
    pub fn new(plan: &Plan) -> Self {
        let each = 1.0 / plan.places().len().max(1) as f64;
        Self { weights: vec![each; plan.places().len()] }
    }

    /// So many seconds pass: the person may have moved.
    pub fn pass(&mut self, plan: &Plan, seconds: f64) {
        let mut left = seconds.clamp(0.0, LONGEST_S);
        while left > 0.0 {
            let part = left.min(1.0);
            left -= part;
            let moved = 1.0 - libm::pow(1.0 - MOVES, part);
            let count = self.weights.len() as f64;
            let mut next = vec![0.0; self.weights.len()];
            let mut anywhere = 0.0;
            for (from, (weight, steps)) in self.weights.iter().zip(&plan.steps).enumerate() {
                let going = weight * moved;
                let mut gone = 0.0;
                for (to, share) in steps {
                    if let Some(next) = next.get_mut(*to) {
                        *next += going * share;
                        gone += going * share;
                    }
                }
                anywhere += going - gone;
                if let Some(next) = next.get_mut(from) {
                    *next += weight - going;
                }
            }
            next.iter_mut().for_each(|w| *w += anywhere / count);
            self.weights = next;
        }
    }

    /// A receiver measured a distance. Whether that said anything is the answer.
    pub fn hear(&mut self, plan: &Plan, receiver: &str, metres: f64) -> bool {
        let Some(expected) = plan.receiver(receiver) else { return false };
        if !(metres > 0.0 && metres <= FARTHEST_M) {
            return false;
        }
        let log = libm::log10(metres.max(0.1));
        for (weight, expected) in self.weights.iter_mut().zip(expected) {
            let off = (log - expected.log_metres) / expected.spread;
            let shaded = (off - SHADE) / SHADE_SPREAD;
            let likely = (1.0 - SHADED) * libm::exp(-off * off / 2.0)
                + SHADED / SHADE_SPREAD * libm::exp(-shaded * shaded / 2.0);
            *weight *= likely.max(LEAST);
        }
        self.norm();
        true
    }

    /// Something spoke for a room: elsewhere it is so much less likely (0-1).
    pub fn weigh(&mut self, plan: &Plan, room: usize, elsewhere: f64) {
        for (weight, at) in self.weights.iter_mut().zip(plan.places()) {
            if *at != room {
                *weight *= elsewhere.clamp(LEAST, 1.0);
            }
        }
        self.norm();
    }

    /// How likely each room is, in the plan's order.
    pub fn rooms(&self, plan: &Plan) -> Vec<f64> {
        let mut rooms = vec![0.0; plan.rooms().len()];
        for (weight, room) in self.weights.iter().zip(plan.places()) {
            if let Some(sum) = rooms.get_mut(*room) {
                *sum += weight;
            }
        }
        rooms
    }

    fn norm(&mut self) {
        let sum: f64 = self.weights.iter().sum();
        if sum > 0.0 && sum.is_finite() {
            self.weights.iter_mut().for_each(|w| *w /= sum);
        } else {
            let each = 1.0 / self.weights.len().max(1) as f64;
            self.weights.fill(each);
        }
    }
}
