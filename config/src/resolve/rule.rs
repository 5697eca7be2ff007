//! `[rule.*]`.

use std::collections::BTreeMap;

use lares_model::Level;

use super::flow::Ways;
use super::names::{name_or_key, sections, unique_names};
use super::{Scope, action, autonomy, condition, flow, trigger};
use crate::decode::{Fields, Node};
use crate::home::{Missed, Mode, Rule};

const MODES: &[(&str, Mode)] = &[
    ("single", Mode::Single),
    ("restart", Mode::Restart),
    ("queued", Mode::Queued),
    ("parallel", Mode::Parallel),
];

pub(crate) fn rules(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Rule> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "rule") {
        let rule = rule(&key, &fields, scope);
        fields.finish();
        out.insert(key, rule);
    }
    unique_names(top, "rule", out.iter().map(|(key, rule)| (key.as_str(), rule.name.as_str())));
    out
}

fn rule(key: &str, fields: &Fields<'_>, scope: &Scope<'_>) -> Rule {
    let when = steps(fields, "when", "nothing would ever set it off", |n| trigger::trigger(n, scope));
    let ids = fields.get("when").map(|n| trigger::ids(&n.items())).unwrap_or_default();
    *scope.ids.borrow_mut() = ids.iter().flatten().cloned().collect();
    // An action may depend on what sets the rule off: a hold `while` needs something that can end.
    let raw = fields.get("when").and_then(|n| n.value.as_array()).unwrap_or(&[]);
    let lasting = raw.iter().all(trigger::can_end);
    // Read before: what they make stands here.
    fields.allow(&["blueprint", "with"]);
    let ways = Ways { scope, lasting };
    let actions = |n: &Node<'_>| action::action(n, &ways);
    Rule {
        place: fields.node.place(),
        name: name_or_key(fields, key),
        enabled: fields.get("enabled").and_then(|n| n.bool()).unwrap_or(true),
        mode: fields.get("mode").and_then(|n| n.word(MODES)).unwrap_or(Mode::Restart),
        level: fields.get("level").and_then(|n| level(&n)).unwrap_or(Level::Rule),
        missed: fields.get("missed").and_then(|n| missed(&n)).unwrap_or(Missed::RunOnce),
        autonomy: fields.get("autonomy").and_then(|n| autonomy::word(&n)),
        ask: flow::people(fields, "ask", scope),
        ask_for: fields.get("ask_for").and_then(|n| flow::stands(&n)),
        conditions: fields.list("if").iter().filter_map(|n| condition::condition(n, scope)).collect(),
        then: steps(fields, "then", "it would do nothing", actions),
        otherwise: fields.list("else").iter().filter_map(actions).collect(),
        when,
        ids,
    }
}

fn steps<T>(
    fields: &Fields<'_>,
    key: &'static str,
    without: &str,
    read: impl Fn(&Node<'_>) -> Option<T>,
) -> Vec<T> {
    let Some(node) = fields.get(key) else {
        let message = format!("`{}` has no `{key}`: {without}", fields.node.path);
        fields.node.error("empty-rule", message, format!("write {key} = [{{ ... }}]"));
        return Vec::new();
    };
    let Some(items) = node.list() else { return Vec::new() };
    if items.is_empty() {
        node.error(
            "empty-rule",
            format!("`{key}` is empty: {without}"),
            format!("write {key} = [{{ ... }}]"),
        );
    }
    items.iter().filter_map(read).collect()
}

fn level(node: &Node<'_>) -> Option<Level> {
    let text = node.text()?;
    let allowed = || Level::ALL.iter().filter(|l| **l >= Level::Security).map(|l| l.name());
    let Some(level) = Level::parse(text) else {
        node.unknown_word(text, allowed().collect::<Vec<_>>().into_iter());
        return None;
    };
    if level < Level::Security {
        let help = format!("allowed: {}", allowed().collect::<Vec<_>>().join(", "));
        node.error(
            "level-too-high",
            format!("a rule can't claim at level {text:?}, which is above security"),
            help,
        );
        return None;
    }
    Some(level)
}

fn missed(node: &Node<'_>) -> Option<Missed> {
    if !node.is_table() {
        return node.word(&[("run_once", Missed::RunOnce), ("report", Missed::Report)]);
    }
    let fields = node.fields()?;
    let within = fields.required("within", "write missed = { within = \"10m\" }");
    let within = within.and_then(|n| n.duration());
    fields.finish();
    within.map(Missed::RunIfWithin)
}

/// Rules that ask for the sun need to know where the household is.
pub(crate) fn needs_position(node: &Node<'_>, scope: &Scope<'_>) {
    if !scope.names.has_position {
        let help = "write latitude and longitude in [household]";
        node.error("missing-key", "the sun can't be reckoned: the household has no place", help);
    }
}

/// An item that names none of the things it could be about: a slip in that name, or nothing at all.
pub(crate) fn nameless(fields: Fields<'_>, what: &str, heads: &[&'static str], sides: &[&'static str]) {
    let known = |key: &str| heads.iter().chain(sides).any(|k| *k == key);
    if fields.each().all(|(key, _)| known(key)) {
        let message = format!("this does not say what the {what} is about");
        let help = format!("allowed: one of {}", crate::diagnostic::one_of_words(heads.iter().copied()));
        return fields.node.error("missing-key", message, help);
    }
    for key in heads.iter().chain(sides) {
        fields.get(key);
    }
    fields.finish();
}
