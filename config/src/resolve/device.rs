//! `[device.*]`.

use std::collections::BTreeMap;
use std::fmt::Display;

use lares_model::Component;

use super::names::{name_or_key, sections, unique_names};
use super::{Scope, declared};
use crate::Place;
use crate::decode::{Fields, Node};
use crate::home::{Bind, Device, EntityConfig, RecordedBinding, TwinConfig, TwinKind};

pub(crate) fn devices(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Device> {
    let mut out = BTreeMap::new();
    let mut bound = Bound::default();
    for (key, fields) in sections(top, "device") {
        let defaults = fields.get("default").and_then(|node| node.fields()).map(|table| {
            let (values, _) = super::action::properties(&table);
            table.finish();
            values
        });
        let name = name_or_key(&fields, &key);
        let (bind, labels) = bind(&key, &name, &fields, scope, &mut bound);
        let table = fields.get("entity").and_then(|node| node.fields());
        let mut entities = table.map(|table| entity_configs(&key, &table, scope)).unwrap_or_default();
        for (slug, label) in labels {
            let entity = entities.entry(slug).or_insert_with(|| nothing_said(fields.node.place()));
            entity.name.get_or_insert(label);
        }
        let device = Device {
            place: fields.node.place(),
            name,
            room: fields.get("room").and_then(|n| n.key_of("room", &scope.names.rooms)),
            bind,
            twin: fields.get("twin").and_then(|node| twin(&node)),
            entities,
            defaults: defaults.unwrap_or_default(),
        };
        fields.finish();
        out.insert(key, device);
    }
    unique_names(top, "device", out.iter().map(|(key, device)| (key.as_str(), device.name.as_str())));
    out
}

/// What was bound by whom: two devices can't be the same thing.
#[derive(Default)]
struct Bound {
    by: BTreeMap<String, (String, Place)>,
}

impl Bound {
    fn claim(&mut self, device: &str, node: &Node<'_>, what: &dyn Display) {
        let Some((other, place)) = self.by.get(&what.to_string()) else {
            self.by.insert(what.to_string(), (device.to_owned(), node.place()));
            return;
        };
        let message = format!("{what} is already bound by device {other:?} at {place}");
        node.clash(
            "duplicate-binding",
            message,
            "a thing in the world is one device of the home",
            place.clone(),
        );
    }
}

/// How it is found, and labels of entities that stand there.
fn bind(
    key: &str,
    name: &str,
    fields: &Fields<'_>,
    scope: &Scope<'_>,
    bound: &mut Bound,
) -> (Bind, BTreeMap<String, String>) {
    const WAYS: [&str; 3] = ["identifiers", "mqtt", "recording"];
    if let [first, second, ..] = fields.present(&WAYS)[..] {
        let node = fields.get(second);
        let message = format!("`{second}` can't stand beside `{first}`: a device is found in one way");
        if let Some(node) = node {
            node.key_error("conflict", message, "leave one of them out");
        }
    }
    fields.allow(&WAYS);
    let written = fields.get("link");
    let link = match &written {
        Some(node) => node.key_of("link", &scope.names.links),
        None => scope.names.default_link(),
    };
    if link.is_none() && written.is_none() && !fields.has("recording") {
        let help = "write link = with the key of one of the [mqtt.*] tables";
        fields.missing("link", help);
    }
    let link = link.unwrap_or_default();
    let bind = if let Some(node) = fields.get("identifiers") {
        Bind::Discovered { identifiers: discovered(key, &node, &link, bound), link }
    } else if let Some(node) = fields.get("mqtt") {
        let (config, labels) = declared::declared(key, name, &node);
        return (Bind::Declared { link, config }, labels);
    } else if let Some(node) = fields.get("recording") {
        fields.refuse(&["link"], "recording");
        Bind::Recorded(recorded(key, &node, bound))
    } else {
        if !fields.has("twin") {
            let help = "say how it is found: identifiers = [\"...\"], a [device.<key>.mqtt] table, recording = [...], \
                        or twin = \"...\"";
            fields.node.error("no-binding", format!("device {key:?} is tied to nothing"), help);
        }
        Bind::Twin { link, identifiers: vec![format!("lares_twin_{key}")] }
    };
    (bind, BTreeMap::new())
}

fn discovered(key: &str, node: &Node<'_>, link: &str, bound: &mut Bound) -> Vec<String> {
    let mut out = Vec::new();
    for item in node.filled_list("a device without identifiers") {
        if let Some(text) = item.label() {
            bound.claim(key, &item, &format!("{text:?} on {link}"));
            out.push(text);
        }
    }
    out
}

fn recorded(key: &str, node: &Node<'_>, bound: &mut Bound) -> Vec<RecordedBinding> {
    let items = if node.is_table() { vec![node.clone()] } else { node.filled_list("a device without lines") };
    let mut out = Vec::new();
    for item in items {
        let Some(fields) = item.fields() else { continue };
        let text =
            |name| fields.required(name, "a line of a recording is told by room, device and kind")?.label();
        let (room, device, kind) = (text("room"), text("device"), text("kind"));
        fields.finish();
        if let (Some(room), Some(device), Some(kind)) = (room, device, kind) {
            bound.claim(key, &item, &format!("the recorded {kind} of {device:?} in {room:?}"));
            out.push(RecordedBinding { room, device, kind });
        }
    }
    out
}

fn twin(node: &Node<'_>) -> Option<TwinConfig> {
    if !node.is_table() {
        return node.word(TwinKind::NAMES).map(|kind| TwinConfig { kind, options: serde_json::Map::new() });
    }
    let fields = node.fields()?;
    let kind = fields.required("kind", "write kind = with the kind of twin")?.word(TwinKind::NAMES)?;
    let options = fields.each().filter(|(key, _)| *key != "kind");
    // What the options mean is the twin's business.
    let options = options.filter_map(|(key, node)| Some((key.to_owned(), node.value.deserialize().ok()?)));
    Some(TwinConfig { kind, options: options.collect() })
}

fn entity_configs(device: &str, table: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, EntityConfig> {
    let known = scope.names.devices.get(device).and_then(|names| names.slugs.as_ref());
    let mut out = BTreeMap::new();
    for (slug, node) in table.each() {
        if let Some(slugs) = known.filter(|slugs| !slugs.iter().any(|s| s == slug)) {
            let help = format!("allowed: {}", slugs.join(", "));
            node.key_error("dangling-reference", format!("device {device:?} has no entity {slug:?}"), help);
        }
        let Some(fields) = node.fields() else { continue };
        let config = EntityConfig {
            place: node.place(),
            name: fields.get("name").and_then(|n| n.label()),
            room: fields.get("room").and_then(|n| n.key_of("room", &scope.names.rooms)),
            stale_after: fields.get("stale_after").and_then(|n| n.duration()),
            component: fields.get("component").and_then(|n| n.component()),
            device_class: fields.get("device_class").and_then(|n| n.label()),
        };
        fields.finish();
        out.insert(slug.to_owned(), config);
    }
    out
}

fn nothing_said(place: Place) -> EntityConfig {
    EntityConfig { place, name: None, room: None, stale_after: None, component: None, device_class: None }
}

impl Node<'_> {
    pub fn component(&self) -> Option<Component> {
        let text = self.text()?;
        let found = Component::parse(text);
        if found.is_none() {
            self.unknown_word(text, Component::ALL.iter().map(|c| c.name()));
        }
        found
    }
}
