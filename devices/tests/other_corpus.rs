//! Announcements of everything that is not zigbee2mqtt: each is accepted or a problem that names topic and reason.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod common;

use std::collections::BTreeMap;

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::{Context, Observation, Problem, natives};
use lares_model::{Property, Value as Reading};
use serde_json::Value;

fn topic_of(line: &Value, n: usize) -> String {
    let component = line["component"].as_str().unwrap_or("sensor");
    line["topic"].as_str().map_or_else(|| format!("homeassistant/{component}/line_{n}/config"), str::to_owned)
}

fn payload_of(line: &Value) -> String {
    let text = line["payload_text"].as_str().or(line["payload"].as_str());
    text.map_or_else(|| line["payload"].to_string(), str::to_owned)
}

/// Through the protocol whose own words these are, or through discovery.
fn announced(topic: &str, payload: &[u8]) -> Result<(Vec<Change>, Vec<Problem>), Problem> {
    // The corpus holds the same device of several gateways: each line is a home of its own.
    let mut discovery = Discovery::new("x", topic.split('/').next().unwrap());
    let mut natives = natives(&Context::default());
    let Some(native) = natives.iter_mut().find(|n| n.takes(topic)) else {
        return discovery.on_config(topic, payload);
    };
    let announcement = native.on_message(topic, payload)?.remove(0);
    discovery.announce(&announcement.source, announcement.device)
}

/// What a family's lines came to.
#[derive(Default)]
struct Row {
    lines: usize,
    accepted: usize,
    entities: usize,
    typed: usize,
    states: usize,
    said: usize,
}

#[test]
fn every_message_is_taken_or_explained() {
    let Some(text) = common::read("corpora/mqtt-other/payloads.open.jsonl") else { return };
    let mut families: BTreeMap<String, Row> = BTreeMap::new();
    for (n, line) in text.lines().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        let row = families.entry(line["family"].as_str().unwrap().to_owned()).or_default();
        row.lines += 1;
        let topic = topic_of(&line, n);
        match announced(&topic, payload_of(&line).as_bytes()) {
            Ok((changes, problems)) => {
                row.accepted += 1;
                for problem in &problems {
                    assert!(problem.place == topic && !problem.reason.is_empty());
                    println!("part refused: {problem}");
                }
                for change in changes {
                    let Change::Announced(spec) = change else { panic!("nothing was there to be removed") };
                    hear(&spec, &line, row);
                }
            }
            Err(problem) => {
                assert!(!problem.reason.is_empty() && problem.place == topic);
                println!("refused: {problem}");
            }
        }
    }
    println!("{:<22} lines accepted entities typed states said-something", "family");
    for (family, row) in &families {
        let Row { lines, accepted, entities, typed, states, said } = row;
        println!("{family:<22} {lines:>5} {accepted:>8} {entities:>8} {typed:>5} {states:>6} {said:>14}");
    }
    let sum = |of: fn(&Row) -> usize| families.values().map(of).sum::<usize>();
    let (lines, accepted, entities) = (sum(|r| r.lines), sum(|r| r.accepted), sum(|r| r.entities));
    let (typed, states, said) = (sum(|r| r.typed), sum(|r| r.states), sum(|r| r.said));
    println!(
        "{accepted} of {lines} accepted, {typed} of {entities} typed, {said} of {states} states said something"
    );
    assert_eq!((lines, accepted), (423, 423));
    // The reasons of these are in docs/corpora.md.
    assert!(typed + 11 >= entities && said + 32 >= states, "{typed} of {entities}, {said} of {states}");
}

/// What a device says after it was announced, as far as the corpus has it.
fn hear(spec: &DeviceSpec, line: &Value, row: &mut Row) {
    row.entities += spec.info.entities.len();
    for entity in &spec.info.entities {
        row.typed += usize::from(!entity.properties.is_empty());
        if entity.properties.is_empty() {
            println!("not typed: {} ({})", entity.unique_id, entity.component.name());
        }
    }
    let (mut driver, problems) = Driver::new(spec);
    problems.iter().for_each(|p| println!("driver: {p}"));
    for state in line["state"].as_array().into_iter().flatten() {
        row.states += 1;
        let payload = payload_of(state);
        let (topic, mut out) = (state["topic"].as_str().unwrap(), Vec::new());
        match driver.on_message(topic, payload.as_bytes(), &mut out) {
            Err(problem) => println!("state: {problem}"),
            Ok(()) if out.is_empty() => println!("says nothing: {topic}: {payload:.120}"),
            Ok(()) => {}
        }
        row.said += usize::from(!out.is_empty());
    }
}

/// The expectations of the sources' own tests that speak of what is read: `is` after `receive`.
#[test]
fn exchanges_read_as_their_sources_expect() {
    let Some(text) = common::read("corpora/mqtt-other/payloads.open.jsonl") else { return };
    let (mut asked, mut met) = (0, 0);
    for (n, line) in text.lines().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        let topic = topic_of(&line, n);
        let mut discovery = Discovery::new("x", topic.split('/').next().unwrap());
        let Ok((changes, _)) = discovery.on_config(&topic, payload_of(&line).as_bytes()) else { continue };
        let Some(Change::Announced(spec)) = changes.into_iter().next() else { continue };
        let (mut driver, _) = Driver::new(&spec);
        let component = topic.split('/').nth(1).unwrap();
        let mut known: BTreeMap<&str, Value> = BTreeMap::new();
        for step in line["exchange"].as_array().into_iter().flatten() {
            let Some(message) = step["receive"].as_array() else { continue };
            let mut out = Vec::new();
            let _ = driver.on_message(
                message[0].as_str().unwrap(),
                message[1].as_str().unwrap().as_bytes(),
                &mut out,
            );
            for observation in out {
                if let Observation::Reading { property, value, .. } = observation {
                    known.insert(name_of(property), json_of(value));
                }
            }
            for (key, wanted) in step["is"].as_object().into_iter().flatten() {
                asked += 1;
                let found = known.get(key.as_str()).or_else(|| {
                    known.get(if component == "cover" { "action" } else { "on" }).filter(|_| key == "state")
                });
                let same = match (found, wanted) {
                    // On the wire in 255 steps, in the household in percent.
                    (Some(Value::Number(a)), Value::Number(b)) if key == "brightness" => {
                        (a.as_f64().unwrap() - b.as_f64().unwrap() / 2.55).abs() < 0.1
                    }
                    (Some(Value::Number(a)), Value::Number(b)) => {
                        (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 0.1
                    }
                    (Some(a), b) => a == b,
                    (None, b) => b.is_null(),
                };
                met += usize::from(same);
                if !same {
                    println!("{topic}: {message:?} {key}: {found:?}, wanted {wanted}");
                }
            }
        }
    }
    println!("{met} of {asked} expectations met");
    assert!(asked > 30 && met == asked, "{met} of {asked}");
}

fn name_of(property: Property) -> &'static str {
    match property {
        Property::TargetTemperature => "temperature",
        Property::Battery => "battery_level",
        Property::Color => "rgb",
        Property::FanMode => "fan_speed",
        Property::Percentage => "percent",
        other => other.name(),
    }
}

fn json_of(value: Option<Reading>) -> Value {
    match value {
        None => Value::Null,
        Some(Reading::Bool(b)) => b.into(),
        Some(Reading::Number(n)) => n.into(),
        Some(Reading::Text(t)) => t.as_ref().into(),
        Some(Reading::Rgb(r, g, b)) => vec![r, g, b].into(),
    }
}
