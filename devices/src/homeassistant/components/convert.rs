//! Values in the household's units: SI and what goes with it (°C, hPa, km/h, L, m³, kWh, W, V). A publisher's own unit is kept in
//! its announcement; wishes go back in it. One pure table.
//!
//! Factors: NIST Special Publication 811 (2008), appendix B.8 ("factors for units listed alphabetically"): seven digits, or
//! exact where they are defined so. Which units a class may have: Home Assistant's list of device classes of sensors.

/// A unit that is not the household's: what it is there, and how to get there.
#[derive(PartialEq, Debug)]
pub struct Conversion {
    from: &'static str,
    /// Only of these device classes; empty: of any.
    classes: &'static [&'static str],
    /// The household's.
    pub unit: &'static str,
    factor: f64,
    offset: f64,
    /// Decimals that are kept: what comes of a reading in whole degrees is not exact to the ninth.
    places: i32,
}

const fn any(from: &'static str, unit: &'static str, factor: f64, places: i32) -> Conversion {
    of(&[], from, unit, factor, places)
}

const fn of(
    classes: &'static [&'static str],
    from: &'static str,
    unit: &'static str,
    factor: f64,
    places: i32,
) -> Conversion {
    Conversion { from, classes, unit, factor, offset: 0.0, places }
}

const ENERGY: &[&str] = &["energy", "energy_storage"];
const AIR: &[&str] = &["atmospheric_pressure", "pressure"];
const RAIN: &[&str] = &["precipitation"];
const POWER: &[&str] = &["power"];
const VOLTAGE: &[&str] = &["voltage"];

/// The first that fits counts. A unit that is not here is the household's own, or not known.
const TABLE: &[Conversion] = &[
    of(&["temperature_delta"], "°F", "K", 5.0 / 9.0, 2),
    Conversion { from: "°F", classes: &[], unit: "°C", factor: 5.0 / 9.0, offset: -160.0 / 9.0, places: 2 },
    Conversion { from: "K", classes: &["temperature"], unit: "°C", factor: 1.0, offset: -273.15, places: 2 },
    any("mph", "km/h", 1.609_344, 2),
    any("kn", "km/h", 1.852, 2),
    any("ft/s", "m/s", 0.3048, 3),
    any("in/s", "mm/s", 25.4, 2),
    any("inHg", "hPa", 33.863_89, 2),
    any("mmHg", "hPa", 1.333_224, 2),
    any("psi", "hPa", 68.947_57, 2),
    any("mbar", "hPa", 1.0, 6),
    of(AIR, "kPa", "hPa", 10.0, 6),
    of(&["atmospheric_pressure"], "Pa", "hPa", 0.01, 6),
    of(&["atmospheric_pressure"], "bar", "hPa", 1_000.0, 6),
    any("gal", "L", 3.785_412, 3),
    any("fl. oz.", "mL", 29.573_53, 2),
    any("ft³", "m³", 0.028_316_85, 6),
    any("CCF", "m³", 2.831_685, 6),
    any("MCF", "m³", 28.316_85, 6),
    any("gal/min", "L/min", 3.785_412, 3),
    any("gal/h", "L/h", 3.785_412, 3),
    any("ft³/min", "m³/h", 1.699_011, 4),
    of(RAIN, "in", "mm", 25.4, 3),
    any("in", "cm", 2.54, 3),
    any("ft", "m", 0.3048, 4),
    any("yd", "m", 0.9144, 4),
    any("mi", "km", 1.609_344, 4),
    any("in/h", "mm/h", 25.4, 3),
    any("in/d", "mm/d", 25.4, 3),
    any("lb", "kg", 0.453_592_37, 4),
    any("oz", "g", 28.349_523_125, 2),
    any("st", "kg", 6.350_293_18, 3),
    any("ft²", "m²", 0.092_903_04, 4),
    any("µg/ft³", "µg/m³", 35.314_67, 2),
    any("BTU/h", "W", 0.293_071_1, 2),
    any("BTU/(h⋅ft²)", "W/m²", 3.154_591, 2),
    of(ENERGY, "mWh", "kWh", 1e-6, 9),
    of(ENERGY, "Wh", "kWh", 1e-3, 6),
    of(ENERGY, "MWh", "kWh", 1e3, 6),
    of(ENERGY, "GWh", "kWh", 1e6, 6),
    of(ENERGY, "kJ", "kWh", 1.0 / 3_600.0, 6),
    of(ENERGY, "MJ", "kWh", 1.0 / 3.6, 6),
    of(ENERGY, "GJ", "kWh", 1_000.0 / 3.6, 4),
    of(POWER, "mW", "W", 1e-3, 6),
    of(POWER, "kW", "W", 1e3, 6),
    of(POWER, "MW", "W", 1e6, 6),
    of(VOLTAGE, "µV", "V", 1e-6, 9),
    of(VOLTAGE, "mV", "V", 1e-3, 6),
    of(VOLTAGE, "kV", "V", 1e3, 6),
    any("klx", "lx", 1e3, 3),
];

