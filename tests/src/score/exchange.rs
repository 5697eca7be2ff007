//! An `exchange`: what the source's own test receives and expects, does and publishes.

use std::collections::BTreeMap;

use lares_devices::Observation;
use lares_devices::homeassistant::{DeviceSpec, Driver};
use lares_model::{Component, EntityInfo, Property, PropertyInfo, Value, ValueKind};
use serde_json::{Value as Json, json};

use super::misses::Misses;

/// How near a number must be to the expected one: sources round to tenths.
const NEAR: f64 = 0.1;

pub struct Exchange<'a> {
    entities: &'a [EntityInfo],
    known: BTreeMap<&'static str, Json>,
}

impl<'a> Exchange<'a> {
    pub fn new(spec: &'a DeviceSpec) -> Self {
        Self { entities: &spec.info.entities, known: BTreeMap::new() }
    }

    /// `{receive: [topic, text], is: {...}}`: how many values were expected, and how many were so.
    pub fn hear(
        &mut self,
        driver: &mut Driver,
        place: &str,
        step: &Json,
        misses: &mut Misses,
    ) -> (usize, usize) {
        let (Some(topic), Some(payload)) = (step["receive"][0].as_str(), step["receive"][1].as_str()) else {
            return (0, 0);
        };
        let mut out = Vec::new();
        let read = driver.on_message(topic, payload.as_bytes(), &mut out);
        for observation in out {
            if let Observation::Reading { property, value, .. } = observation {
                let value = match (property, value) {
                    // A receiver's scale of brightness is 0 to 255, ours is per cent.
                    (Property::Brightness, Some(Value::Number(percent))) => {
                        Some((percent * 2.55).round().into())
                    }
                    (_, value) => value,
                };
                self.known.insert(word(property), plain(value));
            }
        }
        let cover = self.entities.iter().any(|e| e.component == Component::Cover);
        let (mut expected, mut met) = (0, 0);
        for (key, wanted) in step["is"].as_object().into_iter().flatten() {
            expected += 1;
            let state = if cover { "action" } else { "on" };
            let found =
                self.known.get(key.as_str()).or_else(|| self.known.get(state).filter(|_| key == "state"));
            if same(found, wanted) {
                met += 1;
            } else {
                let reason = format!("after `{payload}` {key} is {found:?}, not {wanted} ({read:?})");
                misses.note("expectation", place, reason);
            }
        }
        (expected, met)
    }

    /// `{do: "...", publish: [topic, text]}`: whether that was published, and nothing else.
    pub fn act(&self, driver: &Driver, place: &str, step: &Json, misses: &mut Misses) -> Option<bool> {
        let wish = step["do"].as_str()?;
        let (topic, payload) = (step["publish"][0].as_str()?, step["publish"][1].as_str()?);
        // On and off are a switch's words before they are anybody's mode.
        let all = || self.entities.iter().flat_map(|e| e.properties.iter().map(move |p| (e, p)));
        let switch = all().filter(|(_, p)| p.kind == ValueKind::Bool);
        let found = switch.chain(all()).find_map(|(e, p)| asked(wish, e, p));
        let Some((entity, property, value)) = found else {
            misses.note("exchange", place, format!("no property for `{wish}`"));
            return Some(false);
        };
        let sends = match driver.command(entity.id(), &[(property, value)]) {
            Ok(sends) => sends,
            Err(refusal) => {
                misses.note("exchange", place, format!("`{wish}` is refused: {refusal}"));
                return Some(false);
            }
        };
        let equal = sends.len() == 1
            && sends.iter().all(|s| s.topic == topic && equal(&String::from_utf8_lossy(&s.payload), payload));
        if !equal {
            let shown: Vec<_> =
                sends.iter().map(|s| (&s.topic, String::from_utf8_lossy(&s.payload))).collect();
            misses.note("exchange", place, format!("`{wish}` sends {shown:?}, not {topic} {payload}"));
        }
        Some(equal)
    }
}

/// The property and value that a wish such as `set humidity 45` means, if this property can be meant.
fn asked<'a>(
    wish: &str,
    entity: &'a EntityInfo,
    info: &PropertyInfo,
) -> Option<(&'a EntityInfo, Property, Value)> {
    if !info.writable {
        return None;
    }
    let (name, value) = match wish.strip_prefix("set ") {
        Some(set) => set.split_once(' ')?,
        None => ("", wish),
    };
    let named = match name {
        "" => true,
        "rgb" => info.kind == ValueKind::Rgb,
        "humidity" => info.property == Property::TargetHumidity,
        name => name == word(info.property) || name == info.property.name() || preset(name, info.property),
    };
    let value = match &info.kind {
        ValueKind::Bool if matches!(value, "on" | "off") => Value::Bool(value == "on"),
        ValueKind::Enum(options) => Value::Text(options.iter().find(|o| ***o == *value)?.clone()),
        // What is announced in mireds is kept in kelvins.
        ValueKind::Number { .. } if info.property == Property::ColorTemp => {
            Value::Number((1e6 / value.parse::<f64>().ok()?).round())
        }
        // A receiver's scale of brightness is 0 to 255, ours is per cent.
        ValueKind::Number { .. } if info.property == Property::Brightness => {
            Value::Number(value.parse::<f64>().ok()? / 2.55)
        }
        ValueKind::Number { .. } => Value::Number(value.parse().ok()?),
        ValueKind::Rgb => {
            let mut parts = value.split(',').map(str::parse::<u8>);
            Value::Rgb(parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?)
        }
        // What a cover or a vacuum is told: one word.
        ValueKind::Text if info.property == Property::Action && name.is_empty() => Value::Text(value.into()),
        _ => return None,
    };
    named.then_some((entity, info.property, value))
}

/// Some sources call a preset a mode.
fn preset(name: &str, property: Property) -> bool {
    name == "mode" && property.name().contains("mode")
}

/// Texts as they are; objects whatever their blanks and order.
fn equal(sent: &str, wanted: &str) -> bool {
    let parsed = |text: &str| serde_json::from_str::<Json>(text).ok().filter(Json::is_object);
    sent == wanted || parsed(sent).is_some_and(|sent| Some(sent) == parsed(wanted))
}

fn same(found: Option<&Json>, wanted: &Json) -> bool {
    match (found, wanted) {
        (Some(Json::Number(a)), Json::Number(b)) => {
            matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if (a - b).abs() < NEAR)
        }
        (Some(a), b) => a == b,
        (None, b) => b.is_null(),
    }
}

/// What the sources call a property.
fn word(property: Property) -> &'static str {
    match property {
        Property::TargetTemperature => "temperature",
        Property::Battery => "battery_level",
        Property::Color => "rgb",
        Property::FanMode => "fan_speed",
        Property::Percentage => "percent",
        other => other.name(),
    }
}

fn plain(value: Option<Value>) -> Json {
    match value {
        None => Json::Null,
        Some(Value::Bool(b)) => b.into(),
        Some(Value::Number(n)) => n.into(),
        Some(Value::Text(t)) => (*t).into(),
        Some(Value::Rgb(r, g, b)) => json!([r, g, b]),
    }
}
