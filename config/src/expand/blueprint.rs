//! `[rule.x] blueprint = "...", with = { ... }`.

use figment::value::Dict;

use super::fill::Way;
use super::params::Templates;
use crate::decode::{Fields, Node};

/// What only a blueprint says.
const PARTS: [&str; 4] = ["when", "if", "then", "else"];

/// The rule that a blueprint makes. What the rule says beside `when`, `if`, `then` and `else` goes before it.
pub(crate) fn fill_in(rule: &Node<'_>, dict: &Dict, blueprints: &Templates<'_>) -> Option<Dict> {
    let redirects = &rule.cx.layers.redirects;
    let fields = Fields::new(rule.clone(), dict);
    fields.refuse(&PARTS, "blueprint");
    if !fields.present(&PARTS).is_empty() {
        return None;
    }
    let blueprint = blueprints.find(&fields.get("blueprint")?)?;
    let args = blueprint.args(rule, fields.get("with").as_ref())?;
    let mut made = dict.clone();
    for key in ["blueprint", "with"] {
        made.remove(key);
    }
    let from = &blueprint.node.path;
    let of_it = blueprint.dict.iter().filter(|(key, _)| !["says", "params"].contains(&key.as_str()));
    for (key, value) in of_it {
        if made.contains_key(key) {
            continue;
        }
        let (to, from) = (rule.path.key(key), from.key(key));
        redirects.add(to.clone(), from.clone());
        if let Some(value) = (Way { args: &args, redirects }).fill(value, &to, &from) {
            made.insert(key.clone(), value);
        }
    }
    Some(made)
}
