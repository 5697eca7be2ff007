//! The messages that stay with the code: what each announces and how its states read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod common;

use lares_devices::Observation;
use lares_devices::homeassistant::{Change, Discovery, Driver};
use serde_json::Value;

#[test]
fn fixtures_read_as_written() {
    for text in common::FIXTURES {
        let fixture: Value = serde_json::from_str(text).unwrap();
        let mut discovery = Discovery::new("mqtt", "homeassistant");
        let mut spec = None;
        for message in fixture["announcements"].as_array().unwrap() {
            let (changes, problems) = discovery
                .on_config(message["topic"].as_str().unwrap(), message["payload"].to_string().as_bytes())
                .unwrap();
            assert_eq!(problems, []);
            for change in changes {
                if let Change::Announced(announced) = change {
                    spec = Some(*announced);
                }
            }
        }
        let spec = spec.unwrap();
        let (mut driver, problems) = Driver::new(&spec);
        assert_eq!(problems, []);
        for message in fixture["messages"].as_array().unwrap() {
            let mut out = Vec::new();
            driver
                .on_message(
                    message["topic"].as_str().unwrap(),
                    message["payload"].to_string().as_bytes(),
                    &mut out,
                )
                .unwrap();
            let found: Vec<Value> = out
                .iter()
                .map(|o| match o {
                    Observation::Reading { entity, property, value: Some(value) } => {
                        let slug = &spec.info.entities.iter().find(|e| e.id() == *entity).unwrap().slug;
                        format!("{slug}.{} = {value}", property.name()).into()
                    }
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(message["readings"], Value::Array(found));
        }
    }
}
