//! Items of `when`.

use jiff::SignedDuration;
use std::time::Duration;

use lares_model::Presence;

use super::rule::{nameless, needs_position};
use super::{Scope, quantity};
use crate::decode::{Fields, Node};
use crate::home::{Change, Days, People, Reach, SunEvent, Trigger, Within};

pub(crate) const PRESENCE: &[(&str, Presence)] = &[("home", Presence::Home), ("away", Presence::Away)];
pub(crate) const PEOPLE: &[(&str, People)] =
    &[("nobody_home", People::NobodyHome), ("anybody_home", People::AnybodyHome)];
const SUN: &[(&str, SunEvent)] = &[("sunset", SunEvent::Sunset), ("sunrise", SunEvent::Sunrise)];

pub(crate) const REACH: &[(&str, Reach)] = &[("online", Reach::Online), ("offline", Reach::Offline)];
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `room` or `zone` beside `person` is where the person goes.
const HEADS: [&str; 12] = [
    "template", "person", "entity", "room", "zone", "people", "device", "event", "calendar", "time", "every",
    "sun",
];
const SIDES: [&str; 13] = [
    "property",
    "to",
    "from",
    "above",
    "below",
    "for",
    "occupied",
    "days",
    "offset",
    "status",
    "about",
    "hysteresis",
    "id",
];

pub(crate) fn trigger(node: &Node<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let fields = node.fields()?;
    fields.allow(&["id"]);
    let read = match HEADS.into_iter().find(|head| fields.has(head)) {
        Some("template") => {
            let template = fields.get("template").and_then(|n| super::template::template(&n, scope));
            let lasting = fields.get("for").and_then(|n| n.duration());
            template.map(|template| Trigger::Template { template, lasting })
        }
        Some("entity") => entity(&fields, scope),
        Some("room") => room(&fields, scope),
        Some("zone") => zone(&fields, scope),
        Some("person") => person(&fields, scope),
        Some("people") => people(&fields),
        Some("device") => device(&fields, scope),
        Some("event") => super::happening::event(&fields, scope),
        Some("calendar") => calendar(&fields),
        Some("time") => time(&fields),
        Some("every") => every(&fields),
        Some(_) => sun(&fields, scope),
        None => {
            nameless(fields, "trigger", &HEADS, &SIDES);
            return None;
        }
    };
    fields.finish();
    read
}

