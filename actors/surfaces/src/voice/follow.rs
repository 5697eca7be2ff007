//! Several wishes in one sentence, and sentences that lean on the one before: "and the bedroom too", "turn it off again", "no, the
//! bedroom". Pure: what was said last comes in as an argument.

use std::collections::BTreeMap;

use super::back::Back;
use super::leaning::Leaning;
use super::understand::{CompiledHouse, House, Language, SlotValue, Thing, Understood, fold};
use super::which_music::Known;
use crate::views::CountdownView;

/// What was talked about last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Last {
    pub intent: String,
    pub slots: BTreeMap<String, Kept>,
    /// References of the things that it came to.
    pub things: Vec<String>,
    /// References of the things between which it was asked, in their order: the next words may say which.
    pub asked: Vec<String>,
    /// What was said.
    pub sentence: String,
    /// What takes back what it did to timers and lists.
    pub back: Back,
}

/// A slot by what it names, and not by where that stands: the house may be another one by now.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    Text(String),
    Number(f64),
    Thing(String),
    Area(String),
    Floor(String),
}

/// Id of the thing that "it" is.
pub(super) const IT: &str = "lares:it";
/// A word that no house has, and no language changes.
const IT_WORD: &str = "zzlastthingzz";

/// One wish of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// The likeliest first; several if they cannot be told apart. Never empty.
    pub found: Vec<Understood>,
    /// It stands in the place of what was done last.
    pub corrects: bool,
    /// What is to be done later, where that is what is wished.
    pub later: Vec<Part>,
}

/// What is asked of a language, in a house.
#[derive(Clone, Copy)]
pub(super) struct Listener<'a> {
    pub language: &'a Language,
    pub leaning: &'a Leaning,
    pub house: &'a CompiledHouse,
    pub last: Option<&'a Last>,
    pub timers: &'a [CountdownView],
    /// Music between which it was asked.
    pub music: &'a [Known],
}

/// The house, and in it the things that "it" may be.
pub(super) fn with_it(mut house: House, last: Option<&Last>) -> House {
    let first = last.and_then(|last| last.things.first());
    if let Some(of) = first.and_then(|id| house.things.iter().find(|thing| thing.id == *id)).cloned() {
        house.things.push(Thing { id: IT.to_owned(), names: vec![IT_WORD.to_owned()], area: None, ..of });
    }
    house
}

/// What can be set to a value that is said alone.
const VALUES: &[&str] = &["brightness", "color", "temperature", "position", "percentage", "volume_level"];

/// More wishes in one breath are not told apart.
const MOST: usize = 5;

