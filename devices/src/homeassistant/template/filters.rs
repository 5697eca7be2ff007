//! The filters and functions that Home Assistant adds to Jinja2, and those of Jinja2 that behave otherwise there.
//! **Absent on purpose:** everything that reads a clock or other entities (`now`, `states`, ...): a driver has neither.

use minijinja::value::{Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};

use super::{engine, python, rendered};

pub fn install(environment: &mut Environment<'static>) {
    environment.add_filter("string", |v: &Value| python::str_of(v));
    environment.add_filter("truncate", truncate);
    environment.add_filter("int", int);
    environment.add_filter("float", float);
    environment.add_filter("round", round);
    environment.add_filter("multiply", |v: &Value, by: &Value, default: Option<Value>| {
        arithmetic("multiply", v, by, default, |a, b| a * b)
    });
    environment.add_filter("add", |v: &Value, by: &Value, default: Option<Value>| {
        arithmetic("add", v, by, default, |a, b| a + b)
    });
    environment.add_filter("is_defined", |state: &State, v: &Value| {
        if v.is_undefined() { Err(engine::absence(state)) } else { Ok(v.clone()) }
    });
    environment.add_filter("tojson", to_json);
    environment.add_filter("to_json", to_json);
    environment.add_filter("from_json", from_json);
    environment.add_filter("is_number", |v: &Value| as_float(v).is_some_and(f64::is_finite));
    environment.add_filter("iif", iif);
    environment.add_filter("bitwise_and", |v: i64, by: i64| v & by);
    environment.add_filter("bitwise_or", |v: i64, by: i64| v | by);
    environment.add_filter("bitwise_xor", |v: i64, by: i64| v ^ by);
    environment.add_filter("ord", |v: String| v.chars().next().map(|c| c as u32));
    environment.add_filter("bool", truth);
    environment.add_filter("sqrt", |v: &Value| as_float(v).map(libm::sqrt));
    environment.add_filter("log", |v: &Value, base: Option<f64>| {
        as_float(v).map(|n| base.map_or_else(|| libm::log(n), |b| libm::log(n) / libm::log(b)))
    });
    environment.add_function("int", int);
    environment.add_function("float", float);
    environment.add_function("bool", truth);
    environment.add_function("iif", iif);
    environment.add_function("is_number", |v: &Value| as_float(v).is_some_and(f64::is_finite));
    environment.add_function("min", |values: Rest<Value>| extreme(&values, false));
    environment.add_function("max", |values: Rest<Value>| extreme(&values, true));
}

fn failed(filter: &str, value: &Value) -> Error {
    let shown: String = python::str_of(value).chars().take(60).collect();
    Error::new(ErrorKind::InvalidOperation, format!("`{filter}` got `{shown}` and has no default"))
}

fn as_float(value: &Value) -> Option<f64> {
    match value.kind() {
        ValueKind::Number => f64::try_from(value.clone()).ok(),
        ValueKind::Bool => Some(if value.is_true() { 1.0 } else { 0.0 }),
        ValueKind::String => value.as_str()?.trim().replace('_', "").parse().ok(),
        _ => None,
    }
}

fn float(value: &Value, default: Option<Value>) -> Result<Value, Error> {
    as_float(value).map(Value::from).or(default).ok_or_else(|| failed("float", value))
}

fn int(value: &Value, default: Option<Value>, base: Option<u32>) -> Result<Value, Error> {
    if value.kind() == ValueKind::Number && value.is_integer() {
        return Ok(value.clone());
    }
    let base = base.filter(|b| (2..=36).contains(b)).unwrap_or(10);
    let whole = value.as_str().and_then(|t| {
        let t = t.trim();
        let digits = if base == 16 { t.strip_prefix("0x").unwrap_or(t) } else { t };
        i64::from_str_radix(digits, base).ok()
    });
    let number = whole
        .or_else(|| as_float(value).filter(|n| n.is_finite() && n.abs() < 9.2e18).map(|n| n.trunc() as i64));
    number.map(Value::from).or(default).ok_or_else(|| failed("int", value))
}

