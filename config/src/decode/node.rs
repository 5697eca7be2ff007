//! One value with its path.

use figment::value::{Dict, Num, Value};

use super::context::NewProblem;
use super::{Context, Fields};
use crate::Place;
use crate::diagnostic::{Severity, nearest, one_of_words};
use crate::source::{At, KeyPath};

#[derive(Clone)]
pub(crate) struct Node<'a> {
    pub cx: &'a Context,
    pub value: &'a Value,
    pub path: KeyPath,
}

impl<'a> Node<'a> {
    /// The place where it is written; for a table its header.
    pub fn place(&self) -> Place {
        self.cx.place(&self.path, Some(self.value))
    }

    pub fn error(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.report(Severity::Error, At::Value, code, message.into(), help.into(), Vec::new());
    }

    pub fn warn(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.report(Severity::Warning, At::Value, code, message.into(), help.into(), Vec::new());
    }

    /// An error at the key instead of the value.
    pub fn key_error(&self, code: &'static str, message: impl Into<String>, help: impl Into<String>) {
        self.report(Severity::Error, At::Key, code, message.into(), help.into(), Vec::new());
    }

    /// An error that has to do with another place.
    pub fn clash(
        &self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        other: Place,
    ) {
        self.report(Severity::Error, At::Value, code, message.into(), help.into(), vec![other]);
    }

    /// A warning that has to do with another place.
    pub fn warn_beside(
        &self,
        code: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
        other: Place,
    ) {
        self.report(Severity::Warning, At::Value, code, message.into(), help.into(), vec![other]);
    }

    fn report(
        &self,
        severity: Severity,
        at: At,
        code: &'static str,
        message: String,
        help: String,
        related: Vec<Place>,
    ) {
        let (path, value) = (&self.path, Some(self.value));
        self.cx.report(NewProblem { severity, path, value, at, code, message, help, related });
    }

    pub fn wrong_type(&self, wanted: &str) {
        self.error(
            "wrong-type",
            format!("`{}` must be {wanted}, not {}", self.path.last_key(), self.seen()),
            "",
        );
    }

    /// The value in words, for messages.
    pub fn seen(&self) -> String {
        match self.value {
            Value::String(_, text) => format!("{text:?}"),
            Value::Char(_, c) => format!("{:?}", c.to_string()),
            Value::Bool(_, b) => b.to_string(),
            Value::Num(..) => self.as_f64().map_or_else(|| "a number".into(), |n| n.to_string()),
            Value::Empty(..) => "nothing".into(),
            Value::Dict(..) => "a table".into(),
            Value::Array(..) => "a list".into(),
        }
    }

    pub fn as_f64(&self) -> Option<f64> {
        match self.value {
            Value::Num(_, Num::F64(n)) => Some(*n),
            Value::Num(_, Num::F32(n)) => Some(f64::from(*n)),
            // A whole number beyond 32 bits is beyond every range that a setting has.
            Value::Num(..) => {
                let whole = self.value.to_i128().or_else(|| self.value.to_u128()?.try_into().ok());
                let whole = whole.unwrap_or(i128::MAX);
                Some(i32::try_from(whole).map_or(if whole < 0 { -1e12 } else { 1e12 }, f64::from))
            }
            _ => None,
        }
    }

    pub fn is_table(&self) -> bool {
        matches!(self.value, Value::Dict(..))
    }

    pub fn dict(&self) -> Option<&'a Dict> {
        self.value.as_dict()
    }

    pub fn fields(&self) -> Option<Fields<'a>> {
        match self.value {
            Value::Dict(_, dict) => Some(Fields::new(self.clone(), dict)),
            _ => {
                self.wrong_type("a table");
                None
            }
        }
    }

    /// The items of a list.
    pub fn list(&self) -> Option<Vec<Node<'a>>> {
        if self.value.as_array().is_none() {
            self.wrong_type("a list `[...]`");
            return None;
        }
        Some(self.items())
    }

    /// The items, if it is a list.
    pub fn items(&self) -> Vec<Node<'a>> {
        let items = self.value.as_array().unwrap_or_default().iter().enumerate();
        items.map(|(i, value)| Node { cx: self.cx, value, path: self.path.index(i) }).collect()
    }

    pub fn text(&self) -> Option<&'a str> {
        match self.value {
            Value::String(_, text) => Some(text),
            // From the environment everything is a text.
            other => {
                let raw = self.cx.layers.raw(other);
                if raw.is_none() {
                    self.wrong_type("a text in quotes");
                }
                raw
            }
        }
    }

    /// A text that says something.
    pub fn label(&self) -> Option<String> {
        let text = self.text()?;
        if text.trim().is_empty() {
            self.error(
                "empty-text",
                format!("`{}` is empty", self.path.last_key()),
                "write a text, or leave the key out",
            );
            return None;
        }
        Some(text.to_owned())
    }

    pub fn bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(_, b) => Some(*b),
            _ => {
                self.wrong_type("true or false");
                None
            }
        }
    }

    /// A word of a closed list.
    pub fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            self.unknown_word(text, words.iter().map(|(word, _)| *word));
        }
        found
    }

    pub fn unknown_word<'w>(&self, seen: &str, allowed: impl Iterator<Item = &'w str> + Clone) {
        self.error(
            "unknown-word",
            format!("`{}` can't be {seen:?}", self.path.last_key()),
            suggestion(seen, allowed),
        );
    }

    /// A reference to a key that must exist; `what` is its kind with an article.
    pub fn dangling<'w>(&self, what: &str, seen: &str, known: impl Iterator<Item = &'w str> + Clone) {
        self.error("dangling-reference", format!("there is no {what} {seen:?}"), suggestion(seen, known));
    }
}

/// `did you mean ...? allowed: ...`
pub(crate) fn suggestion<'w>(seen: &str, allowed: impl Iterator<Item = &'w str> + Clone) -> String {
    let list = format!("allowed: {}", one_of_words(allowed.clone()));
    match nearest(seen, allowed) {
        Some(near) => format!("did you mean {near:?}? {list}"),
        None => list,
    }
}