impl Listener<'_> {
    /// The wishes of a sentence, in their order; empty: something in it was not understood.
    pub fn parts(&self, sentence: &str) -> Vec<Part> {
        let sentence = &clock_times(sentence);
        let words: Vec<&str> = sentence.split_whitespace().collect();
        if let Some(answer) = self.answered(&words) {
            return vec![answer];
        }
        // "No, in five minutes" is not "no" in five minutes.
        let (rest, corrects) = self.leaning.fragment(&words);
        if corrects && let Some(found) = self.timed(&rest, self.last) {
            return vec![self.part(vec![found], true)];
        }
        let whole = self.understand(sentence);
        let cuts: Vec<usize> = (1..words.len()).filter(|n| self.cuts(&words, *n)).collect();
        if let Some(part) = self.whole_later(&whole) {
            return vec![part];
        }
        let certain = whole.first().is_some_and(|best| !best.is_wild());
        if let Some(part) = self.leans(&self.without_and(&words), &whole, self.last) {
            return vec![part];
        }
        if certain || (cuts.is_empty() && !whole.is_empty()) {
            return vec![self.part(whole, false)];
        }
        if !cuts.is_empty() && cuts.len() < MOST {
            let split = self.split(&words, self.last.cloned().as_ref());
            if split.len() > 1 {
                return split;
            }
        }
        if !whole.is_empty() {
            return vec![self.part(whole, false)];
        }
        self.one(&words, self.last).or_else(|| self.listed(&words)).into_iter().collect()
    }

    /// The likeliest first. Where "put a timer of ten minutes" could also lengthen one that runs (as in Spanish), it sets one.
    pub(super) fn understand(&self, sentence: &str) -> Vec<Understood> {
        let mut found = self.language.understand(sentence, self.house);
        let lengthens = found.first().filter(|best| best.intent == "HassIncreaseTimer").cloned();
        let sets = |u: &Understood| {
            u.intent == "HassStartTimer" && lengthens.as_ref().is_some_and(|of| u.ties_with(of))
        };
        if let Some(at) = found.iter().position(sets) {
            let set = found.remove(at);
            found.insert(0, set);
        }
        found
    }

    /// Whether a new wish may begin with this word: after a comma, or with "and".
    fn cuts(&self, words: &[&str], at: usize) -> bool {
        let comma =
            at.checked_sub(1).and_then(|n| words.get(n)).is_some_and(|word| word.ends_with([',', ';', '.']));
        comma || words.get(at).is_some_and(|word| self.leaning.and.contains(&fold(word).text.as_str()))
    }

    /// As many wishes as it takes for each of them to be understood; empty: it cannot be.
    fn split(&self, words: &[&str], last: Option<&Last>) -> Vec<Part> {
        if words.is_empty() {
            return Vec::new();
        }
        let ends = (1..=words.len()).filter(|n| *n == words.len() || self.cuts(words, *n));
        for end in ends {
            let (head, rest) = words.split_at(end);
            let Some(part) = self.one(head, last) else { continue };
            if rest.is_empty() {
                return vec![part];
            }
            let said = part.found.first().map(|best| kept(best, &self.house.house, last));
            let others = self.split(rest, said.as_ref());
            if !others.is_empty() {
                return std::iter::once(part).chain(others).collect();
            }
        }
        Vec::new()
    }

    /// One wish: by itself, with what "it" is, or by what was wished last.
    fn one(&self, words: &[&str], last: Option<&Last>) -> Option<Part> {
        let words = self.without_and(words);
        let part = |found: Vec<Understood>, corrects| (!found.is_empty()).then(|| self.part(found, corrects));
        let plain = words.join(" ");
        if plain.is_empty() {
            return None;
        }
        let found = self.understand(&plain);
        if let Some(leaning) = self.leans(&words, &found, last) {
            return Some(leaning);
        }
        if !found.is_empty() {
            return part(found, false);
        }
        if let Some(found) = self.of_timer(&words, last) {
            return part(found, false);
        }
        if let Some(it) = self.it(last)
            && let Some(sentence) = self.leaning.with_it(&words, it)
        {
            let found = self.understand(&sentence);
            if !found.is_empty() {
                return part(found, false);
            }
        }
        let (rest, corrects) = self.leaning.fragment(&words);
        if let Some(found) = self.valued(&rest, last) {
            return part(found, corrects);
        }
        let found = self.again(&rest, last?)?;
        part(vec![found], corrects)
    }

    /// A name alone, which switches a lamp or a scene on, is of the wish before if there was one about things.
    fn leans(&self, words: &[&str], found: &[Understood], last: Option<&Last>) -> Option<Part> {
        let best = found.first()?;
        let last = last?;
        let place = |slot: &str| ["name", "area", "floor"].contains(&slot);
        let named = best.thing().is_some() && best.slots.keys().all(|slot| place(slot));
        let about = last.slots.keys().any(|slot| place(slot) || slot == "domain");
        let object = self.leaning.carrier.replacen("{}", &words.join(" "), 1);
        if best.intent != "HassTurnOn" || !named || !about || self.understand(&object).is_empty() {
            return None;
        }
        let (rest, corrects) = self.leaning.fragment(words);
        if !self.is_name_of(&rest, best.thing()?) {
            return None;
        }
        Some(self.part(vec![self.again(&rest, last)?], corrects))
    }

    /// Whether a fragment says no more than what a thing is called and where it stands: no verb of its own.
    fn is_name_of(&self, fragment: &str, thing: usize) -> bool {
        let house = &self.house.house;
        let Some(thing) = house.things.get(thing) else { return false };
        let areas = house.areas.iter().filter(|area| Some(&area.id) == thing.area.as_ref());
        let names = thing.names.iter().chain(areas.flat_map(|area| &area.names));
        let known: Vec<String> = names.map(|name| fold(name).text).collect();
        let said = fold(fragment).text;
        let is_known = |word: &str| known.iter().any(|name| name.split(' ').any(|part| part == word));
        said.split(' ').all(|word| is_known(word) || self.leaning.says_nothing(word))
    }

    /// How a sentence names what "it" is: what was named just now, or what was talked about last.
    fn it(&self, last: Option<&Last>) -> Option<&str> {
        let things = &self.house.house.things;
        // Where it was asked which is meant, "it" is none of them yet.
        let last = last.filter(|last| last.asked.is_empty())?;
        match last.slots.get("name") {
            Some(Kept::Thing(id)) if last.things.is_empty() => {
                things.iter().find(|thing| thing.id == *id)?.names.first().map(String::as_str)
            }
            _ => things.iter().any(|thing| thing.id == IT).then_some(IT_WORD),
        }
    }

    /// "And fifty percent": a value for what was talked about last.
    fn valued(&self, fragment: &str, last: Option<&Last>) -> Option<Vec<Understood>> {
        let set = self.leaning.set.replacen("{it}", self.it(last)?, 1).replacen("{}", fragment, 1);
        let found = self.understand(&set);
        let best = found.first().filter(|best| !best.is_wild())?;
        VALUES.iter().any(|slot| best.slots.contains_key(*slot)).then_some(found)
    }

    fn without_and<'w>(&self, words: &[&'w str]) -> Vec<&'w str> {
        let is_and = |word: &&&str| self.leaning.and.contains(&fold(word).text.as_str());
        words.iter().skip_while(is_and).copied().collect()
    }

    /// What was wished last, of what a fragment names.
    fn again(&self, fragment: &str, last: &Last) -> Option<Understood> {
        if last.slots.contains_key("conversation_command") {
            return None;
        }
        let house = &self.house.house;
        let mut slots: BTreeMap<String, SlotValue> = last
            .slots
            .iter()
            .filter_map(|(slot, kept)| Some((slot.clone(), slot_of(kept, house)?)))
            .collect();
        let places = ["name", "area", "floor"];
        let folded = fold(fragment).text;
        let is = |names: &[String]| names.iter().any(|name| fold(name).text == folded);
        let place = house
            .areas
            .iter()
            .position(|area| is(&area.names))
            .map(|n| ("area", SlotValue::Area(n)))
            .or_else(|| {
                let floor = house.floors.iter().position(|floor| is(&floor.names))?;
                Some(("floor", SlotValue::Floor(floor)))
            });
        if let Some((slot, place)) = place {
            // The same kind of thing there.
            if let Some(SlotValue::Thing(n)) = slots.get("name")
                && let Some(thing) = house.things.get(*n)
            {
                slots.insert("domain".to_owned(), SlotValue::Text(thing.domain.clone()));
                if let Some(class) = &thing.device_class {
                    slots.insert("device_class".to_owned(), SlotValue::Text(class.clone()));
                }
            }
            places.iter().for_each(|place| drop(slots.remove(*place)));
            slots.insert(slot.to_owned(), place);
            return Some(Understood::of(&last.intent, slots));
        }
        // What it names is what would be switched on by the same words.
        let carrier = self.leaning.carrier.replacen("{}", fragment, 1);
        let named = self.understand(&carrier).into_iter().find(|found| !found.is_wild())?;
        let keeps = ["domain", "device_class"];
        let named: Vec<(String, SlotValue)> = named
            .slots
            .into_iter()
            .filter(|(slot, _)| places.contains(&slot.as_str()) || keeps.contains(&slot.as_str()))
            .collect();
        if named.is_empty() {
            return None;
        }
        places.iter().chain(&keeps).for_each(|slot| drop(slots.remove(*slot)));
        slots.extend(named);
        Some(Understood::of(&last.intent, slots))
    }
}

