//! `[autonomy]`, and what a rule says of its own.

use lares_model::{Autonomy, Component, NOTICE, Verb};

use super::Scope;
use crate::decode::{Fields, Node, Unit, suggestion};
use crate::home::{Ceiling, Limit, Risk};

pub(crate) fn limit(top: &Fields<'_>, scope: &Scope<'_>) -> Limit {
    let mut limit = Limit::default();
    let Some(fields) = top.get("autonomy").and_then(|n| n.fields()) else { return limit };
    for (key, node) in fields.each() {
        if key == "heat_above" {
            limit.heat_above = node.number_within(Unit::of("temperature"), 5.0, 35.0);
            continue;
        }
        if key == "limits" {
            limit.ceilings =
                node.list().unwrap_or_default().iter().filter_map(|n| ceiling(n, scope)).collect();
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
                let known =
                    risks.chain(["heat_above", "limits"]).chain(Component::ALL.iter().map(|c| c.name()));
                node.key_error("unknown-key", format!("unknown key `{key}`"), suggestion(key, known));
            }
        }
    }
    limit
}

/// `{ person = "ben", domain = "cover", verb = "open", most = "ask" }`.
fn ceiling(node: &Node<'_>, scope: &Scope<'_>) -> Option<Ceiling> {
    let fields = node.fields()?;
    let most = fields.required("most", "write most = \"ask\"").and_then(|n| word(&n));
    let domains: Vec<(&str, &'static str)> =
        Component::ALL.iter().map(|c| c.name()).chain([NOTICE]).map(|name| (name, name)).collect();
    let verbs: Vec<(&str, Verb)> = Verb::ALL.iter().map(|v| (v.name(), *v)).collect();
    let person = fields.get("person").map(|n| n.key_of("person", &scope.names.people));
    let domain = fields.get("domain").map(|n| n.word(&domains));
    let verb = fields.get("verb").map(|n| n.word(&verbs));
    if person.is_none() && domain.is_none() && verb.is_none() {
        let help = "write person, domain or verb: { domain = \"cover\", verb = \"open\", most = \"ask\" }";
        node.error("missing-key", "this does not say what it limits", help);
    }
    fields.finish();
    // What is wrong in one of them is told; the limit is not taken for a wider one.
    let right = |told: Option<bool>| told != Some(false);
    let all = right(person.as_ref().map(Option::is_some))
        && right(domain.map(|d| d.is_some()))
        && right(verb.map(|v| v.is_some()));
    all.then_some(())?;
    Some(Ceiling { person: person.flatten(), domain: domain.flatten(), verb: verb.flatten(), most: most? })
}

pub(crate) fn word(node: &Node<'_>) -> Option<Autonomy> {
    let words: Vec<(&str, Autonomy)> = Autonomy::ALL.iter().map(|a| (a.name(), *a)).collect();
    node.word(&words)
}
