//! `[autonomy]`, and what a rule says of its own.

use lares_model::{Autonomy, Component};

use crate::decode::{Fields, Node, Unit, suggestion};
use crate::home::{Limit, Risk};

pub(crate) fn limit(top: &Fields<'_>) -> Limit {
    let mut limit = Limit::default();
    let Some(fields) = top.get("autonomy").and_then(|n| n.fields()) else { return limit };
    for (key, node) in fields.each() {
        if key == "heat_above" {
            limit.heat_above = node.number_within(Unit::of("temperature"), 5.0, 35.0);
            continue;
        }
        let risk = Risk::NAMES.iter().find(|(name, _)| *name == key).map(|(_, risk)| *risk);
        match (Component::parse(key), risk) {
            (Some(component), _) => {
                limit.components.extend(word(&node).map(|word| (component.name(), word)));
            }
            (None, Some(risk)) => limit.risks.extend(word(&node).map(|word| (risk, word))),
            (None, None) => {
                let risks = Risk::NAMES.iter().map(|(name, _)| *name);
                let known = risks.chain(["heat_above"]).chain(Component::ALL.iter().map(|c| c.name()));
                node.key_error("unknown-key", format!("unknown key `{key}`"), suggestion(key, known));
            }
        }
    }
    limit
}

pub(crate) fn word(node: &Node<'_>) -> Option<Autonomy> {
    let words: Vec<(&str, Autonomy)> = Autonomy::ALL.iter().map(|a| (a.name(), *a)).collect();
    node.word(&words)
}
