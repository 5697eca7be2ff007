//! `sensor`: a number if anything says that it is one, else a text.

use lares_model::{Property, ValueKind};

use super::builder::{Access, Builder, NUMBER, choice};
use super::sink::Sink;

/// Device classes whose state is no number.
const NOT_NUMERIC: [&str; 4] = ["date", "enum", "timestamp", "uptime"];

pub fn build(b: &mut Builder<'_>) {
    let class = b.config.text("device_class");
    let class = class.as_deref().filter(|c| !c.is_empty());
    let textual = class.is_some_and(|c| NOT_NUMERIC.contains(&c));
    let (unit, scale) = b.measured();
    let numeric = !textual && (class.is_some() || unit.is_some() || b.config.has("state_class"));
    if b.config.has("last_reset_value_template") {
        // Before the state: what comes with it was counted since.
        let readable = b.read("state_topic", "last_reset_value_template", Sink::Text(Property::LastReset));
        b.property(Property::LastReset, ValueKind::Text, None, Access { readable, writable: false });
    }
    let (sink, kind) = if numeric {
        (Sink::Number { property: Property::State, scale }, NUMBER)
    } else {
        let options = b.options("options");
        let sink = if options.is_empty() {
            Sink::Text(Property::State)
        } else {
            Sink::OneOf { property: Property::State, options: options.clone() }
        };
        (sink, choice(&options))
    };
    b.read("state_topic", "value_template", sink);
    b.property(Property::State, kind, unit, Access { readable: true, writable: false });
    if b.config.get("state_topic").is_none() {
        b.built.problems.push("`state_topic` is missing; a sensor needs one".to_owned());
    }
}
