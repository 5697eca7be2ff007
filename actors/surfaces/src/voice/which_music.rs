//! Which music is meant by "the music": what is heard where it is said; else what alone is heard in the house. Of several it is asked which,
//! and "Anna's" or "the kitchen" tells them apart. Pure.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::follow::{Last, Listener, Part, slot_of};
use super::meaning::{Said, name};
use super::understand::{SlotValue, Thing, Understood, fold};
use super::words::fill;

/// What a reference to music begins with: a stream's key follows, or the id of what plays by itself.
pub(super) const A_MUSIC: &str = "music:";
/// Slot of the music that was told from others.
pub(super) const MUSIC: &str = "music";

/// Something that is heard, or a stream that plays and nobody hears.
#[derive(Clone, Debug)]
pub(super) struct Music<'a> {
    pub reference: String,
    /// What is heard of it, in the order of the house.
    pub things: Vec<&'a Thing>,
}

/// What is between those that were asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Known {
    pub reference: String,
    /// Words of what it is called, and of the rooms where it is heard.
    names: BTreeSet<String>,
    rooms: BTreeSet<String>,
}

/// References and how they are called, to be asked between.
pub(super) type Which = Vec<(String, String)>;

impl<'a> Music<'a> {
    /// Key of the stream; `None`: it plays by itself.
    pub fn stream(&self) -> Option<&str> {
        self.reference.strip_prefix(A_MUSIC).filter(|key| !key.contains('.'))
    }

    /// By what it is, the first that is heard first.
    fn put(all: &mut Vec<Self>, reference: String, thing: Option<&'a Thing>) {
        match all.iter_mut().find(|music| music.reference == reference) {
            Some(music) => music.things.extend(thing),
            None => all.push(Self { reference, things: thing.into_iter().collect() }),
        }
    }
}

impl<'a> Said<'a> {
    /// What is heard from loudspeakers and televisions in these rooms.
    fn heard(&self, in_room: &dyn Fn(&str) -> bool) -> Vec<Music<'a>> {
        let mut all = Vec::new();
        for thing in self.house.things.iter().filter(|thing| thing.domain == "media_player") {
            if thing.area.as_deref().is_some_and(in_room) && self.sounds(thing) {
                let what = self.stream_of(thing).unwrap_or(&thing.id);
                Music::put(&mut all, format!("{A_MUSIC}{what}"), Some(thing));
            }
        }
        all
    }

    /// Streams that play, wherever they are heard.
    fn playing(&self) -> Vec<Music<'a>> {
        let mut all = Vec::new();
        for thing in self.house.things.iter().filter(|t| t.domain == "media_player" && t.area.is_none()) {
            let key = thing.id.split_once('.').and_then(|(device, _)| device.strip_prefix("stream-"));
            if let Some(key) =
                key.filter(|_| self.entity(&thing.id).is_some_and(|e| e.state == json!("playing")))
            {
                Music::put(&mut all, format!("{A_MUSIC}{key}"), None);
            }
        }
        all
    }

    /// The stream that is meant.
    ///
    /// # Errors
    /// Several are; none: the list is empty.
    pub(super) fn the_stream(&self, understood: &Understood) -> Result<String, Which> {
        if let Some(key) = understood.text(MUSIC).and_then(|said| said.strip_prefix(A_MUSIC)) {
            return Ok(key.to_owned());
        }
        let here = self.heard(&|room| Some(room) == self.here);
        let choices = [here, self.heard(&|_| true), self.playing()].into_iter();
        let streams = choices.map(|mut all| {
            all.retain(|music| music.stream().is_some());
            all
        });
        let choice = streams.into_iter().find(|all| !all.is_empty()).unwrap_or_default();
        match choice.as_slice() {
            [one] => Ok(one.stream().unwrap_or_default().to_owned()),
            several => Err(self.between(several)),
        }
    }

    /// What "the music" is where nothing is heard that is nearer. `None`: what is meant is what a sentence about any thing would mean.
    ///
    /// # Errors
    /// Several are.
    pub(super) fn music_elsewhere(&self, understood: &Understood) -> Result<Option<Vec<&'a Thing>>, Which> {
        let all = self.heard(&|_| true);
        if let Some(said) = understood.text(MUSIC) {
            return Ok(Some(
                all.into_iter().find(|m| m.reference == said).map(|m| m.things).unwrap_or_default(),
            ));
        }
        let is_named = ["area", "floor", "name"].iter().any(|slot| understood.slots.contains_key(*slot));
        let in_room = |thing: &&&Thing| self.here.is_some() && thing.area.as_deref() == self.here;
        let nearer = match understood.intent.as_str() {
            // How loud a room is to be is said of it also while it is silent.
            "HassSetVolume" => self.loudspeakers().iter().any(|thing| in_room(&thing)),
            // What is silent is not heard.
            "HassMediaUnpause" | "HassMediaPlayerUnmute" => true,
            _ => all.iter().flat_map(|music| &music.things).any(|thing| in_room(&thing)),
        };
        match all.as_slice() {
            _ if is_named || nearer => Ok(None),
            [one] if self.here.is_some() => Ok(Some(one.things.clone())),
            [] | [_] => Ok(None),
            several => Err(self.between(several)),
        }
    }

    /// What plays and can be heard.
    pub(super) fn sounds(&self, thing: &Thing) -> bool {
        let plays = |e: &crate::views::EntityView| {
            e.state == json!("playing") && e.properties.get("muted") != Some(&Value::Bool(true))
        };
        self.entity(&thing.id).is_some_and(plays)
    }

    /// `Anna's in the Kitchen`.
    fn between(&self, several: &[Music<'_>]) -> Which {
        let words = super::words::Words::of(self.language);
        let called = |music: &Music<'_>| {
            let rooms = words.list(&self.rooms_of(music));
            let of = self.called(music);
            match rooms.is_empty() {
                true => of,
                false => fill(&fill(words.heard_in, &of), &rooms),
            }
        };
        several.iter().map(|music| (music.reference.clone(), called(music))).collect()
    }

    fn called(&self, music: &Music<'_>) -> String {
        let words = super::words::Words::of(self.language);
        let stream = music.stream().and_then(|key| self.home.streams.get(key));
        let person = stream.and_then(|s| self.home.people.get(s.person.as_ref()?));
        match (person, stream, music.things.first()) {
            (Some(person), ..) => words.of_person(&person.name),
            (None, Some(stream), _) => stream.name.clone(),
            (None, None, Some(thing)) if music.stream().is_none() => name(thing),
            _ => music.stream().unwrap_or_default().to_owned(),
        }
    }

    /// The names of the rooms where it is heard.
    fn rooms_of(&self, music: &Music<'_>) -> Vec<String> {
        let rooms: BTreeSet<&str> = music.things.iter().filter_map(|thing| thing.area.as_deref()).collect();
        let name = |room: &str| self.home.rooms.get(room).map_or(room, |of| of.name.as_str()).to_owned();
        rooms.into_iter().map(name).collect()
    }

    /// By which words those that were asked about are known.
    pub(super) fn known_music(&self, asked: &[String]) -> Vec<Known> {
        let (heard, playing) = (self.heard(&|_| true), self.playing());
        let known = |reference: &String| {
            let music = heard.iter().chain(&playing).find(|music| music.reference == *reference)?;
            let stream = music.stream().and_then(|key| self.home.streams.get(key));
            let person = stream.and_then(|s| self.home.people.get(s.person.as_ref()?));
            let things = music.things.iter().filter(|_| music.stream().is_none());
            let names = music.stream().into_iter().map(str::to_owned);
            let names = names.chain(stream.map(|s| s.name.clone())).chain(person.map(|p| p.name.clone()));
            let names = names.chain(things.flat_map(|thing| thing.names.clone()));
            let area = |thing: &&Thing| self.house.areas.iter().find(|a| Some(&a.id) == thing.area.as_ref());
            let rooms = music.things.iter().filter_map(area).flat_map(|area| area.names.clone());
            Some(Known {
                reference: reference.clone(),
                names: names.flat_map(|name| parts(&name)).collect(),
                rooms: rooms.flat_map(|name| parts(&name)).collect(),
            })
        };
        asked.iter().filter_map(known).collect()
    }
}

