//! Entities that one topic announced and another one now does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery};
use serde_json::{Value as Json, json};

struct Home(Discovery);

impl Home {
    fn new() -> Self {
        Self(Discovery::new("mqtt", "homeassistant"))
    }

    fn hear(&mut self, path: &str, payload: Json) -> (Vec<Change>, Vec<String>) {
        let topic = format!("homeassistant/{path}/config");
        let payload = if payload.is_null() { String::new() } else { payload.to_string() };
        match self.0.on_config(&topic, payload.as_bytes()) {
            Ok((changes, problems)) => (changes, problems.into_iter().map(|p| p.reason).collect()),
            Err(problem) => (vec![], vec![problem.reason]),
        }
    }

    fn announced(&mut self, path: &str, payload: Json) -> DeviceSpec {
        let (changes, problems) = self.hear(path, payload);
        assert_eq!(problems, Vec::<String>::new());
        match changes.into_iter().next_back() {
            Some(Change::Announced(spec)) => *spec,
            other => panic!("{other:?}"),
        }
    }
}

fn sensor(unique_id: &str, device: &str) -> Json {
    json!({"unique_id": unique_id, "state_topic": "s", "unit_of_measurement": "W", "device": {"identifiers": [device], "name": device}})
}

#[test]
fn entities_move_to_a_whole_device_when_their_publisher_says_so() {
    let mut home = Home::new();
    home.announced("sensor/a", sensor("u1", "dev"));
    let whole = json!({"dev": {"ids": "dev", "name": "dev"}, "cmps": {"w": {"p": "sensor", "uniq_id": "u1", "stat_t": "new"}}});
    assert!(home.hear("device/dev", whole.clone()).1[0].contains("is taken"), "not without a word");
    assert_eq!(home.hear("sensor/a", json!({"migr_discvry": true})), (vec![], vec![]), "nothing goes");
    let moved = home.announced("device/dev", whole);
    assert_eq!(
        (moved.entities.len(), moved.entities[0].source.as_str()),
        (1, "homeassistant/device/dev/config")
    );
    assert_eq!(home.hear("sensor/a", Json::Null), (vec![], vec![]), "the old topic has nothing left");
}

#[test]
fn what_a_protocol_of_its_own_says_gives_way_to_the_same_in_this_form() {
    let native = json!({"device": {"identifiers": ["dev"]}, "components": {
        "v": {"platform": "vacuum", "unique_id": "v", "state_topic": "plain"}, "b": {"platform": "button", "unique_id": "b", "command_topic": "x"}}});
    let config = json!({"uniq_id": "v", "stat_t": "rich", "dev": {"ids": "dev"}});
    let states = |spec: &DeviceSpec| {
        spec.entities.iter().map(|e| e.config.get("state_topic").cloned()).collect::<Vec<_>>()
    };
    for config_first in [true, false] {
        let mut home = Home::new();
        let mut problems = Vec::new();
        if config_first {
            home.announced("vacuum/v", config.clone());
        }
        problems.extend(home.0.announce("base/controls", Some(native.clone())).unwrap().1);
        if !config_first {
            home.announced("vacuum/v", config.clone());
        }
        let (changes, more) = home.0.announce("base/controls", Some(native.clone())).unwrap();
        problems.extend(more);
        assert_eq!((changes, problems), (vec![], vec![]), "the same again is no news");
        let spec = home.0.device("mqtt/dev").unwrap();
        assert!(states(spec).contains(&Some("rich".into())) && !states(spec).contains(&Some("plain".into())));
        assert_eq!(spec.entities.len(), 2);
    }
}
