//! Every device model that zigbee2mqtt supports: announced, typed, read as real Jinja2 reads it, and commanded as its
//! `exposes` allow.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

#[path = "../common/mod.rs"]
mod common;
mod exposes;

use std::collections::BTreeMap;

use lares_devices::Observation;
use lares_devices::homeassistant::{Bank, Change, DeviceSpec, Discovery, Driver, Message};
use lares_model::{Component, EntityInfo, Property, Value, ValueKind};
use serde_json::Value as Json;

use exposes::allowed;

#[derive(Default)]
struct Row {
    seen: usize,
    typed: usize,
    templates: usize,
    templates_equal: usize,
    readable: usize,
    stated: usize,
    writable: usize,
    commanded: usize,
}

fn lines(path: &str) -> Option<Vec<Json>> {
    Some(common::read(path)?.lines().map(|l| serde_json::from_str(l).unwrap()).collect())
}

/// The device as the last of its announcements leaves it.
fn announce(discovery: &mut Discovery, device: &Json) -> (Option<DeviceSpec>, Vec<String>) {
    let (mut spec, mut problems) = (None, Vec::new());
    for message in device["discovery"].as_array().unwrap() {
        match discovery
            .on_config(message["topic"].as_str().unwrap(), message["payload"].to_string().as_bytes())
        {
            Ok((changes, found)) => {
                problems.extend(found.into_iter().map(|p| p.to_string()));
                for change in changes {
                    if let Change::Announced(announced) = change {
                        spec = Some(*announced);
                    }
                }
            }
            Err(problem) => problems.push(problem.to_string()),
        }
    }
    (spec, problems)
}

#[test]
fn every_supported_model() {
    let (Some(devices), Some(oracle)) = (
        lines("corpora/z2m-discovery/devices.open.jsonl.zst"),
        lines("corpora/z2m-discovery/oracle.open.jsonl.zst"),
    ) else {
        return;
    };
    let oracle: BTreeMap<(String, String), Json> =
        oracle.into_iter().map(|o| ((text(&o["model"]), text(&o["topic"])), o)).collect();
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    let mut misses: BTreeMap<String, usize> = BTreeMap::new();
    let mut miss = |kind: &str, what: String| {
        let count = misses.entry(kind.to_owned()).or_default();
        *count += 1;
        if *count <= 12 {
            println!("{kind}: {what}");
        }
    };
    for device in &devices {
        let mut discovery = Discovery::new("z2m", "homeassistant");
        let (spec, problems) = announce(&mut discovery, device);
        for problem in problems {
            if !problem.contains("infrared") {
                miss("announcement", problem);
            }
        }
        let spec = spec.expect("a device");
        assert_eq!(DeviceSpec::from_bytes(&spec.to_bytes()).unwrap(), spec);
        let (mut driver, problems) = Driver::new(&spec);
        problems.into_iter().for_each(|p| miss("driver", p.to_string()));
        let found = hear(&mut driver, device, &mut miss);
        for message in device["discovery"].as_array().unwrap() {
            let topic = text(&message["topic"]);
            let row = table.entry(topic.split('/').nth(1).unwrap().to_owned()).or_default();
            row.seen += 1;
            templates(device, &topic, &oracle, row, &mut miss);
            let Some(entity) = spec.entities.iter().find(|e| e.source == topic) else { continue };
            let info = spec.info.entities.iter().find(|e| e.key == entity.key).unwrap();
            row.typed += usize::from(!info.properties.is_empty());
            states(info, &found, row, &mut miss);
            commands(info, device, &driver, row, &mut miss);
        }
    }
    println!(
        "{:<14} {:>6} {:>6} {:>9} {:>7} {:>8} {:>7} {:>8} {:>9}",
        "component", "seen", "typed", "templates", "equal", "readable", "stated", "writable", "commanded"
    );
    for (component, r) in &table {
        println!(
            "{component:<14} {:>6} {:>6} {:>9} {:>7} {:>8} {:>7} {:>8} {:>9}",
            r.seen, r.typed, r.templates, r.templates_equal, r.readable, r.stated, r.writable, r.commanded
        );
    }
    println!("misses: {misses:?}");
    assert_eq!(devices.len(), 3084);
    for (component, r) in &table {
        if component == "infrared" {
            continue;
        }
        assert_eq!((r.typed, r.templates_equal), (r.seen, r.templates), "{component}");
        // zigbee2mqtt announces what the same device's `exposes` deny: modes that can only be read, a cooling setpoint
        // with the range of the heating one, a fan's `fan_state` that is not exposed.
        let excused = match component.as_str() {
            "climate" => 21,
            "fan" => 3,
            _ => 0,
        };
        assert!(r.commanded + excused >= r.writable, "{component}: {} of {}", r.commanded, r.writable);
        assert!(r.stated * 1000 >= r.readable * 995, "{component}: {} of {}", r.stated, r.readable);
    }
}

