//! `vacuum` and `lawn_mower`: what it does, how full it is, and the words that it obeys.

use std::sync::Arc;

use lares_model::{Component, Property, Value, ValueKind};

use super::super::json::Json;
use super::super::template::Rendered;
use super::builder::{Access, Builder, PERCENT, choice, percent_unit};
use super::segments::Segments;
use super::sink::{Out, Sink, as_json, listed, not};
use super::writer::How;

const STATES: [&str; 6] = ["cleaning", "docked", "paused", "idle", "returning", "error"];
const MOWING: [&str; 5] = ["mowing", "docked", "paused", "returning", "error"];

/// What is announced of each command: its word, the key and the default of its payload, and the state that it leads to.
const COMMANDS: [(&str, &str, &str, Option<&str>); 6] = [
    ("start", "payload_start", "start", Some("cleaning")),
    ("pause", "payload_pause", "pause", Some("paused")),
    ("stop", "payload_stop", "stop", Some("idle")),
    ("return_home", "payload_return_to_base", "return_to_base", Some("docked")),
    ("locate", "payload_locate", "locate", None),
    ("clean_spot", "payload_clean_spot", "clean_spot", None),
];

pub fn build(b: &mut Builder<'_>, component: Component) {
    if component == Component::LawnMower {
        return mower(b);
    }
    let states: Vec<Arc<str>> = STATES.map(Into::into).to_vec();
    let by_rooms = b.config.has("clean_segments_command_topic");
    let segments = by_rooms.then(Segments::default);
    let sink = Sink::Vacuum { states: states.clone(), segments: segments.clone() };
    let readable = b.read("state_topic", "value_template", sink);
    // What the robot says it cannot do is not offered; it would be passed over without a word.
    let able = b.config.get("supported_features").map(|_| b.config.list("supported_features"));
    let unable = |word: &str| able.as_ref().is_some_and(|able| able.iter().all(|a| a != word));
    let (mut words, mut ends, mut options) = (Vec::new(), Vec::new(), Vec::new());
    for (word, key, default, leads_to) in COMMANDS {
        if unable(word) {
            continue;
        }
        let payload = b.config.text_or(key, default);
        ends.extend(leads_to.map(|state| (Value::from(state), payload.clone())));
        words.push((Value::from(word), payload));
        options.push(Arc::from(word));
    }
    // A wish for a state is the command that leads there: rules wish how things are, not what is done.
    let can = !ends.is_empty() && b.write(Property::State, "command_topic", "", None, How::Words(ends));
    b.property(Property::State, ValueKind::Enum(states), None, Access { readable, writable: can });
    b.property(Property::Battery, PERCENT, percent_unit(), Access { readable, writable: false });
    let speeds = b.options("fan_speed_list");
    // The protocol of a robot's own has a topic for each.
    let tells = b.read("fan_speed_topic", "", Sink::Text(Property::FanMode));
    let readable_speed = readable && (tells || !b.config.has("segments_topic"));
    let can = b.write(Property::FanMode, "set_fan_speed_topic", "", None, How::Plain);
    b.property(Property::FanMode, choice(&speeds), None, Access { readable: readable_speed, writable: can });
    let can = !words.is_empty() && b.write(Property::Action, "command_topic", "", None, How::Words(words));
    b.property(Property::Action, ValueKind::Enum(options), None, Access { readable: false, writable: can });
    if let Some(segments) = segments {
        let told = b.read("segments_topic", "", Sink::Segments(segments.clone()));
        let readable = readable || told;
        let how = How::Segments(segments);
        let (topic, template) = ("clean_segments_command_topic", "clean_segments_command_template");
        let can = b.write(Property::CleanRooms, topic, template, None, how);
        b.property(Property::Rooms, ValueKind::Text, None, Access { readable, writable: false });
        b.property(Property::CleanRooms, ValueKind::Text, None, Access { readable: false, writable: can });
    }
    if !unable("send_command") && b.write(Property::Command, "send_command_topic", "", None, How::Command) {
        b.property(Property::Command, ValueKind::Text, None, Access { readable: false, writable: true });
    }
}

fn mower(b: &mut Builder<'_>) {
    let states: Vec<Arc<str>> = MOWING.map(Into::into).to_vec();
    let sink = Sink::OneOf { property: Property::State, options: states.clone() };
    let readable = b.read("activity_state_topic", "activity_value_template", sink);
    let mut options = Vec::new();
    for (word, topic, template, leads_to) in [
        ("start_mowing", "start_mowing_command_topic", "start_mowing_command_template", "mowing"),
        ("pause", "pause_command_topic", "pause_command_template", "paused"),
        ("dock", "dock_command_topic", "dock_command_template", "docked"),
    ] {
        let words = |wish: &str| How::Words(vec![(Value::from(wish), word.to_owned())]);
        if b.write(Property::Action, topic, template, None, words(word)) {
            b.write(Property::State, topic, template, None, words(leads_to));
            options.push(Arc::from(word));
        }
    }
    let writable = !options.is_empty();
    b.property(Property::State, ValueKind::Enum(states), None, Access { readable, writable });
    b.property(Property::Action, ValueKind::Enum(options), None, Access { readable: false, writable });
}

pub fn read(
    rendered: &Rendered<'_>,
    states: &[Arc<str>],
    segments: Option<&Segments>,
    out: &mut Out<'_>,
) -> Result<(), String> {
    let told = as_json(rendered, |json| {
        let told = json.get("segments").filter(|told| **told != Json::Null);
        segments.zip(told).map_or(Ok(()), |(segments, told)| segments.read(told, out))
    });
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
    let state = match state {
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
    };
    state.and(told.unwrap_or(Ok(())))
}

/// A command of the maker's own as the wire carries it: the word, or JSON with its arguments.
pub fn command(wish: &str) -> Result<String, String> {
    let wish = wish.trim();
    let (word, arguments) = match wish.find(|c: char| c.is_whitespace()) {
        Some(at) => (wish.get(..at).unwrap_or(wish), wish.get(at..).unwrap_or("").trim()),
        None => (wish, ""),
    };
    match arguments {
        _ if word.is_empty() => Err("no command is named".to_owned()),
        "" => Ok(word.to_owned()),
        json => match serde_json::from_str(json) {
            Ok(serde_json::Value::Object(mut arguments)) => {
                arguments.insert("command".to_owned(), word.into());
                Ok(serde_json::Value::Object(arguments).to_string())
            }
            _ => Err(format!(
                "{} is no JSON object; write the command, a blank and its arguments",
                crate::problem::quote(json)
            )),
        },
    }
}
