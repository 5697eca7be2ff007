//! Items of `if`.

use lares_model::Presence;

use super::rule::{nameless, needs_position};
use super::trigger::{PEOPLE, PRESENCE, between};
use super::{Scope, quantity};
use crate::decode::{Fields, Node};
use crate::home::{Condition, Days, Stale, SunPosition, Test};

const SUN: &[(&str, SunPosition)] = &[("up", SunPosition::Up), ("down", SunPosition::Down)];
pub(crate) const STALE: &[(&str, Stale)] = &[("pass", Stale::Pass), ("fail", Stale::Fail)];

const HEADS: [&str; 12] =
    ["entity", "room", "person", "people", "after", "before", "days", "sun", "find", "any", "all", "not"];
const SIDES: [&str; 6] = ["property", "is", "above", "below", "stale", "occupied"];

pub(crate) fn condition(node: &Node<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let fields = node.fields()?;
    let order =
        ["person", "entity", "room", "people", "sun", "find", "any", "all", "not", "after", "before", "days"];
    let head = order.into_iter().find(|head| fields.has(head));
    let read = match head {
        Some("entity") => entity(&fields, scope),
        Some("room") => room(&fields, scope),
        Some("person") => person(&fields, scope),
        Some("people") => {
            fields.get("people").and_then(|n| n.word(PEOPLE)).map(|people| Condition::People { people })
        }
        Some("sun") => sun(&fields, scope),
        Some("find") => find(&fields),
        Some("any") => parts(&fields, "any", scope).map(Condition::Any),
        Some("all") => parts(&fields, "all", scope).map(Condition::All),
        Some("not") => {
            let part = fields.get("not").and_then(|n| condition(&n, scope));
            part.map(|part| Condition::Not(Box::new(part)))
        }
        Some(_) => time(&fields),
        None => {
            nameless(fields, "condition", &HEADS, &SIDES);
            return None;
        }
    };
    fields.finish();
    read
}

fn parts(fields: &Fields<'_>, key: &'static str, scope: &Scope<'_>) -> Option<Vec<Condition>> {
    let items = fields.get(key)?.filled_list("an empty condition");
    Some(items.iter().filter_map(|n| condition(n, scope)).collect())
}

fn entity(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let entity = fields.get("entity")?.entity(scope);
    let property = fields.get("property").and_then(|n| n.property());
    let quantity = quantity::of_entity(entity.as_ref(), property);
    let test = Test {
        is: fields.get("is").and_then(|n| n.value_of(quantity)),
        above: fields.get("above").and_then(|n| n.threshold(quantity)),
        below: fields.get("below").and_then(|n| n.threshold(quantity)),
    };
    between(fields, test.above, test.below);
    if fields.present(&["is", "above", "below"]).is_empty() {
        fields.missing("is", "say what it must be: is = ..., above = ... or below = ...");
    }
    let stale = fields.get("stale").and_then(|n| n.word(STALE)).unwrap_or(Stale::Fail);
    Some(Condition::Entity { entity: entity?, property, test, stale })
}

fn find(fields: &Fields<'_>) -> Option<Condition> {
    let filter = fields.get("find")?.filter();
    let count = |key| fields.get(key).and_then(|n| n.number_within(None, 0.0, f64::from(u32::MAX)));
    let (above, below) = (count("above"), count("below"));
    between(fields, above, below);
    Some(Condition::Find { filter: filter?, above, below })
}

fn room(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let room = fields.get("room")?.key_of("room", &scope.names.rooms);
    let occupied =
        fields.required("occupied", "write occupied = true or occupied = false").and_then(|n| n.bool());
    Some(Condition::Room { room: room?, occupied: occupied? })
}

fn person(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let person = fields.get("person")?.key_of("person", &scope.names.people);
    let room = fields.get("room").map(|n| n.key_of("room", &scope.names.rooms));
    let is = match fields.get("is") {
        Some(node) => node.word(PRESENCE),
        None if room.is_some() => Some(Presence::Home),
        None => {
            fields.missing("is", "write is = \"home\" or is = \"away\", or name a room");
            None
        }
    };
    if let (Some(Presence::Away), Some(_), Some(node)) = (is, &room, fields.get("room")) {
        node.key_error("conflict", "nobody is away and in a room", "leave `room` out");
    }
    Some(Condition::Person { person: person?, is: is?, room: room.flatten() })
}

fn time(fields: &Fields<'_>) -> Option<Condition> {
    let after = fields.get("after").map(|n| n.time());
    let before = fields.get("before").map(|n| n.time());
    let days = fields.get("days").and_then(|n| n.days()).unwrap_or(Days::ALL);
    if let (Some(Some(a)), Some(Some(b)), Some(node)) = (after, before, fields.get("before"))
        && a == b
    {
        node.error(
            "out-of-range",
            format!("from {a} to {b} is no time at all"),
            "leave both out for the whole day",
        );
    }
    Some(Condition::Time { after: after.flatten(), before: before.flatten(), days })
}

fn sun(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let node = fields.get("sun")?;
    needs_position(&node, scope);
    node.word(SUN).map(|position| Condition::Sun { position })
}
