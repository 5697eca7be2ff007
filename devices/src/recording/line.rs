//! One line of a recording.

use lares_model::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::Problem;
use crate::problem::quote;

/// One thing that was seen, where and when.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    pub at: Timestamp,
    /// `None` for what belongs to no room (annotations).
    pub room: Option<String>,
    pub device: String,
    pub kind: String,
    /// True or false, a number, a text, or an object.
    pub value: Value,
    /// What an annotator says was going on. Truth for measuring, never an input of the household.
    pub label: Option<String>,
}

/// As it is written. Further fields are allowed: sources have their own.
#[derive(Deserialize)]
struct Raw {
    t: String,
    #[serde(default)]
    room: Option<String>,
    device: String,
    kind: String,
    value: Value,
    #[serde(default)]
    label: Option<String>,
}

impl Line {
    /// Parse a line; `number` (from 1) is named in the error.
    pub fn parse(text: &str, number: u64) -> Result<Self, Problem> {
        let bad = |reason: String| Problem::new(format!("line {number}"), reason);
        let raw: Raw = serde_json::from_str(text)
            .map_err(|e| bad(format!("is no line of a recording: {}", without_place(&e))))?;
        let at: jiff::Timestamp = raw.t.parse().map_err(|_| {
            bad(format!(
                "`t` is {}; allowed: RFC 3339 with an offset, as 2011-06-15T01:03:39-07:00",
                quote(&raw.t)
            ))
        })?;
        if raw.device.is_empty() || raw.kind.is_empty() {
            return Err(bad("`device` and `kind` must not be empty".to_owned()));
        }
        Ok(Self {
            at: Timestamp(at.as_microsecond()),
            room: raw.room,
            device: raw.device,
            kind: raw.kind,
            value: raw.value,
            label: raw.label,
        })
    }
}

/// serde's own place counts lines within the text, of which there is one.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_and_a_bad_one_named() {
        let line = Line::parse(r#"{"t":"2011-06-15T01:03:39.149620-07:00","room":"Bedroom","device":"B","kind":"motion","value":true,"label":"Sleep"}"#, 1).unwrap();
        assert_eq!((line.at, line.label.as_deref()), (Timestamp(1_308_125_019_149_620), Some("Sleep")));
        for (text, word) in [
            ("{", "no line"),
            (r#"{"t":"yesterday","device":"d","kind":"k","value":1}"#, "`t` is `yesterday`"),
            (r#"{"t":"2011-06-15T01:03:39Z","kind":"k","value":1}"#, "missing field `device`"),
            (r#"{"t":"2011-06-15T01:03:39Z","device":"","kind":"k","value":1}"#, "must not be empty"),
        ] {
            let problem = Line::parse(text, 7).unwrap_err();
            assert!(problem.place == "line 7" && problem.reason.contains(word), "{problem}");
        }
    }
}
