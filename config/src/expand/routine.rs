//! `{ run = "...", with = { ... } }` among the steps of a rule.

use figment::value::{Dict, Value};

use super::fill::Way;
use super::params::Templates;
use crate::decode::{Context, Fields, Node, suggestion};
use crate::source::KeyPath;

/// Routines in routines: deeper than that is a circle.
const DEEPEST: usize = 8;

/// All that can be run.
pub(crate) struct Routines<'r> {
    pub cx: &'r Context,
    pub all: &'r Templates<'r>,
}

/// Puts the steps of routines where they are run.
pub(crate) fn put_in(value: &mut Value, path: &KeyPath, routines: &Routines<'_>, depth: usize) {
    match value {
        Value::Array(_, items) => {
            for (n, item) in items.iter_mut().enumerate() {
                put_in(item, &path.index(n), routines, depth);
            }
        }
        Value::Dict(_, dict) if dict.contains_key("run") => {
            let steps = steps(value, path, routines, depth);
            // What is wrong with it was told: it does nothing, so that no more is told of it.
            let steps = steps.unwrap_or_else(|| {
                Value::from(vec![Value::from(Dict::from([("delay".to_owned(), Value::from("1s"))]))])
            });
            *value = Value::from(Dict::from([("do".to_owned(), steps)]));
        }
        Value::Dict(_, dict) => {
            for (key, item) in dict.iter_mut() {
                put_in(item, &path.key(key), routines, depth);
            }
        }
        _ => {}
    }
}

/// What is run, as a list of steps.
fn steps(value: &Value, path: &KeyPath, routines: &Routines<'_>, depth: usize) -> Option<Value> {
    let node = Node { cx: routines.cx, value, path: path.clone() };
    let fields = Fields::new(node.clone(), node.dict()?);
    let (run, with) = (fields.get("run")?, fields.get("with"));
    let routine = routines.all.find(&run)?;
    for (key, extra) in fields.each().filter(|(key, _)| !["run", "with"].contains(key)) {
        let help = suggestion(key, ["run", "with"].into_iter());
        extra.key_error("unknown-key", format!("`{key}` can't stand beside `run`"), help);
    }
    if depth >= DEEPEST {
        let message = format!("routines run each other more than {DEEPEST} deep");
        run.error("endless-loop", message, "one of them runs itself: take that out");
        return None;
    }
    let args = routine.args(&node, with.as_ref())?;
    let Some(body) = routine.dict.get("do") else {
        routine.node.error("missing-key", "a routine needs `do`", "write do = [{ ... }]");
        return None;
    };
    let (to, from) = (path.key("do"), routine.node.path.key("do"));
    let redirects = &routines.cx.layers.redirects;
    redirects.add(to.clone(), from.clone());
    let mut filled = Way { args: &args, redirects }.fill(body, &to, &from)?;
    put_in(&mut filled, &to, routines, depth + 1);
    Some(filled)
}
