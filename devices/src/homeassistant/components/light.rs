//! `light`, its three schemas. This file: which one, and the default schema with a topic for each property.

use lares_model::{Property, Value, ValueKind};

use super::builder::{Access, Builder, PERCENT, choice, percent_unit};
use super::sink::{ColorText, Scale, Sink};
use super::writer::How;
use super::{binary, light_json, light_template};

pub fn build(b: &mut Builder<'_>) {
    // Old publishers name the schema in the platform, or not at all where the keys say it.
    match b.config.text("schema").as_deref() {
        Some("json" | "mqtt_json") => light_json::build(b),
        Some("template" | "mqtt_template") => light_template::build(b),
        None if b.config.has("command_on_template") => light_template::build(b),
        None if b.config.get("brightness").is_some() || b.config.get("supported_color_modes").is_some() => {
            light_json::build(b)
        }
        _ => basic(b),
    }
}

/// The topics and templates of one way to say a colour.
const COLORS: [(ColorText, [&str; 4]); 5] = [
    (ColorText::Rgb, ["rgb_state_topic", "rgb_value_template", "rgb_command_topic", "rgb_command_template"]),
    (
        ColorText::Rgbw,
        ["rgbw_state_topic", "rgbw_value_template", "rgbw_command_topic", "rgbw_command_template"],
    ),
    (
        ColorText::Rgbww,
        ["rgbww_state_topic", "rgbww_value_template", "rgbww_command_topic", "rgbww_command_template"],
    ),
    (ColorText::Hs, ["hs_state_topic", "hs_value_template", "hs_command_topic", "hs_command_template"]),
    (ColorText::Xy, ["xy_state_topic", "xy_value_template", "xy_command_topic", "xy_command_template"]),
];

fn basic(b: &mut Builder<'_>) {
    let (on, off) = (b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    let readable =
        b.read("state_topic", "state_value_template", binary::on_off(Property::On, on.clone(), off.clone()));
    let scale =
        Scale::percent(0.0, b.config.number("brightness_scale").filter(|s| *s > 0.0).unwrap_or(255.0));
    // A lamp that knows no word for on: its brightness switches it on.
    let by_brightness = b.config.text("on_command_type").as_deref() == Some("brightness")
        && b.config.has("brightness_command_topic");
    let writable = if by_brightness {
        let full = plain_text(scale.write(100.0));
        let on = How::Words(vec![(Value::Bool(true), full)]);
        b.write(Property::On, "brightness_command_topic", "brightness_command_template", None, on)
            && b.write(
                Property::On,
                "command_topic",
                "command_template",
                None,
                How::Words(vec![(Value::Bool(false), off)]),
            )
    } else {
        b.write(Property::On, "command_topic", "command_template", None, binary::how(on, off))
    };
    b.property(Property::On, ValueKind::Bool, None, Access { readable, writable });

    let readable = b.read(
        "brightness_state_topic",
        "brightness_value_template",
        Sink::Number { property: Property::Brightness, scale },
    );
    let writable = b.write(
        Property::Brightness,
        "brightness_command_topic",
        "brightness_command_template",
        None,
        How::Scaled(scale),
    );
    b.property(Property::Brightness, PERCENT, percent_unit(), Access { readable, writable });

    let mired = !b.config.flag("color_temp_kelvin").unwrap_or(false);
    let readable = b.read("color_temp_state_topic", "color_temp_value_template", Sink::Kelvin { mired });
    let how = if mired { How::Mired } else { How::Plain };
    let writable =
        b.write(Property::ColorTemp, "color_temp_command_topic", "color_temp_command_template", None, how);
    let kind = light_json::kelvin_kind(b);
    b.property(Property::ColorTemp, kind, Some("K".into()), Access { readable, writable });

    for (space, [state, read_template, command, write_template]) in COLORS {
        let readable = b.read(state, read_template, Sink::Color(space));
        let writable = b.write(Property::Color, command, write_template, None, How::Color(space));
        if readable || writable {
            b.property(Property::Color, ValueKind::Rgb, None, Access { readable, writable });
            break;
        }
    }

    let white = Scale::percent(0.0, b.config.number("white_scale").filter(|s| *s > 0.0).unwrap_or(255.0));
    let writable = b.write(Property::White, "white_command_topic", "", None, How::Scaled(white));
    b.property(Property::White, PERCENT, percent_unit(), Access { readable: false, writable });

    let effects = b.options("effect_list");
    let readable = b.read("effect_state_topic", "effect_value_template", Sink::Text(Property::Effect));
    let writable =
        b.write(Property::Effect, "effect_command_topic", "effect_command_template", None, How::Plain);
    b.property(Property::Effect, choice(&effects), None, Access { readable, writable });
}

/// A whole number as receivers write it.
fn plain_text(number: f64) -> String {
    format!("{number:.0}")
}
