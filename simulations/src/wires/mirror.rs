//! The peer of a link whose messages are replayed from one of Lares's own recordings: what is commanded of a device is
//! reported on its state topic. It knows the topics from the announcements that the recording holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_devices::homeassistant::{DeviceSpec, EntitySpec};
use lares_household::House;
use lares_model::{NodeKind, Timestamp};
use serde_json::{Value, json};

use super::{Peer, Said};

/// Topics of the devices of one link, from the announcements that the household keeps.
#[derive(Default)]
pub struct Topics {
    /// By command topic: the state topic and the key of the state within its report, if it is within one.
    commands: BTreeMap<String, (Arc<str>, Option<String>)>,
    /// State topics of what can be moved.
    pub movable: BTreeSet<String>,
}

impl Topics {
    /// What is known now. Time must be virtual: it waits for the store.
    pub fn read(house: &House, link: &str) -> Self {
        let mut topics = Self::default();
        if let Err(why) = house.graph().sync_blocking() {
            tracing::error!(why, "announcements");
        }
        for node in house.graph().reader().nodes(NodeKind::Device).unwrap_or_default() {
            if node.props.get("link").and_then(|v| v.as_text()) != Some(link) {
                continue;
            }
            let Ok(spec) = DeviceSpec::from_bytes(&node.detail) else { continue };
            spec.entities.iter().for_each(|e| topics.add(e));
        }
        topics
    }

    fn add(&mut self, entity: &EntitySpec) {
        let text = |key: &str| entity.config.get(key).and_then(Value::as_str);
        let mut pair = |command: &str, states: &[String], templates: &[String]| {
            let state = states.iter().find_map(|key| text(key));
            let (Some(command), Some(state)) = (text(command), state) else { return };
            let key = templates.iter().find_map(|key| text(key)).and_then(key_of);
            self.movable.insert(state.to_owned());
            self.commands.insert(command.to_owned(), (state.into(), key));
        };
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        pair("command_topic", &names(&["state_topic"]), &names(&["value_template", "state_value_template"]));
        pair("set_position_topic", &names(&["position_topic"]), &names(&["position_template"]));
        // What a thing has beside its state: a target, a mode, a brightness.
        for of in entity.config.keys().filter_map(|key| key.strip_suffix("_command_topic")) {
            let states = [format!("{of}_state_topic"), format!("{of}_status_topic")];
            let templates = ["state_template", "value_template", "status_template"];
            pair(&format!("{of}_command_topic"), &states, &templates.map(|t| format!("{of}_{t}")));
        }
    }

    fn answer(&self, topic: &str, bytes: &[u8]) -> Option<Said> {
        let (state, key) = self.commands.get(topic)?;
        let value = || match serde_json::from_slice::<Value>(bytes) {
            Ok(value) => value,
            Err(_) => String::from_utf8_lossy(bytes).into_owned().into(),
        };
        let bytes = match key {
            Some(key) if !bytes.starts_with(b"{") => json!({ key: value() }).to_string().into(),
            _ => bytes.to_vec().into(),
        };
        Some(Said { topic: state.clone(), bytes, retain: false })
    }
}

/// The key in a template that picks one value out of a report (`{{ value_json.state }}`, `{{ value_json["state"] }}`).
fn key_of(template: &str) -> Option<String> {
    let rest = template.split("value_json").nth(1)?.trim_start_matches(['.', '[', '"', '\'']);
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
    rest.get(..end).filter(|k| !k.is_empty()).map(str::to_owned)
}

/// Reports what is commanded.
pub struct Mirror {
    house: House,
    link: String,
    topics: Topics,
}

impl Mirror {
    pub fn new(house: House, link: &str) -> Self {
        Self { house, link: link.to_owned(), topics: Topics::default() }
    }
}

impl Peer for Mirror {
    fn greet(&mut self) -> Vec<Said> {
        Vec::new()
    }

    fn hear(&mut self, topic: &str, bytes: &[u8], _: Timestamp) -> Vec<Said> {
        if !self.topics.commands.contains_key(topic) {
            self.topics = Topics::read(&self.house, &self.link);
        }
        self.topics.answer(topic, bytes).into_iter().collect()
    }

    fn act(&mut self, _: Timestamp) -> (Vec<Said>, Option<Timestamp>) {
        (Vec::new(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_devices::homeassistant::{Change, Discovery};

    #[test]
    fn a_command_is_reported_where_and_as_the_device_would() {
        let mut discovery = Discovery::new("mqtt", "homeassistant");
        let mut topics = Topics::default();
        for (component, config) in [
            (
                "light",
                json!({"schema": "json", "command_topic": "z/a/set", "state_topic": "z/a", "unique_id": "a"}),
            ),
            (
                "switch",
                json!({"command_topic": "z/b/set", "state_topic": "z/b", "unique_id": "b",
                "value_template": "{{ value_json.state }}"}),
            ),
            (
                "switch",
                json!({"command_topic": "z/d/set", "state_topic": "z/d", "unique_id": "d",
                "value_template": "{{ value_json[\"state\"] }}"}),
            ),
            (
                "climate",
                json!({"temperature_command_topic": "t/set/target", "temperature_state_topic": "t", "unique_id": "t",
                "temperature_state_template": "{{ value_json.target }}", "mode_command_topic": "t/set/mode",
                "mode_state_topic": "t/mode"}),
            ),
            ("switch", json!({"command_topic": "c/power", "state_topic": "c/state", "unique_id": "c"})),
        ] {
            let topic = format!("homeassistant/{component}/{}/config", config["unique_id"].as_str().unwrap());
            let (changes, _) = discovery.on_config(&topic, config.to_string().as_bytes()).unwrap();
            let Change::Announced(spec) = &changes[0] else { panic!("{changes:?}") };
            spec.entities.iter().for_each(|e| topics.add(e));
        }
        let said = |topic: &str, bytes: &[u8]| {
            let said = topics.answer(topic, bytes)?;
            Some((said.topic.to_string(), String::from_utf8(said.bytes.to_vec()).unwrap()))
        };
        let expect = |topic: &str, bytes: &str| Some((topic.to_owned(), bytes.to_owned()));
        assert_eq!(said("z/a/set", br#"{"state":"ON"}"#), expect("z/a", r#"{"state":"ON"}"#));
        assert_eq!(said("z/b/set", b"ON"), expect("z/b", r#"{"state":"ON"}"#));
        assert_eq!(said("z/d/set", b"ON"), expect("z/d", r#"{"state":"ON"}"#));
        assert_eq!(said("c/power", b"ON"), expect("c/state", "ON"));
        assert_eq!(said("t/set/target", b"21.5"), expect("t", r#"{"target":21.5}"#));
        assert_eq!(said("t/set/mode", b"heat"), expect("t/mode", "heat"));
        assert_eq!(said("elsewhere", b"ON"), None);
    }
}
