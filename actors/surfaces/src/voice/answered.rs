//! A bare answer to "which do you mean": "the left one", "the second", "the kitchen". Pure.

use super::follow::{Listener, Part, slot_of};
use super::understand::{SlotValue, Thing, Understood, fold};

impl Listener<'_> {
    /// What was wished before, of the one that the words tell from the others; `None`: nothing was asked, or they do not tell.
    pub(super) fn answered(&self, words: &[&str]) -> Option<Part> {
        let last = self.last.filter(|last| !last.asked.is_empty())?;
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
        Some(Part { found: vec![Understood::of(&last.intent, slots)], corrects: false })
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
