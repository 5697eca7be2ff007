//! `fan`.

use lares_model::{Property, Value, ValueKind};

use super::binary;
use super::builder::{Access, Builder, PERCENT, choice, percent_unit};
use super::sink::{Scale, Sink};
use super::writer::How;

pub fn build(b: &mut Builder<'_>) {
    let (on, off) = (b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    let readable =
        b.read("state_topic", "state_value_template", binary::on_off(Property::On, on.clone(), off.clone()));
    let writable =
        b.write(Property::On, "command_topic", "command_template", None, binary::how(on, off.clone()));
    b.property(Property::On, ValueKind::Bool, None, Access { readable, writable });

    // The announced range starts at the lowest speed that turns; below it stands "off", which is 0 percent.
    let low = b.config.number("speed_range_min").unwrap_or(1.0);
    let scale = Scale::percent(low - 1.0, b.config.number("speed_range_max").unwrap_or(100.0));
    let readable = b.read(
        "percentage_state_topic",
        "percentage_value_template",
        Sink::Number { property: Property::Percentage, scale },
    );
    // No speed is "off" where the fan can be switched: not every fan takes 0 as a speed.
    if writable && b.config.has("percentage_command_topic") {
        b.write(
            Property::Percentage,
            "command_topic",
            "command_template",
            None,
            How::Words(vec![(Value::Number(0.0), off)]),
        );
    }
    let writable = b.write(
        Property::Percentage,
        "percentage_command_topic",
        "percentage_command_template",
        None,
        How::Scaled(scale),
    );
    b.property(Property::Percentage, PERCENT, percent_unit(), Access { readable, writable });

    let presets = b.options("preset_modes");
    let sink = if presets.is_empty() {
        Sink::Text(Property::PresetMode)
    } else {
        Sink::OneOf { property: Property::PresetMode, options: presets.clone() }
    };
    let readable = b.read("preset_mode_state_topic", "preset_mode_value_template", sink);
    let writable = b.write(
        Property::PresetMode,
        "preset_mode_command_topic",
        "preset_mode_command_template",
        None,
        How::Plain,
    );
    b.property(Property::PresetMode, choice(&presets), None, Access { readable, writable });

    let (on, off) = (
        b.config.text_or("payload_oscillation_on", "oscillate_on"),
        b.config.text_or("payload_oscillation_off", "oscillate_off"),
    );
    let sink = binary::on_off(Property::Oscillation, on.clone(), off.clone());
    let readable = b.read("oscillation_state_topic", "oscillation_value_template", sink);
    let writable = b.write(
        Property::Oscillation,
        "oscillation_command_topic",
        "oscillation_command_template",
        None,
        binary::how(on, off),
    );
    b.property(Property::Oscillation, ValueKind::Bool, None, Access { readable, writable });

    let ways = ["forward", "reverse"];
    let words = ways.map(|w| (w.to_owned(), Some(Value::from(w)))).to_vec();
    let readable = b.read(
        "direction_state_topic",
        "direction_value_template",
        Sink::Words { property: Property::Direction, words },
    );
    let how = How::Words(ways.map(|w| (Value::from(w), w.to_owned())).to_vec());
    let writable =
        b.write(Property::Direction, "direction_command_topic", "direction_command_template", None, how);
    b.property(Property::Direction, choice(&ways.map(Into::into)), None, Access { readable, writable });
}
