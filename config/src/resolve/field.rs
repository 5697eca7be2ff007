//! `[field.*]`: properties of the household's own.

use std::collections::BTreeMap;

use lares_model::{NodeKind, OWN_PREFIX, OwnProp, OwnType, is_own};

use super::names::sections;
use crate::decode::{Fields, Node};
use crate::home::FieldConfig;

const TYPES: [(&str, OwnType); 6] = [
    ("text", OwnType::Text),
    ("number", OwnType::Number { min: None, max: None }),
    ("yes_no", OwnType::Bool),
    ("time", OwnType::When),
    ("choice", OwnType::Choice(Vec::new())),
    ("words", OwnType::Words),
];

pub(crate) fn fields(top: &Fields<'_>) -> BTreeMap<String, FieldConfig> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "field") {
        let name = format!("{OWN_PREFIX}{}", key.strip_prefix(OWN_PREFIX).unwrap_or(&key));
        if !is_own(&name) {
            let message = format!("`{key}` can't be the name of a field");
            fields.node.key_error("bad-key", message, "letters, digits and `_`: shoe_size");
        }
        let place = fields.node.place();
        let says = fields.get("says").and_then(|n| n.label()).unwrap_or_default();
        let kinds = fields.list("kinds").iter().filter_map(kind).collect();
        let of = of(&fields);
        let unit = fields.get("unit").and_then(|n| n.label());
        if let (Some(_), Some(of), Some(node)) = (&unit, &of, fields.get("unit"))
            && !matches!(of, OwnType::Number { .. })
        {
            node.key_error(
                "conflict",
                "only numbers have a unit",
                "leave `unit` out, or write type = \"number\"",
            );
        }
        fields.finish();
        if let Some(of) = of {
            out.insert(key, FieldConfig { place, prop: OwnProp { name, says, kinds, of, unit } });
        }
    }
    out
}

fn kind(node: &Node<'_>) -> Option<NodeKind> {
    let text = node.text()?;
    let found = NodeKind::parse(text);
    if found.is_none() {
        node.dangling("kind of node", text, NodeKind::ALL.iter().map(|k| k.name()));
    }
    found
}

fn of(fields: &Fields<'_>) -> Option<OwnType> {
    let types: Vec<(&str, usize)> = TYPES.iter().zip(0..).map(|((name, _), n)| (*name, n)).collect();
    let bounds = ["min", "max"];
    let written = match fields.get("type") {
        Some(node) => TYPES.get(node.word(&types)?)?.1.clone(),
        None if fields.has("choices") => OwnType::Choice(Vec::new()),
        None if fields.has("unit") || !fields.present(&bounds).is_empty() => {
            OwnType::Number { min: None, max: None }
        }
        None => OwnType::Text,
    };
    let bound = |key| fields.get(key).and_then(|n| n.quantity(None));
    let (min, max) = (bound("min"), bound("max"));
    let choices: Vec<String> = fields.list("choices").iter().filter_map(|n| n.label()).collect();
    match written {
        OwnType::Number { .. } => {
            fields.refuse(&["choices"], "type = \"number\"");
            if let (Some(least), Some(most), Some(node)) = (min, max, fields.get("max"))
                && least > most
            {
                node.error("out-of-range", format!("nothing is between {least} and {most}"), "exchange them");
            }
            Some(OwnType::Number { min, max })
        }
        OwnType::Choice(_) => {
            fields.refuse(&bounds, "choices");
            if choices.is_empty() {
                fields.missing("choices", "name the words: choices = [\"oak\", \"pine\"]");
            }
            Some(OwnType::Choice(choices))
        }
        other => {
            fields.refuse(&["min", "max", "choices"], "this type");
            Some(other)
        }
    }
}
