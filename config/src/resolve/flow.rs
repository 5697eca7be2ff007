//! Steps that hold other steps: ways, rounds, side by side, waiting.

use std::time::Duration;

use super::action::action;
use super::condition::condition;
use super::{Scope, trigger};
use crate::decode::{Fields, Node};
use crate::duration_words;
use crate::home::{Action, Awaited, Branch, Condition, OnTimeout, Rounds, Trigger};

/// What steps may depend on.
pub(crate) struct Ways<'a> {
    pub scope: &'a Scope<'a>,
    /// Whatever sets the rule off can stop being so.
    pub lasting: bool,
}

/// Rounds that are counted: more is a slip or a loop that wants `while`.
const MOST_ROUNDS: f64 = 1_000.0;
const ON_TIMEOUT: &[(&str, OnTimeout)] = &[("stop", OnTimeout::Stop), ("go_on", OnTimeout::GoOn)];

/// A list of steps that holds some.
pub(crate) fn steps(node: &Node<'_>, ways: &Ways<'_>) -> Vec<Action> {
    node.filled_list("an empty list of steps").iter().filter_map(|n| action(n, ways)).collect()
}

fn needed(fields: &Fields<'_>, key: &'static str, ways: &Ways<'_>) -> Vec<Action> {
    let help = format!("write {key} = [{{ ... }}]");
    fields.required(key, &help).map(|n| steps(&n, ways)).unwrap_or_default()
}

fn conditions(node: &Node<'_>, ways: &Ways<'_>) -> Vec<Condition> {
    let items = node.filled_list("an empty list of conditions");
    items.iter().filter_map(|n| condition(n, ways.scope)).collect()
}

pub(crate) fn choose(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let items = fields.get("choose")?.filled_list("`choose` without a way");
    let branches = items.iter().filter_map(|node| {
        let fields = node.fields()?;
        let help = "write if = [{ ... }]; what is done when none fits stands in `else` beside `choose`";
        let conditions = fields.required("if", help).map(|n| conditions(&n, ways));
        let then = needed(&fields, "then", ways);
        fields.finish();
        Some(Branch { conditions: conditions?, then })
    });
    let branches = branches.collect();
    Some(Action::Choose { branches, otherwise: otherwise(fields, ways) })
}

/// `{ if = [...], then = [...], else = [...] }`: a choice with one way.
pub(crate) fn either(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let conditions = conditions(&fields.get("if")?, ways);
    let then = needed(fields, "then", ways);
    Some(Action::Choose { branches: vec![Branch { conditions, then }], otherwise: otherwise(fields, ways) })
}

fn otherwise(fields: &Fields<'_>, ways: &Ways<'_>) -> Vec<Action> {
    fields.get("else").map(|n| steps(&n, ways)).unwrap_or_default()
}

pub(crate) fn repeat(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let heads = fields.present(&["repeat", "while", "until"]);
    let rounds = match heads.first() {
        Some(&"repeat") => {
            fields.refuse(&["while", "until"], "repeat");
            fields.get("repeat").and_then(|n| times(&n)).map(Rounds::Times)
        }
        Some(&"while") => {
            fields.refuse(&["until"], "while");
            fields.get("while").map(|n| Rounds::While(conditions(&n, ways)))
        }
        _ => fields.get("until").map(|n| Rounds::Until(conditions(&n, ways))),
    };
    let actions = needed(fields, "do", ways);
    // A delay of a moment is none, and what is waited for may be so already.
    let pauses = |a: &Action| match a {
        Action::Delay { length } => length.as_secs() >= 1,
        Action::Wait { awaited, .. } => matches!(awaited, Awaited::Triggers(_)),
        _ => false,
    };
    if !matches!(rounds, Some(Rounds::Times(_))) && !actions.is_empty() && !actions.iter().any(pauses) {
        let message = "this would go round without a pause";
        let help = "put { delay = \"1m\" } (at least 1s) or { wait_for = [...] } among its steps";
        if let Some(node) = fields.get("do") {
            node.error("endless-loop", message, help);
        }
    }
    Some(Action::Repeat { rounds: rounds?, actions })
}

fn times(node: &Node<'_>) -> Option<u32> {
    let times = node.number_within(None, 1.0, MOST_ROUNDS)?;
    if times.fract() != 0.0 {
        node.error("wrong-type", format!("`repeat` can't be {times}"), "write a whole number");
        return None;
    }
    Some(times as u32)
}

pub(crate) fn parallel(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let items = fields.get("parallel")?.filled_list("`parallel` without steps");
    let branches = items.iter().map(|node| match node.value.as_array() {
        Some(_) => steps(node, ways),
        None => action(node, ways).into_iter().collect(),
    });
    Some(Action::Parallel { branches: branches.collect() })
}

/// A question stands at least for a minute, and at most for a week.
pub(crate) fn stands(node: &Node<'_>) -> Option<Duration> {
    let length = node.duration()?;
    let (least, most) = (Duration::from_secs(60), Duration::from_secs(7 * 86_400));
    if !(least..=most).contains(&length) {
        let message = format!("a question can't stand for {}", duration_words(length));
        node.error("out-of-range", message, "allowed: 1m to 7d");
        return None;
    }
    Some(length)
}

