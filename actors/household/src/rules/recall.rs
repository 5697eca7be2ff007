//! What happened before a restart and was not reacted to: read from the journal, in its order.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::time::Duration;

use lares_config::verbs;
use lares_graph::Reader;
use lares_model::{Body, BodyKind, Draft, Event, EventId, NodeId, Origin, Property, Timestamp, Value, Verb};

use super::engine::{Engine, Fired, View};
use super::facts::{Known, Whereabouts};
use crate::Directory;

/// A trigger that nobody reacted to is still news for so long. Timers are for ever: theirs is another policy.
const NEWS: Duration = Duration::from_secs(60);
/// Entries of a thing that are looked through for the value before an event.
const LOOK_BACK: usize = 64;
/// How far back a sample before a reading is looked for.
const SAMPLE_BACK: Duration = Duration::from_secs(24 * 60 * 60);

/// The events after `cursor` that rules would have heard.
pub fn unheard(reader: &Reader, cursor: EventId, kinds: &[BodyKind]) -> Result<Vec<Event>, String> {
    let all = reader.journal(Bound::Excluded(cursor), Bound::Unbounded, false, usize::MAX);
    let all = all.map_err(|e| e.to_string())?.into_iter().map(|stored| stored.event);
    Ok(all.filter(|event| kinds.contains(&event.body.kind())).collect())
}

/// The newest entry of the journal.
pub fn newest(reader: &Reader) -> Result<EventId, String> {
    let newest = reader.journal(Bound::Unbounded, Bound::Unbounded, true, 1).map_err(|e| e.to_string())?;
    Ok(newest.first().map(|stored| stored.event.id).unwrap_or_default())
}

/// Timers that fired among these events, or were missed and only reported.
pub fn fired(events: &[Event]) -> Fired {
    let timer = |event: &Event| match &event.body {
        Body::TimerFired { owner, name, .. } => Some((owner.clone(), name.clone())),
        Body::TimerCancelled { owner, name, .. } if event.origin == Origin::Timer => {
            Some((owner.clone(), name.clone()))
        }
        _ => None,
    };
    events.iter().filter_map(timer).collect()
}

/// What these decisions did: the kinds of thing that they moved, and how. What cannot be read is left out.
pub fn done(reader: &Reader, decisions: &[EventId], directory: &Directory) -> BTreeSet<(&'static str, Verb)> {
    let of = |id: &EventId| {
        let event = reader.event(*id).ok()??.event;
        let Body::Decision(verdict) = &event.body else { return None };
        let entity = directory.entity(event.subject)?;
        let kind = (entity.component, entity.info.device_class.as_deref());
        let all = verbs(kind, verdict.property, Some(&verdict.claim.value));
        Some(all.into_iter().map(|verb| (entity.component.name(), verb)).collect::<Vec<_>>())
    };
    decisions.iter().filter_map(of).flatten().collect()
}

/// Whether an event can still set something off at `now`.
pub fn is_news(event: &Event, now: Timestamp) -> bool {
    // What somebody said is meant whenever it is heard.
    let lasts =
        matches!(event.body, Body::TimerFired { .. } | Body::TimerCancelled { .. } | Body::Replied { .. });
    lasts || now.since(event.seen) <= NEWS
}

/// Puts the facts back to what they were before these events, so that each is a change again.
pub fn put_back(
    engine: &mut Engine,
    events: &[Event],
    reader: &Reader,
    view: &View<'_>,
) -> Result<(), String> {
    let mut done: BTreeSet<(NodeId, Option<Property>)> = BTreeSet::new();
    for event in events {
        let property = if let Body::Reading { property, .. } = &event.body { Some(*property) } else { None };
        if !done.insert((event.subject, property)) {
            continue;
        }
        match &event.body {
            Body::Reading { property, value } => {
                let before = value_before(reader, event, *property, value.as_ref())?;
                let (value, at) = before.unwrap_or((None, Timestamp::MIN));
                engine.facts.note(event.subject, *property, Known { value, at, event: EventId::default() });
            }
            Body::RoomOccupied { .. } => {
                let Some(room) = view.home.rooms.keys().find(|k| NodeId::room(k) == event.subject) else {
                    continue;
                };
                match before(reader, event, |b| {
                    if let Body::RoomOccupied { occupied } = b { Some(*occupied) } else { None }
                })? {
                    Some((was, _)) => engine.facts.rooms.insert(room.clone(), was),
                    None => engine.facts.rooms.remove(room),
                };
            }
            Body::StatusChanged { .. } => {
                let was = before(reader, event, |b| match b {
                    Body::StatusChanged { status } => Some(status.clone()),
                    _ => None,
                })?;
                match was {
                    Some((was, _)) => drop(engine.facts.note_status(event.subject, &was)),
                    None => drop(engine.facts.reach.remove(&event.subject)),
                }
            }
            Body::PersonMoved { .. } => {
                let Some(person) = view.home.people.keys().find(|k| NodeId::person(k) == event.subject)
                else {
                    continue;
                };
                let was = before(reader, event, |b| match b {
                    Body::PersonMoved { presence, room } => {
                        Some(Whereabouts { presence: *presence, room: room.clone() })
                    }
                    _ => None,
                })?;
                match was {
                    Some((was, _)) => engine.facts.people.insert(person.clone(), was),
                    None => engine.facts.people.remove(person),
                };
            }
            _ => {}
        }
    }
    Ok(())
}

/// What the entry before `event` that `pick` takes says, and when that was.
fn before<T>(
    reader: &Reader,
    event: &Event,
    pick: impl Fn(&Body) -> Option<T>,
) -> Result<Option<(T, Timestamp)>, String> {
    let history = reader.history(event.subject, Some(event.id), LOOK_BACK).map_err(|e| e.to_string())?;
    Ok(history.into_iter().find_map(|stored| Some((pick(&stored.event.body)?, stored.event.at))))
}

/// A number's changes are in its series only; of all else each change is in the journal.
fn value_before(
    reader: &Reader,
    event: &Event,
    property: Property,
    value: Option<&Value>,
) -> Result<Option<(Option<Value>, Timestamp)>, String> {
    if value.is_none_or(Value::is_discrete) {
        return before(reader, event, |body| match body {
            Body::Reading { property: p, value } if *p == property => Some(value.clone()),
            _ => None,
        });
    }
    let from = Timestamp(event.at.0.saturating_sub(i64::try_from(SAMPLE_BACK.as_micros()).unwrap_or(0)));
    let samples = reader.samples(event.subject, property, from, event.at).map_err(|e| e.to_string())?;
    let last = samples.into_iter().rfind(|s| s.id < event.id);
    Ok(last.map(|s| (s.value, s.at)))
}

/// Whether what a rule would say is on record: the same words with the same first cause.
pub fn is_said(reader: &Reader, draft: &Draft) -> Result<bool, String> {
    let Some(cause) = draft.causes.first() else { return Ok(false) };
    for effect in reader.effects(*cause).map_err(|e| e.to_string())? {
        let Some(stored) = reader.event(effect).map_err(|e| e.to_string())? else { continue };
        let said = &stored.event;
        let same = match (&said.body, &draft.body) {
            (Body::Notice { text: one }, Body::Notice { text: other }) => one == other,
            // The conditions are told with their age, which is another one now.
            (one, other) => one.kind() == other.kind(),
        };
        if same && said.subject == draft.subject && said.causes.first() == Some(cause) {
            return Ok(true);
        }
    }
    Ok(false)
}
