//! What zigbee2mqtt's `exposes` of a device allow.

use serde_json::Value as Json;

use super::text;

/// Whether `exposes` allow what is sent: `<base>/<name>[/<endpoint>]/set[/<key>]`.
pub fn allowed(device: &Json, topic: &str, payload: &[u8]) -> bool {
    let base = format!("zigbee2mqtt/{}", text(&device["friendly_name"]));
    let Some(rest) = topic.strip_prefix(&base) else { return false };
    let parts: Vec<&str> = rest.split('/').filter(|p| !p.is_empty()).collect();
    let payload = std::str::from_utf8(payload).unwrap();
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
    fields.iter().all(|(key, value)| {
        let mut exposed = Vec::new();
        collect(&device["exposes"], &mut exposed);
        exposed.iter().any(|e| {
            let names = [text(&e["property"]), text(&e["name"])];
            let named =
                names.iter().any(|n| n == key || endpoint.is_some_and(|p| *n == format!("{key}_{p}")));
            named && takes(e, value)
        })
    })
}

fn collect<'a>(exposes: &'a Json, out: &mut Vec<&'a Json>) {
    for expose in exposes.as_array().into_iter().flatten() {
        out.push(expose);
        collect(&expose["features"], out);
    }
}

fn takes(expose: &Json, value: &Json) -> bool {
    if expose["access"].as_i64().is_some_and(|a| a & 2 == 0) {
        return false;
    }
    match expose["type"].as_str().unwrap_or_default() {
        "numeric" => {
            let Some(number) = value.as_f64() else {
                return expose["presets"].as_array().into_iter().flatten().any(|p| p["name"] == *value);
            };
            number >= expose["value_min"].as_f64().unwrap_or(f64::MIN) - 1e-9
                && number <= expose["value_max"].as_f64().unwrap_or(f64::MAX) + 1e-9
        }
        "binary" => {
            [&expose["value_on"], &expose["value_off"], &expose["value_toggle"]].contains(&value)
                || value.as_str().is_some_and(|v| {
                    [&expose["value_on"], &expose["value_off"]]
                        .iter()
                        .any(|w| w.as_str().is_some_and(|w| w.eq_ignore_ascii_case(v)))
                })
        }
        "enum" => expose["values"]
            .as_array()
            .unwrap()
            .iter()
            .any(|v| v == value || v.as_str() == Some(&value.to_string())),
        "composite" => value.as_object().is_some_and(|o| {
            o.iter().all(|(k, v)| {
                expose["features"].as_array().unwrap().iter().any(|f| {
                    // zigbee2mqtt takes the short names of hue and saturation too.
                    let name = match k.as_str() {
                        "h" => "hue",
                        "s" => "saturation",
                        other => other,
                    };
                    (f["property"] == *name || f["name"] == *name) && takes(f, v)
                })
            })
        }),
        "text" => value.is_string(),
        _ => true,
    }
}
