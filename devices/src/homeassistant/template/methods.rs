//! Methods of Python's dictionaries, texts and lists that templates call.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

use super::python;

/// Call `value.method(arguments)`.
pub fn call(value: &Value, method: &str, arguments: &[Value]) -> Result<Value, Error> {
    let result = match value.kind() {
        ValueKind::Map => of_map(value, method, arguments)?,
        ValueKind::String => of_text(value.as_str().unwrap_or_default(), method, arguments),
        ValueKind::Seq => of_list(value, method, arguments)?,
        _ => None,
    };
    result.ok_or_else(|| {
        Error::new(
            ErrorKind::UnknownMethod,
            format!("{} has no method `{method}` that takes this", value.kind()),
        )
    })
}

fn of_map(value: &Value, method: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    Ok(match (method, arguments) {
        ("get", [key]) => Some(item(value, key)?.unwrap_or(Value::from(()))),
        ("get", [key, default]) => Some(item(value, key)?.unwrap_or_else(|| default.clone())),
        ("keys", []) => Some(value.try_iter()?.collect()),
        ("values", []) => {
            let mut items = Vec::new();
            for key in value.try_iter()? {
                items.push(value.get_item(&key)?);
            }
            Some(Value::from(items))
        }
        ("items", []) => {
            let mut items = Vec::new();
            for key in value.try_iter()? {
                let item = value.get_item(&key)?;
                items.push(Value::from(vec![key, item]));
            }
            Some(Value::from(items))
        }
        _ => None,
    })
}

fn item(value: &Value, key: &Value) -> Result<Option<Value>, Error> {
    Ok(Some(value.get_item(key)?).filter(|v| !v.is_undefined()))
}

fn of_list(value: &Value, method: &str, arguments: &[Value]) -> Result<Option<Value>, Error> {
    Ok(match (method, arguments) {
        ("count", [wanted]) => Some(Value::from(value.try_iter()?.filter(|v| v == wanted).count())),
        ("index", [wanted]) => value.try_iter()?.position(|v| v == *wanted).map(Value::from),
        _ => None,
    })
}

fn of_text(text: &str, method: &str, arguments: &[Value]) -> Option<Value> {
    let argument = |n: usize| arguments.get(n).and_then(Value::as_str);
    let is_all = |f: fn(char) -> bool| Value::from(!text.is_empty() && text.chars().all(f));
    let among = |n: usize| move |c: char| argument(n).map_or(c.is_whitespace(), |set| set.contains(c));
    Some(match (method, arguments.len()) {
        ("lower", 0) => Value::from(text.to_lowercase()),
        ("upper", 0) => Value::from(text.to_uppercase()),
        ("title", 0) => Value::from(title(text)),
        ("capitalize", 0) => {
            let mut rest = text.chars();
            Value::from(
                rest.next()
                    .into_iter()
                    .flat_map(char::to_uppercase)
                    .chain(rest.flat_map(char::to_lowercase))
                    .collect::<String>(),
            )
        }
        ("strip", 0 | 1) => Value::from(text.trim_matches(among(0))),
        ("lstrip", 0 | 1) => Value::from(text.trim_start_matches(among(0))),
        ("rstrip", 0 | 1) => Value::from(text.trim_end_matches(among(0))),
        ("startswith", 1) => Value::from(text.starts_with(argument(0)?)),
        ("endswith", 1) => Value::from(text.ends_with(argument(0)?)),
        ("isdigit" | "isnumeric" | "isdecimal", 0) => is_all(char::is_numeric),
        ("isalpha", 0) => is_all(char::is_alphabetic),
        ("isalnum", 0) => is_all(char::is_alphanumeric),
        ("find", 1) => {
            Value::from(text.find(argument(0)?).map_or(-1, |at| text[..at].chars().count() as i64))
        }
        ("count", 1) if !argument(0)?.is_empty() => Value::from(text.matches(argument(0)?).count()),
        // An empty pattern between all characters could multiply a long text.
        ("replace", 2) if !argument(0)?.is_empty() => {
            let (from, to) = (argument(0)?, argument(1)?);
            let grown = text.matches(from).count().saturating_mul(to.len());
            if grown > LONGEST {
                return None;
            }
            Value::from(text.replace(from, to))
        }
        ("split", 0) => Value::from(text.split_whitespace().map(Value::from).collect::<Vec<_>>()),
        ("split", 1) if !argument(0)?.is_empty() => {
            Value::from(text.split(argument(0)?).map(Value::from).collect::<Vec<_>>())
        }
        ("split", 2) if !argument(0)?.is_empty() => {
            let most = usize::try_from(arguments.get(1)?.clone()).ok()?.saturating_add(1);
            Value::from(text.splitn(most, argument(0)?).map(Value::from).collect::<Vec<_>>())
        }
        ("join", 1) => {
            let items = arguments.first()?.try_iter().ok()?.map(|v| python::str_of(&v)).collect::<Vec<_>>();
            Value::from(items.join(text))
        }
        _ => return None,
    })
}

/// Longest text that a method may make.
const LONGEST: usize = 1 << 20;

fn title(text: &str) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match inside {
            true => out.extend(c.to_lowercase()),
            false => out.extend(c.to_uppercase()),
        }
        inside = c.is_alphabetic();
    }
    out
}
