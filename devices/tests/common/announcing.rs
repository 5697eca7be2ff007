//! A place where publishers announce themselves, and what it makes of them.
#![allow(clippy::panic, reason = "a test may fail")]

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery};
use serde_json::{Value as Json, json};

pub struct Home(pub Discovery);

impl Home {
    pub fn new() -> Self {
        Self(Discovery::new("mqtt", "homeassistant"))
    }

    pub fn hear(&mut self, path: &str, payload: Json) -> (Vec<Change>, Vec<String>) {
        let topic = format!("homeassistant/{path}/config");
        let payload = if payload.is_null() { String::new() } else { payload.to_string() };
        match self.0.on_config(&topic, payload.as_bytes()) {
            Ok((changes, problems)) => (changes, problems.into_iter().map(|p| p.reason).collect()),
            Err(problem) => (vec![], vec![problem.reason]),
        }
    }

    pub fn announced(&mut self, path: &str, payload: Json) -> DeviceSpec {
        let (changes, problems) = self.hear(path, payload);
        assert_eq!(problems, Vec::<String>::new());
        match changes.into_iter().next_back() {
            Some(Change::Announced(spec)) => *spec,
            other => panic!("{other:?}"),
        }
    }
}

pub fn sensor(unique_id: &str, device: &str) -> Json {
    json!({"unique_id": unique_id, "state_topic": "s", "unit_of_measurement": "W", "device": {"identifiers": [device], "name": device}})
}
