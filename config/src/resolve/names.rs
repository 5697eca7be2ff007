//! What there is to refer to, known before the first reference is read.

use std::collections::{BTreeMap, BTreeSet};

use super::media_devices::{PLAYER_SLUGS, STREAM_SLUGS};
use crate::Place;
use crate::decode::{Fields, Node};
use crate::home::{PlayerConfig, SatelliteConfig, StreamConfig, TwinKind};

/// Keys of all sections that can be referred to.
pub(crate) struct Names {
    pub floors: BTreeSet<String>,
    pub rooms: BTreeSet<String>,
    pub zones: BTreeSet<String>,
    pub people: BTreeSet<String>,
    pub devices: BTreeMap<String, DeviceNames>,
    pub groups: BTreeSet<String>,
    pub scenes: BTreeSet<String>,
    pub rules: BTreeSet<String>,
    pub interlocks: BTreeSet<String>,
    /// Keys of connections to brokers; `mqtt` if none is written.
    pub links: BTreeSet<String>,
    /// The household says where on earth it is.
    pub has_position: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct DeviceNames {
    /// Slugs of its entities, where they are known before it was ever seen.
    pub slugs: Option<Vec<String>>,
    /// It is nothing but this twin.
    pub twin: Option<TwinKind>,
}

impl Names {
    pub fn collect(top: &Fields<'_>) -> Self {
        let mut links = keys(top, "mqtt");
        if links.is_empty() {
            links.insert("mqtt".into());
        }
        let household = child(&top.node, "household");
        let has = |key| household.as_ref().is_some_and(|h| child(h, key).is_some());
        let devices = child(&top.node, "device").map(|table| children(&table)).unwrap_or_default();
        let satellite = |key: String| {
            let slugs = super::voice::SLUGS.map(str::to_owned).to_vec();
            (SatelliteConfig::device(&key), DeviceNames { slugs: Some(slugs), twin: None })
        };
        let satellites = keys(top, "satellite").into_iter().map(satellite);
        let of = |slugs: &[&str]| {
            let slugs = slugs.iter().map(|slug| (*slug).to_owned()).collect();
            DeviceNames { slugs: Some(slugs), twin: None }
        };
        let players =
            keys(top, "player").into_iter().map(|key| (PlayerConfig::device(&key), of(&PLAYER_SLUGS)));
        let streams =
            keys(top, "stream").into_iter().map(|key| (StreamConfig::device(&key), of(&STREAM_SLUGS)));
        Self {
            floors: keys(top, "floor"),
            rooms: keys(top, "room"),
            zones: keys(top, "zone"),
            people: keys(top, "person"),
            devices: devices
                .into_iter()
                .map(|(key, node)| (key, device_names(&node)))
                .chain(satellites)
                .chain(players)
                .chain(streams)
                .collect(),
            groups: keys(top, "group"),
            scenes: keys(top, "scene"),
            rules: keys(top, "rule"),
            interlocks: keys(top, "interlock"),
            links,
            has_position: has("latitude") && has("longitude"),
        }
    }

    /// The link that is meant where none is written.
    pub fn default_link(&self) -> Option<String> {
        let only = self.links.first().filter(|_| self.links.len() == 1);
        self.links.get("mqtt").or(only).cloned()
    }
}

/// Each table of a kind, by key; reports keys that could not be written in a reference.
pub(crate) fn sections<'a>(top: &Fields<'a>, kind: &'static str) -> Vec<(String, Fields<'a>)> {
    let Some(table) = top.get(kind).and_then(|node| node.fields()) else { return Vec::new() };
    let mut out = Vec::new();
    for (key, node) in table.each() {
        let fits = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        if !fits {
            let message = format!("{key:?} can't be a key");
            node.key_error(
                "bad-key",
                message,
                "allowed: letters a-z, digits, - and _; the name may be anything",
            );
        }
        if let Some(fields) = node.fields() {
            out.push((key.to_owned(), fields));
        }
    }
    out
}

/// The label of a section, made of its key if there is none.
pub(crate) fn name_or_key(fields: &Fields<'_>, key: &str) -> String {
    let written = fields.get("name").and_then(|node| node.label());
    written.unwrap_or_else(|| {
        let words = key.replace(['-', '_'], " ");
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    })
}

/// Reports sections of one kind that bear the same name. In pairs of table key and name.
pub(crate) fn unique_names<'n>(
    top: &Fields<'_>,
    kind: &'static str,
    named: impl Iterator<Item = (&'n str, &'n str)>,
) {
    let Some(table) = child(&top.node, kind) else { return };
    let mut seen: BTreeMap<String, (&str, Place)> = BTreeMap::new();
    for (key, name) in named {
        let Some(section) = child(&table, key) else { continue };
        let node = child(&section, "name").unwrap_or(section);
        let Some((other, place)) = seen.get(&name.to_lowercase()) else {
            seen.insert(name.to_lowercase(), (key, node.place()));
            continue;
        };
        let message = format!("{kind} {key:?} is named {name:?} like {kind} {other:?} at {place}");
        node.clash("duplicate-name", message, "a name must tell one from the other", place.clone());
    }
}

fn device_names(node: &Node<'_>) -> DeviceNames {
    let twin = child(node, "twin").and_then(|twin| child(&twin, "kind").or(Some(twin)));
    let word = twin.as_ref().and_then(|twin| twin.value.as_str());
    let twin = word.and_then(|w| TwinKind::NAMES.iter().find(|(name, _)| *name == w)).map(|(_, kind)| *kind);
    if child(node, "identifiers").is_some() {
        return DeviceNames::default();
    }
    if let Some(recording) = child(node, "recording") {
        let all = match &recording.value {
            figment::value::Value::Array(_, items) => items.iter().collect(),
            one => vec![*one],
        };
        let kinds = all.iter().filter_map(|item| item.find_ref("kind")?.as_str().map(str::to_owned));
        return DeviceNames { slugs: Some(kinds.collect()), twin: None };
    }
    if let Some(declared) = child(node, "mqtt") {
        let cmps = child(&declared, "cmps").or_else(|| child(&declared, "components"));
        let slugs = cmps.map(|cmps| children(&cmps).into_iter().map(|(key, _)| key).collect());
        return DeviceNames { slugs, twin: None };
    }
    let slugs = twin.map(|kind| kind.slugs().iter().map(|s| (*s).to_owned()).collect());
    DeviceNames { slugs, twin }
}

fn keys(top: &Fields<'_>, kind: &str) -> BTreeSet<String> {
    let table = child(&top.node, kind);
    table.map(|table| children(&table).into_iter().map(|(key, _)| key).collect()).unwrap_or_default()
}

/// Looks without asking: asking would allow the key.
pub(crate) fn child<'a>(node: &Node<'a>, key: &str) -> Option<Node<'a>> {
    let value = node.dict()?.get(key)?;
    Some(Node { cx: node.cx, value, path: node.path.key(key) })
}

pub(crate) fn children<'a>(node: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let dict = node.dict().into_iter().flatten();
    dict.map(|(key, value)| (key.clone(), Node { cx: node.cx, value, path: node.path.key(key) })).collect()
}
