//! One cell: instants and values as text, and back.

use lares_model::{Timestamp, Value, ValueKind};

/// RFC 3339 in UTC, with a fraction only where there is one.
pub fn instant_text(at: Timestamp) -> String {
    // Beyond these years nothing is measured.
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| format!("{}us", at.0), |at| at.to_string())
}

pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    let read = text.parse::<jiff::Timestamp>();
    let at =
        read.map_err(|_| format!("{text:?} is no instant: write RFC 3339, such as 2026-11-22T18:00:00Z"))?;
    if at.subsec_nanosecond() % 1000 != 0 {
        return Err(format!("{text:?} is finer than a microsecond: leave six digits of the fraction"));
    }
    Ok(Timestamp(at.as_microsecond()))
}

/// Empty: not known. Numbers read back as they were, to the bit.
pub fn value_text(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Number(n)) => n.to_string(),
        Some(Value::Bool(b)) => b.to_string(),
        Some(Value::Text(text)) => text.to_string(),
        Some(rgb @ Value::Rgb(..)) => rgb.to_string(),
    }
}

/// A value of a property that may be `kind`. An empty cell says that it was not known.
pub(super) fn value(text: &str, kind: &ValueKind) -> Result<Option<Value>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong =
        |what: &str| Err(format!("{text:?} is no value here: it is {what}, or empty if it was not known"));
    match kind {
        ValueKind::Number { .. } => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(Value::Number(number))),
            _ => wrong("a number with a point, such as 21.5"),
        },
        ValueKind::Bool => match text {
            "true" | "on" => Ok(Some(Value::Bool(true))),
            "false" | "off" => Ok(Some(Value::Bool(false))),
            _ => wrong("true or false"),
        },
        ValueKind::Enum(words) if !words.iter().any(|w| **w == *text) => {
            wrong(&format!("one of {}", words.join(", ")))
        }
        ValueKind::Enum(_) | ValueKind::Text => Ok(Some(Value::text(text))),
        ValueKind::Rgb => rgb(text).map_or_else(|| wrong("a color #rrggbb"), |rgb| Ok(Some(rgb))),
    }
}

fn rgb(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some(Value::Rgb(part(0)?, part(2)?, part(4)?))
}
