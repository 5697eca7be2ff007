//! Values as they are written, by what a property may be.

use lares_model::{
    COMMON, NodeKind, OWN_PREFIX, OwnProp, OwnType, PropType, Timestamp, Value, descriptor, is_own, prop,
};

use super::SayError;
use crate::ask::{Stretch, spoken, when};
use jiff::tz::TimeZone;

/// Longer ones are files.
const LONGEST: usize = 64 * 1024;

/// Units that stand for others: what one of the first is of the second.
const UNITS: &[(&str, &str, f64)] = &[
    ("h", "min", 60.0),
    ("s", "min", 1.0 / 60.0),
    ("d", "min", 1_440.0),
    ("kg", "g", 1_000.0),
    ("mg", "g", 0.001),
];

/// When and where it is said.
#[derive(Clone, Copy)]
pub(super) struct Here<'a> {
    pub now: Timestamp,
    pub zone: &'a TimeZone,
    /// Properties that the home folder declares.
    pub own: &'a [OwnProp],
}

/// What a property may be, whoever declared it.
enum Of<'a> {
    Text,
    Number { min: Option<f64>, max: Option<f64> },
    Bool,
    When,
    Choice(Vec<&'a str>),
    Words,
}

struct Named<'a> {
    name: &'a str,
    of: Of<'a>,
    unit: Option<&'a str>,
}

/// The value of a property of a kind, or why it cannot have it.
pub(super) fn value(kind: NodeKind, name: &str, given: &Value, here: Here<'_>) -> Result<Value, SayError> {
    if is_own(name) {
        let declared = here.own.iter().find(|p| p.name == name);
        return short(name, declared.map_or_else(|| Ok(given.clone()), |p| own(p, kind, given, here))?);
    }
    let known = prop(kind, name).ok_or_else(|| no_prop(kind, name))?;
    if known.made {
        let message = format!("`{name}` of a {} is written by the household itself", kind.name());
        return Err(SayError::new(message));
    }
    let of = match known.of {
        PropType::Text => Of::Text,
        PropType::Number => Of::Number { min: None, max: None },
        PropType::Bool => Of::Bool,
        PropType::When => Of::When,
        PropType::Choice(words) => Of::Choice(words.to_vec()),
        PropType::Words => Of::Words,
    };
    short(name, read(&Named { name, of, unit: known.unit }, given, here)?)
}

/// A value of a property that the home folder declares.
fn own(prop: &OwnProp, kind: NodeKind, given: &Value, here: Here<'_>) -> Result<Value, SayError> {
    if !prop.kinds.is_empty() && !prop.kinds.contains(&kind) {
        let message =
            format!("a {} has no `{}`: the home folder declares it for others", kind.name(), prop.name);
        let kinds: Vec<&str> = prop.kinds.iter().map(|k| k.name()).collect();
        return Err(SayError::new(message).help(format!("it is of {}", kinds.join(", "))));
    }
    let of = match &prop.of {
        OwnType::Text => Of::Text,
        OwnType::Number { min, max } => Of::Number { min: *min, max: *max },
        OwnType::Bool => Of::Bool,
        OwnType::When => Of::When,
        OwnType::Choice(words) => Of::Choice(words.iter().map(String::as_str).collect()),
        OwnType::Words => Of::Words,
    };
    read(&Named { name: &prop.name, of, unit: prop.unit.as_deref() }, given, here)
}

fn no_prop(kind: NodeKind, name: &str) -> SayError {
    let own = descriptor(kind).into_iter().flat_map(|d| d.props).chain(COMMON);
    let words: Vec<&str> = own.filter(|p| !p.made).map(|p| p.name).collect();
    let error = SayError::new(format!("a {} has no property `{name}`", kind.name())).allowed(name, words);
    let help = error.help.unwrap_or_default();
    SayError { help: Some(format!("{help}; properties of your own begin with {OWN_PREFIX}")), ..error }
}

fn short(name: &str, value: Value) -> Result<Value, SayError> {
    match &value {
        Value::Text(text) if text.len() > LONGEST => {
            Err(SayError::new(format!("`{name}` has {} bytes; a text has at most {LONGEST}", text.len())))
        }
        Value::Text(text) if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) => {
            let message = format!("`{name}` has a control character in it: {}", text.escape_debug());
            Err(SayError::new(message.chars().take(200).collect::<String>()))
        }
        Value::Text(text) if text.trim().is_empty() => {
            Err(SayError::new(format!("`{name}` is empty")).help("to take a property away, give it no value"))
        }
        Value::Number(n) if !n.is_finite() => {
            Err(SayError::new(format!("`{name}` is no number that can be kept")))
        }
        _ => Ok(value),
    }
}

