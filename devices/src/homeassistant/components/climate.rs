//! `climate`, `water_heater` and `humidifier`.

use std::sync::Arc;

use lares_model::{Property, ValueKind};

use super::binary;
use super::builder::{Access, Builder, NUMBER, PERCENT, choice, percent_unit};
use super::convert::conversion;
use super::sink::{Scale, Sink};
use super::writer::How;

pub fn build(b: &mut Builder<'_>) {
    let announced = b.config.text("temperature_unit").unwrap_or_default();
    let scale = Scale::of_unit(conversion(super::units::normal(&announced), None));
    let unit: Arc<str> = "°C".into();
    let (range, how) = b.range(scale, ["min_temp", "max_temp", "temp_step"], (None, None));
    for (property, name) in [
        (Property::TargetTemperature, "temperature"),
        (Property::TargetTemperatureHigh, "temperature_high"),
        (Property::TargetTemperatureLow, "temperature_low"),
    ] {
        numeric(b, property, name, (range.clone(), scale, how.clone()), Some(unit.clone()));
    }
    let sink = Sink::Number { property: Property::CurrentTemperature, scale };
    let readable = b.read("current_temperature_topic", "current_temperature_template", sink);
    b.property(Property::CurrentTemperature, NUMBER, Some(unit), Access { readable, writable: false });

    humidity(b, "current_humidity_template");
    target_humidity(b);

    named(b, Property::Mode, "mode", "mode_state_template", "modes");
    named(b, Property::FanMode, "fan_mode", "fan_mode_state_template", "fan_modes");
    named(b, Property::SwingMode, "swing_mode", "swing_mode_state_template", "swing_modes");
    let names = ("swing_horizontal_mode", "swing_horizontal_mode_state_template", "swing_horizontal_modes");
    named(b, Property::SwingHorizontalMode, names.0, names.1, names.2);
    named(b, Property::PresetMode, "preset_mode", "preset_mode_value_template", "preset_modes");
    action(b);

    let (on, off) = (b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    let writable =
        b.write(Property::On, "power_command_topic", "power_command_template", None, binary::how(on, off));
    b.property(Property::On, ValueKind::Bool, None, Access { readable: false, writable });
}

pub fn humidifier(b: &mut Builder<'_>) {
    let (on, off) = (b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    let readable =
        b.read("state_topic", "state_value_template", binary::on_off(Property::On, on.clone(), off.clone()));
    let writable = b.write(Property::On, "command_topic", "command_template", None, binary::how(on, off));
    b.property(Property::On, ValueKind::Bool, None, Access { readable, writable });
    target_humidity(b);
    humidity(b, "current_humidity_template");
    named(b, Property::Mode, "mode", "mode_state_template", "modes");
    action(b);
}

fn target_humidity(b: &mut Builder<'_>) {
    let range = ValueKind::Number {
        min: b.config.number("min_humidity").or(Some(0.0)),
        max: b.config.number("max_humidity").or(Some(100.0)),
        step: None,
    };
    let as_told = (range, Scale::NONE, How::Plain);
    numeric(b, Property::TargetHumidity, "target_humidity", as_told, percent_unit());
}

fn humidity(b: &mut Builder<'_>, template: &str) {
    let sink = Sink::Number { property: Property::CurrentHumidity, scale: Scale::NONE };
    let readable = b.read("current_humidity_topic", template, sink);
    b.property(Property::CurrentHumidity, PERCENT, percent_unit(), Access { readable, writable: false });
}

fn numeric(
    b: &mut Builder<'_>,
    property: Property,
    name: &str,
    (kind, scale, how): (ValueKind, Scale, How),
    unit: Option<Arc<str>>,
) {
    let key = |part: &str| format!("{name}_{part}");
    let sink = Sink::Number { property, scale };
    let readable = b.read(&key("state_topic"), &key("state_template"), sink);
    let writable = b.write(property, &key("command_topic"), &key("command_template"), None, how);
    b.property(property, kind, unit, Access { readable, writable });
}

fn named(b: &mut Builder<'_>, property: Property, name: &str, state_template: &str, options_key: &str) {
    let options = b.options(options_key);
    let mut read = options.clone();
    if property == Property::PresetMode {
        // Devices report `none` for "no preset", which is never announced; not all of them can be sent it.
        read.push("none".into());
    }
    let sink =
        if options.is_empty() { Sink::Text(property) } else { Sink::OneOf { property, options: read } };
    let key = |part: &str| format!("{name}_{part}");
    let readable = b.read(&key("state_topic"), state_template, sink);
    let writable = b.write(property, &key("command_topic"), &key("command_template"), None, How::Plain);
    b.property(property, choice(&options), None, Access { readable, writable });
}

fn action(b: &mut Builder<'_>) {
    let readable = b.read("action_topic", "action_template", Sink::Text(Property::Action));
    b.property(Property::Action, ValueKind::Text, None, Access { readable, writable: false });
}
