//! Messages made wrong: as bytes, as JSON, and as topics.

use serde_json::{Map, Value, json};

use crate::chance::Chance;
use crate::words::{KEYS, NAMES, TEMPLATES, VALUES};

/// A message bent in one to three ways, or left as it is.
pub fn payload(payload: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    for _ in 0..chance.below(4) {
        bytes = match (chance.below(5), serde_json::from_slice::<Value>(&bytes)) {
            (0..=2, Ok(mut value)) => {
                let at = chance.below(size(&value));
                change(&mut value, &mut { at }, chance);
                let text = value.to_string();
                if chance.one_in(12) { doubled(&text, chance) } else { text.into_bytes() }
            }
            (3, _) => VALUES[chance.below(VALUES.len())].as_bytes().to_vec(),
            _ => noise(bytes, chance),
        };
    }
    bytes
}

/// Bits turned, parts cut out, doubled or put in.
fn noise(mut bytes: Vec<u8>, chance: &mut Chance) -> Vec<u8> {
    let at = chance.below(bytes.len() + 1);
    match chance.below(6) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(..at)),
        2 => bytes.extend_from_within(at..),
        3 => {
            let many = chance.below(6);
            let noise: Vec<u8> = (0..many).map(|_| chance.next() as u8).collect();
            bytes.splice(at..at, noise);
        }
        _ => {
            for _ in 0..=chance.below(4) {
                let (at, bit) = (chance.below(bytes.len()), chance.below(8));
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
        }
    }
    bytes
}

/// How many values a value holds, itself counted.
fn size(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(fields) => fields.values().map(size).sum(),
        _ => 0,
    }
}

/// Change the value that is reached after `steps` others.
fn change(value: &mut Value, steps: &mut usize, chance: &mut Chance) {
    if *steps == 0 {
        *steps = usize::MAX;
        return turn(value, chance);
    }
    *steps -= 1;
    let parts: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(fields) => Box::new(fields.values_mut()),
        _ => return,
    };
    for part in parts {
        change(part, steps, chance);
        if *steps == usize::MAX {
            return;
        }
    }
}

/// Another value in place of this one, or one more key or item within it.
fn turn(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::Object(fields) if !chance.one_in(5) => {
            for _ in 0..=chance.below(3) {
                let key = match fields.keys().nth(chance.below(fields.len())) {
                    Some(key) if chance.one_in(3) => key.clone(),
                    _ => (*chance.pick(KEYS)).to_owned(),
                };
                if chance.one_in(5) {
                    fields.remove(&key);
                } else {
                    fields.insert(key, any(chance));
                }
            }
        }
        Value::Array(items) if !chance.one_in(5) => match chance.below(3) {
            0 => items.clear(),
            1 => items.push(any(chance)),
            _ => items.extend_from_within(..),
        },
        Value::String(text) if chance.one_in(3) => {
            let at = text.char_indices().nth(chance.below(text.chars().count())).map_or(0, |(at, _)| at);
            let name: &&str = chance.pick(NAMES);
            text.insert_str(at, name);
        }
        Value::Number(number) if chance.one_in(3) => {
            let number = number.as_f64().unwrap_or_default();
            *value = json!(*chance.pick(&[-number, number * 1e6, number + 0.5, number * 1e300]));
        }
        _ => *value = any(chance),
    }
}

/// Any value that a publisher may send by mistake or on purpose.
fn any(chance: &mut Chance) -> Value {
    match chance.below(12) {
        0 => Value::Null,
        1 => Value::Bool(chance.one_in(2)),
        2 => json!(*chance.pick(&[0, 1, -1, 255, 1 << 20, i64::MAX, i64::MIN])),
        3 => json!(*chance.pick(&[0.5, -0.0, 1e308, -1e308, 5e-324, 1e20])),
        4 => json!(u64::MAX),
        5..=7 => json!(*chance.pick(NAMES)),
        8 => json!(*chance.pick(TEMPLATES)),
        9 => json!(chance.pick(NAMES).repeat(chance.below(400))),
        10 => deep(chance),
        _ => {
            let mut fields = Map::new();
            for _ in 0..chance.below(4) {
                fields.insert((*chance.pick(KEYS)).to_owned(), json!(*chance.pick(NAMES)));
            }
            Value::Object(fields)
        }
    }
}

/// Lists and objects within each other, beyond what any reader follows now and then.
fn deep(chance: &mut Chance) -> Value {
    let mut value = json!(1);
    for _ in 0..*chance.pick(&[3, 30, 140]) {
        value = if chance.one_in(2) { json!([value]) } else { json!({ "a": value }) };
    }
    value
}

/// JSON text in which a key stands twice.
fn doubled(text: &str, chance: &mut Chance) -> Vec<u8> {
    let key = chance.pick(KEYS);
    text.replacen('{', &format!("{{\"{key}\":{},\"{key}\":{},", any(chance), any(chance)), 1).into_bytes()
}

/// A topic with a part exchanged, added or cut, or left as it is.
pub fn topic(topic: &str, chance: &mut Chance) -> String {
    if !chance.one_in(4) {
        return topic.to_owned();
    }
    let mut parts: Vec<&str> = topic.split('/').collect();
    let at = chance.below(parts.len());
    let long = "x".repeat(10_000);
    let other = if chance.one_in(20) { long.as_str() } else { chance.pick(NAMES) };
    match chance.below(4) {
        0 => parts.insert(at, other),
        1 => drop(parts.remove(at)),
        _ => parts[at] = other,
    }
    parts.join("/")
}
