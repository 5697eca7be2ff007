//! `[scene.*]`.

use std::collections::BTreeMap;

use super::flow::Ways;
use super::names::{name_or_key, sections, unique_names};
use super::{Scope, action};
use crate::decode::{Fields, Node};
use crate::home::{Action, Hold, Scene, SceneSet};

pub(crate) fn scenes(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Scene> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "scene") {
        let items = fields.required("set", "write set = [{ set = \"...\", on = true }]");
        let items = items.map(|n| n.filled_list("a scene without anything in it")).unwrap_or_default();
        let scene = Scene {
            place: fields.node.place(),
            name: name_or_key(&fields, &key),
            sets: items.iter().filter_map(|n| part(n, scope)).collect(),
        };
        fields.finish();
        out.insert(key, scene);
    }
    unique_names(top, "scene", out.iter().map(|(key, scene)| (key.as_str(), scene.name.as_str())));
    out
}

fn part(node: &Node<'_>, scope: &Scope<'_>) -> Option<SceneSet> {
    match action::action(node, &Ways { scope, lasting: false })? {
        Action::Set { target, values, reckoned, hold: Hold::Momentary, transition }
            if reckoned.is_empty() =>
        {
            Some(SceneSet { target, values, transition })
        }
        Action::Set { hold: Hold::Momentary, .. } => {
            node.error("conflict", "a scene reckons nothing", "write the value, or set it in a rule");
            None
        }
        Action::Set { .. } => {
            node.error("conflict", "a scene holds nothing by itself", "write `hold` where the scene is set");
            None
        }
        _ => {
            node.error("wrong-type", "a scene only says how things are", "allowed: set, set_room, set_all");
            None
        }
    }
}
