//! What the kinds of a recording mean.

use lares_model::Component;

/// What a kind is for the household.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Meaning {
    pub component: Component,
    pub device_class: Option<&'static str>,
    pub unit: Option<&'static str>,
    /// Its value is a number.
    pub numeric: bool,
}

const fn yes_no(device_class: &'static str) -> Meaning {
    Meaning {
        component: Component::BinarySensor,
        device_class: Some(device_class),
        unit: None,
        numeric: false,
    }
}

const fn sensor(device_class: Option<&'static str>, unit: Option<&'static str>) -> Meaning {
    Meaning { component: Component::Sensor, device_class, unit, numeric: true }
}

const TEXT: Meaning =
    Meaning { component: Component::Sensor, device_class: None, unit: None, numeric: false };

/// Kinds of the recordings, sorted. `light` is told by its values: on and off, or lux.
const KINDS: &[(&str, Meaning)] = &[
    ("activity", TEXT),
    ("appliance", yes_no("running")),
    ("co2", sensor(Some("carbon_dioxide"), Some("ppm"))),
    ("contact", yes_no("opening")),
    ("dewpoint", sensor(Some("temperature"), Some("°C"))),
    ("door", yes_no("door")),
    ("energy", sensor(Some("energy"), Some("kWh"))),
    ("energy_wh", sensor(Some("energy"), Some("Wh"))),
    ("flush", yes_no("running")),
    ("humidity", sensor(Some("humidity"), Some("%"))),
    ("humidity_ratio", sensor(None, Some("kg/kg"))),
    ("illuminance", sensor(Some("illuminance"), Some("lx"))),
    ("leak", yes_no("moisture")),
    ("motion", yes_no("motion")),
    ("occupancy", yes_no("occupancy")),
    ("people", sensor(None, Some("people"))),
    ("plan", sensor(None, None)),
    ("power", sensor(Some("power"), Some("W"))),
    ("power_forecast", sensor(Some("power"), Some("W"))),
    ("presence", yes_no("presence")),
    ("pressure", yes_no("occupancy")),
    ("pressure_mmhg", sensor(Some("atmospheric_pressure"), Some("mmHg"))),
    ("price", sensor(Some("monetary"), Some("EUR/kWh"))),
    ("rssi", TEXT),
    ("smoke", yes_no("smoke")),
    ("sound", sensor(None, Some("V"))),
    ("temperature", sensor(Some("temperature"), Some("°C"))),
    ("visibility", sensor(Some("distance"), Some("km"))),
    ("wind", sensor(Some("wind_speed"), Some("m/s"))),
    ("window", yes_no("window")),
];

/// What a kind means. `numeric`: its values are numbers; decides where the kind alone does not.
pub fn meaning(kind: &str, numeric: bool) -> Meaning {
    match (kind, numeric) {
        ("light", true) => sensor(Some("illuminance"), Some("lx")),
        ("pressure", true) => sensor(Some("pressure"), Some("hPa")),
        ("light", false) => {
            Meaning { component: Component::Light, device_class: None, unit: None, numeric: false }
        }
        ("switch" | "plug", false) => {
            Meaning { component: Component::Switch, device_class: None, unit: None, numeric: false }
        }
        _ => match KINDS.binary_search_by_key(&kind, |(name, _)| name) {
            Ok(at) => KINDS.get(at).map_or(TEXT, |(_, meaning)| *meaning),
            Err(_) if numeric => sensor(None, None),
            Err(_) => TEXT,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_sorted_and_light_is_told_by_its_values() {
        assert!(KINDS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(meaning("light", true).unit, Some("lx"));
        assert_eq!(meaning("light", false).component, Component::Light);
        assert_eq!(meaning("unheard_of", false), TEXT);
    }
}
