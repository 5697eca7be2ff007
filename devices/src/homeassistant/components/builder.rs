//! The parts that components are made of, and the builder they use.

use std::sync::Arc;
use std::time::Duration;

use lares_model::{Property, PropertyInfo, ValueKind};
use serde_json::Value as Announced;

use super::super::config::{Config, wrong};
use super::super::template::{Bank, Template};
use super::super::topic::{refused_filter, refused_topic};
use super::convert::{Grid, conversion};
use super::sink::{Scale, Sink};
use super::writer::{Commands, How, Writer};
use crate::Send;
use crate::problem::quote;

/// What an entity is made of.
pub struct Built {
    pub properties: Vec<PropertyInfo>,
    pub readers: Vec<Reader>,
    pub commands: Commands,
    /// It reports nothing: what is sent is all that is known.
    pub assumed: bool,
    pub problems: Vec<String>,
}

/// A topic, what to make of its messages, and where that goes.
#[derive(Clone, Debug)]
pub struct Reader {
    pub topic: String,
    pub template: Template,
    pub sink: Sink,
}

/// Where a command goes and how.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub topic: String,
    pub retain: bool,
    pub qos: u8,
    pub expires: Option<Duration>,
}

impl Delivery {
    pub fn send(&self, payload: String) -> Send {
        Send {
            topic: self.topic.clone(),
            payload: payload.into_bytes(),
            retain: self.retain,
            qos: self.qos,
            expires: self.expires,
        }
    }
}

/// Topics that one value may come from.
const MOST_TOPICS: usize = 32;

/// Puts an entity together from its configuration. What is wrong is noted and left out.
pub struct Builder<'a> {
    pub config: Config<'a>,
    bank: &'a mut Bank,
    pub built: Built,
}

/// What can be done with a property.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Access {
    pub readable: bool,
    pub writable: bool,
}

impl<'a> Builder<'a> {
    pub fn new(config: Config<'a>, bank: &'a mut Bank) -> Self {
        let built = Built {
            properties: Vec::new(),
            readers: Vec::new(),
            commands: Commands::Each(Vec::new()),
            assumed: false,
            problems: Vec::new(),
        };
        Self { config, bank, built }
    }

    /// Read a property from `topic_key` through `template_key`. Whether it can be read is the answer.
    pub fn read(&mut self, topic_key: &str, template_key: &str, sink: Sink) -> bool {
        let template = self.config.filled(template_key).unwrap_or_default();
        self.read_through(topic_key, template, sink)
    }

    /// The same with the template's text; an empty one is the message itself. A list of topics is read at each.
    pub fn read_through(&mut self, topic_key: &str, template: &str, sink: Sink) -> bool {
        let topics: Vec<&str> = match self.config.get(topic_key) {
            Some(Announced::Array(topics)) => {
                topics.iter().filter_map(Announced::as_str).filter(|t| !t.is_empty()).collect()
            }
            Some(Announced::String(topic)) if !topic.is_empty() => vec![topic],
            Some(Announced::String(_)) | None => return false,
            Some(other) => {
                self.built.problems.push(wrong(topic_key, other, "a topic"));
                return false;
            }
        };
        if topics.len() > MOST_TOPICS {
            let reason =
                format!("`{topic_key}` lists {} topics; at most {MOST_TOPICS} are read", topics.len());
            self.built.problems.push(reason);
            return false;
        }
        if let Some((topic, why)) = topics.iter().find_map(|t| Some((t, refused_filter(t)?))) {
            self.built.problems.push(format!("`{topic_key}` {} {why}", quote(topic)));
            return false;
        }
        let template = if template.is_empty() { Ok(Template::WHOLE) } else { self.bank.add(template) };
        match template {
            Ok(template) => {
                let reader = |topic: &&str| Reader {
                    topic: (*topic).to_owned(),
                    template: template.clone(),
                    sink: sink.clone(),
                };
                self.built.readers.extend(topics.iter().map(reader));
                !topics.is_empty()
            }
            Err(reason) => {
                self.built.problems.push(reason);
                false
            }
        }
    }

    /// The template under a key; `Err` if it is wrong, which is noted.
    pub fn template(&mut self, key: &str) -> Result<Option<Template>, ()> {
        let Some(source) = self.config.filled(key) else { return Ok(None) };
        match self.bank.add(source) {
            Ok(template) => Ok(Some(template)),
            Err(reason) => {
                self.built.problems.push(format!("`{key}`: {reason}"));
                Err(())
            }
        }
    }

