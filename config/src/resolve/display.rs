//! `[display.*]`.

use std::collections::{BTreeMap, BTreeSet};

use super::Scope;
use super::names::{name_or_key, sections};
use super::wires::topic;
use crate::Place;
use crate::decode::Fields;
use crate::home::{DisplayConfig, Shown};

pub(crate) fn displays(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, DisplayConfig> {
    let mut out = BTreeMap::new();
    let mut topics: BTreeMap<(String, String), Place> = BTreeMap::new();
    for (key, fields) in sections(top, "display") {
        let place = fields.node.place();
        let name = name_or_key(&fields, &key);
        let room = fields.required("room", "a display shows a room: room = \"hall\"");
        let room = room.and_then(|n| n.key_of("room", &scope.names.rooms)).unwrap_or_default();
        let person = fields.get("person").and_then(|n| n.key_of("person", &scope.names.people));
        let plate = fields.get("plate").and_then(|n| n.label());
        // A person without a plate is a browser, which has no wire of its own.
        let browser = plate.is_none() && fields.get("person").is_some();
        if browser {
            fields.refuse(&["topic", "link"], "person");
        }
        let (link, topic) = if browser { Default::default() } else { wire(&key, &plate, &fields, scope) };
        if !browser && let Some(other) = topics.insert((link.clone(), topic.clone()), place.clone()) {
            let message = format!("the topic {topic:?} is already written to by the display at {other}");
            let node = fields.get("topic").unwrap_or_else(|| fields.node.clone());
            node.clash("duplicate-binding", message, "give each display a topic of its own", other);
        }
        let shows = shows(&fields);
        fields.finish();
        out.insert(key, DisplayConfig { place, name, room, link, topic, plate, person, shows });
    }
    out
}

/// Its link, and where its view is written.
fn wire(key: &str, plate: &Option<String>, fields: &Fields<'_>, scope: &Scope<'_>) -> (String, String) {
    let link = match fields.get("link") {
        Some(node) => node.key_of("link", &scope.names.links),
        None => scope.names.default_link().or_else(|| {
            fields.missing("link", "write link = with the key of one of the [mqtt.*] tables");
            None
        }),
    };
    if plate.is_some() {
        fields.refuse(&["topic"], "plate");
    }
    if let (Some(name), Some(node)) = (plate, fields.get("plate"))
        && name.contains(['/', '+', '#'])
    {
        let message = format!("{name:?} is no name of a plate");
        node.error("bad-text", message, "write it as the plate calls itself: plate01");
    }
    let default = plate.as_ref().map(|node| format!("hasp/{node}/command/jsonl"));
    let default = default.unwrap_or_else(|| format!("lares/display/{key}"));
    (link.unwrap_or_default(), topic(fields, "topic").unwrap_or(default))
}

fn shows(fields: &Fields<'_>) -> BTreeSet<Shown> {
    if fields.get("shows").is_none() {
        return Shown::USUAL.into();
    }
    let words = Shown::ALL.map(|shown| (shown.name(), shown));
    fields.list("shows").iter().filter_map(|node| node.word(&words)).collect()
}