/// `{ let = { warm = "state('living-climate.temperature') > 21" } }`.
pub(crate) fn values(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let inner = fields.get("let")?.fields()?;
    let mut values = std::collections::BTreeMap::new();
    for (name, node) in inner.each() {
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            node.key_error(
                "bad-text",
                format!("{name:?} is no name of a value"),
                "allowed: letters, digits and _",
            );
            continue;
        }
        values.extend(super::template::template(&node, ways.scope).map(|t| (name.to_owned(), t)));
    }
    if values.is_empty() {
        inner.node.error("empty-rule", "this sets nothing", "write { let = { name = \"...\" } }");
    }
    Some(Action::Let { values })
}

pub(crate) fn people(fields: &Fields<'_>, key: &'static str, scope: &Scope<'_>) -> Vec<String> {
    fields.list(key).iter().filter_map(|n| n.key_of("person", &scope.names.people)).collect()
}

/// `{ ask = "Close the shutters?", to = ["anna"], timeout = "10m", then = [...], else = [...] }`.
pub(crate) fn ask(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let Action::Notify { text } = super::notice::text(&fields.get("ask")?, ways.scope)? else { return None };
    Some(Action::Ask {
        text,
        to: people(fields, "to", ways.scope),
        timeout: fields.get("timeout").and_then(|n| stands(&n)),
        then: fields.get("then").map(|n| steps(&n, ways)).unwrap_or_default(),
        otherwise: otherwise(fields, ways),
    })
}

pub(crate) fn wait_for(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let items = fields.get("wait_for")?.filled_list("waiting for nothing");
    let mut all = Vec::new();
    for node in items {
        let Some(trigger) = trigger::trigger(&node, ways.scope) else { continue };
        match unfit(&trigger) {
            Some(help) => node.error("not-awaitable", "this can't be waited for", help),
            None => all.push(trigger),
        }
    }
    wait(fields, Awaited::Triggers(all))
}

/// What a run cannot wait for, and what is written instead.
fn unfit(trigger: &Trigger) -> Option<&'static str> {
    match trigger {
        Trigger::Time { .. } | Trigger::Every { .. } | Trigger::Sun { .. } | Trigger::Calendar { .. } => {
            Some(
                "allowed: entity, room, zone, person, people, device, event; for a time write { delay = ... }",
            )
        }
        Trigger::Template { .. } => Some("write { wait_until = [{ template = ... }] }"),
        Trigger::Entity { lasting: None, change, .. } if change.hysteresis > 0.0 => {
            Some("leave `hysteresis` out: it is waited for once")
        }
        Trigger::Entity { lasting, .. }
        | Trigger::Room { lasting, .. }
        | Trigger::Zone { lasting, .. }
        | Trigger::Person { lasting, .. }
        | Trigger::Device { lasting, .. }
        | Trigger::People { lasting, .. } => {
            lasting.map(|_| "leave `for` out, and put a { delay = ... } after it")
        }
        Trigger::Event { .. } => None,
    }
}

pub(crate) fn wait_until(fields: &Fields<'_>, ways: &Ways<'_>) -> Option<Action> {
    let node = fields.get("wait_until")?;
    let all = conditions(&node, ways);
    for (condition, node) in all.iter().zip(node.items()) {
        if !heard(condition) {
            let help = "allowed: entity, room, zone, person, people, device, and any, all, not of them";
            node.error("not-awaitable", "nobody tells when this comes to be so", help);
        }
    }
    wait(fields, Awaited::Conditions(all))
}

/// Whether an event tells that a condition may have come to hold.
fn heard(condition: &Condition) -> bool {
    match condition {
        Condition::Entity { .. }
        | Condition::Compare { .. }
        | Condition::Room { .. }
        | Condition::Zone { .. }
        | Condition::Person { .. }
        | Condition::People { .. }
        | Condition::Device { .. }
        | Condition::Template { .. } => true,
        Condition::Time { .. }
        | Condition::Sun { .. }
        | Condition::Find { .. }
        // When it has been so for long enough is no event: `for` of a trigger and `delay` are for that.
        | Condition::Held { .. }
        | Condition::Trigger { .. } => false,
        Condition::Any(parts) | Condition::All(parts) => parts.iter().all(heard),
        Condition::Not(part) => heard(part),
    }
}

fn wait(fields: &Fields<'_>, awaited: Awaited) -> Option<Action> {
    let timeout = fields.get("timeout").and_then(|n| n.duration());
    let on_timeout = fields.get("on_timeout").and_then(|n| n.word(ON_TIMEOUT)).unwrap_or(OnTimeout::Stop);
    if fields.has("on_timeout") && !fields.has("timeout") {
        fields.missing_for("timeout", "on_timeout", "write timeout = \"10m\"");
    }
    Some(Action::Wait { awaited, timeout, on_timeout })
}
