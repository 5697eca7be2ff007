//! `[person.*]`.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};

use super::Scope;
use super::names::{name_or_key, sections, unique_names};
use crate::Place;
use crate::decode::{Fields, Node};
use crate::home::{Grant, Person, Role};

pub(crate) fn people(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Person> {
    let mut out = BTreeMap::new();
    let mut carried: BTreeMap<String, (String, Place)> = BTreeMap::new();
    for (key, fields) in sections(top, "person") {
        let role = fields.required("role", "write role = \"owner\", \"adult\", \"child\" or \"guest\"");
        let person = Person {
            place: fields.node.place(),
            name: name_or_key(&fields, &key),
            // Least rights where it can't be read; the home is refused anyway.
            role: role.and_then(|n| n.word(Role::NAMES)).unwrap_or(Role::Guest),
            trackers: fields.list("trackers").iter().filter_map(|n| n.entity(scope)).collect(),
            beacons: fields.list("beacons").iter().map(|n| n.label().unwrap_or_default()).collect(),
            grant: grant(&fields, scope),
        };
        for (at, node) in fields.list("beacons").iter().enumerate() {
            let Some(id) = person.beacons.get(at) else { continue };
            if let Some((other, place)) = carried.insert(id.clone(), (key.clone(), node.place())) {
                let message = format!("beacon {id:?} is already carried by person {other:?} at {place}");
                node.clash("duplicate-binding", message, "one person carries a beacon", place);
            }
        }
        if person.role == Role::Owner && person.grant != Grant::default() {
            fields.node.error(
                "conflict",
                format!("the owner {key} is narrowed by until, rooms, entities, domains or hours"),
                "an owner may do everything, always: give another role, or leave them out",
            );
        }
        fields.finish();
        out.insert(key, person);
    }
    unique_names(top, "person", out.iter().map(|(key, person)| (key.as_str(), person.name.as_str())));
    out
}

fn grant(fields: &Fields<'_>, scope: &Scope<'_>) -> Grant {
    let rooms = fields.get("rooms").and_then(|node| node.list());
    let things = fields.get("entities").and_then(|node| node.list());
    let kinds = fields.get("domains").and_then(|node| node.list());
    let room = |n: &Node<'_>| n.key_of("room", &scope.names.rooms);
    Grant {
        until: fields.get("until").as_ref().and_then(until),
        rooms: rooms.map(|rooms| rooms.iter().filter_map(room).collect()),
        entities: things.map(|things| things.iter().filter_map(|n| n.entity(scope)).collect()),
        domains: kinds.map(|kinds| kinds.iter().filter_map(Node::component).collect()),
        hours: fields.get("hours").as_ref().and_then(hours),
    }
}

fn until(node: &Node<'_>) -> Option<DateTime> {
    let text = node.text()?;
    let whole = text.parse::<DateTime>().ok().filter(|_| text.contains('T'));
    let found = whole.or_else(|| text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0)));
    if found.is_none() {
        let help = "allowed: \"2026-12-24\" (from the beginning of that day on) or \"2026-12-24T18:00\"";
        node.error("bad-time", format!("{text:?} is no day and no instant"), help);
    }
    found
}

fn hours(node: &Node<'_>) -> Option<(Time, Time)> {
    let text = node.text()?;
    let parts = text.split_once('-').map(|(from, to)| (from.trim().parse(), to.trim().parse()));
    let Some((Ok(from), Ok(to))) = parts else {
        let help = "allowed: two times of day such as \"08:00-20:00\", or \"22:00-06:00\" over midnight";
        node.error("bad-time", format!("{text:?} is no span of a day"), help);
        return None;
    };
    Some((from, to))
}
