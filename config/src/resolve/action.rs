//! Items of `then` and `else`.

use std::collections::BTreeMap;

use lares_model::{Property, Value};

use super::Scope;
use super::flow::{self, Ways};
use super::quantity;
use super::rule::nameless;
use crate::decode::{Fields, Node};
use crate::home::{Action, Hold, Target, Template};

/// `do` is the last: it is a side of `repeat`, `while` and `until` as well.
const HEADS: [&str; 19] = [
    "let",
    "scene",
    "set",
    "set_room",
    "set_all",
    "delay",
    "notify",
    "say",
    "choose",
    "repeat",
    "wait_for",
    "wait_until",
    "parallel",
    "stop",
    "ask",
    "if",
    "while",
    "until",
    "do",
];
const SIDES: [&str; 11] = [
    "room",
    "to",
    "component",
    "hold",
    "hold_while",
    "transition",
    "value",
    "then",
    "else",
    "timeout",
    "on_timeout",
];

pub(crate) fn action(node: &Node<'_>, ways: &Ways<'_>) -> Option<Action> {
    let Ways { scope, lasting } = *ways;
    let fields = node.fields()?;
    let read = match HEADS.into_iter().find(|head| fields.has(head)) {
        Some("set") => {
            let node = fields.get("set")?;
            let target = node.target(scope);
            let action = set(&fields, target, (lasting, scope));
            if let Some(Action::Set { target: Target::Entity(entity), values, .. }) = &action {
                node.check_twin(entity, &values.keys().copied().collect::<Vec<_>>(), scope);
            }
            action
        }
        Some("set_room") => {
            let room = fields.get("set_room")?.key_of("room", &scope.names.rooms);
            let component = fields.get("component").and_then(|n| n.component());
            set(&fields, room.map(|room| Target::Room { room, component }), (lasting, scope))
        }
        Some("set_all") => {
            let filter = fields.get("set_all")?.filter();
            set(&fields, filter.map(|f| Target::Find(f.text().to_owned())), (lasting, scope))
        }
        Some("let") => flow::values(&fields, ways),
        Some("scene") => {
            let scene = fields.get("scene").and_then(|n| n.key_of("scene", &scope.names.scenes));
            let hold = fields.get("hold").and_then(|n| n.duration());
            scene.map(|scene| Action::Scene { scene, hold })
        }
        Some("delay") => {
            fields.get("delay").and_then(|n| n.duration()).map(|length| Action::Delay { length })
        }
        Some("notify") => fields.get("notify").and_then(|n| super::notice::text(&n, scope)),
        Some("say") => super::notice::said(&fields, scope),
        Some("choose") => flow::choose(&fields, ways),
        Some("if") => flow::either(&fields, ways),
        Some("repeat" | "while" | "until") => flow::repeat(&fields, ways),
        Some("parallel") => flow::parallel(&fields, ways),
        Some("wait_for") => flow::wait_for(&fields, ways),
        Some("wait_until") => flow::wait_until(&fields, ways),
        Some("ask") => flow::ask(&fields, ways),
        Some("stop") => fields.get("stop").and_then(|n| n.label()).map(|reason| Action::Stop { reason }),
        Some(_) => fields.get("do").map(|n| Action::Do { actions: flow::steps(&n, ways) }),
        None => {
            let properties: Vec<&'static str> = Property::ALL.iter().map(|p| p.name()).collect();
            nameless(fields, "action", &HEADS, &[&SIDES[..], &properties].concat());
            return None;
        }
    };
    fields.finish();
    read
}

fn set(fields: &Fields<'_>, target: Option<Target>, (lasting, scope): (bool, &Scope<'_>)) -> Option<Action> {
    let reckoned = reckoned(fields, scope);
    let (values, written) = properties(fields);
    fields.get("value");
    let hold = hold(fields, lasting);
    let transition = fields.get("transition").and_then(|n| n.duration());
    // A slip in a property's name is reported by itself.
    let known = ["set", "set_room", "set_all", "component", "hold", "hold_while", "transition"];
    if written == 0 && fields.each().all(|(key, _)| known.contains(&key)) {
        fields.node.error(
            "empty-rule",
            "this sets nothing",
            format!("say what to set: on = true; {}", settable()),
        );
    }
    Some(Action::Set { target: target?, values, reckoned, hold, transition })
}

/// The properties that are reckoned: `brightness = { template = "..." }`. What locks and opens is written out.
fn reckoned(fields: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<Property, Template> {
    let mut found = BTreeMap::new();
    let named = Property::ALL.iter().map(|p| (p.name(), *p)).chain([("value", Property::State)]);
    for (key, property) in named.filter(|(key, _)| is_reckoned(fields, key)) {
        let Some(inner) = fields.get(key).and_then(|node| node.fields()) else { continue };
        if !quantity::is_settable(property) || matches!(property, Property::Locked | Property::Press) {
            inner.node.key_error("not-settable", format!("`{key}` can't be reckoned"), "write its value");
        } else if let Some(node) = inner.get("template") {
            found.extend(super::template::template(&node, scope).map(|t| (property, t)));
        }
        inner.finish();
    }
    found
}

fn is_reckoned(fields: &Fields<'_>, key: &str) -> bool {
    fields.each().any(|(k, node)| k == key && node.dict().is_some_and(|d| d.contains_key("template")))
}

/// The properties that a table sets, and how many it names.
pub(crate) fn properties(fields: &Fields<'_>) -> (BTreeMap<Property, Value>, usize) {
    let mut values: BTreeMap<Property, Value> = BTreeMap::new();
    let mut written = 0;
    let named = Property::ALL.iter().map(|p| (p.name(), *p)).chain([("value", Property::State)]);
    for (key, property) in named.filter(|(key, _)| fields.has(key)) {
        written += 1;
        if is_reckoned(fields, key) {
            continue;
        }
        let Some(node) = fields.get(key) else { continue };
        if !quantity::is_settable(property) {
            node.key_error("not-settable", format!("`{key}` can be read but not set"), settable());
        } else if let Some(value) = node.value_of(quantity::of_property(property)) {
            values.insert(property, value);
        }
    }
    // Asked for only now, so that a slip is compared with all that is allowed.
    for property in Property::ALL.iter().filter(|p| quantity::is_settable(**p)) {
        fields.get(property.name());
    }
    (values, written)
}

fn hold(fields: &Fields<'_>, lasting: bool) -> Hold {
    let length = fields.get("hold");
    let Some(node) = fields.get("hold_while") else {
        return length.and_then(|n| n.duration()).map_or(Hold::Momentary, Hold::For);
    };
    if length.is_some() {
        node.key_error("conflict", "`hold_while` can't stand beside `hold`", "leave one of them out");
    }
    let fits = node.word(&[("when", ())]).is_some();
    if fits && !lasting {
        let message = "this would hold for ever: a trigger of this rule is a moment, it can't stop being so";
        node.error(
            "endless-hold",
            message,
            "write hold = \"30m\", or trigger on a state (`to`, `above`, `below`, ...)",
        );
    }
    Hold::WhileWhen
}

fn settable() -> String {
    let names = Property::ALL.iter().filter(|p| quantity::is_settable(**p)).map(|p| p.name());
    format!("allowed: {}", names.collect::<Vec<_>>().join(", "))
}
