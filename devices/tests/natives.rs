//! Anything on the topics of any protocol: nothing panics, what is refused says where and why, memory is bounded.
//! `LARES_FUZZ_CASES=1000000` makes a drill of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use lares_devices::homeassistant::{Change, Discovery, Driver};
use lares_devices::{Context, natives};
use proptest::prelude::*;

/// Real messages, to be bent.
const SEEDS: &[(&str, &str)] = &[
    (
        "esphome/discover/hall",
        r#"{"ip":"1.2.3.4","name":"hall","version":"2024.9.0","mac":"0cb815d71a00","board":"esp32dev"}"#,
    ),
    ("espresense/devices/phone:a/hall", r#"{"id":"phone:a","rssi@1m":-59,"rssi":-71,"distance":2.4}"#),
    (
        "hasp/discovery/98",
        r#"{"node":"p","hwid":"98","pages":12,"node_t":"hasp/p/","input":{"1":"door"},"power":[1],"light":[12],"dim":[2]}"#,
    ),
    (
        "owntracks/anna/phone",
        r#"{"_type":"location","lat":48.2,"lon":16.4,"batt":21,"acc":10,"inregions":["home"]}"#,
    ),
    ("room_presence/hall", r#"{"id":"phone:a","name":"A","distance":4.2}"#),
    ("rtl_433/pi/devices/Acurite/A/1/temperature_C", "21.5"),
    (
        "tasmota/discovery/A0/config",
        r#"{"dn":"Desk","fn":["L",null],"md":"S","state":["OFF","ON"],"t":"desk","ft":"%prefix%/%topic%/","tp":["cmnd","stat","tele"],"rl":[1,2,3,3],"so":{"26":1},"lt_st":5}"#,
    ),
    (
        "tasmota/discovery/A0/sensors",
        r#"{"sn":{"ENERGY":{"Power":12,"Total":[1,2]},"DS":{"Temperature":20},"TempUnit":"C"}}"#,
    ),
    (
        "zigbee2mqtt/bridge/info",
        r#"{"version":"2","permit_join":false,"coordinator":{"ieee_address":"0x1"}}"#,
    ),
    ("zigbee2mqtt/bridge/groups", r#"[{"id":3,"friendly_name":"down","members":[{}]}]"#),
];

fn cases() -> u32 {
    std::env::var("LARES_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(3000)
}

/// A text with parts cut out, doubled, or put in from elsewhere.
fn bent() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let edit = (any::<prop::sample::Index>(), 0..4_usize, prop::collection::vec(any::<u8>(), 0..6));
    let words = prop::sample::select(vec![
        "null",
        "[]",
        "{}",
        "-1",
        "1e999",
        "\"\\u0000\"",
        "\"+/#\"",
        "true",
        "\"\"",
        "{{",
    ]);
    (0..SEEDS.len(), prop::collection::vec((edit, words), 0..4)).prop_map(|(seed, edits)| {
        let mut bytes = SEEDS[seed].1.as_bytes().to_vec();
        for ((at, kind, noise), word) in edits {
            let at = at.index(bytes.len() + 1);
            match kind {
                0 => bytes.truncate(at),
                1 => drop(bytes.splice(at..at, noise)),
                2 => {
                    // A value becomes another one.
                    let from = bytes[at..].iter().position(|b| *b == b':').map_or(at, |n| at + n + 1);
                    let to = bytes[from..]
                        .iter()
                        .position(|b| b",}]".contains(b))
                        .map_or(bytes.len(), |n| from + n);
                    drop(bytes.splice(from..to, word.bytes()));
                }
                _ => bytes.extend_from_within(at..),
            }
        }
        (seed, bytes)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_message_of_any_protocol(messages in prop::collection::vec(bent(), 1..5), part in ".{0,6}") {
        let context = Context { beacons: ["phone:a".to_owned()].into(), position: Some((48.2, 16.4)) };
        let mut natives = natives(&context);
        let mut discovery = Discovery::new("m", "homeassistant");
        for (seed, bytes) in &messages {
            let topic = SEEDS[*seed].0;
            for topic in [topic.to_owned(), topic.replace("hall", &part), format!("{topic}/{part}")] {
                let Some(native) = natives.iter_mut().find(|n| n.takes(&topic)) else { continue };
                let announced = match native.on_message(&topic, bytes) {
                    Ok(announced) => announced,
                    Err(problem) => {
                        prop_assert!(!problem.reason.is_empty() && problem.place == topic);
                        continue;
                    }
                };
                for a in announced {
                    let Ok((changes, _)) = discovery.announce(&a.source, a.device) else { continue };
                    for change in changes {
                        let Change::Announced(spec) = change else { continue };
                        let (mut driver, _) = Driver::new(&spec);
                        for topic in driver.topics() {
                            let _ = driver.on_message(&topic, bytes, &mut Vec::new());
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn every_real_message_announces_something() {
    let context = Context { beacons: ["phone:a".to_owned()].into(), position: None };
    let mut natives = natives(&context);
    let names: Vec<_> = natives.iter().map(|n| n.name()).collect();
    assert!(names.is_sorted());
    for (topic, payload) in SEEDS.iter().filter(|(t, _)| !t.ends_with("/sensors")) {
        let native = natives.iter_mut().find(|n| n.takes(topic)).unwrap_or_else(|| panic!("{topic}"));
        let filters = native.subscriptions();
        assert!(!filters.is_empty(), "{topic}");
        assert_eq!(native.on_message(topic, payload.as_bytes()).unwrap().len(), 1, "{topic}");
    }
}

#[test]
fn names_of_any_kind_and_devices_of_any_size_stay_where_they_are() {
    let long = "x".repeat(10_000);
    for name in ["a/b", "#", "+", "\0", "🛋️", "'; drop", long.as_str(), ""] {
        let mut discovery = Discovery::new("m", "homeassistant");
        let config = serde_json::json!({ "name": name, "unique_id": "u", "state_topic": "s",
            "device": { "identifiers": ["i"], "name": name } });
        let (changes, _) =
            discovery.on_config("homeassistant/sensor/x/config", config.to_string().as_bytes()).unwrap();
        let Change::Announced(spec) = &changes[0] else { panic!("{changes:?}") };
        let slug = &spec.info.entities[0].slug;
        assert!(!slug.is_empty() && slug.len() <= 60 && slug.is_ascii(), "{name:?}: {slug:?}");
    }
    let mut discovery = Discovery::new("m", "homeassistant");
    let mut refused = 0;
    for n in 0..10_000 {
        let config =
            format!(r#"{{"unique_id":"u{n}","state_topic":"s","device":{{"identifiers":["one"]}}}}"#);
        let (_, problems) =
            discovery.on_config(&format!("homeassistant/sensor/{n}/config"), config.as_bytes()).unwrap();
        refused += problems.len();
    }
    assert_eq!(refused, 8_000, "a device has 2,000 entities at most, and each one more is said");
    assert_eq!(discovery.device("m/one").unwrap().entities.len(), 2_000);
}

#[test]
fn a_template_that_never_ends_costs_its_own_entity_only() {
    let mut discovery = Discovery::new("m", "homeassistant");
    let endless = "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}";
    let config = serde_json::json!({ "device": { "identifiers": ["d"] }, "o": { "name": "t" }, "state_topic": "s",
        "cmps": { "bad": { "p": "sensor", "unique_id": "bad", "name": "bad", "value_template": endless },
            "good": { "p": "sensor", "unique_id": "good", "name": "good", "value_template": "{{ value_json.a }}" } } });
    let (changes, _) =
        discovery.on_config("homeassistant/device/d/config", config.to_string().as_bytes()).unwrap();
    let Change::Announced(spec) = &changes[0] else { panic!("{changes:?}") };
    let (mut driver, _) = Driver::new(spec);
    let mut out = Vec::new();
    let problem = driver.on_message("s", br#"{"a":"fine"}"#, &mut out).unwrap_err();
    assert!(problem.place == "s" && problem.reason.contains("bad"), "{problem}");
    assert_eq!(out.len(), 1, "the other entity was read: {out:?}");
}