fn read(prop: &Named<'_>, given: &Value, here: Here<'_>) -> Result<Value, SayError> {
    let text = given.to_string();
    let wrong = |wanted: &str| SayError::new(format!("`{}` is {wanted}, and `{text}` is none", prop.name));
    Ok(match (&prop.of, given) {
        (Of::Text, _) => Value::text(text),
        (Of::Number { min, max }, _) => {
            let number = match given {
                Value::Number(n) => *n,
                _ => number(prop, &text)?,
            };
            if min.is_some_and(|m| number < m) || max.is_some_and(|m| number > m) {
                let end = |n: &Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
                let message = format!("`{}` can't be {number}", prop.name);
                return Err(SayError::new(message).help(format!("allowed: {}..{}", end(min), end(max))));
            }
            Value::Number(number)
        }
        (Of::Bool, Value::Bool(b)) => Value::Bool(*b),
        (Of::Bool, _) => match text.as_str() {
            "true" | "yes" | "on" => Value::Bool(true),
            "false" | "no" | "off" => Value::Bool(false),
            _ => return Err(wrong("yes or no")),
        },
        (Of::When, _) => Value::text(written_when(&text, here).ok_or_else(|| {
            wrong("a day or a time")
                .help("write 2026-11-25, 2026-11-25T18:00, 2026-11-25T17:00:00Z, today or tomorrow")
        })?),
        (Of::Choice(words), _) if words.contains(&text.as_str()) => Value::text(text),
        (Of::Choice(words), _) => {
            return Err(wrong("one of some words").allowed(&text, words.iter().copied()));
        }
        (Of::Words, _) => {
            let mut words: Vec<&str> = text.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
            words.sort_unstable();
            words.dedup();
            Value::text(words.join(","))
        }
    })
}

fn number(prop: &Named<'_>, text: &str) -> Result<f64, SayError> {
    let text = text.trim();
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let unit = unit.trim();
    let wrong = |what: String| {
        let wanted = prop.unit.filter(|u| !u.is_empty()).map(|u| format!(" in {u}")).unwrap_or_default();
        SayError::new(format!("`{}` is a number{wanted}, and {what}", prop.name))
    };
    let number: f64 = digits.parse().map_err(|_| wrong(format!("`{text}` is none")))?;
    let own = prop.unit.unwrap_or_default();
    if unit.is_empty() || unit == own {
        return Ok(number);
    }
    let factor = UNITS.iter().find(|(from, to, _)| *from == unit && *to == own).map(|(_, _, factor)| factor);
    factor.map(|factor| number * factor).ok_or_else(|| {
        let others = UNITS.iter().filter(|(_, to, _)| *to == own).map(|(from, _, _)| *from);
        let units: Vec<&str> = [own].into_iter().filter(|u| !u.is_empty()).chain(others).collect();
        let error = wrong(format!("`{unit}` is not its unit"));
        if units.is_empty() {
            error.help("it has none")
        } else {
            error.help(format!("write {}", units.join(", ")))
        }
    })
}

/// As it was written if it has a meaning of its own; a spoken day as that day.
pub(super) fn written_when(text: &str, here: Here<'_>) -> Option<String> {
    let text = text.trim();
    if when(text, here.zone).is_some() {
        return Some(text.to_owned());
    }
    let Stretch { from, to } = spoken(text, here.now, here.zone)?;
    let at = jiff::Timestamp::from_microsecond(from.0).ok()?;
    Some(if to.0 - from.0 > 1 { at.to_zoned(here.zone.clone()).date().to_string() } else { at.to_string() })
}

/// The instant from which something is so.
pub(super) fn instant(text: &str, here: Here<'_>) -> Result<Timestamp, SayError> {
    let found = spoken(text.trim(), here.now, here.zone).map(|stretch| stretch.from);
    found.ok_or_else(|| {
        SayError::new(format!("`{text}` is no day or time"))
            .help("write 2026-11-25, 2026-11-25T18:00, 2026-11-25T17:00:00Z, today or now")
    })
}
