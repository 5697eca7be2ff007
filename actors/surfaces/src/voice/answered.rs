//! A bare answer to "which do you mean": "the left one", "the second", "the kitchen". Pure.

use super::follow::{Last, Listener, Part, slot_of};
use super::fragments::TIMER;
use super::timer_words::TimerWords;
use super::timers::A_TIMER;
use super::understand::{SlotValue, Thing, Understood, fold};
use super::which_music::A_MUSIC;

impl Listener<'_> {
    /// Whether a sentence is no more than an answer to what was asked.
    pub(super) fn answers(&self, sentence: &str) -> bool {
        self.answered(&sentence.split_whitespace().collect::<Vec<_>>()).is_some()
    }

    /// What was wished before, of the one that the words tell from the others; `None`: nothing was asked, or they do not tell.
    pub(super) fn answered(&self, words: &[&str]) -> Option<Part> {
        let last = self.last.filter(|last| !last.asked.is_empty())?;
        if last.asked.iter().all(|of| of.starts_with(A_TIMER)) {
            return self.answered_timer(words, last);
        }
        if last.asked.iter().all(|of| of.starts_with(A_MUSIC)) {
            return self.answered_music(words, last);
        }
        let house = &self.house.house;
        let asked: Vec<(usize, &Thing)> = last
            .asked
            .iter()
            .filter_map(|id| house.things.iter().enumerate().find(|(_, thing)| thing.id == *id))
            .collect();
        let (rest, _) = self.leaning.fragment(words);
        let said: Vec<String> = fold(&rest).text.split(' ').map(str::to_owned).collect();
        let said: Vec<&str> = said.iter().map(String::as_str).filter(|w| !self.leaning.says_one(w)).collect();
        if said.is_empty() {
            return None;
        }
        let by_place = match said.as_slice() {
            [one] => self.leaning.place_in_row(one, asked.len()).and_then(|n| asked.get(n)),
            _ => None,
        };
        let fits = |(_, thing): &&(usize, &Thing)| {
            let known = self.words_of(thing);
            said.iter().all(|word| known.iter().any(|k| k == word))
        };
        let mut fitting = asked.iter().filter(fits);
        let (thing, _) = by_place.or(match (fitting.next(), fitting.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        })?;
        let kept = last.slots.iter().filter(|(slot, _)| *slot != "name");
        let mut slots: std::collections::BTreeMap<String, SlotValue> =
            kept.filter_map(|(slot, kept)| Some((slot.clone(), slot_of(kept, house)?))).collect();
        slots.insert("name".to_owned(), SlotValue::Thing(*thing));
        Some(self.part(vec![Understood::of(&last.intent, slots)], false))
    }

    /// The same of timers: by their place in the row, or their words.
    fn answered_timer(&self, words: &[&str], last: &Last) -> Option<Part> {
        let asked: Vec<&str> = last.asked.iter().filter_map(|of| of.strip_prefix(A_TIMER)).collect();
        let (rest, _) = self.leaning.fragment(words);
        let folded = fold(&rest).text;
        let name = fold(self.leaning.timer).text;
        let says_timer = |word: &str| name.split(' ').any(|part| part == word);
        let said: Vec<&str> =
            folded.split(' ').filter(|w| !self.leaning.says_one(w) && !says_timer(w)).collect();
        if said.is_empty() {
            return None;
        }
        let by_place = match said.as_slice() {
            [one] => self.leaning.place_in_row(one, asked.len()).and_then(|n| asked.get(n)),
            _ => None,
        };
        let fits = |id: &&&str| {
            let timer = self.timers.iter().find(|timer| timer.id == **id);
            let Some(timer) = timer else { return false };
            let called = TimerWords::of(self.leaning.language).called(timer);
            let of_room = timer.room_name.iter().chain(&timer.room).chain([&timer.id, &called]);
            let known: Vec<String> = of_room.map(|text| fold(&text.replace('/', " ")).text).collect();
            let known: Vec<&str> = known.iter().flat_map(|text| text.split(' ')).collect();
            said.iter().all(|word| known.iter().any(|k| k == word || (word.len() > 3 && k.starts_with(word))))
        };
        let mut fitting = asked.iter().filter(fits);
        let id = by_place.or(match (fitting.next(), fitting.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        })?;
        let house = &self.house.house;
        let kept = last.slots.iter().filter(|(slot, _)| *slot != "name");
        let mut slots: std::collections::BTreeMap<String, SlotValue> =
            kept.filter_map(|(slot, kept)| Some((slot.clone(), slot_of(kept, house)?))).collect();
        slots.insert(TIMER.to_owned(), SlotValue::Text((*id).to_owned()));
        Some(self.part(vec![Understood::of(&last.intent, slots)], false))
    }

    /// The words of a thing: its names, its id, its room.
    fn words_of(&self, thing: &Thing) -> Vec<String> {
        let areas = &self.house.house.areas;
        let room = areas.iter().find(|area| Some(&area.id) == thing.area.as_ref());
        let names = thing.names.iter().chain(room.iter().flat_map(|room| &room.names));
        let all = names.map(String::as_str).chain([thing.id.as_str()]).map(|name| fold(name).text);
        all.flat_map(|name| name.split([' ', '.']).map(str::to_owned).collect::<Vec<_>>()).collect()
    }
}
