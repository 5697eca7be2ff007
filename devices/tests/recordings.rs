//! Every line of the shared recordings becomes a typed reading.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod common;

use std::collections::BTreeMap;

use lares_devices::Observation;
use lares_devices::recording::{Binding, Line, RecordedDevice};
use lares_model::{Component, Property, Value};

const RECORDINGS: [&str; 11] = [
    "appliances-house/events.jsonl.gz",
    "casas-hh-labelled/events.jsonl.gz",
    "emhass-home/events.jsonl.gz",
    "emhass-week-2022/events.jsonl.gz",
    "ha-power-day/events.jsonl.gz",
    "office-occupancy/datatest.jsonl.gz",
    "office-occupancy/datatraining.jsonl.gz",
    "ordonez-a/events.jsonl.gz",
    "prices-spain/events.jsonl.gz",
    "room-people-count/events.jsonl.gz",
    "wifi-rooms-house/events.jsonl.gz",
];

#[test]
fn every_recorded_line_is_a_reading() {
    for path in RECORDINGS {
        let Some(text) = common::read(&format!("recordings/{path}")) else { return };
        let lines: Vec<Line> = text.lines().zip(1..).map(|(l, n)| Line::parse(l, n).unwrap()).collect();
        let mut bindings: BTreeMap<(Option<String>, String), Vec<Binding>> = BTreeMap::new();
        for line in &lines {
            let kinds = bindings.entry((line.room.clone(), line.device.clone())).or_default();
            let binding = Binding::of(line);
            if !kinds.contains(&binding) {
                kinds.push(binding);
            }
        }
        let devices: BTreeMap<_, _> =
            bindings.into_iter().map(|(k, b)| (k, RecordedDevice::new(&b).unwrap())).collect();
        let mut out = Vec::new();
        for line in &lines {
            devices[&(line.room.clone(), line.device.clone())].on_line(line, &mut out).unwrap();
        }
        assert_eq!(out.len(), lines.len(), "{path}");
        let known = out.iter().filter(|o| matches!(o, Observation::Reading { value: Some(_), .. })).count();
        println!("{path}: {} lines, {} devices, {known} known values", lines.len(), devices.len());
        assert!(known * 100 >= lines.len() * 99, "{path}");
    }
}

#[test]
fn a_light_is_echoed_and_a_motion_sensor_cannot_be_moved() {
    let bind = |kind: &str| Binding {
        room: "Bathroom".into(),
        device: "BathroomLight".into(),
        kind: kind.into(),
        numeric: false,
    };
    let device = RecordedDevice::new(&[bind("light"), bind("motion")]).unwrap();
    let [light, motion] = device.info().entities.as_slice() else { panic!("two entities") };
    assert_eq!(
        (light.component, light.key.as_str()),
        (Component::Light, "recording/Bathroom/BathroomLight/light")
    );
    let echo = device.echo(light.id(), &[(Property::On, Value::Bool(true))]).unwrap();
    assert_eq!(
        echo,
        [Observation::Reading { entity: light.id(), property: Property::On, value: Some(Value::Bool(true)) }]
    );
    assert!(device.echo(motion.id(), &[(Property::State, Value::Bool(true))]).is_err());
    assert!(device.echo(light.id(), &[(Property::On, Value::Number(1.0))]).is_err());
    assert!(device.echo(light.id(), &[(Property::Brightness, Value::Number(1.0))]).is_err());
}
