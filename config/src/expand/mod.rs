//! Blueprints and routines: what is written once with parameters is put where it is used, before anything is read. Where
//! each value of it was written is remembered, so that a problem shows the right file, line and caret.

mod blueprint;
mod fill;
mod params;
mod routine;

pub(crate) use fill::plain;

use figment::value::{Dict, Value};

use crate::decode::{Context, Node};
use crate::source::KeyPath;

/// Blueprints that every home has: `lares/motion-light`.
pub(crate) const OWN: &str = include_str!("lares.toml");
/// What the file of them is called in messages.
pub(crate) const OWN_FILE: &str = "lares:blueprints.toml";

/// The tree with all blueprints and routines put in their places. Problems are in the context.
pub(crate) fn expand(cx: &Context) -> Value {
    let mut root = cx.layers.root.clone();
    let tree = Node { cx, value: &cx.layers.root, path: KeyPath::default() };
    let blueprints = params::Templates::read(&tree, "blueprint");
    let routines = params::Templates::read(&tree, "routine");
    let Value::Dict(_, top) = &mut root else { return root };
    if let Some(Value::Dict(_, rules)) = top.get_mut("rule") {
        let written = tree.dict().and_then(|d| d.get("rule")).and_then(Value::as_dict);
        for (key, value) in written.into_iter().flatten() {
            let rule = Node { cx, value, path: KeyPath::default().key("rule").key(key) };
            let Some(made) = rule_of(&rule, &blueprints, &routines) else { continue };
            rules.insert(key.clone(), made);
        }
    }
    root
}

fn rule_of(
    rule: &Node<'_>,
    blueprints: &params::Templates<'_>,
    routines: &params::Templates<'_>,
) -> Option<Value> {
    let dict = rule.dict()?;
    let mut made = dict.clone();
    if dict.contains_key("blueprint") {
        made = blueprint::fill_in(rule, dict, blueprints).unwrap_or_else(|| harmless(dict));
    }
    let mut value = Value::Dict(rule.value.tag(), made);
    routine::put_in(&mut value, &rule.path, &routine::Routines { cx: rule.cx, all: routines }, 0);
    Some(value)
}

/// A rule whose blueprint cannot be used was told of: nothing more is told of it.
fn harmless(dict: &Dict) -> Dict {
    let mut made = dict.clone();
    for key in ["blueprint", "with"] {
        made.remove(key);
    }
    let time = Value::from(Dict::from([("time".to_owned(), Value::from("00:00"))]));
    let words = Value::from(Dict::from([("notify".to_owned(), Value::from("-"))]));
    made.insert("when".to_owned(), Value::from(vec![time]));
    made.insert("then".to_owned(), Value::from(vec![words]));
    made
}
