//! Properties that a calendar or a card has no line for: as `X-LARES-...` lines.

use lares_model::Value;

use super::lines::{Entry, escape, unescape};

const START: &str = "X-LARES-";

pub(super) fn write(prop: &str, value: &Value) -> Option<String> {
    // What was so until some instant has a name that no line can have.
    let (name, param) = match prop.split_once('@') {
        Some((name, rest)) => (name, format!(";X-DATED=\"{rest}\"")),
        None => (prop, String::new()),
    };
    let fits =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    // An own name may have capitals, which a line's name does not keep.
    let param = if fits { param } else { format!("{param};X-NAME=\"{name}\"") };
    let name = name.to_ascii_uppercase().replace('_', "-");
    let (of, text) = match value {
        Value::Bool(b) => ("BOOLEAN", if *b { "TRUE" } else { "FALSE" }.to_owned()),
        Value::Number(n) => ("FLOAT", n.to_string()),
        Value::Text(text) => ("TEXT", escape(text)),
        rgb @ Value::Rgb(..) => ("TEXT", escape(&rgb.to_string())),
    };
    Some(format!("{START}{name}{param};VALUE={of}:{text}"))
}

pub(super) fn read(entry: &Entry) -> Option<(String, Value)> {
    let name = entry.name.strip_prefix(START)?;
    let mut prop = match entry.param("X-NAME") {
        Some(name) => name.to_owned(),
        None => name.to_ascii_lowercase().replace('-', "_"),
    };
    if let Some(dated) = entry.param("X-DATED") {
        prop = format!("{prop}@{dated}");
    }
    let value = match entry.param("VALUE")? {
        "BOOLEAN" => Value::Bool(entry.value == "TRUE"),
        "FLOAT" => Value::Number(entry.value.parse().ok().filter(|n: &f64| n.is_finite())?),
        "TEXT" => Value::text(unescape(&entry.value)),
        _ => return None,
    };
    Some((prop, value))
}
