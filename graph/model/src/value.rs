//! Values of properties. Nothing above a driver is a bag of JSON.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A typed value. "Unknown" is the absence of one (`Option<Value>`), never a special value.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Value {
    Bool(bool),
    /// In the property's unit. Never NaN or infinite: a driver refuses those.
    Number(f64),
    Text(Arc<str>),
    /// sRGB, 0-255 each.
    Rgb(u8, u8, u8),
}

impl Value {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<f64> {
        match self {
            Self::Number(n) => Some(*n),
            _ => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(t) => Some(t),
            _ => None,
        }
    }

    /// Whether a device's report `self` is what was asked for: numbers within `tolerance`, all else equal.
    pub fn meets(&self, wanted: &Self, tolerance: f64) -> bool {
        match (self, wanted) {
            (Self::Number(a), Self::Number(b)) => (a - b).abs() <= tolerance,
            (Self::Rgb(a, b, c), Self::Rgb(x, y, z)) => {
                [(a, x), (b, y), (c, z)].iter().all(|(p, q)| f64::from(p.abs_diff(**q)) <= tolerance.max(3.0))
            }
            (a, b) => a == b,
        }
    }

    /// Whether changes of this value are facts on their own (on/off, text) rather than samples of a quantity.
    pub fn is_discrete(&self) -> bool {
        !matches!(self, Self::Number(_))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("on"),
            Self::Bool(false) => f.write_str("off"),
            Self::Number(n) => write!(f, "{n}"),
            Self::Text(t) => f.write_str(t),
            Self::Rgb(r, g, b) => write!(f, "#{r:02x}{g:02x}{b:02x}"),
        }
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<f64> for Value {
    fn from(n: f64) -> Self {
        Self::Number(n)
    }
}

impl From<&str> for Value {
    fn from(t: &str) -> Self {
        Self::Text(t.into())
    }
}
