//! Expressions over the facts: reckoned with what they ask for, and told with what that was.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lares_config::{Ask, Asked, Template};
use lares_model::{Presence, Property, Value};
use minijinja::value::{Object, Serde, from_args};
use minijinja::{Environment, Error, ErrorKind, Expression, State, UndefinedBehavior, context};

use super::conditions::{Look, reading, value_words};

/// What an expression may do, in the engine's steps.
const FUEL: u64 = 20_000;
/// Expressions that are kept ready.
const MOST: usize = 2_000;
/// Characters of a result that are told.
const MOST_TOLD: usize = 200;

type Ready = Arc<Expression<'static, 'static>>;

/// An expression made ready, once.
fn ready(source: &str) -> Result<Ready, Error> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    static READY: Mutex<BTreeMap<String, Ready>> = Mutex::new(BTreeMap::new());
    let mut all = READY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(ready) = all.get(source) {
        return Ok(ready.clone());
    }
    let environment = ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment
    });
    let made = Arc::new(environment.compile_expression_owned(source.to_owned())?);
    if all.len() >= MOST {
        all.clear();
    }
    all.insert(source.to_owned(), made.clone());
    Ok(made)
}

/// What a function of an expression gives, by the text in its quotes.
struct Known {
    name: &'static str,
    values: BTreeMap<String, minijinja::Value>,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Object for Known {
    fn call(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        args: &[minijinja::Value],
    ) -> Result<minijinja::Value, Error> {
        let (name,): (&str,) = from_args(args)?;
        let known = self.values.get(name).cloned();
        known.ok_or_else(|| {
            Error::new(ErrorKind::InvalidOperation, format!("{}({name:?}) was not asked for", self.name))
        })
    }
}

/// The value of an expression now, and what it was reckoned from, in words.
///
/// # Errors
/// Something that it needs is not known, or it makes no sense: in words, what it was reckoned from among them.
pub fn reckon(
    template: &Template,
    vars: &BTreeMap<String, serde_json::Value>,
    look: Look<'_>,
) -> Result<(minijinja::Value, String), String> {
    let (mut told, mut unknown) = (Vec::new(), false);
    let mut of: BTreeMap<&'static str, BTreeMap<String, minijinja::Value>> = BTreeMap::new();
    for ask in &template.asks {
        let (function, value, words) = answer(ask, look);
        unknown |= value.is_none();
        if let Some(words) = words {
            told.push(words);
        }
        of.entry(function).or_default().insert(ask.name.clone(), value);
    }
    let told = told.join("; ");
    // None is less than any number: nobody means that who does not say so.
    if unknown && !handles_none(&template.source) {
        return Err(told);
    }
    let mut known = |name: &'static str| {
        minijinja::Value::from_object(Known { name, values: of.remove(name).unwrap_or_default() })
    };
    let now = look.view.civil().map(|now| {
        let weekday = now.strftime("%a").to_string().to_lowercase();
        context! { hour => now.hour(), minute => now.minute(), weekday => weekday, date => now.strftime("%Y-%m-%d").to_string() }
    });
    let var = minijinja::Value::from(Serde(vars));
    let context = context! {
        state => known("state"), age => known("age"), home => known("home"), room => known("room"),
        occupied => known("occupied"), now, var,
    };
    let failed = |e: Error| {
        let why = e.detail().map_or_else(|| e.kind().to_string(), str::to_owned);
        if told.is_empty() { why } else { format!("{told}: {why}") }
    };
    let value = ready(&template.source).and_then(|ready| ready.eval(context)).map_err(failed)?;
    Ok((value, told))
}

/// Whether an expression says itself what becomes of what is not known.
fn handles_none(source: &str) -> bool {
    source.contains("none") || source.contains("default")
}

/// What is asked for, and how it is told.
fn answer(ask: &Ask, look: Look<'_>) -> (&'static str, minijinja::Value, Option<String>) {
    let Look { facts, view, .. } = look;
    let none = minijinja::Value::from(());
    match &ask.what {
        Asked::State(entity) => match reading(entity, None, facts, view) {
            Ok((value, words)) => ("state", of_value(value), Some(format!("{} {words}", ask.name))),
            Err(why) => ("state", none, Some(format!("{} {why}", ask.name))),
        },
        Asked::Age(entity) => {
            let at = view.directory.resolve(entity, None);
            let known = at.and_then(|at| facts.reading(at.entity, at.property).map(|k| (k, at)));
            let words = known.as_ref().and_then(|(k, at)| Some(value_words(k.value.as_ref()?, at, view)));
            let age = known.map_or(none, |(k, _)| view.now.since(k.at).as_secs_f64().into());
            ("age", age, words.map(|words| format!("{} {words}", ask.name)))
        }
        Asked::Home => {
            let at = facts.people.get(&ask.name).map(|w| w.presence);
            let value = match at {
                Some(Presence::Home) => true.into(),
                Some(Presence::Away) => false.into(),
                Some(Presence::Unknown) | None => none,
            };
            let word = match at {
                Some(Presence::Home) => "home",
                Some(Presence::Away) => "away",
                Some(Presence::Unknown) | None => "unknown",
            };
            ("home", value, Some(format!("{} {word}", ask.name)))
        }
        Asked::Room => {
            let room = facts.people.get(&ask.name).and_then(|w| w.room.clone());
            let words = format!("{} in {}", ask.name, room.as_deref().unwrap_or("no known room"));
            ("room", room.map_or(none, |room| room.to_string().into()), Some(words))
        }
        Asked::Occupied => {
            let is = facts.rooms.get(&ask.name).copied();
            let is = is.or_else(|| facts.zone(view.home, &ask.name));
            let word = is.map_or("unknown", |is| if is { "occupied" } else { "empty" });
            // As everywhere: a space of which nothing was told has nobody in it.
            ("occupied", is.unwrap_or(false).into(), Some(format!("{} {word}", ask.name)))
        }
    }
}

fn of_value(value: &Value) -> minijinja::Value {
    match value {
        Value::Bool(b) => (*b).into(),
        Value::Number(n) => (*n).into(),
        Value::Text(text) => text.to_string().into(),
        Value::Rgb(r, g, b) => vec![*r, *g, *b].into(),
    }
}

/// Whether an expression is true now, with words for what was found. What cannot be reckoned is not.
pub fn holds(template: &Template, look: Look<'_>) -> (bool, String) {
    match reckon(template, look.vars, look) {
        Ok((value, told)) => (value.is_true(), told),
        Err(why) => (false, why),
    }
}

/// A result as a property can have it.
///
/// # Errors
/// It is nothing, a list or a table.
pub fn as_value(result: &minijinja::Value, property: Property) -> Result<Value, String> {
    if let Ok(on) = bool::try_from(result.clone()) {
        return Ok(Value::Bool(on));
    }
    if let Ok(number) = f64::try_from(result.clone())
        && number.is_finite()
    {
        return Ok(Value::Number(number));
    }
    match result.as_str() {
        Some(text) => Ok(Value::text(text)),
        None => Err(format!("its {} can't be {}", property.name(), words(result))),
    }
}

/// A result in a few words.
pub fn words(result: &minijinja::Value) -> String {
    let text = result.to_string();
    text.char_indices().nth(MOST_TOLD).map_or(text.clone(), |(at, _)| format!("{}...", &text[..at]))
}
