//! What zigbee2mqtt's `exposes` of a device allow.

use serde_json::Value as Json;

use super::{list, text};

/// Whether `exposes` allow what is sent: `<base>/<name>[/<endpoint>]/set[/<key>]`.
pub fn allowed(device: &Json, topic: &str, payload: &[u8]) -> bool {
    // An update is asked of the bridge, with the device's name.
    if topic == "zigbee2mqtt/bridge/request/device/ota_update/update" {
        return serde_json::from_slice::<Json>(payload).is_ok_and(|asked| asked["id"].is_string());
    }
    let base = format!("zigbee2mqtt/{}", text(device, "friendly_name"));
    let Some(rest) = topic.strip_prefix(&base) else { return false };
    let parts: Vec<&str> = rest.split('/').filter(|p| !p.is_empty()).collect();
    let Ok(payload) = std::str::from_utf8(payload) else { return false };
    let (endpoint, key) = match parts.as_slice() {
        ["set"] => (None, None),
        ["set", key] => (None, Some(*key)),
        [endpoint, "set"] => (Some(*endpoint), None),
        [endpoint, "set", key] => (Some(*endpoint), Some(*key)),
        _ => return false,
    };
    let value: Json = serde_json::from_str(payload).unwrap_or_else(|_| Json::String(payload.to_owned()));
    let fields: Vec<(String, Json)> = match (key, value) {
        (Some(key), value) => vec![(key.to_owned(), value)],
        (None, Json::Object(fields)) => fields.into_iter().collect(),
        (None, word) => vec![("state".to_owned(), word)],
    };
    let mut exposed = Vec::new();
    collect(list(device, "exposes"), &mut exposed);
    fields.iter().all(|(key, value)| {
        // How fast is no feature of its own.
        key == "transition" && value.is_number()
            || exposed.iter().any(|e| {
                let named = [text(e, "property"), text(e, "name")]
                    .iter()
                    .any(|n| n == key || endpoint.is_some_and(|p| *n == format!("{key}_{p}")));
                named && takes(e, value)
            })
    })
}

fn collect<'a>(exposes: &'a [Json], out: &mut Vec<&'a Json>) {
    for expose in exposes {
        out.push(expose);
        collect(list(expose, "features"), out);
    }
}

fn takes(expose: &Json, value: &Json) -> bool {
    if expose["access"].as_i64().is_some_and(|a| a & 2 == 0) {
        return false;
    }
    match text(expose, "type") {
        "numeric" => {
            let Some(number) = value.as_f64() else {
                return list(expose, "presets").iter().any(|p| p["name"] == *value);
            };
            number >= expose["value_min"].as_f64().unwrap_or(f64::MIN) - 1e-9
                && number <= expose["value_max"].as_f64().unwrap_or(f64::MAX) + 1e-9
        }
        "binary" => ["value_on", "value_off", "value_toggle"].iter().any(|key| {
            expose.get(key).is_some_and(|word| {
                word == value
                    || matches!((word.as_str(), value.as_str()), (Some(a), Some(b)) if a.eq_ignore_ascii_case(b))
            })
        }),
        "enum" => {
            list(expose, "values").iter().any(|v| v == value || v.as_str() == Some(&value.to_string()))
        }
        "composite" => value.as_object().is_some_and(|o| {
            o.iter().all(|(k, v)| {
                // zigbee2mqtt takes the short names of hue and saturation too.
                let name = match k.as_str() {
                    "h" => "hue",
                    "s" => "saturation",
                    other => other,
                };
                let mut parts = list(expose, "features").iter();
                parts.any(|f| (f["property"] == *name || f["name"] == *name) && takes(f, v))
            })
        }),
        "text" => value.is_string(),
        _ => true,
    }
}
