//! How things are, in words: each by its name, and what one device measures by what that is.

use serde_json::Value;

use super::meaning::{Said, name};
use super::measure_words::measure;
use super::understand::Thing;
use super::words::{Words, fill};
use crate::views::{EntityView, word_of};

/// `Front door lock is locked. Weather station: temperature 6 °C and wind 2.2 m/s.`; empty: none of them is there.
pub(super) fn states(said: &Said<'_>, ids: &[String], words: &Words) -> String {
    let (mut plain, mut sentences, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids.iter().filter(|id| thing(said, id).is_some()) {
        if told.contains(&id) {
            continue;
        }
        let beside: Vec<&String> = ids.iter().filter(|other| alike(said, id, other)).collect();
        match measures(said, &beside, words).filter(|_| beside.len() > 1) {
            Some(sentence) => {
                sentences.push(sentence);
                told.extend(beside);
            }
            None => plain.extend(state(said, id, words)),
        }
    }
    if !plain.is_empty() {
        sentences.insert(0, format!("{}.", words.list(&plain)));
    }
    sentences.join(" ")
}

/// `Hall lamp is on`, `Front door lock is locked`.
fn state(said: &Said<'_>, id: &str, words: &Words) -> Option<String> {
    let entity = said.entity(id)?;
    Some(fill(&fill(words.is, &name(thing(said, id)?)), &value(said, entity, words)))
}

fn thing<'a>(said: &Said<'a>, id: &str) -> Option<&'a Thing> {
    said.house.things.iter().find(|thing| thing.id == id)
}

/// Whether both are of one device and are called alike.
fn alike(said: &Said<'_>, one: &str, other: &str) -> bool {
    let device = |id: &str| id.split_once('.').map_or(id, |(device, _)| device).to_owned();
    let called = |id: &str| thing(said, id).map(name);
    device(one) == device(other) && called(one) == called(other)
}

/// What these of one name measure; `None`: of one nobody knows the word, or two measure the same.
fn measures(said: &Said<'_>, ids: &[&String], words: &Words) -> Option<String> {
    let mut all: Vec<(&str, String)> = Vec::new();
    for id in ids {
        let entity = said.entity(id)?;
        let word = measure(said.language, entity.device_class.as_deref()?)?;
        if all.iter().any(|(other, _)| *other == word) {
            return None;
        }
        all.push((word, value(said, entity, words)));
    }
    let called = name(thing(said, ids.first()?)?);
    let measured: Vec<String> = all.iter().map(|(word, value)| format!("{word} {value}")).collect();
    Some(format!("{called}{} {}.", colon(said.language), words.list(&measured)))
}

/// French has a space before it.
fn colon(language: &str) -> &'static str {
    if language == "fr" { " :" } else { ":" }
}

fn value(said: &Said<'_>, entity: &EntityView, words: &Words) -> String {
    let unit = entity.unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
    let word = word_of(said.language, entity, None, &entity.state);
    match (&entity.state, entity.properties.get("current_temperature")) {
        (_, Some(warm)) if entity.component == "climate" => format!("{warm} °C"),
        _ if word.is_some() => word.unwrap_or_default().to_owned(),
        (Value::Bool(on), _) => (if *on { words.on } else { words.off }).to_owned(),
        (Value::Null, _) => words.unknown.to_owned(),
        (Value::String(text), _) => text.clone(),
        (other, _) => format!("{other}{unit}"),
    }
}
