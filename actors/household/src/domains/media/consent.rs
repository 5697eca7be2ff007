//! Whom somebody must ask before music is put where others are. The door looks here before a wish goes any further: nothing of it is heard
//! before the yes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use lares_kernel::{Act, Address, HoldFor, Intent};
use lares_model::{NodeId, Property, Value};

use super::MediaMessage;
use super::settings::Settings;
use super::state::{State, Whereabouts};
use crate::devices::HAND;

/// Whoever wrote a rule or a scene has decided long before; whoever moves a thing by hand stands before it; media asks by itself.
const DECIDED: [&str; 4] = ["rule:", "scene:", HAND, super::OWNER];

/// What media knows of who is where, kept for the door. Cheap to clone.
#[derive(Clone)]
pub struct Consent {
    known: Arc<RwLock<Option<Picture>>>,
    media: Address<MediaMessage>,
}

/// As much of media's state as says who is to be asked.
#[derive(Clone, PartialEq)]
struct Picture {
    settings: Settings,
    people: BTreeMap<String, Whereabouts>,
    /// Streams and the rooms that they are in.
    places: BTreeSet<(String, String)>,
}

/// A stream that is to be put where somebody must be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub stream: String,
    pub room: String,
    /// The source of the wish.
    pub by: String,
    /// Whom it waits for and where, in words.
    pub why: String,
}

impl Consent {
    pub fn new(media: Address<MediaMessage>) -> Self {
        Self { known: Arc::default(), media }
    }

    pub fn media(&self) -> &Address<MediaMessage> {
        &self.media
    }

    /// What an intent wishes of a player that nobody may hear before a yes. A hold is none: a call or an announcement takes a room and
    /// gives it back.
    pub fn needed(&self, intent: &Intent, entity: NodeId, values: &[(Property, Value)]) -> Option<Wanted> {
        let Act::Set { hold: HoldFor::Momentary, .. } = &intent.act else { return None };
        let (_, source) = values.iter().find(|(property, _)| *property == Property::Source)?;
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let Picture { settings, people, places } = known.as_ref()?;
        let (room, stream) = (settings.room_of(entity)?, source.as_text()?);
        if !settings.streams.contains_key(stream) || places.contains(&(stream.to_owned(), room.to_owned())) {
            return None;
        }
        let others = to_ask(settings, people, (room, stream), &intent.source);
        let names: Vec<String> = others.iter().map(|person| settings.person_name(person)).collect();
        let why = format!("{} in the {} is asked first", names.join(" and "), settings.room_name(room));
        let (stream, room, by) = (stream.to_owned(), room.to_owned(), intent.source.to_string());
        (!others.is_empty()).then_some(Wanted { stream, room, by, why })
    }

    /// What is so from now on.
    pub(super) fn know(&self, state: &State) {
        let places = state.memory.streams.iter().flat_map(|(stream, place)| {
            let rooms = place.at.iter().chain(&place.also);
            rooms.map(|room| (stream.clone(), room.clone()))
        });
        let (people, places) = (&state.people, places.collect());
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let is_known = known.as_ref().is_some_and(|known| {
            known.settings == state.settings && known.people == *people && known.places == places
        });
        if !is_known {
            *known = Some(Picture { settings: state.settings.clone(), people: people.clone(), places });
        }
    }
}

/// People in a room who have not said that a stream may play there. Who says it for the room that they are in has said yes.
pub(super) fn to_ask(
    settings: &Settings,
    people: &BTreeMap<String, Whereabouts>,
    (room, stream): (&str, &str),
    by: &str,
) -> Vec<String> {
    let said_there = settings.sources.get(by).is_some_and(|of| of == room);
    if said_there || DECIDED.iter().any(|decided| by.starts_with(decided)) {
        return Vec::new();
    }
    let owner = settings.streams.get(stream).and_then(|s| s.person.as_deref());
    let others = others_in(people, room, owner);
    let speaker = by.strip_prefix("person:");
    if others.iter().any(|other| Some(other.as_str()) == speaker) {
        return Vec::new();
    }
    others
}

/// People who are known to be in a room, but for one.
pub(super) fn others_in(
    people: &BTreeMap<String, Whereabouts>,
    room: &str,
    but: Option<&str>,
) -> Vec<String> {
    let there = |(person, w): &(&String, &Whereabouts)| {
        matches!(w, Whereabouts::Room(r) if r == room) && Some(person.as_str()) != but
    };
    people.iter().filter(there).map(|(person, _)| person.clone()).collect()
}
