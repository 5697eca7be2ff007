//! One sentence to the house: what it means, what is asked back, what is answered.

use std::collections::BTreeMap;

use lares_config::Home;
use lares_kernel::Answer;
use lares_model::Receipt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::back::undoes;
use super::briefing::Day;
use super::errands::{Item, SpokenCall, SpokenList, SpokenTask};
use super::follow::{Last, Listener, Part, kept, with_it};
use super::later::{command, delayed};
use super::leaning::Leaning;
use super::meaning::{Meaning, Said, Wish, name};
use super::own::{OwnFiles, with_language};
use super::readings::states;
use super::timers::SpokenTimer;
use super::understand::{CompiledHouse, GrammarError, Understood};
use super::which_music::A_MUSIC;
use super::words::{Words, fill};
use super::world::world;
use crate::tongue::Tongue;
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
    /// What was to be put on a list, or is done.
    #[serde(default)]
    pub tasks: Vec<SpokenTask>,
    /// Lists that were to be made.
    #[serde(default)]
    pub lists: Vec<SpokenList>,
    /// What was to be said aloud.
    #[serde(default)]
    pub calls: Vec<SpokenCall>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpokenSet {
    pub target: String,
    pub values: BTreeMap<String, Value>,
    /// It stands for so long, in milliseconds, and then ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_ms: Option<u64>,
    /// Players that are silent once this is done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<String>,
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

/// What there is in the house as a sentence is said, and what was said before it.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// What stands on a list, by its label.
    pub items: &'a dyn Fn(&str) -> Vec<Item>,
    /// Lists that people made, for whoever may know of them: keys and names.
    pub lists: &'a [(String, String)],
    /// Whether the speaker lives here: lists and what the day brings are for them.
    pub at_home: bool,
    /// What lies before the household today.
    pub day: &'a dyn Fn() -> Day,
    /// Keys of rooms with somebody in them.
    pub occupied: &'a [String],
    pub devices: &'a [DeviceView],
    pub timers: &'a [CountdownView],
    pub last: Option<&'a Last>,
    /// The household's own sentences.
    pub own: &'a OwnFiles,
}

/// What a sentence came to.
#[derive(Clone, Debug, Default)]
pub struct Talked {
    pub view: SpokenView,
    /// What the next sentence may lean on.
    pub last: Last,
    /// It stands in the place of what was done last.
    pub corrects: bool,
    /// It answers what was asked back: the sentence that this was about.
    pub of: Option<String>,
}

/// Finds what a sentence means and answers what needs nothing done. What is to be done stands in `sets` and `timers`, and is left
/// out if it is asked back first. Of several wishes all are done or none.
///
/// # Errors
/// The language is none, or its sentences cannot be used.
pub fn talk(
    sentence: &Sentence<'_>,
    home: &Home,
    around: &Around<'_>,
    told: &Telling,
) -> Result<Talked, GrammarError> {
    let Around { devices, timers, last, items, occupied, own, lists, at_home, day } = *around;
    let house = with_it(world(home, devices, lists), last);
    let words = Words::of(sentence.language);
    let it = last.map(|last| last.things.as_slice()).unwrap_or_default();
    let said = Said {
        house: &house,
        devices,
        timers,
        here: sentence.room,
        language: sentence.language,
        it,
        items,
        lists,
        may_list: at_home,
        day,
        occupied,
        home,
        told,
    };
    let asked = last.map(|last| last.asked.as_slice()).unwrap_or_default();
    let music =
        if asked.iter().any(|of| of.starts_with(A_MUSIC)) { said.known_music(asked) } else { Vec::new() };
    let (parts, answers_to) = with_language(sentence.language, own, |language| {
        let compiled = CompiledHouse::new(house.clone());
        let leaning = Leaning::of(sentence.language);
        let listener = Listener { language, leaning, house: &compiled, last, timers, music: &music };
        (listener.parts(sentence.text), listener.answers(sentence.text))
    })?;
    if parts.is_empty() {
        let view = SpokenView { answer: fill(words.not_understood, sentence.text), ..SpokenView::default() };
        return Ok(Talked { view, ..Talked::default() });
    }
    let of = last.filter(|_| answers_to).map(|last| last.sentence.clone());
    let mut talked =
        Talked { view: SpokenView { ok: true, ..SpokenView::default() }, of, ..Talked::default() };
    let (mut answers, mut dangerous) = (Vec::new(), Vec::new());
    for Part { found, corrects, later } in &parts {
        let Some(best) = found.first() else { continue };
        let back = last.map(|last| &last.back);
        if let Some(back) = back.filter(|back| parts.len() == 1 && undoes(best, back)) {
            let view = SpokenView { intent: Some(best.intent.clone()), ..back.take(&said) };
            // What was moved is taken back by whoever knows what was decided.
            return Ok(Talked { view, corrects: true, ..talked });
        }
        if *corrects && let Some(back) = back {
            let view = back.take(&said);
            talked.view.timers.extend(view.timers);
            talked.view.tasks.extend(view.tasks);
        }
        let one = match command(best) {
            Some(command) => delayed(best, &command, later, &said),
            None => answer(found, &said, words),
        };
        talked.view.intent = talked.view.intent.or_else(|| Some(best.intent.clone()));
        talked.corrects |= *corrects;
        talked.last = kept(best, &house, last);
        talked.last.things = one.things;
        talked.last.sentence =
            [talked.of.as_deref(), Some(sentence.text)].into_iter().flatten().collect::<Vec<_>>().join(": ");
        if !one.view.ok {
            talked.view = SpokenView { intent: talked.view.intent, ..one.view };
            // Only what was wished alone is done by an answer: of several wishes it is all or none.
            talked.last.asked = if parts.len() == 1 { one.asked } else { Vec::new() };
            return Ok(talked);
        }
        dangerous.extend(one.dangerous);
        talked.view.sets.extend(one.view.sets);
        talked.view.timers.extend(one.view.timers);
        talked.view.tasks.extend(one.view.tasks);
        talked.view.lists.extend(one.view.lists);
        talked.view.calls.extend(one.view.calls);
        answers.extend(Some(one.view.answer).filter(|answer| !answer.is_empty()));
    }
    talked.view.answer = answers.join(" ");
    if !dangerous.is_empty() && !sentence.yes {
        let answer = fill(words.sure, &words.list(&dangerous));
        talked.view = SpokenView { intent: talked.view.intent, answer, asks: true, ..SpokenView::default() };
    }
    Ok(talked)
}

