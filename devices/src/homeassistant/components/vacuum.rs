//! `vacuum` and `lawn_mower`: what it does, how full it is, and the words that it obeys.

use std::sync::Arc;

use lares_model::{Component, Property, Value, ValueKind};

use super::super::json::Json;
use super::super::template::Rendered;
use super::builder::{Access, Builder, PERCENT, choice, percent_unit};
use super::sink::{Out, Sink, as_json, listed, not};
use super::writer::How;

const STATES: [&str; 6] = ["cleaning", "docked", "paused", "idle", "returning", "error"];
const MOWING: [&str; 5] = ["mowing", "docked", "paused", "returning", "error"];

pub fn build(b: &mut Builder<'_>, component: Component) {
    if component == Component::LawnMower {
        return mower(b);
    }
    let states: Vec<Arc<str>> = STATES.map(Into::into).to_vec();
    let readable = b.read("state_topic", "value_template", Sink::Vacuum { states: states.clone() });
    b.property(Property::State, ValueKind::Enum(states), None, Access { readable, writable: false });
    b.property(Property::Battery, PERCENT, percent_unit(), Access { readable, writable: false });
    let speeds = b.options("fan_speed_list");
    let writable = b.write(Property::FanMode, "set_fan_speed_topic", "", None, How::Plain);
    b.property(Property::FanMode, choice(&speeds), None, Access { readable, writable });

    let words = [
        ("start", "payload_start", "start"),
        ("pause", "payload_pause", "pause"),
        ("stop", "payload_stop", "stop"),
        ("return_home", "payload_return_to_base", "return_to_base"),
        ("locate", "payload_locate", "locate"),
        ("clean_spot", "payload_clean_spot", "clean_spot"),
    ];
    let words: Vec<_> = words
        .into_iter()
        .map(|(word, key, default)| (Value::from(word), b.config.text_or(key, default)))
        .collect();
    let options: Vec<Arc<str>> = words.iter().filter_map(|(v, _)| v.as_text().map(Into::into)).collect();
    let writable = b.write(Property::Action, "command_topic", "", None, How::Words(words));
    b.property(Property::Action, ValueKind::Enum(options), None, Access { readable: false, writable });
}

fn mower(b: &mut Builder<'_>) {
    let states: Vec<Arc<str>> = MOWING.map(Into::into).to_vec();
    let readable = b.read(
        "activity_state_topic",
        "activity_value_template",
        Sink::OneOf { property: Property::State, options: states.clone() },
    );
    b.property(Property::State, ValueKind::Enum(states), None, Access { readable, writable: false });
}

pub fn read(rendered: &Rendered<'_>, states: &[Arc<str>], out: &mut Out<'_>) -> Result<(), String> {
    let parts = as_json(rendered, |json| {
        let text = |key: &str| json.get(key).and_then(Json::text).map(str::to_owned);
        (text("state"), json.get("battery_level").and_then(Json::number), text("fan_speed"))
    });
    let (state, battery, speed) = parts.unwrap_or_else(|| (Some(rendered.text().into_owned()), None, None));
    if let Some(battery) = battery {
        out.number(Property::Battery, battery)?;
    }
    if let Some(speed) = speed {
        out.put(Property::FanMode, Some(Value::text(speed)));
    }
    match state {
        None => Ok(()),
        Some(state) => match states.iter().find(|s| ***s == *state) {
            Some(known) => {
                out.put(Property::State, Some(Value::Text(known.clone())));
                Ok(())
            }
            None if rendered.is_unknown() => {
                out.put(Property::State, None);
                Ok(())
            }
            None => Err(not(Property::State, rendered, &listed(states.iter().map(AsRef::as_ref)))),
        },
    }
}