    /// Where commands under a topic key go; `None` if there is no such topic or it cannot be published to.
    pub fn delivery(&mut self, topic_key: &str) -> Option<Delivery> {
        let topic = self.config.filled(topic_key)?;
        if let Some(why) = refused_topic(topic) {
            self.built.problems.push(format!("`{topic_key}` {} {why}", quote(topic)));
            return None;
        }
        let qos = self.config.number("qos").filter(|q| (0.0..=2.0).contains(q)).unwrap_or(0.0);
        let expires = self.config.number("message_expiry_interval").filter(|s| (1.0..1e9).contains(s));
        Some(Delivery {
            expires: expires.map(Duration::from_secs_f64),
            topic: topic.to_owned(),
            retain: self.config.flag("retain").unwrap_or(false),
            qos: qos as u8,
        })
    }

    /// Write a property to `topic_key` through `template_key`. Whether it can be written is the answer.
    pub fn write(
        &mut self,
        property: Property,
        topic_key: &str,
        template_key: &str,
        also: Option<&'static str>,
        how: How,
    ) -> bool {
        let Some(delivery) = self.delivery(topic_key) else { return false };
        let Ok(template) = self.template(template_key) else { return false };
        self.push_writer(Writer { property, delivery, template, also, how });
        true
    }

    pub fn push_writer(&mut self, writer: Writer) {
        if let Commands::Each(writers) = &mut self.built.commands {
            writers.push(writer);
        }
    }

    /// Announce a property, if it can be read or written.
    pub fn property(&mut self, property: Property, kind: ValueKind, unit: Option<Arc<str>>, access: Access) {
        if access.readable || access.writable {
            self.built.properties.push(PropertyInfo {
                property,
                kind,
                unit,
                readable: access.readable,
                writable: access.writable,
            });
        }
    }

    /// The household's unit of what is measured and how to get there; the announced one is kept beside it in the entity.
    pub fn measured(&self) -> (Option<Arc<str>>, Scale) {
        let Some(announced) = self.config.text("unit_of_measurement").filter(|u| !u.is_empty()) else {
            return (None, Scale::NONE);
        };
        let unit = super::units::normal(&announced);
        let class = self.config.text("device_class");
        let other = conversion(unit, class.as_deref());
        (Some(other.map_or(unit, |other| other.unit).into()), Scale::of_unit(other))
    }

    /// The range that is announced under these keys (or the default of the wire), in the household's unit, and how it is written.
    pub fn range(
        &self,
        scale: Scale,
        keys: [&str; 3],
        default: (Option<f64>, Option<f64>),
    ) -> (ValueKind, How) {
        let [min, max, step] = keys;
        let (min, max) = (self.config.number(min).or(default.0), self.config.number(max).or(default.1));
        let step = self.config.number(step).filter(|s| *s > 0.0);
        let read = |raw: f64| scale.read(raw);
        let kind = ValueKind::Number {
            min: min.map(read),
            max: max.map(read),
            step: step.map(|s| scale.unit.map_or(s, |unit| unit.step(s))),
        };
        let how = match scale.unit {
            None => How::Plain,
            Some(unit) => {
                How::Converted { unit, grid: step.map(|step| Grid { least: min.unwrap_or(0.0), step }) }
            }
        };
        (kind, how)
    }

    pub fn options(&self, key: &str) -> Vec<Arc<str>> {
        self.config.list(key).into_iter().map(Into::into).collect()
    }

    pub fn finish(mut self) -> Built {
        self.built.assumed = self.built.readers.is_empty();
        self.built
    }
}

pub const PERCENT: ValueKind = ValueKind::Number { min: Some(0.0), max: Some(100.0), step: None };

pub fn percent_unit() -> Option<Arc<str>> {
    Some("%".into())
}

/// Any number.
pub const NUMBER: ValueKind = ValueKind::Number { min: None, max: None, step: None };

/// An enumeration, or any text where no options are known.
pub fn choice(options: &[Arc<str>]) -> ValueKind {
    if options.is_empty() { ValueKind::Text } else { ValueKind::Enum(options.to_vec()) }
}
