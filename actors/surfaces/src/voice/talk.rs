//! One sentence to the house: what it means, what is asked back, what is answered.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use lares_config::Home;
use lares_kernel::Answer;
use lares_model::Receipt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::meaning::{Meaning, Said, Wish, name};
use super::timers::SpokenTimer;
use super::understand::{CompiledHouse, GrammarError, Language, Languages, Understood};
use super::words::{Words, fill};
use super::world::world;
use crate::views::{CountdownView, DeviceView, Telling};

/// What came of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpokenView {
    /// Home Assistant's name of the intent; null: it was not understood.
    pub intent: Option<String>,
    /// What the house says to it.
    pub answer: String,
    /// It is done only when it is said again with `yes`.
    pub asks: bool,
    /// All that was wished came about, or was answered.
    pub ok: bool,
    /// What was wished: target, and what it is to be.
    pub sets: Vec<SpokenSet>,
    /// Timers that were to be set, changed or ended.
    #[serde(default)]
    pub timers: Vec<SpokenTimer>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpokenSet {
    pub target: String,
    pub values: BTreeMap<String, Value>,
}

/// What was recognised, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeardView {
    /// Empty: nothing.
    pub text: String,
    /// How sure the recogniser is of its least sure word, 0 to 1.
    pub sure: f64,
    /// Words of the house's names that the model does not know: it cannot hear them.
    pub unknown: Vec<String>,
    pub spoken: SpokenView,
}

/// A sentence and how it is said.
#[derive(Clone, Debug, Default)]
pub struct Sentence<'a> {
    pub text: &'a str,
    /// `en`, `de`, `es`, `fr` or `nl`.
    pub language: &'a str,
    /// Key of the room that it is said in.
    pub room: Option<&'a str>,
    /// It was asked back, and is meant.
    pub yes: bool,
}

/// What there is in the house as a sentence is said.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    pub devices: &'a [DeviceView],
    pub timers: &'a [CountdownView],
}

/// Finds what a sentence means and answers what needs nothing done. What is to be done stands in `sets`, and is left out if it
/// is asked back first.
///
/// # Errors
/// The language is none, or its sentences cannot be used.
pub fn talk(
    sentence: &Sentence<'_>,
    home: &Home,
    around: &Around<'_>,
    told: &Telling,
) -> Result<SpokenView, GrammarError> {
    let Around { devices, timers } = *around;
    let house = world(home, devices);
    let understood = with_language(sentence.language, |language| {
        let compiled = CompiledHouse::new(house.clone());
        language.understand(sentence.text, &compiled)
    })?;
    let words = Words::of(sentence.language);
    let said = Said { house: &house, devices, timers, here: sentence.room, language: sentence.language };
    let Some(best) = understood.first() else {
        let answer = fill(words.not_understood, sentence.text);
        return Ok(SpokenView { answer, ..SpokenView::default() });
    };
    let intent = Some(best.intent.clone());
    let meaning = match alike(&understood, &said) {
        Ok(meaning) => meaning,
        Err(which) => {
            let answer = fill(words.which, &words.list(&which));
            return Ok(SpokenView { intent, answer, ..SpokenView::default() });
        }
    };
    let spoken =
        |answer: String, ok: bool| SpokenView { intent: intent.clone(), answer, ok, ..SpokenView::default() };
    Ok(match meaning {
        Meaning::Wish(Wish { dangerous, .. }) if !dangerous.is_empty() && !sentence.yes => {
            SpokenView { asks: true, ..spoken(fill(words.sure, &words.list(&dangerous)), false) }
        }
        Meaning::Wish(wish) => {
            let set = |(target, values)| SpokenSet { target, values };
            SpokenView { sets: wish.sets.into_iter().map(set).collect(), ..spoken(String::new(), true) }
        }
        Meaning::State(all) => {
            let all: Vec<String> = all.iter().filter_map(|id| state(&said, id, words)).collect();
            spoken(format!("{}.", words.list(&all)), true)
        }
        Meaning::Timers(timers) => {
            let answer = timers.iter().map(|timer| timer.answer.as_str()).collect::<Vec<_>>().join(" ");
            SpokenView { timers, ..spoken(answer, true) }
        }
        Meaning::Which(which) => spoken(fill(words.which, &words.list(&which)), false),
        Meaning::Answer(answer, ok) => spoken(answer, ok),
        Meaning::Time => spoken(told.clock(told.now).chars().take(5).collect(), true),
        Meaning::Date => spoken(date(told), true),
        Meaning::Nothing => spoken(words.nothing.to_owned(), true),
        Meaning::NoSuchThing => spoken(words.no_such_thing.to_owned(), false),
        Meaning::Unable(what) => spoken(fill(words.unable, &what), false),
    })
}

