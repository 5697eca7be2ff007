//! Announcements of everything that is not zigbee2mqtt, and what their sources expect of a receiver.

use std::collections::BTreeMap;
use std::path::Path;

use lares_devices::homeassistant::{Change, Discovery, Driver};
use lares_devices::{Context, Problem, natives};
use serde_json::{Value as Json, json};

use super::exchange::Exchange;
use super::misses::Misses;
use super::read::{Bad, lines};
use super::{list, published, share, text};

#[derive(Default)]
struct Row {
    messages: usize,
    accepted: usize,
    entities: usize,
    typed: usize,
    states: usize,
    applied: usize,
    expected: usize,
    met: usize,
    commands: usize,
    equal: usize,
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.messages += other.messages;
        self.accepted += other.accepted;
        self.entities += other.entities;
        self.typed += other.typed;
        self.states += other.states;
        self.applied += other.applied;
        self.expected += other.expected;
        self.met += other.met;
        self.commands += other.commands;
        self.equal += other.equal;
    }

    fn counts(&self) -> Json {
        json!({ "messages": self.messages, "accepted": self.accepted, "entities": self.entities,
            "typed": self.typed, "states": self.states, "states_applied": self.applied,
            "expected": self.expected, "expected_met": self.met,
            "commands": self.commands, "commands_equal": self.equal })
    }
}

/// Scores announcements. Each line is a home of its own: several gateways announce the same device.
pub fn score(payloads: &Path) -> Result<Json, Bad> {
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut misses = Misses::default();
    for line in lines(payloads)? {
        let row = rows.entry(line.text(payloads, "family")?.to_owned()).or_default();
        let message = &line.json;
        if message.get("payload").is_none() && message.get("payload_text").is_none() {
            return Err(line.bad(payloads, "has neither `payload` nor `payload_text`"));
        }
        let topic = match text(message, "topic") {
            "" => {
                let component = message["component"].as_str().unwrap_or("sensor");
                format!("homeassistant/{component}/line_{}/config", line.number)
            }
            topic => topic.to_owned(),
        };
        row.messages += 1;
        one(message, &topic, row, &mut misses);
    }
    let mut all = Row::default();
    rows.values().for_each(|row| all.add(row));
    let families: BTreeMap<_, _> = rows.iter().map(|(name, row)| (name, row.counts())).collect();
    let (counts, first) = misses.into_json();
    Ok(json!({
        "corpus": "other",
        "counts": all.counts(),
        "shares": {
            "accepted": share(all.accepted, all.messages), "typed": share(all.typed, all.entities),
            "states_applied": share(all.applied, all.states), "expected_met": share(all.met, all.expected),
            "commands_equal": share(all.equal, all.commands),
        },
        "families": families, "misses": counts, "first_misses": first,
    }))
}

/// Through discovery, or through the protocol whose own words these are.
fn announced(
    discovery: &mut Discovery,
    topic: &str,
    payload: &[u8],
) -> Result<(Vec<Change>, Vec<Problem>), Problem> {
    let mut natives = natives(&Context::default());
    let Some(native) = natives.iter_mut().find(|n| n.takes(topic)) else {
        return discovery.on_config(topic, payload);
    };
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    for announcement in native.on_message(topic, payload)? {
        let (more, wrong) = discovery.announce(&announcement.source, announcement.device)?;
        changes.extend(more);
        problems.extend(wrong);
    }
    if changes.is_empty() && problems.is_empty() {
        return Err(Problem::new(topic, format!("{} announces nothing by it", native.name())));
    }
    Ok((changes, problems))
}

fn one(message: &Json, topic: &str, row: &mut Row, misses: &mut Misses) {
    let payload = published(message.get("payload_text").unwrap_or(&message["payload"]));
    let mut discovery = Discovery::new("other", topic.split('/').next().unwrap_or_default());
    let changes = match announced(&mut discovery, topic, payload.as_bytes()) {
        Ok((changes, problems)) => {
            row.accepted += usize::from(problems.is_empty());
            problems.iter().for_each(|p| misses.note("announcement", topic, &p.reason));
            changes
        }
        Err(problem) => {
            misses.note("announcement", topic, problem.reason);
            // What should have been announced, and what was then said, is lost too.
            row.entities += 1;
            row.states += list(message, "state").len();
            let steps = list(message, "exchange");
            row.commands += steps.iter().filter(|s| s.get("do").is_some()).count();
            let wanted = steps.iter().filter_map(|s| s["is"].as_object());
            row.expected += wanted.map(serde_json::Map::len).sum::<usize>();
            return;
        }
    };
    for spec in changes.into_iter().filter_map(|change| match change {
        Change::Announced(spec) => Some(spec),
        Change::Removed { .. } => None,
    }) {
        row.entities += spec.info.entities.len();
        row.typed += spec.info.entities.iter().filter(|e| !e.properties.is_empty()).count();
        let (mut driver, problems) = Driver::new(&spec);
        problems.iter().for_each(|p| misses.note("driver", topic, &p.reason));
        for state in list(message, "state") {
            row.states += 1;
            let said = state.get("payload_text").unwrap_or(&state["payload"]);
            let (place, payload) = (text(state, "topic"), published(said));
            let mut out = Vec::new();
            match driver.on_message(place, payload.as_bytes(), &mut out) {
                Err(problem) => misses.note("state", place, problem.reason),
                Ok(()) if out.is_empty() => {
                    misses.note("state", place, format!("says nothing: {payload:.80}"))
                }
                Ok(()) => row.applied += 1,
            }
        }
        let mut exchange = Exchange::new(&spec);
        for step in list(message, "exchange") {
            let (expected, met) = exchange.hear(&mut driver, topic, step, misses);
            row.expected += expected;
            row.met += met;
            if let Some(equal) = exchange.act(&driver, topic, step, misses) {
                row.commands += 1;
                row.equal += usize::from(equal);
            }
        }
    }
}
