//! What kind of value a property or an entity has, as far as its name tells: enough to find a threshold in the wrong unit
//! or `"on"` where true was meant, before the device was ever seen.

use std::sync::Arc;

use lares_model::{Property, Value};

use super::Scope;
use crate::decode::{Node, Unit};
use crate::home::EntityRef;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Quantity {
    Bool,
    /// In this unit and range; `None`: a number of whatever.
    Number(Option<Unit>, f64, f64),
    Text,
    Color,
    /// Nothing is known.
    Any,
}

const ANYTHING: (f64, f64) = (-1e9, 1e9);

/// What a property holds, whatever the entity.
pub(crate) fn of_property(property: Property) -> Quantity {
    use Property as P;
    let number = |quantity, min, max| Quantity::Number(Unit::of(quantity), min, max);
    match property {
        P::State => Quantity::Any,
        P::Volume | P::White => number("percent", 0.0, 100.0),
        P::Duration => Quantity::Number(None, 0.0, 86_400.0),
        P::X | P::Y => Quantity::Number(None, ANYTHING.0, ANYTHING.1),
        P::On | P::Oscillation | P::Locked | P::Press | P::Occupied | P::Home | P::Muted => Quantity::Bool,
        P::Brightness | P::Position | P::Tilt | P::Percentage | P::Battery | P::Sure => {
            number("percent", 0.0, 100.0)
        }
        P::TargetHumidity | P::CurrentHumidity => number("percent", 0.0, 100.0),
        P::ColorTemp => number("color temperature", 1_000.0, 20_000.0),
        P::TargetTemperature | P::TargetTemperatureHigh | P::TargetTemperatureLow => {
            number("temperature", -30.0, 100.0)
        }
        P::CurrentTemperature => number("temperature", -100.0, 1_000.0),
        P::Latitude => Quantity::Number(None, -90.0, 90.0),
        P::Longitude => Quantity::Number(None, -180.0, 180.0),
        P::Color => Quantity::Color,
        P::Effect | P::Mode | P::Action | P::FanMode | P::SwingMode | P::PresetMode | P::Direction => {
            Quantity::Text
        }
        P::SwingHorizontalMode | P::CleanRooms | P::Command | P::Tone | P::CleanZone | P::GoTo => {
            Quantity::Text
        }
        P::EventType | P::InstalledVersion | P::LatestVersion | P::Room => Quantity::Text,
        P::Rooms | P::Attributes | P::Map => Quantity::Text,
        P::Source | P::Title | P::Artist | P::Code | P::LastReset => Quantity::Text,
    }
}

/// Whether a rule may set it at all.
pub(crate) fn is_settable(property: Property) -> bool {
    use Property as P;
    !matches!(
        property,
        P::CurrentTemperature
            | P::CurrentHumidity
            | P::Battery
            | P::EventType
            | P::Latitude
            | P::Longitude
            | P::InstalledVersion
            | P::LatestVersion
            | P::Occupied
            | P::Home
            | P::Room
            | P::Sure
            | P::Rooms
            | P::Attributes
            | P::Map
            | P::X
            | P::Y
            | P::Title
            | P::Artist
            // What only a person knows does not stand in a file.
            | P::Code
            | P::LastReset
    )
}

/// What an entity's property holds. Slugs are the words that drivers make of Zigbee2MQTT's and Home Assistant's names.
pub(crate) fn of_entity(entity: Option<&EntityRef>, property: Option<Property>) -> Quantity {
    if let Some(property) = property.filter(|p| *p != Property::State) {
        return of_property(property);
    }
    let number = |quantity| Quantity::Number(Unit::of(quantity), ANYTHING.0, ANYTHING.1);
    match entity.and_then(|e| e.slug.as_deref()).unwrap_or("") {
        "occupancy" | "motion" | "contact" | "water_leak" | "smoke" | "tamper" | "battery_low" => {
            Quantity::Bool
        }
        "illuminance" => number("illuminance"),
        "temperature" | "local_temperature" => number("temperature"),
        "humidity" | "battery" => number("percent"),
        "power" => number("power"),
        "energy" => number("energy"),
        "pressure" => number("pressure"),
        "voltage" => number("voltage"),
        _ => Quantity::Any,
    }
}