/// Python's rounding: to the nearest decimal of the exact value, ties to even. `format!` does exactly that.
fn to_places(number: f64, places: usize) -> f64 {
    format!("{number:.places$}").parse().unwrap_or(number)
}

fn round(
    value: &Value,
    places: Option<i32>,
    method: Option<String>,
    default: Option<Value>,
) -> Result<Value, Error> {
    let Some(number) = as_float(value).filter(|n| n.is_finite()) else {
        return default.ok_or_else(|| failed("round", value));
    };
    let places = places.unwrap_or(0).clamp(-15, 15);
    let scale = libm::pow(10.0, f64::from(places));
    let rounded = match method.as_deref() {
        Some("ceil") => (number * scale).ceil() / scale,
        Some("floor") => (number * scale).floor() / scale,
        Some("half") => to_places(number * 2.0, 0) / 2.0,
        _ => match usize::try_from(places) {
            Ok(places) => to_places(number, places),
            Err(_) => to_places(number * scale, 0) / scale,
        },
    };
    Ok(if places == 0 && rounded.abs() < 9.2e18 { Value::from(rounded as i64) } else { Value::from(rounded) })
}

fn arithmetic(
    name: &str,
    value: &Value,
    by: &Value,
    default: Option<Value>,
    f: impl Fn(f64, f64) -> f64,
) -> Result<Value, Error> {
    match (as_float(value), as_float(by)) {
        (Some(a), Some(b)) => Ok(Value::from(f(a, b))),
        _ => default.ok_or_else(|| failed(name, value)),
    }
}

/// Jinja2's `truncate(s, length=255, killwords=False, end='...', leeway=5)`.
fn truncate(
    value: &Value,
    length: Option<usize>,
    killwords: Option<bool>,
    end: Option<String>,
    leeway: Option<usize>,
) -> String {
    let text = python::str_of(value);
    let (length, end, leeway) =
        (length.unwrap_or(255), end.unwrap_or_else(|| "...".to_owned()), leeway.unwrap_or(5));
    if text.chars().count() <= length.saturating_add(leeway) {
        return text;
    }
    let cut: String = text.chars().take(length.saturating_sub(end.chars().count())).collect();
    if killwords == Some(true) {
        return cut + &end;
    }
    cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words).to_owned() + &end
}

fn to_json(value: &Value) -> Result<String, Error> {
    if value.is_undefined() {
        return Err(Error::new(ErrorKind::UndefinedError, "an undefined value has no JSON form"));
    }
    serde_json::to_string(value).map_err(|e| Error::new(ErrorKind::BadSerialization, e.to_string()))
}

fn from_json(value: &str) -> Result<Value, Error> {
    super::super::json::parse(value)
        .map(|json| rendered::engine_value(&json))
        .map_err(|e| Error::new(ErrorKind::BadSerialization, e.to_string()))
}

fn iif(value: &Value, yes: Option<Value>, no: Option<Value>, none: Option<Value>) -> Value {
    match (value.is_none(), none) {
        (true, Some(none)) => none,
        _ if value.is_true() => yes.unwrap_or_else(|| Value::from(true)),
        _ => no.unwrap_or_else(|| Value::from(false)),
    }
}

fn truth(value: &Value, default: Option<Value>) -> Result<Value, Error> {
    let known = match value.kind() {
        ValueKind::Bool => Some(value.is_true()),
        ValueKind::Number => as_float(value).map(|n| n != 0.0),
        ValueKind::String => match value.as_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" | "enable" => Some(true),
            "0" | "false" | "no" | "off" | "disable" => Some(false),
            _ => None,
        },
        _ => None,
    };
    known.map(Value::from).or(default).ok_or_else(|| failed("bool", value))
}

fn extreme(values: &[Value], largest: bool) -> Option<Value> {
    let items: Vec<Value> = match values {
        [one] => one.try_iter().ok()?.collect(),
        many => many.to_vec(),
    };
    if largest { items.into_iter().max() } else { items.into_iter().min() }
}
