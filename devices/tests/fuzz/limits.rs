//! What is refused because it is too much, and that it costs nobody else.

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::{Observation, Problem};
use serde_json::{Value, json};

use crate::words::TEMPLATES;

fn announce(discovery: &mut Discovery, topic: &str, config: &Value) -> (Vec<Change>, Vec<Problem>) {
    discovery.on_config(&format!("homeassistant/{topic}/config"), config.to_string().as_bytes()).unwrap()
}

fn device(config: &Value) -> Box<DeviceSpec> {
    let (changes, problems) = announce(&mut Discovery::new("m", "homeassistant"), "device/d", config);
    assert_eq!(problems, []);
    match changes.into_iter().next() {
        Some(Change::Announced(spec)) => spec,
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_of_any_kind_make_references_that_can_be_typed() {
    let long = "x".repeat(10_000);
    for name in ["a/b", "#", "+", "\0", "🛋️", "'; drop", long.as_str(), ""] {
        let config = json!({ "name": name, "unique_id": "u", "state_topic": "s",
            "device": { "identifiers": ["i"], "name": name } });
        let (changes, _) = announce(&mut Discovery::new("m", "homeassistant"), "sensor/x", &config);
        let Change::Announced(spec) = &changes[0] else { panic!("{changes:?}") };
        let slug = &spec.info.entities[0].slug;
        assert!(!slug.is_empty() && slug.len() <= 60 && slug.is_ascii(), "{name:?}: {slug:?}");
    }
}

#[test]
fn a_device_of_ten_thousand_entities_has_two_thousand() {
    let mut discovery = Discovery::new("m", "homeassistant");
    let mut refused = 0;
    for n in 0..10_000 {
        let config =
            json!({ "unique_id": format!("u{n}"), "state_topic": "s", "device": { "identifiers": ["one"] } });
        refused += announce(&mut discovery, &format!("sensor/{n}"), &config).1.len();
    }
    assert_eq!(refused, 8_000, "each one more is said");
    assert_eq!(discovery.device("m/one").unwrap().entities.len(), 2_000);
    // The same in one message.
    let parts: serde_json::Map<_, _> =
        (0..10_000).map(|n| (n.to_string(), json!({ "p": "sensor", "stat_t": "s" }))).collect();
    let (_, problems) =
        announce(&mut discovery, "device/all", &json!({ "dev": { "ids": ["all"] }, "cmps": parts }));
    assert_eq!(discovery.device("m/all").unwrap().entities.len(), 2_000);
    assert!(problems[0].reason.contains("2000 entities"), "{:?}", problems[0]);
}

#[test]
fn a_template_that_never_ends_or_explodes_costs_its_own_entity_only() {
    for template in TEMPLATES {
        let spec = device(
            &json!({ "device": { "identifiers": ["d"] }, "o": { "name": "t" }, "state_topic": "s",
            "cmps": { "bad": { "p": "sensor", "unique_id": "bad", "name": "bad", "value_template": template },
                "good": { "p": "sensor", "unique_id": "good", "name": "good", "value_template": "{{ value_json.a }}" } } }),
        );
        let (mut driver, _) = Driver::new(&spec);
        let mut out = Vec::new();
        if let Err(problem) = driver.on_message("s", br#"{"a":"fine"}"#, &mut out) {
            assert!(problem.place == "s" && problem.reason.contains("bad"), "{template}: {problem}");
        }
        let good = spec.info.entities.iter().find(|e| e.slug == "good").unwrap().id();
        let heard = |o: &Observation| matches!(o, Observation::Reading { entity, .. } if *entity == good);
        assert!(out.iter().any(heard), "{template}: the other entity was not read: {out:?}");
    }
}

#[test]
fn two_devices_with_one_identifier_are_one_and_a_taken_entity_is_told() {
    let mut discovery = Discovery::new("m", "homeassistant");
    let config = |unique: &str, name: &str| json!({ "unique_id": unique, "state_topic": name, "device": { "identifiers": ["same"], "name": name } });
    assert_eq!(announce(&mut discovery, "sensor/a", &config("a", "A")).1, []);
    assert_eq!(announce(&mut discovery, "sensor/b", &config("b", "B")).1, []);
    assert_eq!(discovery.device("m/same").unwrap().entities.len(), 2);
    let (changes, problems) = announce(&mut discovery, "sensor/c", &config("a", "C"));
    assert!(changes.is_empty() && problems[0].place == "homeassistant/sensor/c/config", "{problems:?}");
    assert!(problems[0].reason.contains("`a`"), "{}", problems[0]);
    assert_eq!(
        discovery.device("m/same").unwrap().entities[0].config["state_topic"],
        "A",
        "the first one stays"
    );
}

#[test]
fn what_is_shared_by_many_components_is_not_multiplied_without_end() {
    let parts: serde_json::Map<_, _> =
        (0..2_000).map(|n| (n.to_string(), json!({ "p": "sensor", "x": 1 }))).collect();
    let mut discovery = Discovery::new("m", "homeassistant");
    let mut refused = |shared: Value| {
        let mut config = json!({ "dev": { "ids": ["d"] }, "cmps": parts, "stat_t": "s" });
        config.as_object_mut().unwrap().extend(shared.as_object().unwrap().clone());
        discovery
            .on_config("homeassistant/device/d/config", config.to_string().as_bytes())
            .unwrap_err()
            .reason
    };
    assert!(refused(json!({ "name": "x".repeat(500_000) })).contains("shared by 2000 components"));
    assert!(refused(json!({ "~": "x".repeat(2_000), "cmd_t": "~/c" })).contains("`~` has 2000 bytes"));
}

#[test]
fn one_message_makes_no_more_than_it_may() {
    let config = |template: &str, n: usize| json!({ "p": "sensor", "unique_id": format!("{n}"), "stat_t": "s", "value_template": template });
    let part = |template: &str, many: usize| -> serde_json::Map<_, _> {
        (0..many).map(|n| (n.to_string(), config(template, n))).collect()
    };
    // A long message that is the text of every entity.
    let spec = device(&json!({ "dev": { "ids": ["d"] }, "cmps": part("{{ value }}", 2_000) }));
    let (mut driver, _) = Driver::new(&spec);
    let mut out = Vec::new();
    let problem = driver.on_message("s", "x".repeat(1 << 20).as_bytes(), &mut out).unwrap_err();
    assert!(out.is_empty() && problem.reason.contains("at most 8192"), "{problem}");
    driver.on_message("s", b"x", &mut out).unwrap();
    assert_eq!(out.len(), 2_000);
    // Templates that each take all the steps there are: the first hundred do, the others are told and wait for the next.
    let endless = "{% for i in range(9000) %}{% for j in range(9000) %}x{% endfor %}{% endfor %}";
    let spec = device(&json!({ "dev": { "ids": ["d"] }, "cmps": part(endless, 2_000) }));
    let (mut driver, _) = Driver::new(&spec);
    let problem = driver.on_message("s", b"x", &mut Vec::new()).unwrap_err();
    assert!(problem.reason.contains("fuel") && problem.reason.contains("1999 more"), "{problem}");
    // Words without end are not repeated in what is told.
    let word = "x".repeat(100_000);
    let spec = device(
        &json!({ "dev": { "ids": ["d"] }, "avty_t": "a", "pl_avail": word, "cmps": part("{{ value }}", 2) }),
    );
    let (mut driver, _) = Driver::new(&spec);
    let problem = driver.on_message("a", &word.as_bytes()[1..], &mut Vec::new()).unwrap_err();
    assert!(problem.reason.len() < 1_000, "{}", problem.reason.len());
    let topics: Vec<String> = (0..1_000).map(|n| format!("t/{n}")).collect();
    let spec =
        device(&json!({ "dev": { "ids": ["d"] }, "cmps": { "a": { "p": "sensor", "stat_t": topics } } }));
    assert!(Driver::new(&spec).1[0].reason.contains("at most 32"));
}

#[test]
fn all_announcements_together_are_bounded() {
    let mut discovery = Discovery::new("m", "homeassistant");
    let long = "x".repeat(1_000_000);
    let mut said = |n: usize| {
        let config = json!({ "unique_id": format!("u{n}"), "state_topic": "s", "icon": long });
        discovery.on_config(&format!("homeassistant/sensor/{n}/config"), config.to_string().as_bytes())
    };
    let taken = (0..100).take_while(|n| said(*n).is_ok()).count();
    assert_eq!(taken, 67);
    assert!(said(100).unwrap_err().reason.contains("together"));
    assert!(said(3).is_ok(), "what is known may be said again");
    // A protocol's own announcements count as well.
    let native = json!({ "components": { "a": { "platform": "sensor", "unique_id": "n", "state_topic": "s", "icon": long } } });
    assert!(discovery.announce("some/native", Some(native)).unwrap_err().reason.contains("together"));
    discovery.on_config("homeassistant/sensor/0/config", b"").unwrap();
    assert!(discovery.announce("some/native", Some(json!({ "components": {} }))).is_ok());
}
