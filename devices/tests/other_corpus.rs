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

use lares_devices::Observation;
use lares_devices::homeassistant::{Change, Discovery, Driver};
use lares_model::{Property, Value as Reading};
use serde_json::Value;

fn topic_of(line: &Value, n: usize) -> String {
    let component = line["component"].as_str().unwrap_or("sensor");
    line["topic"].as_str().map_or_else(|| format!("homeassistant/{component}/line_{n}/config"), str::to_owned)
}

fn payload_of(line: &Value) -> String {
    line["payload_text"].as_str().map_or_else(|| line["payload"].to_string(), str::to_owned)
}

#[test]
fn every_message_is_taken_or_explained() {
    let Some(text) = common::read("corpora/mqtt-other/payloads.open.jsonl") else { return };
    let mut families: BTreeMap<String, [usize; 4]> = BTreeMap::new();
    for (n, line) in text.lines().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        let row = families.entry(line["family"].as_str().unwrap().to_owned()).or_default();
        row[0] += 1;
        let topic = topic_of(&line, n);
        // The corpus holds the same device of several gateways: each line is a home of its own.
        let mut discovery = Discovery::new("x", topic.split('/').next().unwrap());
        match discovery.on_config(&topic, payload_of(&line).as_bytes()) {
            Ok((changes, problems)) => {
                row[1] += 1;
                for problem in &problems {
                    assert!(problem.place == topic && !problem.reason.is_empty());
                    println!("part refused: {problem}");
                }
                for change in changes {
                    let Change::Announced(spec) = change else { panic!("nothing was there to be removed") };
                    let (mut driver, problems) = Driver::new(&spec);
                    problems.iter().for_each(|p| println!("driver: {p}"));
                    let mut out = Vec::new();
                    for state in line["state"].as_array().into_iter().flatten() {
                        row[2] += 1;
                        let payload = state["payload"]
                            .as_str()
                            .map_or_else(|| state["payload"].to_string(), str::to_owned);
                        if let Err(problem) =
                            driver.on_message(state["topic"].as_str().unwrap(), payload.as_bytes(), &mut out)
                        {
                            println!("state: {problem}");
                        }
                    }
                    row[3] += usize::from(!out.is_empty());
                }
            }
            Err(problem) => {
                assert!(!problem.reason.is_empty() && problem.place == topic);
                println!("refused: {problem}");
            }
        }
    }
    println!("{:<22} lines accepted states devices-that-spoke", "family");
    for (family, [lines, accepted, states, spoke]) in &families {
        println!("{family:<22} {lines:>5} {accepted:>8} {states:>6} {spoke:>6}");
    }
    let (lines, accepted) = families.values().fold((0, 0), |(a, b), r| (a + r[0], b + r[1]));
    assert_eq!(lines, 423);
    // Four lines are announcements of other kinds (ESPHome's own, openHASP's own) on topics of their own.
    assert!(accepted >= 419, "{accepted}");
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
    assert!(asked > 30 && met + 2 >= asked, "{met} of {asked}");
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
