//! The template shapes that need no engine, recognised from their text.

use super::super::json::Json;
use super::rendered::{Message, Rendered};
use std::borrow::Cow;

/// A template that is only a path, or a choice between two texts by one.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// `{{ value }}`
    Whole,
    /// `{{ value_json.a['b'] }}`
    Path(Path),
    /// `{{ 'A' if value_json.x else 'B' }}` and `{% if value_json.x %}A{% else %}B{% endif %}`
    Choice { path: Path, yes: String, no: String },
}

/// Keys from the message's root.
#[derive(Clone, PartialEq, Debug)]
pub struct Path(Vec<Step>);

#[derive(Clone, PartialEq, Debug)]
enum Step {
    Key(String),
    Index(usize),
}

/// What a path led to.
enum Found<'a, 'm> {
    Value(&'a Json<'m>),
    /// The last key is missing: prints as nothing.
    Missing,
    /// A key before the last is missing: an error in Jinja.
    Broken,
}

impl Shape {
    pub fn parse(template: &str) -> Option<Self> {
        let template = template.trim();
        if let Some(inner) = template.strip_prefix("{{").and_then(|t| t.strip_suffix("}}")) {
            return expression(inner.trim());
        }
        let rest = template.strip_prefix("{% if ")?;
        let (condition, rest) = rest.split_once(" %}")?;
        let (yes, rest) = rest.split_once("{% else %}")?;
        let no = rest.strip_suffix("{% endif %}")?;
        let plain = |t: &str| !t.contains("{%") && !t.contains("{{") && !t.contains("{#");
        (plain(yes) && plain(no)).then_some(())?;
        Some(Self::Choice {
            path: whole_path(condition)?,
            yes: yes.trim().to_owned(),
            no: no.trim().to_owned(),
        })
    }

    pub fn render<'a>(&'a self, message: &'a Message<'_>) -> Result<Rendered<'a>, String> {
        match self {
            Self::Whole => Ok(Rendered::Text(Cow::Borrowed(message.text.trim()))),
            Self::Path(path) => match path.find(message)? {
                Found::Value(json) => Ok(Rendered::of(json)),
                Found::Missing => Ok(Rendered::Absent),
                Found::Broken => Err(path.broken()),
            },
            Self::Choice { path, yes, no } => {
                let truth = match path.find(message)? {
                    Found::Value(json) => truth(json),
                    Found::Missing => false,
                    Found::Broken => return Err(path.broken()),
                };
                Ok(Rendered::Text(Cow::Borrowed(if truth { yes } else { no })))
            }
        }
    }
}

impl Path {
    fn find<'a, 'm>(&self, message: &'a Message<'m>) -> Result<Found<'a, 'm>, String> {
        let mut at = message.json().ok_or("the payload is not JSON, and the template needs it to be")?;
        for (n, step) in self.0.iter().enumerate() {
            let next = match (step, at) {
                (Step::Key(key), Json::Object(_)) => at.get(key),
                (Step::Index(index), Json::List(items)) => items.get(*index),
                _ => None,
            };
            match next {
                Some(found) => at = found,
                None if n + 1 == self.0.len() => return Ok(Found::Missing),
                None => return Ok(Found::Broken),
            }
        }
        Ok(Found::Value(at))
    }

    fn broken(&self) -> String {
        let steps = self.0.iter().map(|s| match s {
            Step::Key(key) => key.clone(),
            Step::Index(index) => index.to_string(),
        });
        format!("the message has no `{}`", steps.collect::<Vec<_>>().join("."))
    }
}

fn truth(json: &Json<'_>) -> bool {
    match json {
        Json::Null => false,
        Json::Bool(b) => *b,
        Json::Int(n) => *n != 0,
        Json::Uint(_) => true,
        Json::Float(n) => *n != 0.0,
        Json::Text(t) => !t.is_empty(),
        Json::List(items) => !items.is_empty(),
        Json::Object(fields) => !fields.is_empty(),
    }
}

fn expression(text: &str) -> Option<Shape> {
    if text == "value" {
        return Some(Shape::Whole);
    }
    if let Some(path) = whole_path(
        text.strip_suffix("is_defined").and_then(|t| t.trim_end().strip_suffix('|')).unwrap_or(text),
    ) {
        return Some(Shape::Path(path));
    }
    let (yes, rest) = quoted(text)?;
    let condition = rest.trim_start().strip_prefix("if ")?;
    let (condition, no) = condition.split_once(" else ")?;
    let (no, rest) = quoted(no.trim())?;
    (rest.is_empty()).then_some(())?;
    Some(Shape::Choice { path: whole_path(condition)?, yes: yes.trim().to_owned(), no: no.trim().to_owned() })
}

/// A path that is the whole text.
fn whole_path(text: &str) -> Option<Path> {
    let mut rest = text.trim().strip_prefix("value_json")?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
            let (key, after) = after.split_at(end);
            if key.is_empty() || key.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else {
            let inner = rest.strip_prefix('[')?.trim_start();
            let (step, after) = match quoted(inner) {
                Some((key, after)) => (Step::Key(key.to_owned()), after),
                None => {
                    let end = inner.find(|c: char| !c.is_ascii_digit())?;
                    (Step::Index(inner[..end].parse().ok()?), &inner[end..])
                }
            };
            steps.push(step);
            rest = after.trim_start().strip_prefix(']')?;
        }
    }
    (!steps.is_empty()).then_some(Path(steps))
}

/// A quoted text without escapes at the start, and what follows it.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (inner, rest) = text[1..].split_once(quote)?;
    (!inner.contains('\\')).then_some((inner, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_shapes_are_recognised() {
        for simple in [
            "{{ value }}",
            "{{value_json.a}}",
            "{{ value_json['a'] }}",
            "{{ value_json[\"a b\"].c[0] }}",
            "{{ value_json.a | is_defined }}",
            "{{ 'ON' if value_json.x else 'OFF' }}",
            "{% if value_json[\"x\"] %}true{% else %}false{% endif %}",
        ] {
            assert!(Shape::parse(simple).is_some(), "{simple}");
        }
    }

    #[test]
    fn anything_else_is_left_to_the_engine() {
        for other in [
            "{{ value_json }}",
            "{{ value_json.a | float }}",
            "{{ value_json.a.get('b') }}",
            "{{ value_json['a\\n'] }}",
            "{{ value_json.a }}{{ value_json.b }}",
            "{{- value_json.a -}}",
            "{{ 'A' if value_json.x == 1 else 'B' }}",
            "{% if value_json.x %}{{ value }}{% else %}b{% endif %}",
            "x {{ value }}",
            "{{ value_json[",
            "{{}}",
            "",
        ] {
            assert!(Shape::parse(other).is_none(), "{other}");
        }
    }
}
