//! An announcement in one form: full keys, base topic filled in, shared keys given to each component.

use serde_json::{Map, Value};

use super::abbreviations::{DEVICE_KEYS, KEYS, expand};

type Object = Map<String, Value>;

/// An announcement with its parts taken apart.
pub struct Announcement {
    pub device: Object,
    /// Component id (`None` for a topic of one component), its `platform` if given, and its configuration.
    pub components: Vec<(Option<String>, Option<String>, Object)>,
    /// It announces nothing: its publisher is about to say the same on another topic.
    pub migrates: bool,
}

/// Longest base of topics, in bytes: it is put into each of them.
const LONGEST_BASE: usize = 1_024;
/// Most bytes that the keys shared by all components may come to, once each component has them.
const MOST_SHARED: usize = 16 << 20;

/// Keys that are not a component's own.
const STRUCTURE: [&str; 5] = ["device", "origin", "components", "~", "platform"];

/// Bring an announcement into one form. `whole_device`: its topic announces a device with several components. The error
/// says what of it would be too much.
pub fn announcement(payload: Object, whole_device: bool) -> Result<Announcement, String> {
    let mut payload = full_keys(payload, KEYS);
    let device = match payload.remove("device") {
        Some(Value::Object(device)) => full_keys(device, DEVICE_KEYS),
        _ => Object::new(),
    };
    let base = payload.get("~").and_then(Value::as_str).map(str::to_owned);
    if payload.get("migrate_discovery").and_then(Value::as_bool) == Some(true) {
        return Ok(Announcement { device, components: Vec::new(), migrates: true });
    }
    if !whole_device {
        let platform = payload.get("platform").and_then(Value::as_str).map(str::to_owned);
        let config = finish(payload, base.as_deref())?;
        return Ok(Announcement { device, components: vec![(None, platform, config)], migrates: false });
    }
    let parts = match payload.remove("components") {
        Some(Value::Object(parts)) => parts,
        _ => Object::new(),
    };
    let shared = Value::Object(payload.clone()).to_string().len().saturating_mul(parts.len());
    if shared > MOST_SHARED {
        let many = parts.len();
        return Err(format!(
            "the keys shared by {many} components come to {shared} bytes; at most {MOST_SHARED}"
        ));
    }
    let mut components = Vec::with_capacity(parts.len());
    // Sorted, so that words given to entities do not depend on how a map is kept.
    let parts: std::collections::BTreeMap<String, Value> = parts.into_iter().collect();
    for (id, part) in parts {
        // A component that is no object is passed on empty: it is refused where it is named.
        let part = match part {
            Value::Object(part) => full_keys(part, KEYS),
            _ => Object::new(),
        };
        // Nothing but a platform is how a publisher says that a component was removed.
        if part.len() == 1 && part.contains_key("platform") {
            continue;
        }
        let platform = part.get("platform").and_then(Value::as_str).map(str::to_owned);
        let own_base = part.get("~").and_then(Value::as_str).map(str::to_owned).or_else(|| base.clone());
        let mut config = part;
        for (key, value) in &payload {
            if !config.contains_key(key) {
                config.insert(key.clone(), value.clone());
            }
        }
        components.push((Some(id), platform, finish(config, own_base.as_deref())?));
    }
    Ok(Announcement { device, components, migrates: false })
}

fn full_keys(object: Object, table: &[(&'static str, &'static str)]) -> Object {
    let mut out = Object::new();
    for (key, value) in object {
        let long = expand(table, &key).to_owned();
        let value = match (long.as_str(), value) {
            ("availability", Value::Array(items)) => {
                Value::Array(items.into_iter().map(full_keys_of_value).collect())
            }
            ("availability", value @ Value::Object(_)) => Value::Array(vec![full_keys_of_value(value)]),
            (_, value) => value,
        };
        out.insert(long, value);
    }
    out
}

fn full_keys_of_value(value: Value) -> Value {
    match value {
        Value::Object(object) => Value::Object(full_keys(object, KEYS)),
        other => other,
    }
}

fn finish(mut config: Object, base: Option<&str>) -> Result<Object, String> {
    for key in STRUCTURE {
        config.remove(key);
    }
    match base {
        Some(base) if base.len() > LONGEST_BASE => {
            return Err(format!("`~` has {} bytes; at most {LONGEST_BASE}", base.len()));
        }
        Some(base) => fill_base(&mut config, base),
        None => {}
    }
    Ok(config)
}

/// Put the base in place of a `~` at the start or the end of every topic.
fn fill_base(config: &mut Object, base: &str) {
    for (key, value) in config.iter_mut() {
        match value {
            Value::String(text) if key == "topic" || key.ends_with("_topic") => {
                if let Some(rest) = text.strip_prefix('~') {
                    *text = format!("{base}{rest}");
                } else if let Some(rest) = text.strip_suffix('~') {
                    *text = format!("{rest}{base}");
                }
            }
            Value::Array(items) if key == "availability" => {
                for item in items {
                    if let Value::Object(item) = item {
                        fill_base(item, base);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value, whole: bool) -> Announcement {
        match value {
            Value::Object(object) => announcement(object, whole).unwrap(),
            _ => panic!("not an object"),
        }
    }

    #[test]
    fn short_keys_and_base_in_front_and_behind() {
        let a = of(
            json!({"~": "a/b", "stat_t": "~/x", "cmd_t": "set/~", "avty": [{"t": "~/up", "pl_avail": "1"}], "dev": {"ids": "7", "mf": "M"}}),
            false,
        );
        assert_eq!(a.device, *json!({"identifiers": "7", "manufacturer": "M"}).as_object().unwrap());
        assert_eq!(
            Value::Object(a.components[0].2.clone()),
            json!({"state_topic": "a/b/x", "command_topic": "set/a/b", "availability": [{"topic": "a/b/up", "payload_available": "1"}]})
        );
    }

    #[test]
    fn shared_keys_reach_each_component_and_its_own_go_first() {
        let a = of(
            json!({"~": "top", "qos": 1, "stat_t": "~/s", "cmps": {"one": {"p": "sensor", "name": "One"}, "gone": {"p": "sensor"}, "two": {"platform": "light", "state_topic": "~/own"}}}),
            true,
        );
        let topics: Vec<_> = a
            .components
            .iter()
            .map(|(id, p, c)| (id.as_deref(), p.as_deref(), c["state_topic"].as_str(), c["qos"].as_i64()))
            .collect();
        assert_eq!(
            topics,
            [
                (Some("one"), Some("sensor"), Some("top/s"), Some(1)),
                (Some("two"), Some("light"), Some("top/own"), Some(1)),
            ]
        );
    }
}
