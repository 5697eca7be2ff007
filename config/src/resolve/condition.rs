//! Items of `if`.

use std::time::Duration;

use lares_model::Property;

use super::rule::{nameless, needs_position};
use super::trigger::{PEOPLE, REACH, between, occupied, whereabouts};
use super::{Scope, quantity};
use crate::decode::{Fields, Node};
use crate::home::{Condition, Days, EntityRef, Other, Stale, SunPosition, Test};

/// All that was told of so long a time is read when the condition is looked at.
const LONGEST: Duration = Duration::from_secs(7 * 86_400);
const SUN: &[(&str, SunPosition)] = &[("up", SunPosition::Up), ("down", SunPosition::Down)];
pub(crate) const STALE: &[(&str, Stale)] = &[("pass", Stale::Pass), ("fail", Stale::Fail)];

const HEADS: [&str; 16] = [
    "template", "person", "entity", "room", "zone", "people", "device", "sun", "find", "trigger", "any",
    "all", "not", "after", "before", "days",
];
const SIDES: [&str; 8] = ["property", "is", "above", "below", "stale", "occupied", "status", "for"];

pub(crate) fn condition(node: &Node<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let fields = node.fields()?;
    let read = match HEADS.into_iter().find(|head| fields.has(head)) {
        Some("template") => {
            let template = fields.get("template").and_then(|n| super::template::template(&n, scope));
            template.map(|template| Condition::Template { template })
        }
        Some("entity") => entity(&fields, scope),
        Some("room") => room(&fields, scope),
        Some("zone") => zone(&fields, scope),
        Some("person") => person(&fields, scope),
        Some("people") => {
            fields.get("people").and_then(|n| n.word(PEOPLE)).map(|people| Condition::People { people })
        }
        Some("device") => device(&fields, scope),
        Some("trigger") => set_off_by(&fields, scope),
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
    let read = read.and_then(|condition| held(&fields, condition));
    fields.finish();
    read
}

/// `for`, of what is known to have been so.
fn held(fields: &Fields<'_>, condition: Condition) -> Option<Condition> {
    let lasting = matches!(
        condition,
        Condition::Entity { .. } | Condition::Room { .. } | Condition::Zone { .. } | Condition::Person { .. }
    );
    if !lasting {
        return Some(condition);
    }
    let Some(node) = fields.get("for") else { return Some(condition) };
    let time = node.duration()?;
    if time > LONGEST {
        let message = format!("`for` can't be {}", crate::duration_words(time));
        node.error("out-of-range", message, "allowed: up to 7d, or leave it out");
        return None;
    }
    Some(Condition::Held { condition: Box::new(condition), time })
}

fn parts(fields: &Fields<'_>, key: &'static str, scope: &Scope<'_>) -> Option<Vec<Condition>> {
    let items = fields.get(key)?.filled_list("an empty condition");
    Some(items.iter().filter_map(|n| condition(n, scope)).collect())
}

fn entity(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let entity = fields.get("entity")?.entity(scope);
    let property = fields.get("property").and_then(|n| n.property());
    if ["above", "below"].into_iter().any(|key| fields.get(key).is_some_and(|n| n.is_table())) {
        return compare(fields, entity, property, scope);
    }
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

/// A reading beside another one.
fn compare(
    fields: &Fields<'_>,
    entity: Option<EntityRef>,
    property: Option<Property>,
    scope: &Scope<'_>,
) -> Option<Condition> {
    let other = |key| {
        let node: Node<'_> = fields.get(key)?;
        if !node.is_table() {
            let help = "write { entity = ..., plus = ... } for both, or make it two conditions";
            node.error("conflict", "a number can't stand beside another reading", help);
            return None;
        }
        let inner = node.fields()?;
        let entity = inner.required("entity", "name what it is compared with").and_then(|n| n.entity(scope));
        let property = inner.get("property").and_then(|n| n.property());
        let plus = inner.get("plus").map(|n| n.number_within(None, -1e9, 1e9));
        inner.finish();
        Some(Other { entity: entity?, property, plus: plus.unwrap_or(Some(0.0))? })
    };
    let (above, below) = (other("above"), other("below"));
    fields.refuse(&["is"], "above = { entity = ... }");
    let stale = fields.get("stale").and_then(|n| n.word(STALE)).unwrap_or(Stale::Fail);
    Some(Condition::Compare { entity: entity?, property, above, below, stale })
}

fn device(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let device = fields.get("device")?.device_key(scope);
    let status = fields.required("status", "write status = \"offline\" or status = \"online\"");
    let reach = status.and_then(|n| n.word(REACH));
    Some(Condition::Device { device: device?, reach: reach? })
}

fn set_off_by(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let node = fields.get("trigger")?;
    let id = node.text()?;
    let ids = scope.ids.borrow();
    if !ids.iter().any(|i| i == id) {
        if ids.is_empty() {
            node.error(
                "dangling-reference",
                "no trigger of this rule has an id",
                "write id = \"...\" in one",
            );
        } else {
            node.dangling("trigger with the id", id, ids.iter().map(String::as_str));
        }
        return None;
    }
    Some(Condition::Trigger { id: id.to_owned() })
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
    let occupied = occupied(fields);
    Some(Condition::Room { room: room?, occupied: occupied? })
}

fn zone(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let zone = fields.get("zone")?.key_of("zone", &scope.names.zones);
    let occupied = occupied(fields);
    Some(Condition::Zone { zone: zone?, occupied: occupied? })
}

fn person(fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Condition> {
    let person = fields.get("person")?.key_of("person", &scope.names.people);
    let (is, within) = whereabouts(fields, "is", scope)?;
    Some(Condition::Person { person: person?, is, within })
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
