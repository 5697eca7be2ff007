//! One entity's announced configuration with full keys: lenient readers for what publishers really send.

use serde_json::{Map, Value as Announced};

use crate::problem::quote;

/// Configuration of one entity, keys in full. Readers never fail on a wrong type: they note it and go on, since
/// refusing the message would lose the device.
#[derive(Clone, Copy)]
pub struct Config<'a>(pub &'a Map<String, Announced>);

impl<'a> Config<'a> {
    pub fn get(&self, key: &str) -> Option<&'a Announced> {
        self.0.get(key).filter(|v| !v.is_null())
    }

    /// A text; numbers and booleans become texts as Python writes them, since that is what receivers compare with.
    pub fn text(&self, key: &str) -> Option<String> {
        self.get(key).and_then(text_of)
    }

    pub fn text_or(&self, key: &str, default: &str) -> String {
        self.text(key).unwrap_or_else(|| default.to_owned())
    }

    /// A non-empty text: topics and templates.
    pub fn filled(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(Announced::as_str).filter(|t| !t.is_empty())
    }

    pub fn has(&self, key: &str) -> bool {
        self.filled(key).is_some()
    }

    /// A number, also one given as text. Never NaN or infinite.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.get(key).and_then(number_of)
    }

    /// A yes or no, also one given as text or number.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Announced::Bool(b) => Some(*b),
            Announced::Number(n) => n.as_f64().map(|n| n != 0.0),
            Announced::String(t) => match t.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "enable" | "1" => Some(true),
                "false" | "no" | "off" | "disable" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A list of texts; one text alone is a list of one.
    pub fn list(&self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Announced::Array(items)) => items.iter().filter_map(text_of).collect(),
            Some(other) => text_of(other).into_iter().collect(),
            None => Vec::new(),
        }
    }
}

pub fn text_of(value: &Announced) -> Option<String> {
    match value {
        Announced::String(t) => Some(t.clone()),
        Announced::Bool(b) => Some(if *b { "True" } else { "False" }.to_owned()),
        Announced::Number(n) => Some(match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(i), ..) => i.to_string(),
            (_, Some(u), _) => u.to_string(),
            (.., Some(f)) => super::template::float_text(f),
            _ => n.to_string(),
        }),
        _ => None,
    }
}

fn number_of(value: &Announced) -> Option<f64> {
    match value {
        Announced::Number(n) => n.as_f64(),
        Announced::String(t) => t.trim().parse().ok(),
        _ => None,
    }
    .filter(|n: &f64| n.is_finite())
}

/// The complaint about a key whose value is not what it may be.
pub fn wrong(key: &str, value: &Announced, allowed: &str) -> String {
    format!("`{key}` is {}; allowed: {allowed}", quote(&value.to_string()))
}