/// Buttons: a trigger for each action, announced when it was first seen.
#[test]
fn every_trigger_is_heard() {
    let Some(devices) = lines("corpora/z2m-discovery/devices.open.jsonl.zst") else { return };
    let mut heard = 0;
    for trigger in devices.iter().flat_map(|d| d["device_triggers"].as_array().unwrap()) {
        let mut discovery = Discovery::new("z2m", "homeassistant");
        let payload = &trigger["payload"];
        let (changes, problems) =
            discovery.on_config(trigger["topic"].as_str().unwrap(), payload.to_string().as_bytes()).unwrap();
        assert_eq!(problems, []);
        let Some(Change::Announced(spec)) = changes.into_iter().next() else { panic!("{trigger}") };
        let mut out = Vec::new();
        let (mut driver, _) = Driver::new(&spec);
        let topic = payload["topic"].as_str().unwrap();
        driver.on_message(topic, payload["payload"].as_str().unwrap().as_bytes(), &mut out).unwrap();
        driver.on_message(topic, b"something else", &mut out).unwrap();
        assert!(matches!(
            out.as_slice(),
            [Observation::Reading { property: Property::EventType, value: Some(_), .. }]
        ));
        heard += 1;
    }
    assert_eq!(heard, 7081);
}

/// The same devices under other settings, the bridge's own entities, and removals.
#[test]
fn every_variant_of_an_announcement() {
    let Some(lines) = lines("corpora/z2m-discovery/variants.open.jsonl.zst") else { return };
    let mut seen = BTreeMap::<String, [usize; 3]>::new();
    for line in lines {
        let topic = text(&line["topic"]);
        if !topic.ends_with("/config") {
            continue;
        }
        let prefix = if topic.starts_with("ha/disc/") { "ha/disc" } else { "homeassistant" };
        let mut discovery = Discovery::new("z2m", prefix);
        let row = seen.entry(text(&line["variant"])).or_default();
        row[0] += 1;
        let payload = line["payload"].as_str().map_or_else(|| line["payload"].to_string(), str::to_owned);
        match discovery.on_config(&topic, payload.as_bytes()) {
            Ok((changes, problems)) => {
                assert_eq!(problems, []);
                row[1] += 1;
                for change in changes {
                    let Change::Announced(spec) = change else { panic!("nothing was there") };
                    let (_, problems) = Driver::new(&spec);
                    row[2] += usize::from(problems.is_empty());
                    problems.iter().take(1).for_each(|p| println!("{p}"));
                }
            }
            Err(problem) => println!("{problem}"),
        }
    }
    println!("lines, accepted, drivers without a complaint: {seen:?}");
    for (variant, [lines, accepted, sound]) in seen {
        assert_eq!(accepted, lines, "{variant}");
        let unsound = match variant.as_str() {
            "removed" => lines,
            // Their template needs regular expressions, which are not offered.
            "event_entities" => 25,
            _ => 0,
        };
        assert_eq!(sound + unsound, lines, "{variant}");
    }
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

type Found = BTreeMap<(String, Property), Option<Value>>;

fn hear(driver: &mut Driver, device: &Json, miss: &mut impl FnMut(&str, String)) -> Found {
    let mut out = Vec::new();
    let mut messages =
        vec![(format!("zigbee2mqtt/{}", text(&device["friendly_name"])), device["state"].to_string())];
    for extra in device["state_extra"].as_array().unwrap() {
        let payload = extra["payload"].as_str().map_or_else(|| extra["payload"].to_string(), str::to_owned);
        messages.push((text(&extra["topic"]), payload));
    }
    for (topic, payload) in messages {
        if let Err(problem) = driver.on_message(&topic, payload.as_bytes(), &mut out) {
            miss("state", problem.to_string());
        }
    }
    let mut found = Found::new();
    for observation in out {
        if let Observation::Reading { entity, property, value } = observation {
            found.insert((entity.to_string(), property), value);
        }
    }
    found
}

fn templates(
    device: &Json,
    topic: &str,
    oracle: &BTreeMap<(String, String), Json>,
    row: &mut Row,
    miss: &mut impl FnMut(&str, String),
) {
    let Some(expected) = oracle.get(&(text(&device["model"]), topic.to_owned())) else { return };
    for (_, case) in expected["rendered"].as_object().into_iter().flatten() {
        let template = text(&case["template"]);
        let (mut fast, mut slow) = (Bank::default(), Bank::default());
        let (by_shape, by_engine) = (fast.add(&template), slow.add_engine(&template));
        for (which, state) in [("full", "state"), ("first", "state_first")] {
            row.templates += 1;
            let payload = payload_of(device, topic, state);
            let message = Message::new(&payload);
            let read = |bank: &Bank, compiled: &Result<_, String>| match compiled {
                Ok(compiled) => bank.read(compiled, &message).map(|r| r.text().into_owned()),
                Err(why) => Err(why.clone()),
            };
            let (a, b) = (read(&fast, &by_shape), read(&slow, &by_engine));
            if a.as_deref() == Ok(text(&case[which]).as_str()) && a == b {
                row.templates_equal += 1;
            } else {
                miss("template", format!("{template} gave {a:?} and {b:?}, not {}", case[which]));
            }
        }
    }
    for (_, command) in expected["commands"].as_object().into_iter().flatten() {
        let mut bank = Bank::default();
        let template = bank.add(&text(&command["template"])).unwrap();
        for case in command["cases"].as_array().unwrap() {
            row.templates += 1;
            let variables: Vec<_> =
                case["vars"].as_object().unwrap().iter().map(|(k, v)| (k.as_str(), engine(v))).collect();
            let made = bank.write(Some(&template), &variables);
            if made.as_deref() == Ok(text(&case["out"]).as_str()) {
                row.templates_equal += 1;
            } else {
                miss(
                    "command template",
                    format!("{} gave {made:?}, not {}", command["template"], case["out"]),
                );
            }
        }
    }
}

/// The message that an announcement's topics carry: the device's state, or that of one of its endpoints.
fn payload_of(device: &Json, topic: &str, state: &str) -> String {
    let announced = device["discovery"].as_array().unwrap().iter().find(|m| m["topic"] == *topic).unwrap();
    let extra = device["state_extra"].as_array().unwrap().iter().find(|extra| {
        announced["payload"]
            .as_object()
            .unwrap()
            .iter()
            .any(|(k, v)| k.ends_with("state_topic") && *v == extra["topic"])
    });
    match extra.filter(|e| state == "state" && e["payload"].is_object()) {
        Some(extra) => extra["payload"].to_string(),
        None => device[state].to_string(),
    }
}

fn engine(json: &Json) -> minijinja::Value {
    match json {
        Json::String(t) => t.as_str().into(),
        Json::Number(n) if n.is_i64() => n.as_i64().unwrap().into(),
        Json::Number(n) => n.as_f64().unwrap().into(),
        Json::Bool(b) => (*b).into(),
        other => panic!("{other}"),
    }
}

/// Whether a value is of its property's kind.
fn fits(kind: &ValueKind, value: &Value) -> bool {
    match (kind, value) {
        (ValueKind::Bool, Value::Bool(_))
        | (ValueKind::Text, Value::Text(_))
        | (ValueKind::Rgb, Value::Rgb(..)) => true,
        (ValueKind::Number { .. }, Value::Number(n)) => n.is_finite(),
        (ValueKind::Enum(options), Value::Text(t)) => options.contains(t),
        _ => false,
    }
}

fn states(info: &EntityInfo, found: &Found, row: &mut Row, miss: &mut impl FnMut(&str, String)) {
    for property in info.properties.iter().filter(|p| p.readable) {
        row.readable += 1;
        match found.get(&(info.id().to_string(), property.property)) {
            Some(Some(value)) if fits(&property.kind, value) => row.stated += 1,
            // The state says null: unknown is what it should be.
            Some(None) => row.stated += 1,
            other => miss(
                "reading",
                format!("{} {}: {other:?} {:?}", info.unique_id, property.property.name(), property.kind),
            ),
        }
    }
}

/// Wishes that a person could have for a property.
fn wishes(kind: &ValueKind) -> Vec<Value> {
    match kind {
        ValueKind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        ValueKind::Number { min, max, .. } => {
            vec![Value::Number(min.unwrap_or(0.0)), Value::Number(max.unwrap_or(1.0))]
        }
        ValueKind::Enum(options) => options.iter().cloned().map(Value::Text).collect(),
        ValueKind::Rgb => vec![Value::Rgb(255, 0, 0), Value::Rgb(12, 200, 77)],
        ValueKind::Text => vec![],
    }
}

fn commands(
    info: &EntityInfo,
    device: &Json,
    driver: &Driver,
    row: &mut Row,
    miss: &mut impl FnMut(&str, String),
) {
    for property in info.properties.iter().filter(|p| p.writable) {
        if property.property == Property::Press || info.component == Component::Siren {
            continue;
        }
        for wish in wishes(&property.kind) {
            row.writable += 1;
            match driver.command(info.id(), &[(property.property, wish.clone())]) {
                Ok(sends) if sends.iter().all(|s| allowed(device, &s.topic, &s.payload)) => {
                    row.commanded += 1
                }
                Ok(sends) => {
                    let shown: Vec<_> = sends
                        .iter()
                        .map(|s| (&s.topic, String::from_utf8_lossy(&s.payload).into_owned()))
                        .collect();
                    miss(
                        "command",
                        format!("{} {} = {wish}: {shown:?}", info.unique_id, property.property.name()),
                    );
                }
                Err(refusal) => miss(
                    "refusal",
                    format!("{} {} = {wish}: {refusal}", info.unique_id, property.property.name()),
                ),
            }
        }
    }
}
