//! A message as templates see it, and what they make of it.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::super::json::{self, Json};
use super::python;

/// One received message. Its JSON is parsed at most once, when the first template asks for it.
pub struct Message<'a> {
    pub text: &'a str,
    json: OnceCell<Option<Json<'a>>>,
    value: OnceCell<minijinja::Value>,
}

impl<'a> Message<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, json: OnceCell::new(), value: OnceCell::new() }
    }

    /// The payload as JSON; `None` if it is none.
    pub fn json(&self) -> Option<&Json<'a>> {
        self.json.get_or_init(|| json::parse(self.text).ok()).as_ref()
    }

    /// The same for the engine; undefined if the payload is no JSON.
    pub(super) fn engine_json(&self) -> minijinja::Value {
        self.value.get_or_init(|| self.json().map_or(minijinja::Value::UNDEFINED, engine_value)).clone()
    }
}

/// JSON as the engine's value, keys in order.
pub(super) fn engine_value(json: &Json<'_>) -> minijinja::Value {
    use minijinja::Value;
    match json {
        Json::Null => Value::from(()),
        Json::Bool(b) => Value::from(*b),
        Json::Int(n) => Value::from(*n),
        Json::Uint(n) => Value::from(*n),
        Json::Float(n) => Value::from(*n),
        Json::Text(t) => Value::from(t.as_ref()),
        Json::List(items) => Value::from(items.iter().map(engine_value).collect::<Vec<_>>()),
        Json::Object(fields) => {
            Value::from_pairs(fields.iter().map(|(k, v)| (Value::from(k.as_ref()), engine_value(v))))
        }
    }
}

/// What a template made of a message. Numbers and booleans are kept as such, so that the common case allocates
/// nothing; [`Rendered::text`] is what Python would have printed.
#[derive(Clone, PartialEq, Debug)]
pub enum Rendered<'a> {
    /// The message does not speak of it: a key is missing.
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl<'a> Rendered<'a> {
    pub fn of(json: &'a Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(b) => Self::Bool(*b),
            Json::Int(n) => Self::Int(*n),
            Json::Uint(n) => Self::Text(Cow::Owned(n.to_string())),
            Json::Float(n) => Self::Float(*n),
            Json::Text(t) => Self::Text(Cow::Borrowed(t.trim())),
            Json::List(_) | Json::Object(_) => Self::Text(Cow::Owned(python::str_of(&engine_value(json)))),
        }
    }

    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Absent => Cow::Borrowed(""),
            Self::Null => Cow::Borrowed("None"),
            Self::Bool(true) => Cow::Borrowed("True"),
            Self::Bool(false) => Cow::Borrowed("False"),
            Self::Int(n) => Cow::Owned(n.to_string()),
            Self::Float(n) => Cow::Owned(python::float_text(*n)),
            Self::Text(t) => Cow::Borrowed(t),
        }
    }

    /// Whether the source says that it does not know.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(t) => matches!(t.as_ref(), "" | "None" | "none" | "unknown" | "unavailable" | "null"),
            _ => false,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(n) => Some(*n as f64),
            Self::Float(n) => Some(*n),
            Self::Text(t) => t.trim().parse().ok(),
            Self::Bool(_) | Self::Null | Self::Absent => None,
        }
        .filter(|n: &f64| n.is_finite())
    }

    pub fn is(&self, wanted: &str) -> bool {
        match self {
            Self::Text(t) => t == wanted,
            Self::Bool(b) => wanted == if *b { "True" } else { "False" },
            Self::Absent => false,
            other => other.text() == wanted,
        }
    }
}