impl Listener<'_> {
    /// A bare answer to which music is meant: whose it is, where it is heard, or its place in the row.
    pub(super) fn answered_music(&self, words: &[&str], last: &Last) -> Option<Part> {
        let (rest, _) = self.leaning.fragment(words);
        let says_nothing = |word: &String| {
            let word = word.as_str();
            self.leaning.says_nothing(word) || self.leaning.says_one(word) || self.leaning.says_music(word)
        };
        let said: Vec<String> = parts(&rest).into_iter().filter(|word| !says_nothing(word)).collect();
        let by_place = match said.as_slice() {
            [] => return None,
            [one] => self.leaning.place_in_row(one, last.asked.len()).and_then(|n| last.asked.get(n)),
            _ => None,
        };
        let only = |fits: &dyn Fn(&Known, &String) -> bool| {
            let mut all = self.music.iter().filter(|known| said.iter().all(|word| fits(known, word)));
            all.next().filter(|_| all.next().is_none()).map(|known| &known.reference)
        };
        // Whose it is says more than where: there may be a room with Anna's name.
        let reference = by_place
            .or_else(|| only(&|known, word| is_of(&known.names, word)))
            .or_else(|| only(&|known, word| is_of(&known.names, word) || known.rooms.contains(word)))?;
        let house = &self.house.house;
        let kept = last.slots.iter();
        let mut slots: std::collections::BTreeMap<String, SlotValue> =
            kept.filter_map(|(slot, kept)| Some((slot.clone(), slot_of(kept, house)?))).collect();
        slots.insert(MUSIC.to_owned(), SlotValue::Text(reference.clone()));
        Some(self.part(vec![Understood::of(&last.intent, slots)], false))
    }
}

/// The words of a name; an apostrophe parts two.
fn parts(name: &str) -> Vec<String> {
    fold(name).text.split([' ', '\'']).filter(|word| word.len() > 1).map(str::to_owned).collect()
}

/// "Annas" is what is Anna's.
fn is_of(names: &BTreeSet<String>, word: &str) -> bool {
    names.contains(word) || word.strip_suffix('s').is_some_and(|of| names.contains(of))
}
