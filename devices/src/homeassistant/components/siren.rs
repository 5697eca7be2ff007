//! `siren`: on and off, with the tone, the volume and the time that it announces.

use std::sync::Arc;

use lares_model::{Property, Value, ValueKind};
use minijinja::Value as Engine;
use serde_json::{Map, Value as Announced};

use super::super::json::Json;
use super::super::template::{Bank, Rendered, Template};
use super::builder::{Access, Builder, Delivery, PERCENT, choice, percent_unit};
use super::sink::{Out, Sink, as_json, listed, not};
use super::writer::{Commands, number};
use crate::{Refusal, Send};

/// What of a siren's messages is read.
#[derive(Clone, Debug)]
pub struct SirenState {
    on: String,
    off: String,
    tone: bool,
    duration: bool,
    volume: bool,
}

/// How a siren's wishes are written.
#[derive(Clone, Debug)]
pub struct SirenWriter {
    delivery: Delivery,
    template: Option<Template>,
    for_off: Option<Template>,
    on: String,
    off: String,
}

pub fn build(b: &mut Builder<'_>) {
    let (on, off) = (b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    let tones = b.options("available_tones");
    let flag = |key: &str| b.config.flag(key).unwrap_or(true);
    let (duration, volume) = (flag("support_duration"), flag("support_volume_set"));
    let state = SirenState {
        on: b.config.text_or("state_on", &on),
        off: b.config.text_or("state_off", &off),
        tone: !tones.is_empty(),
        duration,
        volume,
    };
    let readable = b.read("state_topic", "state_value_template", Sink::Siren(Box::new(state)));
    // A siren that is told by a template of its owner takes what the template names.
    let named = b.config.text("command_template");
    let takes = |word: &str| named.as_ref().is_none_or(|template| template.contains(word));
    let [with_tone, with_duration, with_volume] = ["tone", "duration", "volume_level"].map(takes);
    let mut writable = false;
    if let (Some(delivery), Ok(template), Ok(for_off)) =
        (b.delivery("command_topic"), b.template("command_template"), b.template("command_off_template"))
    {
        let writer = SirenWriter { delivery, template, for_off, on, off };
        b.built.commands = Commands::Siren(Box::new(writer));
        writable = true;
    }
    b.property(Property::On, ValueKind::Bool, None, Access { readable, writable });
    if !tones.is_empty() {
        let access = Access { readable, writable: writable && with_tone };
        b.property(Property::Tone, choice(&tones), None, access);
    }
    if duration {
        let access = Access { readable, writable: writable && with_duration };
        let kind = ValueKind::Number { min: Some(0.0), max: Some(86_400.0), step: None };
        b.property(Property::Duration, kind, Some("s".into()), access);
    }
    if volume {
        let access = Access { readable, writable: writable && with_volume };
        b.property(Property::Volume, PERCENT, percent_unit(), access);
    }
}

impl SirenState {
    pub fn read(&self, rendered: &Rendered<'_>, out: &mut Out<'_>) -> Result<(), String> {
        let told = as_json(rendered, |json| {
            let state = json.get("state").map(|s| Rendered::of(s).text().into_owned());
            let number = |key: &str| json.get(key).and_then(|v| Rendered::of(v).number());
            (
                state,
                json.get("tone").and_then(Json::text).map(Arc::from),
                number("duration"),
                number("volume_level"),
            )
        });
        let word = match told {
            Some((state, tone, duration, volume)) => {
                if let Some(tone) = tone.filter(|_| self.tone) {
                    out.put(Property::Tone, Some(Value::Text(tone)));
                }
                if let Some(seconds) = duration.filter(|_| self.duration) {
                    out.number(Property::Duration, seconds)?;
                }
                if let Some(level) = volume.filter(|_| self.volume) {
                    out.number(Property::Volume, (level * 1000.0).round() / 10.0)?;
                }
                match state {
                    Some(state) => state,
                    // Attributes without a state.
                    None => return Ok(()),
                }
            }
            None => rendered.text().into_owned(),
        };
        let value = if word == self.on {
            Some(Value::Bool(true))
        } else if word == self.off {
            Some(Value::Bool(false))
        } else if Rendered::of(&Json::Text(word.as_str().into())).is_unknown() {
            None
        } else {
            return Err(not(
                Property::On,
                rendered,
                &listed([self.on.as_str(), self.off.as_str()].into_iter()),
            ));
        };
        out.put(Property::On, value);
        Ok(())
    }
}

impl SirenWriter {
    /// One message: a tone, a volume or a time alone sounds it, as a service that turns it on does.
    pub fn messages(&self, wishes: &[(Property, Value)], bank: &Bank) -> Result<Vec<Send>, Refusal> {
        let off = wishes.iter().any(|(p, v)| *p == Property::On && *v == Value::Bool(false));
        let word = if off { &self.off } else { &self.on };
        let mut body = Map::from_iter([("state".to_owned(), Announced::from(word.as_str()))]);
        let mut variables =
            vec![("value", Engine::from(word.as_str())), ("state", Engine::from(word.as_str()))];
        for (property, value) in wishes.iter().filter(|_| !off) {
            let (key, wire) = match (property, value) {
                (Property::Tone, Value::Text(tone)) => ("tone", Engine::from(tone.as_ref())),
                (Property::Duration, Value::Number(seconds)) => ("duration", number(seconds.round())),
                (Property::Volume, Value::Number(percent)) => ("volume_level", number(percent / 100.0)),
                _ => continue,
            };
            body.insert(key.to_owned(), serde_json::to_value(&wire).unwrap_or_default());
            variables.push((key, wire));
        }
        let template =
            if off { self.for_off.as_ref().or(self.template.as_ref()) } else { self.template.as_ref() };
        let payload = match template {
            // Without a template a siren is sent JSON.
            None => Announced::Object(body).to_string(),
            some => bank
                .write(some, &variables)
                .map_err(|reason| Refusal { property: wishes.first().map(|(p, _)| *p), reason })?,
        };
        Ok(vec![self.delivery.send(payload)])
    }
}
