//! What the air of a room tells of who is in it: people breathe out carbon dioxide, water and warmth. Pure.
//!
//! The signs are ratios to what one person does in a room of some 40 cubic metres, squeezed to -1..1, so that one set of
//! weights fits rooms that were never seen. [`Habit`](super::habit::Habit) weighs them.

use std::collections::VecDeque;
use std::time::Duration;

use lares_model::Timestamp;

/// What of the air is measured.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measure {
    /// ppm.
    CarbonDioxide,
    /// Degrees Celsius.
    Temperature,
    /// Percent, relative.
    Humidity,
}

impl Measure {
    /// By Home Assistant's device classes.
    pub fn of_class(class: &str) -> Option<Self> {
        match class {
            "carbon_dioxide" => Some(Self::CarbonDioxide),
            "temperature" => Some(Self::Temperature),
            "humidity" => Some(Self::Humidity),
            _ => None,
        }
    }
}

/// Signs of the air.
pub const SIGNS: usize = 9;

/// Longest look back.
pub const LONGEST: Duration = Duration::from_secs(1800);
/// Readings that are kept of a quantity: one every ten seconds.
const MOST: usize = 180;
/// After a gap of so long a slope would be a guess.
const GAP: Duration = Duration::from_secs(900);
/// Fresh air, ppm, at most: sensors drift.
const FRESH_PPM: f64 = 500.0;
/// How fast the floor may rise, ppm an hour.
const FLOOR_RISE: f64 = 3.0;
/// Air that leaves through the gaps of a closed room, of its volume an hour.
const LEAK: f64 = 0.3;
/// Longer than this a mean forgets, seconds.
const DAY_S: f64 = 86_400.0;

/// The air of one room.
#[derive(Debug, Default)]
pub struct Air {
    co2: Series,
    temperature: Series,
    /// Grams of water in a kilogram of air.
    water: Series,
    /// The last relative humidity, percent.
    humidity: Option<f64>,
    /// The least carbon dioxide of late.
    floor: Option<(Timestamp, f64)>,
}

impl Air {
    /// A reading; nonsense is passed over.
    pub fn hear(&mut self, measure: Measure, value: f64, at: Timestamp) {
        match measure {
            Measure::CarbonDioxide if (100.0..50_000.0).contains(&value) => {
                let floor = self.floor.map_or(450.0, |(before, floor)| {
                    floor + FLOOR_RISE * at.since(before).as_secs_f64() / 3600.0
                });
                self.floor = Some((at, floor.min(value).min(FRESH_PPM)));
                self.co2.push(at, value);
            }
            Measure::Temperature if (-40.0..60.0).contains(&value) => {
                self.temperature.push(at, value);
                if let Some(humidity) = self.humidity {
                    self.water.push(at, water(value, humidity));
                }
            }
            Measure::Humidity if (0.0..=100.0).contains(&value) => {
                self.humidity = Some(value);
                if let Some(temperature) = self.temperature.last() {
                    self.water.push(at, water(temperature, value));
                }
            }
            _ => {}
        }
    }

    /// Whether there is anything to go by.
    pub fn is_known(&self, now: Timestamp) -> bool {
        self.breathes(now) || self.temperature.is_fresh(now)
    }

    /// Whether carbon dioxide is measured: what a room tells of people by itself. Heating warms an empty one too.
    pub fn breathes(&self, now: Timestamp) -> bool {
        self.co2.is_fresh(now)
    }

    /// The signs now; zero where nothing is known.
    pub fn signs(&self, now: Timestamp) -> [f64; SIGNS] {
        let mut signs = [0.0; SIGNS];
        if self.co2.is_fresh(now) {
            let floor = self.floor.map_or(FRESH_PPM, |(_, floor)| floor);
            let above = (self.co2.last().unwrap_or(floor) - floor).max(0.0);
            signs[0] = libm::log1p(above / 50.0);
            signs[1] = libm::tanh(above / 300.0);
            signs[2] = libm::tanh(self.co2.slope(600) / 150.0);
            signs[3] = libm::tanh(self.co2.slope(1800) / 100.0);
            // What is breathed out: what the room gains and what it loses meanwhile.
            signs[4] = libm::tanh((self.co2.slope(900) + LEAK * above) / 200.0);
        }
        if self.temperature.is_fresh(now) {
            signs[5] = libm::tanh(self.temperature.slope(1200) / 0.7);
            signs[7] = libm::tanh(self.temperature.above_mean() / 2.0);
        }
        if self.water.is_fresh(now) {
            signs[6] = libm::tanh(self.water.slope(1200) / 0.2);
            signs[8] = libm::tanh(self.water.above_mean() / 0.5);
        }
        signs
    }
}

