//! The places of a home.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::Home;

/// Edge of a place, metres. Finer ones cost time and tell no more: a reading is off by more than that.
const EDGE_M: f64 = 0.5;
/// Places of one room at most; a bigger one has bigger places.
const MOST_PLACES: f64 = 144.0;
/// A carried transmitter's height above the floor, metres.
const CARRIED_M: f64 = 1.0;
/// Between two floors, metres.
const STOREY_M: f64 = 2.8;
/// How radio fades in a home: the received power falls with distance to the power of this.
const FADING: f64 = 3.0;
/// Spread of one reading of a signal's strength, dB: what walls, furniture and bodies do to it.
const SPREAD_DB: f64 = 4.0;
/// Without positions: how far a carrier is from a receiver in the same room, and in another, metres; and how well
/// that is known, decades.
const NEAR_M: f64 = 2.0;
const FAR_M: f64 = 6.0;
const VAGUE: f64 = 0.3;
/// How far somebody who moves gets in a second, metres.
const STEP_M: f64 = 0.7;
/// A step through where a wall may be is less likely than one without.
const WALL: f64 = 0.5;
/// Share of the steps that lead from a place to just any other one: so that no mistake is for ever.
const ANYWHERE: f64 = 0.01;
/// The same from a room whose shape is not known: then a step is to leave it.
const LEAVE: f64 = 0.1;

/// The places of a home, how people get from one to another, and what each receiver would measure there.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Plan {
    rooms: Vec<Arc<str>>,
    /// Room of each place.
    places: Vec<usize>,
    /// Where somebody who moves is a second later: by place, with shares.
    pub(super) steps: Vec<Vec<(usize, f64)>>,
    receivers: BTreeMap<Arc<str>, Vec<Expected>>,
}

/// What a receiver measures of a carrier in one place: the decimal logarithm of metres, and its spread.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Expected {
    pub log_metres: f64,
    pub spread: f64,
}

struct Spot {
    room: usize,
    at: Option<[f64; 2]>,
}

impl Plan {
    /// The plan of a home. A receiver that is not declared stands in the room that it is called by.
    pub fn new(home: &Home) -> Self {
        let rooms: Vec<Arc<str>> = home.rooms.keys().map(|k| Arc::from(k.as_str())).collect();
        let mut spots = Vec::new();
        for (room, place) in home.rooms.values().enumerate() {
            match place.area {
                Some(area) => spots.extend(squares(area).map(|at| Spot { room, at: Some(at) })),
                None => spots.push(Spot { room, at: None }),
            }
        }
        let floors: Vec<Option<&String>> = home.rooms.values().map(|r| r.floor.as_ref()).collect();
        let mut plan = Self { rooms, steps: steps(&spots, &floors), ..Self::default() };
        for (key, receiver) in &home.receivers {
            let Some(room) = home.rooms.keys().position(|k| *k == receiver.room) else { continue };
            plan.receivers.insert(key.as_str().into(), expected(&spots, &floors, room, receiver.at));
        }
        for (room, (key, place)) in home.rooms.iter().enumerate() {
            for name in [key.as_str(), place.name.as_str()] {
                let name: Arc<str> = name.to_lowercase().into();
                plan.receivers.entry(name).or_insert_with(|| expected(&spots, &floors, room, None));
            }
        }
        plan.places = spots.iter().map(|s| s.room).collect();
        plan
    }

    /// Keys of the rooms.
    pub fn rooms(&self) -> &[Arc<str>] {
        &self.rooms
    }

    /// Room of each place.
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    pub fn room(&self, key: &str) -> Option<usize> {
        self.rooms.iter().position(|r| &**r == key)
    }

    /// What a receiver would measure, by place; none of one that is nowhere.
    pub fn receiver(&self, name: &str) -> Option<&[Expected]> {
        let found = self.receivers.get(name).or_else(|| self.receivers.get(name.to_lowercase().as_str()));
        found.map(Vec::as_slice)
    }
}

/// Middles of the squares that an area is made of.
fn squares([low, high]: [[f64; 2]; 2]) -> impl Iterator<Item = [f64; 2]> {
    let (wide, deep) = (high[0] - low[0], high[1] - low[1]);
    let edge = EDGE_M.max(libm::sqrt(wide * deep / MOST_PLACES));
    let count = |length: f64| (length / edge).round().max(1.0);
    let (across, along) = (count(wide), count(deep));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive counts")]
    let (columns, rows) = (across as u32, along as u32);
    (0..columns).flat_map(move |i| {
        (0..rows).map(move |j| {
            [low[0] + (f64::from(i) + 0.5) * wide / across, low[1] + (f64::from(j) + 0.5) * deep / along]
        })
    })
}

fn expected(spots: &[Spot], floors: &[Option<&String>], room: usize, at: Option<[f64; 3]>) -> Vec<Expected> {
    let each = spots.iter().map(|spot| match (spot.at, at) {
        (Some([x, y]), Some([rx, ry, rz])) => {
            let storey = if floors.get(spot.room) == floors.get(room) { 0.0 } else { STOREY_M };
            let up = rz - CARRIED_M + storey;
            let metres = libm::sqrt((x - rx) * (x - rx) + (y - ry) * (y - ry) + up * up);
            Expected { log_metres: libm::log10(metres.max(0.1)), spread: SPREAD_DB / (10.0 * FADING) }
        }
        _ => {
            let metres = if spot.room == room { NEAR_M } else { FAR_M };
            Expected { log_metres: libm::log10(metres), spread: VAGUE }
        }
    });
    each.collect()
}

/// By place: where a step leads, and how likely.
fn steps(spots: &[Spot], floors: &[Option<&String>]) -> Vec<Vec<(usize, f64)>> {
    let each = spots.iter().map(|from| {
        let mut row: Vec<(usize, f64)> = Vec::new();
        for (to, spot) in spots.iter().enumerate() {
            let weight = match (from.at, spot.at) {
                (Some(a), Some(b)) if floors.get(from.room) == floors.get(spot.room) => {
                    let square = (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
                    let far = 9.0 * STEP_M * STEP_M;
                    if square > far { 0.0 } else { libm::exp(-square / (2.0 * STEP_M * STEP_M)) }
                }
                _ if from.room == spot.room => 1.0,
                _ => 0.0,
            };
            if weight > 0.0 {
                row.push((to, if from.room == spot.room { weight } else { weight * WALL }));
            }
        }
        let whole: f64 = row.iter().map(|(_, w)| w).sum();
        let away = if from.at.is_some() { ANYWHERE } else { LEAVE };
        row.iter_mut().for_each(|(_, w)| *w *= (1.0 - away) / whole);
        row
    });
    each.collect()
}
