//! The messages that stay with the code: what each announces, how its states read, and what commands become.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod common;

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::{Context, Observation, natives};
use lares_model::{Property, Value as Reading};
use serde_json::Value;

/// A payload as it is on the wire: a text is itself, anything else JSON.
fn bytes(payload: &Value) -> Vec<u8> {
    payload.as_str().map_or_else(|| payload.to_string(), str::to_owned).into_bytes()
}

/// The device that all announcements of a fixture make.
fn announced(fixture: &Value) -> DeviceSpec {
    let mut discovery = Discovery::new("mqtt", "homeassistant");
    let mut natives = natives(&Context::default());
    let mut spec = None;
    for message in fixture["announcements"].as_array().unwrap() {
        let (topic, payload) = (message["topic"].as_str().unwrap(), bytes(&message["payload"]));
        let mut changes = Vec::new();
        if let Some(native) = natives.iter_mut().find(|n| n.takes(topic)) {
            for a in native.on_message(topic, &payload).unwrap() {
                let (made, problems) = discovery.announce(&a.source, a.device).unwrap();
                assert_eq!(problems, []);
                changes.extend(made);
            }
        } else {
            let (made, problems) = discovery.on_config(topic, &payload).unwrap();
            assert_eq!(problems, []);
            changes.extend(made);
        }
        for change in changes {
            if let Change::Announced(announced) = change {
                spec = Some(*announced);
            }
        }
    }
    spec.unwrap()
}

fn slug<'a>(spec: &'a DeviceSpec, observation: &Observation) -> &'a str {
    let Observation::Reading { entity, .. } = observation else { panic!("{observation:?}") };
    &spec.info.entities.iter().find(|e| e.id() == *entity).unwrap().slug
}

#[test]
fn fixtures_read_as_written() {
    for text in common::FIXTURES {
        let fixture: Value = serde_json::from_str(text).unwrap();
        let spec = announced(&fixture);
        let (mut driver, problems) = Driver::new(&spec);
        assert_eq!(problems, []);
        for message in fixture["messages"].as_array().unwrap() {
            let mut out = Vec::new();
            let topic = message["topic"].as_str().unwrap();
            driver.on_message(topic, &bytes(&message["payload"]), &mut out).unwrap();
            let found: Vec<String> = out
                .iter()
                .map(|o| match o {
                    Observation::Reading { property, value: Some(value), .. } => {
                        format!("{}.{} = {value}", slug(&spec, o), property.name())
                    }
                    Observation::Availability { entity: None, online } => {
                        if *online { "online" } else { "offline" }.to_owned()
                    }
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(message["readings"], Value::from(found), "{topic}");
        }
    }
}

#[test]
fn fixtures_are_commanded_as_written() {
    for text in common::FIXTURES {
        let fixture: Value = serde_json::from_str(text).unwrap();
        let spec = announced(&fixture);
        let (driver, _) = Driver::new(&spec);
        for command in fixture["commands"].as_array().into_iter().flatten() {
            let wish = command["wish"].as_str().unwrap();
            let (place, value) = wish.split_once(" = ").unwrap();
            let (entity, property) = place.split_once('.').unwrap();
            let entity =
                spec.info.entities.iter().find(|e| e.slug == entity).unwrap_or_else(|| panic!("{wish}"));
            let value = match value {
                "on" => Reading::Bool(true),
                other => Reading::text(other),
            };
            let result = driver.command(entity.id(), &[(Property::parse(property).unwrap(), value)]);
            match (&command["sent"], result) {
                (Value::Null, Err(refusal)) => {
                    assert!(
                        refusal.reason.contains(command["refused"].as_str().unwrap()),
                        "{wish}: {refusal}"
                    );
                }
                (sent, Ok(messages)) => {
                    let text = String::from_utf8(messages[0].payload.clone()).unwrap();
                    assert_eq!(*sent, Value::from(vec![messages[0].topic.clone(), text]), "{wish}");
                    assert_eq!(messages.len(), 1);
                }
                (_, Err(refusal)) => panic!("{wish}: {refusal}"),
            }
        }
    }
}
