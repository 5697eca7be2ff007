//! Entities that one topic announced and another one now does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::announcing::{Home, sensor};
use lares_devices::homeassistant::DeviceSpec;
use serde_json::{Value as Json, json};

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
