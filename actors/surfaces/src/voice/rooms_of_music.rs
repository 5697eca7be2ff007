//! One stream in several rooms, as it is said: "play it in the bedroom too", "everywhere", "only here", "stop the music in the kitchen".

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::meaning::{Said, Wish};
use super::understand::{SlotValue, Thing, Understood};
use super::which_music::Which;

/// Slots of the rooms after the first.
const MORE: [&str; 2] = ["area_two", "area_three"];

impl Said<'_> {
    /// Loudspeakers that stand somewhere; a stream does not.
    pub(super) fn loudspeakers(&self) -> Vec<&Thing> {
        let placed = |thing: &&Thing| thing.domain == "media_player" && thing.area.is_some();
        self.house.things.iter().filter(placed).collect()
    }

    /// Those of all rooms that were said.
    pub(super) fn named_rooms(&self, understood: &Understood) -> Vec<&Thing> {
        let mut all: Vec<&Thing> = self.meant(understood, Some("media_player"));
        all.retain(|thing| thing.area.is_some());
        for slot in MORE {
            let Some(SlotValue::Area(n)) = understood.slots.get(slot) else { continue };
            let Some(area) = self.house.areas.get(*n) else { continue };
            all.extend(self.loudspeakers().into_iter().filter(|thing| thing.area.as_ref() == Some(&area.id)));
        }
        all
    }

    /// Key of the stream that a loudspeaker is on; `None`: something that is no stream.
    pub(super) fn stream_of(&self, thing: &Thing) -> Option<&str> {
        let source = self.entity(&thing.id)?.properties.get("source").and_then(Value::as_str)?;
        Some(source).filter(|source| !matches!(*source, "none" | "other"))
    }

    /// The stream that is heard from a loudspeaker.
    fn heard_from(&self, thing: &Thing) -> Option<&str> {
        self.stream_of(thing).filter(|_| self.sounds(thing))
    }

    /// These play the music as well. Those that do already are left alone, unless all do.
    pub(super) fn also(&self, players: &[&Thing], understood: &Understood) -> Result<Wish, Which> {
        let stream = self.the_stream(understood)?;
        let is_silent = |thing: &&Thing| self.heard_from(thing) != Some(stream.as_str());
        let any = players.iter().any(&is_silent);
        let told = players.iter().filter(|thing| !any || is_silent(thing));
        let set = |thing: &&Thing| (thing.id.clone(), BTreeMap::from([("source".to_owned(), json!(stream))]));
        Ok(Wish { sets: told.map(set).collect(), ..Wish::default() })
    }

    /// These play the music, and no others.
    pub(super) fn only(&self, players: &[&Thing], understood: &Understood) -> Result<Wish, Which> {
        if players.is_empty() {
            return Ok(Wish::default());
        }
        let stream = self.the_stream(understood)?;
        let mut wish = self.also(players, understood)?;
        let stays = |thing: &Thing| players.iter().any(|player| player.id == thing.id);
        let all = self.loudspeakers().into_iter();
        let others = all.filter(|thing| !stays(thing) && self.heard_from(thing) == Some(stream.as_str()));
        wish.silences.extend(others.map(|thing| thing.id.clone()));
        Ok(wish)
    }

    /// A room was named, and what is heard there is heard in others too: they play on, so it is not paused.
    pub(super) fn is_one_of_several(&self, thing: &Thing, understood: &Understood) -> bool {
        let heard = self.heard_from(thing).filter(|_| is_named(understood));
        heard.is_some_and(|stream| self.plays_elsewhere(thing, stream))
    }

    /// A room was named that is silent while its stream plays in others: it joins them again.
    pub(super) fn is_out_of_several(&self, thing: &Thing, understood: &Understood) -> Option<&str> {
        let stream =
            self.stream_of(thing).filter(|_| is_named(understood) && self.heard_from(thing).is_none())?;
        Some(stream).filter(|stream| self.plays_elsewhere(thing, stream))
    }

    fn plays_elsewhere(&self, thing: &Thing, stream: &str) -> bool {
        let elsewhere = |other: &Thing| other.area != thing.area && self.heard_from(other) == Some(stream);
        self.loudspeakers().into_iter().any(elsewhere)
    }
}

fn is_named(understood: &Understood) -> bool {
    ["area", "floor", "name"].iter().any(|slot| understood.slots.contains_key(*slot))
}
