//! What an answer to "why" consists of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::views::{Moment, NotFound, ReadError};

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// What was asked about: a reference or an event.
    pub of: String,
    /// As people call it; null of an event.
    pub called: Option<String>,
    /// All in one line.
    pub line: String,
    /// The event that explains it, with what it follows from.
    pub root: Option<Cause>,
    /// What followed from it.
    pub led_to: Vec<Cause>,
    /// What was looked at or wished since, and came to nothing.
    pub since: Vec<Cause>,
    /// Claims that stand on it now, in words.
    pub holds: Vec<String>,
    pub hints: Vec<String>,
}

/// An event with what it follows from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Cause {
    pub event: String,
    pub kind: String,
    pub at: Moment,
    pub seen: Moment,
    pub origin: String,
    pub subject: String,
    pub text: String,
    /// Of a decision: all that mattered.
    pub decision: Option<DecisionView>,
    /// Of a rule that did not act: its grounds.
    pub grounds: Option<Grounds>,
    /// The most direct cause first.
    pub because: Vec<Cause>,
}

/// A wish and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionView {
    pub property: String,
    pub value: serde_json::Value,
    /// The value in words: `on`, `to 21 °C`.
    pub wish: String,
    pub source: String,
    /// The source as people call it.
    pub who: String,
    pub level: String,
    pub level_number: u16,
    /// `momentary`, `released`, or an instant.
    pub until: String,
    pub reason: String,
    pub grounds: Option<Grounds>,
    pub rivals: Vec<RivalView>,
    /// `commanded`, `already_so`, or the word of the receipt.
    pub outcome: String,
    pub outcome_text: String,
    /// The value that was sent.
    pub sent: Option<serde_json::Value>,
    pub receipts: Vec<ReceiptView>,
}

/// Another claim that stood on the property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RivalView {
    pub source: String,
    /// The source as people call it.
    pub who: String,
    pub level: String,
    pub level_number: u16,
    pub value: serde_json::Value,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptView {
    pub event: String,
    pub at: Moment,
    pub word: String,
    pub text: String,
}

/// A rule's grounds: the rule as it was, what set it off, its conditions as they were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grounds {
    pub rule: String,
    /// As people call it: `“Landing at night”`, or its key.
    pub name: String,
    pub file: String,
    pub line: u32,
    /// As it was when it looked; none if that configuration is not kept.
    pub text: Option<String>,
    pub changed: Changed,
    pub trigger: String,
    pub conditions: Vec<Condition>,
}

/// Whether a rule's text is still the one that acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    Unchanged,
    Changed,
    Removed,
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Condition {
    pub text: String,
    pub found: String,
    pub met: bool,
}

/// There is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhyError {
    #[error(transparent)]
    Name(#[from] NotFound),
    #[error("the journal has no event {0}")]
    NoEvent(String),
    #[error("nothing is known of a timer `{0}`: `lares timer` lists those that are set")]
    NoTimer(String),
    #[error(transparent)]
    Read(#[from] ReadError),
}
