//! Beacons that are carried become devices; what else receivers hear does not.

use lares_model::{Property, Value};

use super::*;
use crate::Observation;
use crate::homeassistant::{Change, Discovery, Driver};

fn carried(ids: &[&str]) -> Espresense {
    Espresense::new(ids.iter().map(|i| (*i).to_owned()).collect())
}

#[test]
fn each_receiver_of_a_beacon_adds_a_distance() {
    let mut native = carried(&["phone:alex"]);
    let mut discovery = Discovery::new("mqtt", "homeassistant");
    let message = br#"{"id":"phone:alex","name":"Alex","rssi@1m":-59,"rssi":-71,"distance":2.4}"#;
    let mut last = None;
    for topic in ["espresense/devices/phone:alex/kitchen", "espresense/devices/phone:alex/hall"] {
        assert!(native.takes(topic));
        for announced in native.on_message(topic, message).unwrap() {
            let (changes, problems) = discovery.announce(&announced.source, announced.device).unwrap();
            assert!(problems.is_empty());
            last = changes.into_iter().next();
        }
        assert!(native.on_message(topic, message).unwrap().is_empty(), "the same again is no news");
    }
    let Some(Change::Announced(spec)) = last else { panic!("{last:?}") };
    assert_eq!(
        (spec.info.name.as_str(), spec.info.identifiers.as_slice()),
        ("Alex", &["phone:alex".into()][..])
    );
    let names: Vec<_> = spec.info.entities.iter().map(|e| e.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["kitchen", "hall"]);
    let (mut driver, problems) = Driver::new(&spec);
    assert!(problems.is_empty());
    let mut out = Vec::new();
    driver.on_message("espresense/devices/phone:alex/hall", message, &mut out).unwrap();
    let reading = Observation::Reading {
        entity: spec.info.entities[1].id(),
        property: Property::State,
        value: Some(Value::Number(2.4)),
    };
    assert_eq!(out, [reading]);
    out.clear();
    driver.on_message("espresense/devices/phone:alex/hall", br#"{"lux":"253"}"#, &mut out).unwrap();
    assert!(out.is_empty(), "a message that holds no distance: {out:?}");
}

#[test]
fn strangers_are_passed_over_and_receivers_are_bounded() {
    let mut native = carried(&["a"]);
    for topic in [
        "espresense/devices/b/kitchen",
        "espresense/devices/a",
        "espresense/devices/a/x/y",
        "espresense/devices//kitchen",
        "espresense/rooms/kitchen/status",
    ] {
        assert!(!native.takes(topic), "{topic}");
        assert!(native.on_message(topic, b"{}").unwrap().is_empty());
    }
    let new = (0..10_000).filter(|n| {
        let topic = format!("espresense/devices/a/r{n}");
        !native.on_message(&topic, b"\xff").unwrap().is_empty()
    });
    assert_eq!(new.count(), MOST_RECEIVERS);
    assert!(carried(&[]).subscriptions().is_empty(), "nobody carries anything: nothing is listened to");
}