/// How to get from a unit (in its one spelling) to the household's; `None`: it is the household's own, or not known.
pub fn conversion(unit: &str, class: Option<&str>) -> Option<&'static Conversion> {
    let fits = |c: &&Conversion| {
        c.from == unit && (c.classes.is_empty() || class.is_some_and(|class| c.classes.contains(&class)))
    };
    TABLE.iter().find(fits)
}

/// What a wire takes: this and so many steps more.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Grid {
    pub least: f64,
    /// Above zero.
    pub step: f64,
}

impl Conversion {
    /// From the wire.
    pub fn read(&self, raw: f64) -> f64 {
        rounded(raw * self.factor + self.offset, self.places)
    }

    /// To the wire: what was read goes back as it was. `grid`: the least that the wire takes and its steps, if it says so.
    pub fn write(&self, value: f64, grid: Option<Grid>) -> f64 {
        let raw = (value - self.offset) / self.factor;
        // Decimals beyond what reading keeps are its rounding.
        let places = self.places + self.factor.log10().floor() as i32;
        match grid {
            Some(Grid { least, step }) => rounded(least + ((raw - least) / step).round() * step, 6),
            None => rounded(raw, places),
        }
    }

    /// How large a step of the wire is here.
    pub fn step(&self, raw: f64) -> f64 {
        rounded(raw * self.factor, self.places)
    }
}

fn rounded(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    let scaled = value * scale;
    // What is too large to have decimals has none to lose.
    if scaled.abs() < 9e15 { scaled.round() / scale } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(unit: &str, class: Option<&str>, raw: f64) -> Option<(f64, &'static str)> {
        conversion(unit, class).map(|c| (c.read(raw), c.unit))
    }

    #[test]
    fn units_that_are_not_the_households_become_its_own() {
        for (unit, class, raw, expected) in [
            ("°F", None, 71.0, (21.67, "°C")),
            ("°F", Some("temperature"), -40.0, (-40.0, "°C")),
            ("°F", Some("temperature_delta"), 9.0, (5.0, "K")),
            ("K", Some("temperature"), 300.0, (26.85, "°C")),
            ("mph", Some("wind_speed"), 10.0, (16.09, "km/h")),
            ("inHg", Some("atmospheric_pressure"), 29.92, (1013.21, "hPa")),
            ("psi", None, 1.0, (68.95, "hPa")),
            ("mbar", None, 1013.2, (1013.2, "hPa")),
            ("kPa", Some("pressure"), 101.3, (1013.0, "hPa")),
            ("gal", Some("water"), 2.0, (7.571, "L")),
            ("in", Some("precipitation"), 1.0, (25.4, "mm")),
            ("in", Some("distance"), 1.0, (2.54, "cm")),
            ("ft", None, 6.0, (1.8288, "m")),
            ("Wh", Some("energy"), 12_345_678.0, (12_345.678, "kWh")),
            ("MJ", Some("energy"), 3.6, (1.0, "kWh")),
            ("kW", Some("power"), 1.25, (1_250.0, "W")),
            ("mV", Some("voltage"), 2_975.0, (2.975, "V")),
        ] {
            assert_eq!(read(unit, class, raw), Some(expected), "{unit} {class:?}");
        }
    }

    #[test]
    fn what_is_the_households_own_or_unknown_stays() {
        for (unit, class) in [
            ("°C", Some("temperature")),
            ("kWh", Some("energy")),
            ("Wh", None),
            ("K", Some("color_temp")),
            ("mV", Some("signal")),
            ("bar", Some("pressure")),
            ("bananas", None),
        ] {
            assert_eq!(read(unit, class, 1.0), None, "{unit} {class:?}");
        }
        for c in TABLE {
            let chained = c
                .classes
                .iter()
                .map(Some)
                .chain([None])
                .any(|class| conversion(c.unit, class.copied()).is_some());
            assert!(!chained && c.unit != c.from && c.factor > 0.0, "{c:?} leads on");
        }
    }

    #[test]
    fn what_was_read_goes_back_as_it_was() {
        for c in TABLE {
            for raw in [0.0, 1.0, 12.5, 71.0, 250.0] {
                let back = c.write(c.read(raw), None);
                assert!((back - raw).abs() < 1e-6, "{c:?}: {raw} became {back}");
            }
        }
        let fahrenheit = conversion("°F", None).unwrap();
        let grid = Some(Grid { least: 45.0, step: 1.0 });
        assert_eq!(fahrenheit.write(21.5, grid), 71.0, "70.7 is no step");
        assert_eq!(fahrenheit.write(21.5, None), 70.7);
        assert_eq!(fahrenheit.write(20.0, Some(Grid { least: 45.5, step: 0.5 })), 68.0);
    }
}
