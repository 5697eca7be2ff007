//! zigbee2mqtt's models: announced, typed, read, commanded.

use std::collections::BTreeMap;
use std::path::Path;

use lares_devices::Observation;
use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_model::{EntityInfo, Property, Value, ValueKind};
use serde_json::{Value as Json, json};

use super::exposes::allowed;
use super::misses::Misses;
use super::read::{Bad, lines};
use super::{list, published, share, templates, text};

#[derive(Default)]
struct Row {
    messages: usize,
    accepted: usize,
    typed: usize,
    templates: usize,
    equal: usize,
    states: usize,
    applied: usize,
    commands: usize,
    taken: usize,
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.accepted += other.accepted;
        self.typed += other.typed;
        self.templates += other.templates;
        self.equal += other.equal;
        self.states += other.states;
        self.applied += other.applied;
        self.commands += other.commands;
        self.taken += other.taken;
    }

    fn counts(&self) -> Json {
        json!({ "messages": self.messages, "accepted": self.accepted, "typed": self.typed,
            "templates": self.templates, "templates_equal": self.equal, "states": self.states,
            "states_applied": self.applied, "commands": self.commands, "commands_accepted": self.taken })
    }
}

/// Scores models against their oracle.
pub fn score(devices: &Path, oracle: &Path) -> Result<Json, Bad> {
    let mut expected = BTreeMap::new();
    for line in lines(oracle)? {
        let key = (line.text(oracle, "model")?.to_owned(), line.text(oracle, "topic")?.to_owned());
        expected.insert(key, line.json);
    }
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut misses = Misses::default();
    let (mut models, mut whole, mut triggers, mut heard) = (0, 0, 0, 0);
    for line in lines(devices)? {
        let (model, announced) = (line.text(devices, "model")?, line.list(devices, "discovery")?);
        line.text(devices, "friendly_name")?;
        let device = &line.json;
        let mut discovery = Discovery::new("z2m", "homeassistant");
        let accepted = announced.iter().map(|m| announce(&mut discovery, m, &mut misses)).collect::<Vec<_>>();
        models += 1;
        whole += usize::from(accepted.iter().all(Option::is_some));
        let spec = accepted.iter().flatten().last().cloned().unwrap_or_default();
        let (mut driver, problems) = Driver::new(&spec);
        problems.iter().for_each(|p| misses.note("driver", model, p));
        let found = hear(&mut driver, device, &mut misses);
        for (message, accepted) in announced.iter().zip(&accepted) {
            let topic = text(message, "topic");
            let row = rows.entry(topic.split('/').nth(1).unwrap_or_default().to_owned()).or_default();
            row.messages += 1;
            row.accepted += usize::from(accepted.is_some());
            if let Some(expected) = expected.get(&(model.to_owned(), topic.to_owned())) {
                let (cases, equal) = templates::compare(device, &line.text, topic, expected, &mut misses);
                row.templates += cases;
                row.equal += equal;
            }
            let key = spec.entities.iter().find(|e| e.source == topic).map(|e| e.key.as_str());
            let Some(info) = spec.info.entities.iter().find(|e| Some(&*e.key) == key) else { continue };
            row.typed += usize::from(!info.properties.is_empty());
            states(info, &found, row, &mut misses);
            commands(info, device, &driver, row, &mut misses);
        }
        for trigger in list(device, "device_triggers") {
            triggers += 1;
            heard += usize::from(hears(trigger, &mut misses));
        }
    }
    let mut all = Row::default();
    rows.values().for_each(|row| all.add(row));
    let components: BTreeMap<_, _> = rows.iter().map(|(name, row)| (name, row.counts())).collect();
    let (counts, first) = misses.into_json();
    let mut totals = all.counts();
    totals["models"] = models.into();
    totals["models_wholly_accepted"] = whole.into();
    totals["triggers"] = triggers.into();
    totals["triggers_heard"] = heard.into();
    Ok(json!({
        "corpus": "z2m",
        "counts": totals,
        "shares": {
            "accepted": share(all.accepted, all.messages), "typed": share(all.typed, all.messages),
            "templates_equal": share(all.equal, all.templates), "states_applied": share(all.applied, all.states),
            "commands_accepted": share(all.taken, all.commands), "triggers_heard": share(heard, triggers),
        },
        "components": components, "misses": counts, "first_misses": first,
    }))
}

