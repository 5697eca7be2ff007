//! Components with one plain value: `number`, `select`, `text`, `button`, `scene`, `notify`.

use lares_model::{Property, ValueKind};

use super::builder::{Access, Builder, choice};
use super::sink::Sink;
use super::writer::How;

/// Home Assistant's limits where none are announced.
const DEFAULT_RANGE: (Option<f64>, Option<f64>) = (Some(1.0), Some(100.0));

pub fn number(b: &mut Builder<'_>) {
    let (unit, scale) = b.measured();
    let sink = Sink::Number { property: Property::State, scale };
    let readable = b.read("state_topic", "value_template", sink);
    let (kind, how) = b.range(scale, ["min", "max", "step"], DEFAULT_RANGE);
    let writable = b.write(Property::State, "command_topic", "command_template", None, how);
    b.property(Property::State, kind, unit, Access { readable, writable });
}

pub fn select(b: &mut Builder<'_>) {
    let options = b.options("options");
    let sink = if options.is_empty() {
        Sink::Text(Property::State)
    } else {
        Sink::OneOf { property: Property::State, options: options.clone() }
    };
    let readable = b.read("state_topic", "value_template", sink);
    let writable = b.write(Property::State, "command_topic", "command_template", None, How::Plain);
    b.property(Property::State, choice(&options), None, Access { readable, writable });
}

pub fn text(b: &mut Builder<'_>) {
    let readable = b.read("state_topic", "value_template", Sink::Text(Property::State));
    let writable = b.write(Property::State, "command_topic", "command_template", None, How::Plain);
    b.property(Property::State, ValueKind::Text, None, Access { readable, writable });
}

pub fn notify(b: &mut Builder<'_>) {
    let writable = b.write(Property::State, "command_topic", "command_template", None, How::Plain);
    b.property(Property::State, ValueKind::Text, None, Access { readable: false, writable });
}

/// Buttons and scenes.
pub fn press(b: &mut Builder<'_>) {
    let payload = b
        .config
        .text("payload_press")
        .or_else(|| b.config.text("payload_on"))
        .unwrap_or_else(|| "PRESS".to_owned());
    let writable = b.write(Property::Press, "command_topic", "command_template", None, How::Press(payload));
    b.property(Property::Press, ValueKind::Bool, None, Access { readable: false, writable });
}
