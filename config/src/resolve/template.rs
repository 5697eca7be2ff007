//! Expressions: that they can be read, and that all they ask for is there.

use std::sync::OnceLock;

use minijinja::Environment;

use super::Scope;
use crate::decode::Node;
use crate::home::{Ask, Asked, EntityRef, Template, template_calls};

/// Characters of an expression.
const MOST: usize = 2_000;

pub(crate) fn template(node: &Node<'_>, scope: &Scope<'_>) -> Option<Template> {
    let text = node.label()?;
    let source = text.trim();
    let source = source.strip_prefix("{{").and_then(|s| s.strip_suffix("}}")).unwrap_or(source).trim();
    if source.len() > MOST {
        node.error("bad-template", format!("it has {} characters", source.len()), format!("allowed: {MOST}"));
        return None;
    }
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    if let Err(wrong) = ENVIRONMENT.get_or_init(Environment::new).compile_expression(source) {
        let detail = wrong.detail().map_or_else(|| wrong.kind().to_string(), str::to_owned);
        let help = "an expression as Jinja writes it: state(\"living-climate.temperature\") > 21 and not home(\"anna\")";
        node.error("bad-template", format!("this can't be read: {detail}"), help);
        return None;
    }
    let calls = match template_calls(source) {
        Ok(calls) => calls,
        Err(wrong) => {
            node.error("bad-template", wrong, "what is asked for must be known when the home is loaded");
            return None;
        }
    };
    let mut asks = Vec::new();
    for (function, name) in calls {
        let what = match function {
            "state" => Asked::State(entity(node, &name, scope)?),
            "age" => Asked::Age(entity(node, &name, scope)?),
            "occupied" => {
                if !scope.names.zones.contains(&name) {
                    known(node, "room", &name, &scope.names.rooms)?;
                }
                Asked::Occupied
            }
            of_person => {
                known(node, "person", &name, &scope.names.people)?;
                if of_person == "home" { Asked::Home } else { Asked::Room }
            }
        };
        let ask = Ask { what, name };
        if !asks.contains(&ask) {
            asks.push(ask);
        }
    }
    Some(Template { source: source.to_owned(), asks })
}

fn entity(node: &Node<'_>, name: &str, scope: &Scope<'_>) -> Option<EntityRef> {
    node.entity_in(name, scope)
}

fn known(node: &Node<'_>, what: &str, name: &str, all: &std::collections::BTreeSet<String>) -> Option<()> {
    if !all.contains(name) {
        node.dangling(what, name, all.iter().map(String::as_str));
        return None;
    }
    Some(())
}
