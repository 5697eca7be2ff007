//! `binary_sensor` and `switch`: two payloads.

use lares_model::{Property, Value, ValueKind};

use super::builder::{Access, Builder};
use super::sink::Sink;
use super::writer::How;

pub fn sensor(b: &mut Builder<'_>) {
    let sink =
        on_off(Property::State, b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    b.read("state_topic", "value_template", sink);
    b.property(Property::State, ValueKind::Bool, None, Access { readable: true, writable: false });
    if b.config.get("state_topic").is_none() {
        b.built.problems.push("`state_topic` is missing; a binary sensor needs one".to_owned());
    }
}

pub fn switch(b: &mut Builder<'_>) {
    let (on, off) = (b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    let sink = on_off(Property::On, b.config.text_or("state_on", &on), b.config.text_or("state_off", &off));
    let readable = b.read("state_topic", "value_template", sink);
    let writable = b.write(Property::On, "command_topic", "command_template", None, how(on, off));
    b.property(Property::On, ValueKind::Bool, None, Access { readable, writable });
}

/// Reads two words as yes and no.
pub fn on_off(property: Property, on: String, off: String) -> Sink {
    Sink::Words { property, words: vec![(on, Some(Value::Bool(true))), (off, Some(Value::Bool(false)))] }
}

/// Writes yes and no as two words.
pub fn how(on: String, off: String) -> How {
    How::Words(vec![(Value::Bool(true), on), (Value::Bool(false), off)])
}