/// `6:30` as it is said: `6 30`.
fn clock_times(sentence: &str) -> String {
    let chars: Vec<char> = sentence.chars().collect();
    let digit = |n: Option<usize>| n.and_then(|n| chars.get(n)).is_some_and(char::is_ascii_digit);
    let said = |(n, c): (usize, &char)| {
        if *c == ':' && digit(n.checked_sub(1)) && digit(Some(n + 1)) { ' ' } else { *c }
    };
    chars.iter().enumerate().map(said).collect()
}

/// What is kept in mind of a wish. `it` is what it was.
pub(super) fn kept(of: &Understood, house: &House, last: Option<&Last>) -> Last {
    let name = |slot: &SlotValue| match slot {
        SlotValue::Text(text) => Some(Kept::Text(text.clone())),
        SlotValue::Number(number) => Some(Kept::Number(*number)),
        SlotValue::Thing(n) => {
            let id = &house.things.get(*n)?.id;
            let it = last.and_then(|last| last.things.first()).filter(|_| id == IT);
            Some(Kept::Thing(it.unwrap_or(id).clone()))
        }
        SlotValue::Area(n) => Some(Kept::Area(house.areas.get(*n)?.id.clone())),
        SlotValue::Floor(n) => Some(Kept::Floor(house.floors.get(*n)?.id.clone())),
    };
    let slots = of.slots.iter().filter_map(|(slot, value)| Some((slot.clone(), name(value)?))).collect();
    Last { intent: of.intent.clone(), slots, ..Last::default() }
}

pub(super) fn slot_of(kept: &Kept, house: &House) -> Option<SlotValue> {
    Some(match kept {
        Kept::Text(text) => SlotValue::Text(text.clone()),
        Kept::Number(number) => SlotValue::Number(*number),
        Kept::Thing(id) => SlotValue::Thing(house.things.iter().position(|thing| thing.id == *id)?),
        Kept::Area(id) => SlotValue::Area(house.areas.iter().position(|area| area.id == *id)?),
        Kept::Floor(id) => SlotValue::Floor(house.floors.iter().position(|floor| floor.id == *id)?),
    })
}
