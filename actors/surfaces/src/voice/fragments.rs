//! Fragments about timers and lists: "no, five minutes", "no, eggs", "and butter", "add two minutes to it". Pure.

use std::collections::BTreeMap;

use super::follow::{Last, Listener, Part, slot_of};
use super::understand::{SlotValue, Understood, fold};

/// Slot of a timer that is known by its id.
pub(super) const TIMER: &str = "timer_id";
const LENGTH: [&str; 3] = ["hours", "minutes", "seconds"];

impl Listener<'_> {
    /// What was wished last, with another length: only where that was wrong.
    pub(super) fn timed(&self, fragment: &str, last: Option<&Last>) -> Option<Understood> {
        let last = last.filter(|last| last.intent == "HassStartTimer")?;
        let set = self.understand(&self.leaning.timer_of.replacen("{}", fragment, 1));
        let best = set.into_iter().find(|found| !found.is_wild() && found.intent == "HassStartTimer")?;
        let mut slots = self.before(last);
        LENGTH.iter().for_each(|slot| drop(slots.remove(*slot)));
        let lengths: Vec<_> = best.slots.into_iter().filter(|(s, _)| LENGTH.contains(&s.as_str())).collect();
        (!lengths.is_empty()).then(|| {
            slots.extend(lengths);
            Understood::of(&last.intent, slots)
        })
    }

    /// Something else for the list that was written on: in the place of what was, or beside it.
    pub(super) fn listed(&self, words: &[&str]) -> Option<Part> {
        let last = self.last.filter(|last| last.intent.ends_with("AddItem"))?;
        let first = fold(words.first()?).text;
        let (rest, corrects) = self.leaning.fragment(words);
        if rest.is_empty() || !(corrects || self.leaning.and.contains(&first.as_str())) {
            return None;
        }
        let mut slots = self.before(last);
        slots.insert("item".to_owned(), SlotValue::Text(rest));
        Some(self.part(vec![Understood::of(&last.intent, slots)], corrects))
    }

    /// A sentence about "it", where that is a timer.
    pub(super) fn of_timer(&self, words: &[&str], last: Option<&Last>) -> Option<Vec<Understood>> {
        let timer = last?.back.timer()?;
        let sentence = self.leaning.with_it(words, self.leaning.timer)?;
        let about = |found: &Understood| found.intent.ends_with("Timer") || found.intent == "HassTimerStatus";
        let mut found = self.understand(&sentence).into_iter().find(|f| !f.is_wild() && about(f))?;
        if found.intent == "HassStartTimer" {
            return None;
        }
        found.slots.insert(TIMER.to_owned(), SlotValue::Text(timer.to_owned()));
        Some(vec![found])
    }

    /// Slots of what was wished last, as far as they are there yet.
    fn before(&self, last: &Last) -> BTreeMap<String, SlotValue> {
        let house = &self.house.house;
        last.slots.iter().filter_map(|(slot, kept)| Some((slot.clone(), slot_of(kept, house)?))).collect()
    }
}
