//! `[device.*.mqtt]`: what a device that never announces itself would say. Only its frame is checked here; its meaning
//! is the driver's.

use crate::decode::{Fields, Node};

pub(crate) fn declared(node: &Node<'_>) -> serde_json::Value {
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
    node.value.deserialize().unwrap_or_default()
}

fn check(table: &Fields<'_>) {
    if table.each().next().is_none() {
        table.node.error(
            "empty-list",
            "a declared device needs an entity",
            "add [device.<key>.mqtt.cmps.<entity>]",
        );
    }
    for (_, node) in table.each() {
        let Some(fields) = node.fields() else { continue };
        match fields.get("platform").or_else(|| fields.get("p")) {
            Some(platform) => drop(platform.component()),
            None => fields.missing("platform", "write platform = \"sensor\", \"light\", \"switch\", ..."),
        }
    }
}
