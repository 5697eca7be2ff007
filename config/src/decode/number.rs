//! Numbers, with a range and, in a text, a unit.

use super::Node;

/// A quantity's canonical unit, other ways to write it, and units that are converted: name, factor, offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    pub quantity: &'static str,
    pub units: &'static [(&'static str, f64, f64)],
}

/// Every unit that is known at all, so that a wrong one can be told from nonsense.
pub(crate) const KNOWN: [Unit; 9] = [
    Unit {
        quantity: "temperature",
        units: &[("°C", 1.0, 0.0), ("C", 1.0, 0.0), ("°F", 5.0 / 9.0, -160.0 / 9.0)],
    },
    Unit { quantity: "illuminance", units: &[("lx", 1.0, 0.0), ("lux", 1.0, 0.0), ("klx", 1000.0, 0.0)] },
    Unit { quantity: "percent", units: &[("%", 1.0, 0.0)] },
    Unit { quantity: "power", units: &[("W", 1.0, 0.0), ("kW", 1000.0, 0.0), ("mW", 0.001, 0.0)] },
    Unit { quantity: "energy", units: &[("kWh", 1.0, 0.0), ("Wh", 0.001, 0.0)] },
    Unit { quantity: "color temperature", units: &[("K", 1.0, 0.0)] },
    Unit { quantity: "pressure", units: &[("hPa", 1.0, 0.0), ("mbar", 1.0, 0.0)] },
    Unit { quantity: "voltage", units: &[("V", 1.0, 0.0), ("mV", 0.001, 0.0)] },
    Unit { quantity: "concentration", units: &[("ppm", 1.0, 0.0), ("ppb", 0.001, 0.0)] },
];

/// What makes a number in one unit a number in another of the same quantity: times the first, plus the second. `None`: they
/// are not of one quantity, or not known.
pub fn convert_unit(from: &str, to: &str) -> Option<(f64, f64)> {
    let named = |known: &Unit, name: &str| known.units.iter().find(|(unit, ..)| *unit == name).copied();
    KNOWN.iter().find_map(|known| {
        let ((_, factor, offset), (_, to_factor, to_offset)) = (named(known, from)?, named(known, to)?);
        Some((factor / to_factor, (offset - to_offset) / to_factor))
    })
}

/// The units that can be converted to this one; itself, if it is not known.
pub fn units_like(unit: &str) -> Vec<&str> {
    let known = KNOWN.iter().find(|known| known.units.iter().any(|(name, ..)| *name == unit));
    known.map_or_else(|| vec![unit], |known| known.units.iter().map(|(name, ..)| *name).collect())
}

impl Unit {
    pub fn of(quantity: &str) -> Option<Self> {
        KNOWN.into_iter().find(|unit| unit.quantity == quantity)
    }

    fn convert(&self, number: f64, name: &str) -> Option<f64> {
        let (_, factor, offset) = self.units.iter().find(|(unit, ..)| *unit == name)?;
        Some(number * factor + offset)
    }
}

impl Node<'_> {
    /// A finite number, or a text of a number and a unit of this quantity; `None`: of any known one.
    pub fn quantity(&self, unit: Option<Unit>) -> Option<f64> {
        if let Some(number) = self.as_f64() {
            if number.is_finite() {
                return Some(number);
            }
            self.error("out-of-range", format!("`{}` must be a finite number", self.path.last_key()), "");
            return None;
        }
        let Some(text) = self.value.as_str() else {
            self.wrong_type("a number");
            return None;
        };
        let split = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(text.len());
        let (number, name) = (text[..split].parse::<f64>(), text[split..].trim());
        let Ok(number) = number else {
            self.error(
                "wrong-type",
                format!("`{}` must be a number, not {text:?}", self.path.last_key()),
                examples(unit),
            );
            return None;
        };
        let converted = match unit {
            Some(unit) => unit.convert(number, name),
            None => KNOWN.iter().find_map(|known| known.convert(number, name)),
        };
        if converted.is_none() {
            let of = KNOWN.iter().find(|known| known.convert(number, name).is_some());
            let message = match (of, unit) {
                (Some(of), Some(unit)) => {
                    format!("{name:?} is a unit of {}, this is a {}", of.quantity, unit.quantity)
                }
                _ => format!("{name:?} is no unit that is known here"),
            };
            self.error("wrong-unit", message, examples(unit));
        }
        converted
    }

    /// A number within these limits.
    pub fn number_within(&self, unit: Option<Unit>, min: f64, max: f64) -> Option<f64> {
        let number = self.quantity(unit)?;
        if (min..=max).contains(&number) {
            return Some(number);
        }
        self.error(
            "out-of-range",
            format!("`{}` can't be {number}", self.path.last_key()),
            format!(
                "allowed: {min} to {max}{}",
                unit.map(|u| format!(" {}", u.units[0].0)).unwrap_or_default()
            ),
        );
        None
    }

    /// A whole number from 1 to 65535.
    pub fn port(&self) -> Option<u16> {
        let found = self.as_f64().filter(|n| (1.0..=65_535.0).contains(n) && n.fract() == 0.0);
        if found.is_none() {
            let message = format!("`{}` can't be {}", self.path.last_key(), self.seen());
            self.error(
                "out-of-range",
                message,
                "allowed: a whole number from 1 to 65535; MQTT's own is 1883",
            );
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked just above")]
        found.map(|n| n as u16)
    }
}

fn examples(unit: Option<Unit>) -> String {
    match unit {
        Some(unit) => {
            let names: Vec<&str> = unit.units.iter().map(|(name, ..)| *name).collect();
            format!("allowed: a plain number, or a text with one of the units {}", names.join(", "))
        }
        None => "allowed: a plain number, or a text with a unit: \"21.5 °C\", \"50 lx\", \"80 %\"".into(),
    }
}