/// The device as this announcement leaves it; nothing if the announcement, or an entity of it, was refused.
fn announce(discovery: &mut Discovery, message: &Json, misses: &mut Misses) -> Option<DeviceSpec> {
    let topic = text(message, "topic");
    match discovery.on_config(topic, published(&message["payload"]).as_bytes()) {
        Ok((changes, problems)) if problems.is_empty() => {
            changes.into_iter().find_map(|change| match change {
                Change::Announced(spec) => Some(*spec),
                Change::Removed { .. } => None,
            })
        }
        Ok((_, problems)) => {
            problems.iter().for_each(|p| misses.note("announcement", topic, &p.reason));
            None
        }
        Err(problem) => {
            misses.note("announcement", topic, problem.reason);
            None
        }
    }
}

type Found = BTreeMap<(String, Property), Option<Value>>;

fn hear(driver: &mut Driver, device: &Json, misses: &mut Misses) -> Found {
    let mut out = Vec::new();
    let mut messages =
        vec![(format!("zigbee2mqtt/{}", text(device, "friendly_name")), published(&device["state"]))];
    for extra in list(device, "state_extra") {
        messages.push((text(extra, "topic").to_owned(), published(&extra["payload"])));
    }
    for (topic, payload) in messages {
        if let Err(problem) = driver.on_message(&topic, payload.as_bytes(), &mut out) {
            misses.note("state", &topic, problem.reason);
        }
    }
    let readings = out.into_iter().filter_map(|observation| match observation {
        Observation::Reading { entity, property, value } => Some(((entity.to_string(), property), value)),
        _ => None,
    });
    readings.collect()
}

fn hears(trigger: &Json, misses: &mut Misses) -> bool {
    let mut discovery = Discovery::new("z2m", "homeassistant");
    let Some(spec) = announce(&mut discovery, trigger, misses) else { return false };
    let (mut driver, _) = Driver::new(&spec);
    let (topic, word) = (text(&trigger["payload"], "topic"), text(&trigger["payload"], "payload"));
    let mut out = Vec::new();
    let read = driver.on_message(topic, word.as_bytes(), &mut out);
    let heard = matches!(
        out.as_slice(),
        [Observation::Reading { property: Property::EventType, value: Some(_), .. }]
    );
    if !heard {
        misses.note("trigger", text(trigger, "topic"), format!("{read:?}, {} readings", out.len()));
    }
    heard && read.is_ok()
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

fn states(info: &EntityInfo, found: &Found, row: &mut Row, misses: &mut Misses) {
    for property in info.properties.iter().filter(|p| p.readable) {
        row.states += 1;
        match found.get(&(info.id().to_string(), property.property)) {
            Some(Some(value)) if fits(&property.kind, value) => row.applied += 1,
            // The state says null: unknown is what it should be.
            Some(None) => row.applied += 1,
            other => {
                let what = format!("{} {}", info.unique_id, property.property.name());
                misses.note("reading", &what, format!("{other:?}, wanted {:?}", property.kind));
            }
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
        ValueKind::Text => vec!["a text".into()],
    }
}

fn commands(info: &EntityInfo, device: &Json, driver: &Driver, row: &mut Row, misses: &mut Misses) {
    for property in info.properties.iter().filter(|p| p.writable) {
        let wishes = match property.property {
            Property::Press => vec![Value::Bool(true)],
            // What a cover is told.
            Property::Action => vec!["open".into(), "close".into()],
            _ => wishes(&property.kind),
        };
        for wish in wishes {
            row.commands += 1;
            let what = format!("{} {} = {wish}", info.unique_id, property.property.name());
            match driver.command(info.id(), &[(property.property, wish)]) {
                Ok(sends) if sends.iter().all(|s| allowed(device, &s.topic, &s.payload)) => row.taken += 1,
                Ok(sends) => {
                    let shown: Vec<_> =
                        sends.iter().map(|s| (&s.topic, String::from_utf8_lossy(&s.payload))).collect();
                    misses.note("command", &what, format!("the exposes do not allow {shown:?}"));
                }
                Err(refusal) => misses.note("refusal", &what, refusal),
            }
        }
    }
}