/// What is said once the wishes are answered.
pub fn came_of(spoken: &mut SpokenView, language: &str, answers: &[Answer], names: impl Fn(&str) -> String) {
    let words = Words::of(language);
    let fine = |a: &&Answer| matches!(a.receipt, Receipt::Confirmed | Receipt::Sent);
    // What the door itself refuses says what it is about, and has no property.
    let told = |a: &Answer| match a.property.as_str() {
        "" => a.receipt.to_string(),
        _ => format!("{}: {}", names(&a.entity), a.receipt),
    };
    let failed: Vec<String> = answers.iter().filter(|a| !fine(a)).map(told).collect();
    spoken.ok = failed.is_empty();
    if !failed.is_empty() {
        spoken.answer = fill(words.failed, &failed.join("; "));
        return;
    }
    // What says nothing of itself was told, no more: nobody knows whether it did it.
    let named = |is_sent: bool| {
        let those = answers.iter().filter(|a| (a.receipt == Receipt::Sent) == is_sent);
        let mut all: Vec<String> = those.map(|a| names(&a.entity)).collect();
        all.sort();
        all.dedup();
        all
    };
    let parts = [(words.done, named(false)), (words.sent, named(true))];
    let told = parts.iter().filter(|(_, all)| !all.is_empty()).map(|(w, all)| fill(w, &words.list(all)));
    spoken.answer = told.collect::<Vec<_>>().join(" ");
}

/// The meaning, if all that are as likely come to the same; else what each is about.
fn alike(understood: &[Understood], said: &Said<'_>) -> Result<Meaning, Vec<String>> {
    let Some(best) = understood.first() else { return Ok(Meaning::Nothing) };
    let mut found: Vec<(Meaning, &Understood)> = Vec::new();
    for one in understood.iter().filter(|u| u.ties_with(best) && u.intent == best.intent) {
        let meaning = said.meaning(one);
        // What is not there is not meant.
        if meaning != Meaning::NoSuchThing && !found.iter().any(|(m, _)| *m == meaning) {
            found.push((meaning, one));
        }
    }
    match found.len() {
        0 => Ok(Meaning::NoSuchThing),
        1 => Ok(found.swap_remove(0).0),
        _ => Err(found
            .iter()
            .map(|(_, one)| {
                let thing = one.thing().and_then(|n| said.house.things.get(n));
                thing.map_or_else(|| one.intent.clone(), |thing| format!("{} ({})", name(thing), thing.id))
            })
            .collect()),
    }
}

/// `Hall lamp is on`.
fn state(said: &Said<'_>, id: &str, words: &Words) -> Option<String> {
    let thing = said.house.things.iter().find(|t| t.id == id)?;
    let entity = said.entity(id)?;
    let unit = entity.unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
    let value = match (&entity.state, entity.properties.get("current_temperature")) {
        (_, Some(warm)) if entity.component == "climate" => format!("{warm} °C"),
        (Value::Bool(on), _) => (if *on { words.on } else { words.off }).to_owned(),
        (Value::Null, _) => words.unknown.to_owned(),
        (Value::String(text), _) => text.clone(),
        (other, _) => format!("{other}{unit}"),
    };
    Some(fill(&fill(words.is, &name(thing)), &value))
}

/// `2026-11-26`, where the household is.
fn date(told: &Telling) -> String {
    let zone = jiff::tz::TimeZone::get(told.zone_name()).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_microsecond(told.now.0).unwrap_or_default();
    at.to_zoned(zone).strftime("%Y-%m-%d").to_string()
}

/// A language's sentences are made ready once: that takes longer than to understand a thousand of them.
pub(super) fn with_language<T>(name: &str, work: impl FnOnce(&Language) -> T) -> Result<T, GrammarError> {
    static READY: OnceLock<Mutex<BTreeMap<String, Language>>> = OnceLock::new();
    let ready = READY.get_or_init(Mutex::default);
    let mut ready = ready.lock().unwrap_or_else(PoisonError::into_inner);
    if !ready.contains_key(name) {
        ready.insert(name.to_owned(), Languages::load(name, &[])?);
    }
    match ready.get(name) {
        Some(language) => Ok(work(language)),
        None => Err(GrammarError::NoSuchLanguage(name.to_owned())),
    }
}