impl Node<'_> {
    /// A value of this kind.
    pub fn value_of(&self, quantity: Quantity) -> Option<Value> {
        match quantity {
            Quantity::Bool => self.bool().map(Value::Bool),
            Quantity::Number(unit, min, max) => self.number_within(unit, min, max).map(Value::Number),
            Quantity::Text => self.text().map(Value::text),
            Quantity::Color => self.color(),
            Quantity::Any => match self.value {
                figment::value::Value::Bool(_, b) => Some(Value::Bool(*b)),
                figment::value::Value::Num(..) => self.quantity(None).map(Value::Number),
                figment::value::Value::String(_, text) => Some(Value::Text(Arc::from(text.as_str()))),
                _ => {
                    self.wrong_type("true or false, a number or a text");
                    None
                }
            },
        }
    }

    /// A threshold on a value of this kind.
    pub fn threshold(&self, quantity: Quantity) -> Option<f64> {
        match quantity {
            Quantity::Number(unit, min, max) => self.number_within(unit, min, max),
            Quantity::Any => self.quantity(None),
            Quantity::Bool | Quantity::Text | Quantity::Color => {
                let message =
                    format!("`{}` needs a number to compare with, this one has none", self.path.last_key());
                self.error("wrong-type", message, "compare it with `to` in `when`, with `is` in `if`");
                None
            }
        }
    }

    /// `"#ffaa00"`, a common name, or `[255, 170, 0]`.
    fn color(&self) -> Option<Value> {
        if let Some(items) = self.value.as_array().map(|_| self.list().unwrap_or_default()) {
            let parts: Vec<f64> = items.iter().filter_map(|i| i.number_within(None, 0.0, 255.0)).collect();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0-255")]
            let bytes: Vec<u8> = parts.iter().map(|n| n.round() as u8).collect();
            return match (bytes.as_slice(), items.len()) {
                ([r, g, b], 3) => Some(Value::Rgb(*r, *g, *b)),
                (_, 3) => None,
                _ => {
                    self.error(
                        "wrong-type",
                        "a color has three parts",
                        "allowed: [red, green, blue], 0 to 255 each",
                    );
                    None
                }
            };
        }
        let text = self.text()?;
        let named = COLORS.iter().find(|(name, _)| *name == text).map(|(_, hex)| *hex);
        let found = named.or_else(|| hex(text));
        if found.is_none() {
            let names = COLORS.iter().map(|(name, _)| *name);
            self.unknown_word(text, std::iter::once("#rrggbb").chain(names));
        }
        found.map(|[r, g, b]| Value::Rgb(r, g, b))
    }

    /// A property by name.
    pub fn property(&self) -> Option<Property> {
        let text = self.text()?;
        let found = Property::parse(text);
        if found.is_none() {
            self.unknown_word(text, Property::ALL.iter().map(|p| p.name()));
        }
        found
    }

    /// Reports properties that the twin behind this target is known not to have.
    pub fn check_twin(&self, entity: &EntityRef, values: &[Property], scope: &Scope<'_>) {
        use crate::home::TwinKind as T;
        use Property as P;
        let Some(kind) = scope.names.devices.get(&entity.device).and_then(|d| d.twin) else { return };
        let has: &[Property] = match kind {
            T::Light => &[P::On, P::Brightness, P::ColorTemp],
            T::Plug | T::Pump | T::Heater | T::Washer => &[P::On],
            T::Boiler => &[P::TargetTemperature, P::Mode],
            T::Valve => &[P::Position],
            T::Lock => &[P::Locked],
            T::Shutter => &[P::Position],
            T::Fan => &[P::On, P::Percentage],
            T::Vacuum => &[P::State, P::Action, P::FanMode, P::CleanRooms, P::Command],
            T::Thermostat => &[P::TargetTemperature, P::Mode],
            T::Display => &[P::State],
            T::Player => &[P::State, P::Volume, P::Muted, P::Source, P::Press],
            T::Stream => &[P::State, P::On, P::Press],
            T::Weather => &[P::Press],
            T::Motion | T::Door | T::Climate | T::Air | T::Leak | T::Smoke | T::Phone | T::Visitor => &[],
        };
        if let Some(property) = values.iter().find(|p| !has.contains(p)) {
            let (device, twin) = (&entity.device, kind.name());
            let message = format!("{device:?} is the twin `{twin}`: it has no `{}` to set", property.name());
            let list = crate::diagnostic::one_of_words(has.iter().map(|p| p.name()));
            self.error("not-settable", message, format!("allowed: {list}"));
        }
    }
}

const COLORS: [(&str, [u8; 3]); 10] = [
    ("red", [255, 0, 0]),
    ("green", [0, 255, 0]),
    ("blue", [0, 0, 255]),
    ("yellow", [255, 255, 0]),
    ("orange", [255, 128, 0]),
    ("purple", [128, 0, 255]),
    ("pink", [255, 96, 160]),
    ("cyan", [0, 255, 255]),
    ("white", [255, 255, 255]),
    ("amber", [255, 170, 0]),
];

fn hex(text: &str) -> Option<[u8; 3]> {
    let digits =
        text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |i: usize| u8::from_str_radix(digits.get(i..i + 2)?, 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}
