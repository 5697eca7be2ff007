//! One simulated device.

use lares_model::Timestamp;
use serde_json::{Value, json};

use super::state::State;
use super::{TwinKind, announce, behave};
use crate::Send;

/// A simulated device: it announces itself, obeys, and lives its own day. The same chance gives the same day.
#[derive(Clone, Debug)]
pub struct Twin {
    kind: TwinKind,
    name: String,
    topic: String,
    prefix: String,
    state: State,
    last: Option<Timestamp>,
    next: Timestamp,
}

impl Twin {
    /// A twin called `name` whose state is on `<base_topic>/<name>`.
    pub fn new(kind: TwinKind, name: &str, base_topic: &str, discovery_prefix: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            topic: format!("{base_topic}/{name}"),
            prefix: discovery_prefix.to_owned(),
            state: State::of(kind),
            last: None,
            next: Timestamp::MIN,
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn kind(&self) -> TwinKind {
        self.kind
    }

    /// Discovery, availability and the present state, all retained.
    pub fn announce(&self) -> Vec<Send> {
        let mut out = Vec::new();
        let id = format!("lares_twin_{}", self.name);
        for (component, slug, mut config) in announce::entities(self.kind) {
            announce::add_topics(component, slug, &self.topic, &mut config);
            config["unique_id"] = format!("{id}_{slug}").into();
            config["availability"] = json!([{"topic": self.availability_topic()}]);
            config["device"] = json!({
                "identifiers": [id], "name": self.name, "manufacturer": "Lares", "model": format!("{} twin", self.kind.name())
            });
            config["origin"] = json!({"name": "Lares twins"});
            out.push(retained(format!("{}/{component}/{id}/{slug}/config", self.prefix), config.to_string()));
        }
        out.push(retained(self.availability_topic(), "online".to_owned()));
        out.extend(self.report());
        out
    }

    /// Filters of the commands it obeys.
    pub fn subscriptions(&self) -> Vec<String> {
        vec![format!("{}/set", self.topic), format!("{}/set/+", self.topic)]
    }

    /// Obey a command; the report of the new state is what it answers.
    pub fn on_message(&mut self, topic: &str, payload: &[u8], now: Timestamp) -> Vec<Send> {
        let Some(rest) = topic.strip_prefix(self.topic.as_str()).and_then(|r| r.strip_prefix("/set")) else {
            return Vec::new();
        };
        let text = String::from_utf8_lossy(payload);
        // A text is shown as it was sent, also where it happens to look like JSON.
        let value = match self.kind {
            TwinKind::Display => Value::String(text.into_owned()),
            _ => serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.into_owned())),
        };
        match (rest.strip_prefix('/'), value) {
            (Some(key), value) => behave::obey(self.kind, &mut self.state, key, &value),
            (None, Value::Object(fields)) => {
                // Its `state` last: a brightness alone switches on, but not against a word.
                for (key, value) in
                    fields.iter().filter(|(k, _)| *k != "state").chain(fields.get_key_value("state"))
                {
                    behave::obey(self.kind, &mut self.state, key, value);
                }
            }
            (None, word) => behave::obey(self.kind, &mut self.state, "state", &word),
        }
        // What is being installed does not wait for the next look at the wind.
        if self.state.firmware.runs() {
            self.next = self.next.min(now + super::firmware::TENTH);
        }
        self.report()
    }

    /// What it does by itself, if its time has come. `hour`: the local time of day, 0-24.
    pub fn tick(&mut self, now: Timestamp, hour: f64, chance: &mut dyn FnMut() -> u64) -> Vec<Send> {
        if now < self.next {
            return Vec::new();
        }
        let passed = self.last.map_or_else(Default::default, |last| now.since(last));
        let wait = behave::step(self.kind, &mut self.state, passed, hour, chance);
        self.last = Some(now);
        self.next = now + wait;
        self.report()
    }

    /// When [`Twin::tick`] has something to do next.
    pub fn next_tick(&self) -> Timestamp {
        self.next
    }

    /// Topic and payload of its last will.
    pub fn will(&self) -> (String, Vec<u8>) {
        (self.availability_topic(), b"offline".to_vec())
    }

    fn availability_topic(&self) -> String {
        format!("{}/availability", self.topic)
    }

    fn report(&self) -> Vec<Send> {
        let mut out = vec![retained(self.topic.clone(), self.state.report(self.kind).to_string())];
        if self.kind == TwinKind::Vacuum {
            out.push(retained(format!("{}/map", self.topic), self.state.robot.map()));
        }
        out
    }
}

fn retained(topic: String, payload: impl Into<Vec<u8>>) -> Send {
    Send { topic, payload: payload.into(), retain: true, qos: 1, expires: None }
}
