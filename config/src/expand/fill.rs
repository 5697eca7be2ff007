//! `$name` becomes what the parameter is; `${name}` within a text its words.

use figment::value::{Dict, Value};

use super::params::Args;
use crate::source::{KeyPath, Redirects};

/// Where a value goes, and where it was written.
pub(crate) struct Way<'r> {
    pub args: &'r Args,
    pub redirects: &'r Redirects,
}

impl Way<'_> {
    /// The value with its parameters. `None`: a part that is left out, since its parameter is an empty list.
    pub fn fill(&self, value: &Value, to: &KeyPath, from: &KeyPath) -> Option<Value> {
        match value {
            Value::String(tag, text) => match whole(text).and_then(|name| self.args.get(name)) {
                Some((given, written)) => {
                    if given.as_array().is_some_and(<[Value]>::is_empty) {
                        return None;
                    }
                    self.redirects.add(to.clone(), written.clone());
                    Some(given.clone())
                }
                None => Some(Value::String(*tag, self.words(text))),
            },
            Value::Array(tag, items) => {
                let mut out = Vec::new();
                for (n, item) in items.iter().enumerate() {
                    let (place, written) = (to.index(out.len()), from.index(n));
                    if out.len() != n {
                        self.redirects.add(place.clone(), written.clone());
                    }
                    out.extend(self.fill(item, &place, &written));
                }
                Some(Value::Array(*tag, out))
            }
            Value::Dict(tag, dict) => {
                let mut out = Dict::new();
                for (key, value) in dict {
                    out.insert(key.clone(), self.fill(value, &to.key(key), &from.key(key))?);
                }
                Some(Value::Dict(*tag, out))
            }
            other => Some(other.clone()),
        }
    }

    /// A text with its `${name}`s.
    fn words(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let Some(end) = from.find('}') else {
                rest = from;
                break;
            };
            match self.args.get(&from[2..end]) {
                Some((given, _)) => out.push_str(&plain(given)),
                None => out.push_str(&from[..=end]),
            }
            rest = &from[end + 1..];
        }
        out.push_str(rest);
        out
    }
}

/// The name, if the whole text is one parameter.
fn whole(text: &str) -> Option<&str> {
    text.strip_prefix('$').filter(|name| !name.is_empty() && name.chars().all(is_of_name))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Names of the parameters in a text.
pub(crate) fn names(text: &str) -> impl Iterator<Item = &str> {
    let inner = text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name));
    whole(text).into_iter().chain(inner)
}

/// A value in the words of a text.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Bool(_, b) => b.to_string(),
        Value::Num(..) => {
            let whole = value.to_i128().map(|n| n.to_string());
            whole.or_else(|| value.to_f64().map(|n| n.to_string())).unwrap_or_default()
        }
        _ => String::new(),
    }
}