/// What the triggers of a rule are called.
pub(crate) fn ids(when: &[Node<'_>]) -> Vec<Option<String>> {
    let mut all: Vec<Option<String>> = Vec::new();
    for node in when {
        let id = super::names::child(node, "id").and_then(|id| {
            let text = id.label()?;
            if all.contains(&Some(text.clone())) {
                id.error(
                    "duplicate-name",
                    format!("two triggers have the id {text:?}"),
                    "give one another id",
                );
            }
            Some(text)
        });
        all.push(id);
    }
    all
}

/// Whether what it tells of can stop being so, and with it a hold `while`. Of the trigger as written, so that a value that
/// can't be read is not told twice.
pub(crate) fn can_end(written: &figment::value::Value) -> bool {
    let Some(dict) = written.as_dict() else { return true };
    let has = |key| dict.contains_key(key);
    let moment = ["time", "every", "sun", "calendar", "event"].into_iter().any(has);
    let any_change = has("entity") && !has("to") && !has("above") && !has("below");
    !moment && !any_change
}

fn entity(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let entity = fields.get("entity")?.entity(scope);
    let property = fields.get("property").map(|n| n.property());
    let quantity = quantity::of_entity(entity.as_ref(), property.flatten());
    let change = Change {
        to: fields.get("to").and_then(|n| n.value_of(quantity)),
        from: fields.get("from").and_then(|n| n.value_of(quantity)),
        above: fields.get("above").and_then(|n| n.threshold(quantity)),
        below: fields.get("below").and_then(|n| n.threshold(quantity)),
        hysteresis: hysteresis(fields),
    };
    between(fields, change.above, change.below);
    let lasting = fields.get("for").map(|n| n.duration());
    Some(Trigger::Entity {
        entity: entity?,
        property: property.flatten(),
        change,
        lasting: lasting.flatten(),
    })
}

/// In the unit of the limit: a difference is no reading, and 1 °C of it is 1.
fn hysteresis(fields: &Fields<'_>) -> f64 {
    let Some(node) = fields.get("hysteresis") else { return 0.0 };
    if fields.present(&["above", "below"]).is_empty() {
        node.key_error("missing-key", "`hysteresis` needs a limit", "write above = ... or below = ...");
    }
    node.number_within(None, 0.0, 1e9).unwrap_or(0.0)
}

/// Reports limits that nothing can be within.
pub(crate) fn between(fields: &Fields<'_>, above: Option<f64>, below: Option<f64>) {
    if let (Some(above), Some(below)) = (above, below)
        && above >= below
        && let Some(node) = fields.get("below")
    {
        node.error(
            "out-of-range",
            format!("nothing is above {above} and below {below}"),
            "swap them, or leave one out",
        );
    }
}

fn room(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let room = fields.get("room")?.key_of("room", &scope.names.rooms);
    let (occupied, lasting) = (occupied(fields), fields.get("for").and_then(|n| n.duration()));
    Some(Trigger::Room { room: room?, occupied: occupied?, lasting })
}

fn zone(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let zone = fields.get("zone")?.key_of("zone", &scope.names.zones);
    let (occupied, lasting) = (occupied(fields), fields.get("for").and_then(|n| n.duration()));
    Some(Trigger::Zone { zone: zone?, occupied: occupied?, lasting })
}

/// Of a room or a zone.
pub(crate) fn occupied(fields: &Fields<'_>) -> Option<bool> {
    fields.required("occupied", "write occupied = true or occupied = false").and_then(|n| n.bool())
}

fn person(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let person = fields.get("person")?.key_of("person", &scope.names.people);
    let lasting = fields.get("for").and_then(|n| n.duration());
    let (to, within) = whereabouts(fields, "to", scope)?;
    Some(Trigger::Person { person: person?, to, within, lasting })
}

/// Home or away, by the key `word`, and perhaps in which room or zone.
pub(super) fn whereabouts(
    fields: &Fields<'_>,
    word: &'static str,
    scope: &Scope<'_>,
) -> Option<(Presence, Option<Within>)> {
    let room = fields.get("room").map(|n| n.key_of("room", &scope.names.rooms).map(Within::Room));
    let zone = fields.get("zone").map(|n| n.key_of("zone", &scope.names.zones).map(Within::Zone));
    if room.is_some() {
        fields.refuse(&["zone"], "room");
    }
    let within = room.or(zone);
    let presence = match fields.get(word) {
        Some(node) => node.word(PRESENCE),
        None if within.is_some() => Some(Presence::Home),
        None => {
            let help = format!("write {word} = \"home\" or {word} = \"away\", or name a room or a zone");
            fields.missing(word, &help);
            None
        }
    };
    if presence == Some(Presence::Away) {
        for node in ["room", "zone"].into_iter().filter_map(|key| fields.get(key)) {
            node.key_error("conflict", "nobody is away and in a room", "leave it out");
        }
    }
    Some((presence?, within.flatten()))
}

fn people(fields: &Fields<'_>) -> Option<Trigger> {
    let people = fields.get("people")?.word(PEOPLE);
    let lasting = fields.get("for").and_then(|n| n.duration());
    Some(Trigger::People { people: people?, lasting })
}

fn device(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let device = fields.get("device")?.device_key(scope);
    let status = fields.required("status", "write status = \"offline\" or status = \"online\"");
    let reach = status.and_then(|n| n.word(REACH));
    let lasting = fields.get("for").and_then(|n| n.duration());
    Some(Trigger::Device { device: device?, reach: reach?, lasting })
}

fn every(fields: &Fields<'_>) -> Option<Trigger> {
    let node = fields.get("every")?;
    let period = node.duration()?;
    if period < Duration::from_secs(10) || period > DAY {
        let message = format!("`every` can't be {}", crate::duration_words(period));
        node.error("out-of-range", message, "allowed: 10s to 24h, counted from midnight");
        return None;
    }
    Some(Trigger::Every { period })
}

fn calendar(fields: &Fields<'_>) -> Option<Trigger> {
    let filter = fields.get("calendar")?.filter();
    let offset = fields.get("offset").and_then(|n| n.offset()).unwrap_or(SignedDuration::ZERO);
    Some(Trigger::Calendar { filter: filter?, offset })
}

fn time(fields: &Fields<'_>) -> Option<Trigger> {
    let at = fields.get("time")?.time();
    let days = fields.get("days").and_then(|n| n.days()).unwrap_or(Days::ALL);
    Some(Trigger::Time { at: at?, days })
}

fn sun(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Trigger> {
    let node = fields.get("sun")?;
    needs_position(&node, scope);
    let event = node.word(SUN);
    let offset = fields.get("offset").and_then(|n| n.offset()).unwrap_or(SignedDuration::ZERO);
    Some(Trigger::Sun { event: event?, offset })
}
