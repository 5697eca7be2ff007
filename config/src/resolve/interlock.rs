//! `[interlock.*]`.

use std::collections::BTreeMap;

use lares_model::{Level, Property, Value};

use super::names::{name_or_key, sections, unique_names};
use super::{Scope, action, interlock_parts as parts};
use crate::decode::{Fields, Node};
use crate::home::{EntityRef, Interlock, Limits, MaxStarts};

/// Levels that an interlock may have, and their words.
const LEVELS: &[(&str, Level)] = &[
    ("life_safety", Level::LifeSafety),
    ("equipment_protection", Level::EquipmentProtection),
    ("legal_limit", Level::LegalLimit),
    ("interlock", Level::Interlock),
];

/// What needs to know when the thing runs, and so what its safe state is.
const NEEDS_SAFE: [&str; 15] = [
    "stale",
    "plausible",
    "agree",
    "lockout",
    "min_on",
    "min_off",
    "max_on",
    "max_starts",
    "exclusive",
    "ineffective",
    "boot_delay",
    "after",
    "budget",
    "gate",
    "max_run",
];

pub(crate) fn interlocks(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Interlock> {
    let mut out: BTreeMap<String, Interlock> = BTreeMap::new();
    for (key, fields) in sections(top, "interlock") {
        let interlock = interlock(&key, &fields, scope);
        fields.finish();
        out.extend(interlock.map(|interlock| (key, interlock)));
    }
    unique_names(top, "interlock", out.iter().map(|(key, one)| (key.as_str(), one.name.as_str())));
    out
}

fn interlock(key: &str, fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Interlock> {
    let name = name_or_key(fields, key);
    let of = fields.required("of", "name what it guards: of = \"boiler.climate\"");
    let of: Option<EntityRef> = of
        .and_then(|node| {
            let entity = node.entity(scope)?;
            Some((node, entity))
        })
        .map(|(node, entity)| {
            let set = ["safe", "bound"].map(|k| super::names::child(&fields.node, k));
            let written = set.iter().flatten().flat_map(|n| n.dict().into_iter().flatten());
            let properties: Vec<Property> = written.filter_map(|(word, _)| Property::parse(word)).collect();
            node.check_twin(&entity, &properties, scope);
            entity
        });
    let safe = fields.get("safe").map(|node| safe(&node));
    let bound = fields.get("bound").map(|node| bound(&node));
    let needs = fields.present(&NEEDS_SAFE);
    if let (None, Some(first)) = (&safe, needs.first()) {
        let help = "declare it: safe = { on = false }";
        fields.missing_for("safe", first, help);
    } else if safe.is_none() && bound.is_none() {
        let help = format!(
            "say what it watches: {}",
            crate::diagnostic::one_of_words(NEEDS_SAFE.iter().copied().chain(["bound"]))
        );
        fields.node.error("empty-interlock", format!("`{}` guards nothing", fields.node.path), help);
    } else if bound.is_none()
        && needs.is_empty()
        && let Some(node) = fields.get("safe")
    {
        let help =
            format!("say what it watches: {}", crate::diagnostic::one_of_words(NEEDS_SAFE.iter().copied()));
        node.key_error("empty-interlock", "this is a safe state that nothing leads to", help);
    }
    let property = match (&safe, &bound) {
        (Some(Some((a, value))), Some(Some((b, limits)))) if a == b => {
            outside(fields, value, *limits);
            Some(*a)
        }
        (Some(Some((a, _))), Some(Some((b, _)))) => {
            if let Some(node) = fields.get("bound") {
                let message = format!("`bound` is on {}, `safe` on {}", b.name(), a.name());
                node.error("conflict", message, "an interlock guards one property: write two");
            }
            None
        }
        (Some(found), None) => found.as_ref().map(|(p, _)| *p),
        (None, Some(found)) => found.as_ref().map(|(p, _)| *p),
        _ => None,
    };
    let duration = |key| fields.get(key).and_then(|node| node.duration());
    let read = Interlock {
        place: fields.node.place(),
        name,
        level: fields.get("level").and_then(|node| node.word(LEVELS)).unwrap_or(Level::Interlock),
        of: of.clone().unwrap_or(EntityRef { device: String::new(), slug: None }),
        property: property.unwrap_or(Property::State),
        safe: safe.flatten().map(|(_, value)| value),
        bound: bound.flatten().map(|(_, limits)| limits),
        stale: fields.get("stale").and_then(|node| parts::stale(&node, scope)),
        plausible: fields.get("plausible").and_then(|node| parts::plausible(&node, scope)),
        agree: fields.get("agree").and_then(|node| parts::agree(&node, scope)),
        lockout: fields.list("lockout").iter().filter_map(|node| parts::veto(node, scope)).collect(),
        latched: fields.get("latched").and_then(|node| node.bool()).unwrap_or(false),
        min_on: duration("min_on"),
        min_off: duration("min_off"),
        max_on: duration("max_on"),
        max_starts: fields.get("max_starts").map(|node| parts::max_starts(&node)).unwrap_or_default(),
        exclusive: fields
            .list("exclusive")
            .iter()
            .filter_map(|node| other(node, of.as_ref(), scope))
            .collect(),
        ineffective: fields.get("ineffective").and_then(|node| parts::ineffective(&node, scope)),
        boot_delay: duration("boot_delay"),
        after: fields.list("after").iter().filter_map(|node| parts::after(node, scope)).collect(),
        budget: fields.get("budget").and_then(|node| parts::budget(&node, scope)),
        gate: fields.get("gate").and_then(|node| node.label()),
        max_run: fields.get("max_run").map(|node| parts::max_run(&node)).unwrap_or_default(),
        remind: duration("remind"),
    };
    consistent(fields, &read);
    (of.is_some() && property.is_some()).then_some(read)
}

/// `safe = { on = false }`: one property and its value.
fn safe(node: &Node<'_>) -> Option<(Property, Value)> {
    let fields = node.fields()?;
    let (values, written) = action::properties(&fields);
    if written != 1 {
        node.error(
            "one-property",
            "a safe state is one property and its value",
            "write safe = { on = false }",
        );
    }
    fields.finish();
    values.into_iter().next().filter(|_| written == 1)
}

/// `bound = { target_temperature = { max = "60 °C" } }`.
fn bound(node: &Node<'_>) -> Option<(Property, Limits)> {
    let fields = node.fields()?;
    let mut found = Vec::new();
    for property in Property::ALL.iter().copied().filter(|p| super::quantity::is_settable(*p)) {
        let Some(limits) = fields.get(property.name()) else { continue };
        let quantity = super::quantity::of_property(property);
        found.push(parts::limits(&limits, quantity).map(|limits| (property, limits)));
    }
    let known = found.len();
    if known != 1 && fields.each().count() == known {
        let help = "write bound = { target_temperature = { max = \"60 °C\" } }";
        node.error("one-property", "a bound is on one property", help);
    }
    fields.finish();
    found.into_iter().flatten().next().filter(|_| known == 1)
}

/// The safe state must be allowed.
fn outside(fields: &Fields<'_>, value: &Value, limits: Limits) {
    let number = value.as_number();
    let low = limits.min.zip(number).is_some_and(|(min, n)| n < min);
    let high = limits.max.zip(number).is_some_and(|(max, n)| n > max);
    if (low || high)
        && let Some(node) = fields.get("safe")
    {
        let message = format!("the safe state {value} is beyond the bound, {limits}");
        node.error("conflict", message, "a safe state must be allowed");
    }
}

fn other(node: &Node<'_>, of: Option<&EntityRef>, scope: &Scope<'_>) -> Option<EntityRef> {
    let other = node.entity(scope)?;
    if Some(&other) == of {
        node.error("conflict", "nothing excludes itself", "name the others");
        return None;
    }
    Some(other)
}

/// Times and counts that contradict each other.
fn consistent(fields: &Fields<'_>, read: &Interlock) {
    if let (Some(least), Some(most)) = (read.min_on, read.max_on)
        && least >= most
        && let Some(node) = fields.get("max_on")
    {
        node.error("conflict", "`max_on` is no longer than `min_on`", "make it longer, or leave one out");
    }
    if let MaxStarts { per_hour: Some(hour), per_day: Some(day) } = read.max_starts
        && hour > day
        && let Some(node) = fields.get("max_starts")
    {
        node.error("conflict", format!("{hour} starts an hour can't be within {day} a day"), "swap them?");
    }
    if read.max_on.is_some()
        && read.min_off.is_none()
        && !read.latched
        && let Some(node) = fields.get("max_on")
    {
        node.key_error(
            "missing-key",
            "`max_on` needs `min_off` or `latched`: it would go on again at once",
            "say how long it rests: min_off = \"10m\"",
        );
    }
    let waits = read.latched || read.gate.is_some() || read.ineffective.is_some();
    if read.remind.is_some()
        && !waits
        && let Some(node) = fields.get("remind")
    {
        node.key_error(
            "conflict",
            "nobody is waited for",
            "`remind` goes with `latched`, `gate` or `ineffective`",
        );
    }
    let clears_itself = read.lockout.is_empty() && read.max_on.is_none();
    if read.latched
        && clears_itself
        && let Some(node) = fields.get("latched")
    {
        node.key_error(
            "conflict",
            "there is nothing that latches",
            "`latched` goes with `lockout` or `max_on`",
        );
    }
}
