//! `[device.*.mqtt]`: what a device that never announces itself would say. Only its frame is checked here; its meaning
//! is the driver's.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::decode::{Fields, Node};

/// The payload, and the labels of its entities by slug.
pub(crate) fn declared(key: &str, name: &str, node: &Node<'_>) -> (Value, BTreeMap<String, String>) {
    if let Some(fields) = node.fields() {
        let components = fields.get("cmps").or_else(|| fields.get("components"));
        match components.as_ref().map(|node| node.fields()) {
            None => fields.missing(
                "cmps",
                "declare its entities: [device.<key>.mqtt.cmps.<entity>] with platform, state_topic, ...",
            ),
            Some(None) => {}
            Some(Some(table)) => check(&table),
        }
    }
    let mut config: Value = node.value.deserialize().unwrap_or_default();
    let labels = config.as_object_mut().map(|object| complete(key, name, object)).unwrap_or_default();
    (config, labels)
}

fn check(table: &Fields<'_>) {
    if table.each().next().is_none() {
        table.node.error(
            "empty-list",
            "a declared device needs an entity",
            "add [device.<key>.mqtt.cmps.<entity>]",
        );
    }
    for (slug, node) in table.each() {
        // The driver makes the slug of this word: it must come out as it went in.
        let fits = slug.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !slug.ends_with('_')
            && !slug.contains("__");
        if !fits {
            node.key_error(
                "bad-key",
                format!("{slug:?} can't be an entity's key"),
                "allowed: a-z, 0-9 and single _",
            );
        }
        let Some(fields) = node.fields() else { continue };
        match fields.get("platform").or_else(|| fields.get("p")) {
            Some(platform) => drop(platform.component()),
            None => fields.missing("platform", "write platform = \"sensor\", \"light\", \"switch\", ..."),
        }
    }
}

/// Fills in what nobody should have to write.
fn complete(key: &str, name: &str, config: &mut Map<String, Value>) -> BTreeMap<String, String> {
    if !config.contains_key("device") && !config.contains_key("dev") {
        config.insert(
            "device".into(),
            json!({ "identifiers": [format!("lares_declared_{key}")], "name": name }),
        );
    }
    let at = if config.contains_key("cmps") { "cmps" } else { "components" };
    let mut labels = BTreeMap::new();
    let components = config.get_mut(at).and_then(Value::as_object_mut).into_iter().flatten();
    for (slug, component) in components {
        let Some(component) = component.as_object_mut() else { continue };
        if let Some(Value::String(label)) = component.insert("name".into(), slug.clone().into()) {
            labels.insert(slug.clone(), label);
        }
        if !component.contains_key("unique_id") && !component.contains_key("uniq_id") {
            component.insert("unique_id".into(), format!("{key}_{slug}").into());
        }
    }
    labels
}