/// One wish, understood.
#[derive(Default)]
pub(super) struct One {
    pub view: SpokenView,
    things: Vec<String>,
    /// Things of which it is one.
    pub asked: Vec<String>,
    /// What of it is asked back.
    pub dangerous: Vec<String>,
}

impl One {
    /// No more than an answer.
    pub fn plain(answer: String, ok: bool) -> Self {
        Self { view: SpokenView { answer, ok, ..SpokenView::default() }, ..Self::default() }
    }

    /// It is asked which of these is meant.
    pub fn asks(asked: Vec<String>, answer: String) -> Self {
        Self { asked, ..Self::plain(answer, false) }
    }

    pub fn timers(timers: Vec<SpokenTimer>) -> Self {
        let answer = timers.iter().map(|timer| timer.answer.as_str()).collect::<Vec<_>>().join(" ");
        Self { view: SpokenView { timers, ..Self::plain(answer, true).view }, ..Self::default() }
    }
}

pub(super) fn answer(found: &[Understood], said: &Said<'_>, words: &Words) -> One {
    let view = |answer: String, ok: bool| One::plain(answer, ok).view;
    let plain = One::plain;
    let meaning = match alike(found, said) {
        Ok(meaning) => meaning,
        Err(which) => return asked(which, words),
    };
    match meaning {
        Meaning::Wish(Wish { sets, silences, dangerous, hold }) => {
            let things = sets.iter().map(|(target, _)| target.clone()).collect();
            let hold_ms = hold.map(|hold| u64::try_from(hold.as_millis()).unwrap_or(u64::MAX));
            let set = |(target, values)| SpokenSet { target, values, hold_ms, silences: silences.clone() };
            let sets = sets.into_iter().map(set).collect();
            One {
                view: SpokenView { sets, ..view(String::new(), true) },
                things,
                dangerous,
                asked: Vec::new(),
            }
        }
        Meaning::State(things) => {
            let told = states(said, &things, words);
            One { things, ..plain(told, true) }
        }
        Meaning::Timers(timers) => One::timers(timers),
        Meaning::Tasks(tasks, answer) => {
            One { view: SpokenView { tasks, ..view(answer, true) }, ..One::default() }
        }
        Meaning::Lists(lists, answer) => {
            One { view: SpokenView { lists, ..view(answer, true) }, ..One::default() }
        }
        Meaning::Calls(calls, answer) => {
            One { view: SpokenView { calls, ..view(answer, true) }, ..One::default() }
        }
        Meaning::Which(which) => asked(which, words),
        Meaning::Answer(answer, ok) => plain(answer, ok),
        Meaning::Time => plain(said.told.clock(said.told.now).chars().take(5).collect(), true),
        Meaning::Date => plain(date(said.told), true),
        Meaning::Nothing => plain(words.nothing.to_owned(), true),
        Meaning::NoSuchThing => plain(words.no_such_thing.to_owned(), false),
        Meaning::Unable(what) => plain(fill(words.unable, &what), false),
    }
}

/// It is asked which of these is meant.
fn asked(which: Vec<(String, String)>, words: &Words) -> One {
    let (asked, names): (Vec<String>, Vec<String>) = which.into_iter().unzip();
    One::asks(asked, fill(words.which, &words.one_of(&names)))
}

/// Nothing was taken back: why.
pub fn not_taken_back(spoken: &mut SpokenView, language: &str, left: &[String]) {
    let words = Words::of(language);
    spoken.ok = false;
    spoken.answer = match left {
        [] => words.nothing_back.to_owned(),
        left => fill(words.failed, &left.join("; ")),
    };
}

/// What is said once the wishes are answered.
pub fn came_of(spoken: &mut SpokenView, language: &str, answers: &[Answer], names: impl Fn(&str) -> String) {
    let (words, tongue) = (Words::of(language), Tongue::of(language).unwrap_or_default());
    let fine = |a: &&Answer| matches!(a.receipt, Receipt::Confirmed | Receipt::Sent);
    // What the door itself refuses says what it is about, and has no property.
    let told = |a: &Answer| match a.property.as_str() {
        "" => tongue.receipt(&a.receipt),
        _ => format!("{}: {}", names(&a.entity), tongue.receipt_of(&a.property, &a.receipt)),
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

/// The meaning, if all that are as likely come to the same; else of each the thing's id (empty: none) and what it is about.
fn alike(understood: &[Understood], said: &Said<'_>) -> Result<Meaning, Vec<(String, String)>> {
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
                thing.map_or_else(
                    || (String::new(), one.intent.clone()),
                    |thing| (thing.id.clone(), format!("{} ({})", name(thing), thing.id)),
                )
            })
            .collect()),
    }
}

/// `2026-11-26`, where the household is.
fn date(told: &Telling) -> String {
    let zone = jiff::tz::TimeZone::get(told.zone_name()).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_microsecond(told.now.0).unwrap_or_default();
    at.to_zoned(zone).strftime("%Y-%m-%d").to_string()
}
