//! The adapter by which the peers harness measures us: the home that it writes is the household that it was given.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::Path;
use std::process::{Command, Output};

use lares_config::{Action, Bind, Condition, Trigger, load};
use lares_model::Value;
use serde_json::json;

fn adapter(words: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Command::new(root.join("peers/lares/adapter")).args(words).env_remove("LARES_BIN").output().unwrap()
}

#[test]
fn what_is_prepared_loads_and_says_what_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let room = |id: &str| {
        let topics = json!({ "motion": format!("home/{id}/motion") });
        json!({ "id": id, "topics": topics })
    };
    let announced = |id: &str| {
        let payload =
            json!({ "state_topic": format!("home/{id}/motion"), "device": { "identifiers": [id] } });
        json!({ "topic": "x", "payload": payload.to_string() })
    };
    let household = json!({
        "discovery_prefix": "disco",
        "rooms": [room("room001"), room("room002")],
        "discovery": [announced("room001"), announced("room002")],
        "rules": [
            { "room": "room001", "dark_below_lux": 50, "off_for_seconds": 0 },
            { "room": "room002", "dark_below_lux": 35, "off_for_seconds": 1.5 },
        ],
    });
    let given = folder.path().join("household.json");
    std::fs::write(&given, household.to_string()).unwrap();
    let made = folder.path().join("made");
    let done = adapter(&["prepare", made.to_str().unwrap(), given.to_str().unwrap(), "18830", "8123"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));

    let loaded = load(&made.join("home"), &[], std::iter::empty()).unwrap();
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    let home = &loaded.home;
    let link = &home.mqtt["mqtt"];
    assert!(!link.embedded && !home.broker.enabled, "an outside broker alone");
    assert_eq!(
        (link.host.as_str(), link.port, link.discovery_prefix.as_str()),
        ("127.0.0.1", 18830, "disco")
    );
    assert!(
        matches!(&home.devices["room002"].bind, Bind::Discovered { identifiers, .. } if identifiers == &["room002"])
    );
    assert_eq!(home.rules.len(), 4);

    let on = &home.rules["room002-on"];
    let Condition::Entity { entity, test, .. } = &on.conditions[0] else { panic!("{on:?}") };
    assert_eq!((entity.to_string().as_str(), test.below), ("room002.illuminance", Some(35.0)));
    for (rule, to, lasting_ms) in
        [("room001-off", false, None), ("room002-off", false, Some(1500)), ("room002-on", true, None)]
    {
        let rule = &home.rules[rule];
        let Trigger::Entity { change, lasting, .. } = &rule.when[0] else { panic!("{rule:?}") };
        assert_eq!(change.to, Some(Value::Bool(to)));
        assert_eq!(lasting.map(|l| l.as_millis()), lasting_ms);
        let Action::Set { values, .. } = &rule.then[0] else { panic!("{rule:?}") };
        assert_eq!(values.values().collect::<Vec<_>>(), [&Value::Bool(to)]);
    }
}

#[test]
fn it_describes_itself_before_it_is_built() {
    let done = adapter(&["describe"]);
    let said: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&said["name"], &said["history"]), (&json!("lares"), &json!(true)));
}