/// Water in air, g/kg at sea level: Magnus' formula (WMO No. 8, annex 4.B) for the vapour's pressure.
fn water(celsius: f64, percent: f64) -> f64 {
    let vapour = 6.112 * libm::exp(17.62 * celsius / (243.12 + celsius)) * percent / 100.0;
    622.0 * vapour / (1013.25 - vapour)
}

/// The last half hour of a quantity, and its mean over about a day.
#[derive(Debug, Default)]
struct Series {
    points: VecDeque<(Timestamp, f64)>,
    mean: f64,
}

impl Series {
    fn push(&mut self, at: Timestamp, value: f64) {
        match self.points.back() {
            Some((before, _)) if at <= *before => {
                if let Some(last) = self.points.back_mut() {
                    last.1 = value;
                }
                return;
            }
            Some((before, _)) => {
                let gap = at.since(*before);
                let share = 1.0 - libm::exp(-gap.as_secs_f64() / DAY_S);
                self.mean += share * (value - self.mean);
                if gap > GAP {
                    self.points.clear();
                }
            }
            None => self.mean = value,
        }
        self.points.push_back((at, value));
        while self.points.len() > MOST
            || self.points.front().is_some_and(|(first, _)| at.since(*first) > LONGEST)
        {
            self.points.pop_front();
        }
    }

    fn last(&self) -> Option<f64> {
        self.points.back().map(|(_, value)| *value)
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        self.points.back().is_some_and(|(at, _)| now.since(*at) <= GAP)
    }

    fn above_mean(&self) -> f64 {
        self.last().map_or(0.0, |last| last - self.mean)
    }

    /// Change an hour over the last seconds, by least squares.
    fn slope(&self, seconds: u64) -> f64 {
        let Some((end, _)) = self.points.back() else { return 0.0 };
        let window = Duration::from_secs(seconds);
        let recent = || self.points.iter().rev().take_while(|(at, _)| end.since(*at) <= window);
        let count = recent().count();
        if count < 3 {
            return 0.0;
        }
        let hours = |at: &Timestamp| -end.since(*at).as_secs_f64() / 3600.0;
        let (t, v) = recent().fold((0.0, 0.0), |(t, v), (at, value)| (t + hours(at), v + value));
        let (t, v) = (t / count as f64, v / count as f64);
        let (above, below) = recent().fold((0.0, 0.0), |(above, below), (at, value)| {
            let off = hours(at) - t;
            (above + off * (value - v), below + off * off)
        });
        if below > 0.0 { above / below } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * 60_000_000)
    }

    #[test]
    fn people_raise_the_signs_and_an_empty_room_lowers_them() {
        let mut air = Air::default();
        assert!(!air.is_known(at(0)));
        for m in 0..60 {
            air.hear(Measure::CarbonDioxide, 420.0, at(m));
        }
        let empty = air.signs(at(59));
        for m in 60..90 {
            air.hear(Measure::CarbonDioxide, 420.0 + 8.0 * (m - 59) as f64, at(m));
        }
        let filling = air.signs(at(89));
        assert!(
            filling[0] > empty[0] + 1.0 && filling[4] > 0.9 && empty[4].abs() < 0.1,
            "{empty:?} {filling:?}"
        );
        for m in 90..120 {
            air.hear(Measure::CarbonDioxide, 660.0 - 7.0 * (m - 89) as f64, at(m));
        }
        assert!(air.signs(at(119))[4] < -0.5);
        assert!(!air.is_known(at(160)), "silence is no value");
        assert_eq!(air.signs(at(160)), [0.0; SIGNS]);
    }

    #[test]
    fn nonsense_is_passed_over_and_memory_is_bounded() {
        let mut air = Air::default();
        for value in [f64::NAN, -5.0, 1e9] {
            air.hear(Measure::CarbonDioxide, value, at(0));
            air.hear(Measure::Humidity, value.max(101.0), at(0));
        }
        assert!(!air.is_known(at(0)));
        for s in 0..10_000 {
            air.hear(Measure::Temperature, 20.0, Timestamp(s * 1_000_000));
        }
        assert!(air.temperature.points.len() <= MOST);
    }

    #[test]
    fn water_in_the_air() {
        assert!((water(20.0, 50.0) - 7.25).abs() < 0.05, "{}", water(20.0, 50.0));
    }
}
