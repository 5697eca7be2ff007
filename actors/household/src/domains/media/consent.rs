//! Whom somebody must ask before music is put where others are. The door looks here before a wish goes any further: nothing of it is heard
//! before the yes. It goes by what is kept and by no actor's memory: so it knows the same while media starts, or has failed.

use std::collections::BTreeMap;

use lares_graph::Reader;
use lares_kernel::{Act, Address, HoldFor, Intent};
use lares_model::{Body, Event, NodeId, Presence, Property, Value};

use super::kept::Memory;
use super::settings::Settings;
use super::state::Whereabouts;
use super::{MediaMessage, OWNER};
use crate::House;
use crate::devices::HAND;
use crate::lately::newest;

/// Whoever wrote a rule or a scene has decided long before; whoever moves a thing by hand stands before it; media asks by itself.
const DECIDED: [&str; 4] = ["rule:", "scene:", HAND, OWNER];
/// Where media keeps what it knows.
pub(super) const SPACE: &str = "domain-media";

/// Who asks, for the door. Cheap to clone.
#[derive(Clone)]
pub struct Consent {
    media: Address<MediaMessage>,
}

/// A stream that is to be put where somebody must be asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub stream: String,
    pub room: String,
    /// The source of the wish.
    pub by: String,
    /// Players that are silent once it plays there.
    pub silences: Vec<NodeId>,
    /// Whom it waits for and where, in words.
    pub why: String,
    /// What the room is called.
    pub called: String,
}

impl Consent {
    pub fn new(media: Address<MediaMessage>) -> Self {
        Self { media }
    }

    pub fn media(&self) -> &Address<MediaMessage> {
        &self.media
    }

    /// Whether an intent puts something on a player for as long as nobody says otherwise. A hold is none: a call or an announcement takes
    /// a room and gives it back.
    pub fn concerns(intent: &Intent) -> bool {
        matches!(&intent.act, Act::Set { hold: HoldFor::Momentary, values, .. } if values.contains_key(&Property::Source))
    }

    /// What such an intent wishes of a player that nobody may hear before a yes.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn needed(
        house: &House,
        intent: &Intent,
        entity: NodeId,
        values: &[(Property, Value)],
    ) -> Result<Option<Wanted>, String> {
        let Act::Set { silences, .. } = &intent.act else { return Ok(None) };
        if !Self::concerns(intent) {
            return Ok(None);
        }
        let source = values.iter().find(|(property, _)| *property == Property::Source);
        let Some(stream) = source.and_then(|(_, source)| source.as_text()) else { return Ok(None) };
        let home = house.home();
        let settings = Settings::of(&home, &house.directory());
        let Some(room) = settings.room_of(entity) else { return Ok(None) };
        if !settings.streams.contains_key(stream) {
            return Ok(None);
        }
        let memory = Memory::read(house.graph().map(SPACE).scan(b"")?);
        if memory.streams.get(stream).is_some_and(|place| place.is_in(room)) {
            return Ok(None);
        }
        let people = whereabouts(&house.graph().reader(), home.people.keys())?;
        let others = to_ask(&settings, &people, (room, stream), &intent.source);
        if others.is_empty() {
            return Ok(None);
        }
        let names: Vec<String> = others.iter().map(|person| settings.person_name(person)).collect();
        let called = settings.room_name(room);
        Ok(Some(Wanted {
            stream: stream.to_owned(),
            room: room.to_owned(),
            by: intent.source.to_string(),
            silences: silences.clone(),
            why: format!("{} in the {called} is asked first", names.join(" and ")),
            called,
        }))
    }
}

/// Where people are, as it was told last.
///
/// # Errors
/// The graph cannot be read.
pub(super) fn whereabouts<'p>(
    reader: &Reader,
    people: impl Iterator<Item = &'p String>,
) -> Result<BTreeMap<String, Whereabouts>, String> {
    let mut all = BTreeMap::new();
    for person in people {
        let found = newest(reader, NodeId::person(person), moved).map_err(|e| e.to_string())?;
        all.extend(found.map(|whereabouts| (person.clone(), whereabouts)));
    }
    Ok(all)
}

/// Where somebody is from then on, if an event says so.
pub(super) fn moved(event: &Event) -> Option<Whereabouts> {
    let Body::PersonMoved { presence, room } = &event.body else { return None };
    Some(match (presence, room) {
        (Presence::Home, Some(room)) => Whereabouts::Room(room.to_string()),
        (Presence::Away, _) => Whereabouts::Away,
        _ => Whereabouts::Somewhere,
    })
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
