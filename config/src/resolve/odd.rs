//! What can be run and will surprise all the same: it is said, with its place, and the home is taken as it is.
//!
//! Only what is certain is said here: a rule that a condition may hold back is not.

use std::collections::{BTreeMap, BTreeSet};

use lares_model::{Property, Value};

use super::names::child;
use crate::decode::Node;
use crate::home::{Action, EntityRef, Hold, Home, Rule, Target};

pub(crate) fn rules(top: &Node<'_>, home: &Home) {
    let off = switched_off(home);
    for (key, rule) in home.rules.iter().filter(|(_, rule)| rule.enabled) {
        for (at, action) in rule.then.iter().enumerate() {
            stays_on(top, home, off.as_ref(), (key, at), action);
        }
    }
    contradictions(top, home);
}

/// What is held on while something lasts stays on afterwards, unless somebody says otherwise.
fn stays_on(
    top: &Node<'_>,
    home: &Home,
    off: Option<&BTreeSet<String>>,
    (key, at): (&str, usize),
    action: &Action,
) {
    let Action::Set { target, values, hold: Hold::WhileWhen, .. } = action else { return };
    if values.get(&Property::On) != Some(&Value::Bool(true)) {
        return;
    }
    for device in devices(target, home) {
        let known = home.devices.get(&device);
        let back = known.is_none_or(|d| d.defaults.contains_key(&Property::On));
        if back || off.is_none_or(|off| off.contains(&device)) {
            continue;
        }
        let Some(node) = step(top, key, at).and_then(|step| what(&step)) else { continue };
        let message = format!("{device:?} will stay on when this hold ends: nothing switches it off");
        let help = format!(
            "write default = {{ on = false }} in [device.{device}]: what it goes back to; or switch it off in a rule"
        );
        return node.warn("stays-on", message, help);
    }
}

/// The devices that any rule or scene has a word for being off. `None`: perhaps all, since which things fit a filter is known
/// when it is done.
fn switched_off(home: &Home) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let is_off = |values: &BTreeMap<Property, Value>| values.get(&Property::On) == Some(&Value::Bool(false));
    let mut todo: Vec<&Action> =
        home.rules.values().flat_map(|r| r.then.iter().chain(&r.otherwise)).collect();
    while let Some(action) = todo.pop() {
        match action {
            Action::Set { target, values, reckoned, .. } => {
                if !is_off(values) && !reckoned.contains_key(&Property::On) {
                    continue;
                }
                if matches!(target, Target::Find(_)) {
                    return None;
                }
                found.extend(devices(target, home));
            }
            inner => todo.extend(within(inner)),
        }
    }
    let scenes = home.scenes.values().flat_map(|s| &s.sets).filter(|set| is_off(&set.values));
    found.extend(scenes.flat_map(|set| devices(&set.target, home)));
    Some(found)
}

/// The steps within a step.
fn within(action: &Action) -> Vec<&Action> {
    match action {
        Action::Do { actions } | Action::Repeat { actions, .. } => actions.iter().collect(),
        Action::Choose { branches, otherwise } => {
            branches.iter().flat_map(|b| &b.then).chain(otherwise).collect()
        }
        Action::Parallel { branches } => branches.iter().flatten().collect(),
        Action::Ask { then, otherwise, .. } => then.iter().chain(otherwise).collect(),
        _ => Vec::new(),
    }
}

/// The devices of the home that a target moves, as far as that is known before it is done.
fn devices(target: &Target, home: &Home) -> Vec<String> {
    let of_room = |room: &str| {
        let there = home.devices.iter().filter(move |(_, d)| d.room.as_deref() == Some(room));
        there.map(|(key, _)| key.clone()).collect()
    };
    match target {
        Target::Entity(entity) => vec![entity.device.clone()],
        Target::Group(key) => {
            let members = home.groups.get(key).map(|group| group.members.as_slice()).unwrap_or_default();
            members.iter().flat_map(|member| devices(member, home)).collect()
        }
        Target::Room { room, .. } => of_room(room),
        Target::Find(_) => Vec::new(),
    }
}

/// A wish of a rule, before it waits for anything.
type Wish<'a> = (&'a EntityRef, Property, &'a Value, usize);

/// Two rules that the same thing sets off, whatever else is so, and that want different things of one.
fn contradictions(top: &Node<'_>, home: &Home) {
    let always = |rule: &&Rule| rule.enabled && rule.conditions.is_empty() && rule.autonomy.is_none();
    let mut seen: BTreeMap<String, Vec<(&str, &Rule)>> = BTreeMap::new();
    let keyed = home.rules.iter().map(|(key, rule)| (key.as_str(), rule));
    for (key, rule) in keyed.filter(|(_, rule)| always(rule)) {
        let triggers: Vec<String> = rule.when.iter().filter_map(|t| serde_json::to_string(t).ok()).collect();
        let others = triggers.iter().filter_map(|t| seen.get(t)).flatten();
        let clash = others.filter(|(_, other)| other.level == rule.level).find_map(|(name, other)| {
            let wants = at_once(rule);
            let clash = at_once(other).into_iter().find_map(|theirs| {
                wants.iter().find(|mine| (mine.0, mine.1) == (theirs.0, theirs.1) && mine.2 != theirs.2)
            })?;
            Some((*name, *other, *clash))
        });
        if let Some((name, other, (entity, property, _, at))) = clash
            && let Some(node) = step(top, key, at).and_then(|step| what(&step))
        {
            let message = format!(
                "rule {key:?} and rule {name:?} are set off by the same, and want different things of `{}` of {entity}",
                property.name()
            );
            let help = "only one of them can win: give one a condition or a higher `level`, or leave one out";
            node.warn_beside("contradiction", message, help, other.place.clone());
        }
        for trigger in triggers {
            seen.entry(trigger).or_default().push((key, rule));
        }
    }
}

/// What a rule wants in the instant that it is set off.
fn at_once(rule: &Rule) -> Vec<Wish<'_>> {
    let mut wishes = Vec::new();
    for (at, action) in rule.then.iter().enumerate() {
        match action {
            Action::Set { target: Target::Entity(entity), values, .. } => {
                wishes.extend(values.iter().map(|(property, value)| (entity, *property, value, at)));
            }
            Action::Set { .. }
            | Action::Notify { .. }
            | Action::Say { .. }
            | Action::Scene { .. }
            | Action::Let { .. } => {}
            _ => break,
        }
    }
    wishes
}

/// What a step moves, as it is written: of a blueprint that stands where the household wrote it.
fn what<'a>(step: &Node<'a>) -> Option<Node<'a>> {
    ["set", "set_room"].into_iter().find_map(|key| child(step, key))
}

/// A step of a rule, as it is written.
fn step<'a>(top: &Node<'a>, rule: &str, at: usize) -> Option<Node<'a>> {
    let rule = child(&child(top, "rule")?, rule)?;
    child(&rule, "then")?.items().into_iter().nth(at)
}
