//! What changed between two homes, by section: a reload touches nothing else.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::Home;

/// A section: `rule` and `hall-light` of `[rule.hall-light]`. The key is empty for `[household]`, `[broker]`, `[web]`, `[backup]`, ...
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct SectionKey {
    pub table: &'static str,
    pub key: String,
}

/// Sections by what became of them, each list sorted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct HomeDiff {
    pub added: Vec<SectionKey>,
    pub removed: Vec<SectionKey>,
    pub changed: Vec<SectionKey>,
}

impl HomeDiff {
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// Compares what the sections say, not where they stand: a moved rule is the same rule.
pub fn diff(old: &Home, new: &Home) -> HomeDiff {
    let (old, new) = (sections(old), sections(new));
    let keys = |pick: &dyn Fn(&SectionKey) -> bool, of: &BTreeMap<SectionKey, Value>| {
        of.keys().filter(|key| pick(key)).cloned().collect::<Vec<_>>()
    };
    HomeDiff {
        added: keys(&|key| !old.contains_key(key), &new),
        removed: keys(&|key| !new.contains_key(key), &old),
        changed: keys(&|key| old.get(key).is_some_and(|before| new.get(key) != Some(before)), &new),
    }
}

fn sections(home: &Home) -> BTreeMap<SectionKey, Value> {
    let mut out = BTreeMap::new();
    one(&mut out, "household", &home.household);
    one(&mut out, "broker", &home.broker);
    one(&mut out, "web", &home.web);
    if let Some(backup) = &home.backup {
        one(&mut out, "backup", backup);
    }
    if let Some(voice) = &home.voice {
        one(&mut out, "voice", voice);
    }
    if let Some(phone) = &home.phone {
        one(&mut out, "phone", phone);
    }
    one(&mut out, "media", &home.media);
    one(&mut out, "retention", &home.retention);
    one(&mut out, "autonomy", &home.autonomy);
    each(&mut out, "floor", &home.floors);
    each(&mut out, "room", &home.rooms);
    each(&mut out, "zone", &home.zones);
    each(&mut out, "receiver", &home.receivers);
    each(&mut out, "person", &home.people);
    each(&mut out, "device", &home.devices);
    each(&mut out, "group", &home.groups);
    each(&mut out, "scene", &home.scenes);
    each(&mut out, "rule", &home.rules);
    each(&mut out, "interlock", &home.interlocks);
    each(&mut out, "mqtt", &home.mqtt);
    each(&mut out, "display", &home.displays);
    each(&mut out, "satellite", &home.satellites);
    each(&mut out, "player", &home.players);
    each(&mut out, "stream", &home.streams);
    each(&mut out, "private", &home.private);
    each(&mut out, "field", &home.fields);
    out
}

fn each<T: Serialize>(out: &mut BTreeMap<SectionKey, Value>, table: &'static str, of: &BTreeMap<String, T>) {
    for (key, section) in of {
        out.insert(SectionKey { table, key: key.clone() }, content(section));
    }
}

fn one<T: Serialize>(out: &mut BTreeMap<SectionKey, Value>, table: &'static str, section: &T) {
    out.insert(SectionKey { table, key: String::new() }, content(section));
}

fn content<T: Serialize>(section: &T) -> Value {
    let mut value = serde_json::to_value(section).unwrap_or_default();
    without_place(&mut value, 0);
    value
}

/// A section's place is its own field, and that of an entity two levels down; what a device declares is never touched.
fn without_place(value: &mut Value, depth: usize) {
    let Some(object) = value.as_object_mut() else { return };
    object.remove("place");
    if depth == 0
        && let Some(entities) = object.get_mut("entities").and_then(Value::as_object_mut)
    {
        entities.values_mut().for_each(|entity| without_place(entity, 1));
    }
}
