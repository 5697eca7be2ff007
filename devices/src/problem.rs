//! What could not be understood, and what cannot be done.

use lares_model::Property;

/// Input that could not be understood: where it came from and why, in words that its owner can act on.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct Problem {
    /// The topic, or the entity within it.
    pub place: String,
    pub reason: String,
}

impl Problem {
    pub fn new(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { place: shorten(place.into()), reason: reason.into() }
    }
}

/// A wish that a device cannot fulfil, and why.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    pub property: Option<Property>,
    pub reason: String,
}

impl Refusal {
    pub fn new(property: Property, reason: impl Into<String>) -> Self {
        Self { property: Some(property), reason: reason.into() }
    }
}

/// Longest text from outside that is repeated in a message.
const QUOTED_CHARS: usize = 120;

fn shorten(text: String) -> String {
    if text.chars().nth(QUOTED_CHARS * 4).is_none() {
        text
    } else {
        text.chars().take(QUOTED_CHARS * 4).chain(['…']).collect()
    }
}

/// A text from outside, made short enough to be shown.
pub(crate) fn quote(text: &str) -> String {
    match text.char_indices().nth(QUOTED_CHARS) {
        None => format!("`{text}`"),
        Some((at, _)) => format!("`{}…`", &text[..at]),
    }
}
