//! Whether a device or an entity can be reached, from one or several availability topics.

use lares_model::NodeId;
use serde_json::{Map, Value};

use super::config::Config;
use super::template::{Bank, Message, Template};
use crate::Observation;
use crate::problem::quote;

/// How several availability topics make one answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    All,
    Any,
    Latest,
}

/// The availability of one entity, or of all entities of a device that share it.
pub struct Availability {
    /// `None`: the whole device.
    pub entity: Option<NodeId>,
    mode: Mode,
    pub sources: Vec<Source>,
    latest: Option<bool>,
}

/// What Homie's words for a device's `$state` mean, beyond the two that were announced: `Some(None)` is nothing yet.
/// Source: the Homie convention 4.0, "Device Lifecycle".
fn homie(topic: &str, word: &str) -> Option<Option<bool>> {
    if !topic.ends_with("/$state") {
        return None;
    }
    match word {
        "init" => Some(None),
        "ready" | "alert" => Some(Some(true)),
        "disconnected" | "sleeping" | "lost" => Some(Some(false)),
        _ => None,
    }
}

/// One availability topic.
pub struct Source {
    pub topic: String,
    template: Template,
    online: String,
    offline: String,
    known: Option<bool>,
}

impl Availability {
    /// Read an entity's configuration; `None` if it says nothing about availability.
    pub fn new(config: &Map<String, Value>, bank: &mut Bank, problems: &mut Vec<String>) -> Option<Self> {
        let config = Config(config);
        let mut sources = Vec::new();
        let mut add = |item: Config<'_>, topic: &str, template: &str| {
            let Some(topic) = item.filled(topic) else { return };
            let template = match item.filled(template).map(|t| bank.add(t)) {
                None => Template::WHOLE,
                Some(Ok(template)) => template,
                Some(Err(reason)) => return problems.push(reason),
            };
            sources.push(Source {
                topic: topic.to_owned(),
                template,
                online: item.text_or("payload_available", "online"),
                offline: item.text_or("payload_not_available", "offline"),
                known: None,
            });
        };
        add(config, "availability_topic", "availability_template");
        for item in config.get("availability").and_then(Value::as_array).into_iter().flatten() {
            if let Value::Object(item) = item {
                add(Config(item), "topic", "value_template");
            }
        }
        let mode = match config.text("availability_mode").as_deref() {
            Some("all") => Mode::All,
            Some("any") => Mode::Any,
            _ => Mode::Latest,
        };
        (!sources.is_empty()).then_some(Self { entity: None, mode, sources, latest: None })
    }

    /// What an entity's configuration says, in a form that can be compared.
    pub fn signature(config: &Map<String, Value>) -> String {
        const KEYS: [&str; 6] = [
            "availability",
            "availability_mode",
            "availability_topic",
            "availability_template",
            "payload_available",
            "payload_not_available",
        ];
        let parts = KEYS.map(|k| config.get(k).map(Value::to_string).unwrap_or_default());
        parts.join("\n")
    }

    /// Take a message of one source. Nothing is said while the answer is still open.
    pub fn receive(
        &mut self,
        source: usize,
        message: &Message<'_>,
        bank: &Bank,
        out: &mut Vec<Observation>,
    ) -> Result<(), String> {
        let Some(source) = self.sources.get_mut(source) else { return Ok(()) };
        let rendered = bank.read(&source.template, message)?;
        let online = if rendered.is(&source.online) {
            true
        } else if rendered.is(&source.offline) {
            false
        } else if let Some(online) = homie(&source.topic, &rendered.text()) {
            let Some(online) = online else { return Ok(()) };
            online
        } else {
            return Err(format!(
                "availability is {}; allowed: {} or {}",
                quote(&rendered.text()),
                quote(&source.online),
                quote(&source.offline)
            ));
        };
        source.known = Some(online);
        self.latest = Some(online);
        if let Some(online) = self.answer() {
            out.push(Observation::Availability { entity: self.entity, online });
        }
        Ok(())
    }

    fn answer(&self) -> Option<bool> {
        let mut known = self.sources.iter().map(|s| s.known);
        match self.mode {
            Mode::Latest => self.latest,
            Mode::All if known.clone().any(|k| k == Some(false)) => Some(false),
            Mode::All => known.all(|k| k == Some(true)).then_some(true),
            Mode::Any if known.clone().any(|k| k == Some(true)) => Some(true),
            Mode::Any => known.all(|k| k == Some(false)).then_some(false),
        }
    }
}
