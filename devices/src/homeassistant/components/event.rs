//! What happens rather than is: `event`, `tag`, `device_automation`; and where a thing is: `device_tracker`.

use std::sync::Arc;

use lares_model::{Component, Property, Value, ValueKind};

use super::super::json::Json;
use super::super::template::{Message, Rendered};
use super::builder::{Access, Builder, NUMBER, choice};
use super::sink::{Out, Sink, as_json, not};

const READ_ONLY: Access = Access { readable: true, writable: false };

pub fn build(b: &mut Builder<'_>, component: Component) {
    let types = b.options("event_types");
    let read = match component {
        Component::Event => b.read("state_topic", "value_template", Sink::Event { types: types.clone() }),
        Component::Tag => b.read("topic", "value_template", Sink::Text(Property::EventType)),
        _ => {
            let name = match (b.config.text("type"), b.config.text("subtype")) {
                (Some(kind), Some(sub)) => format!("{kind} {sub}"),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => "trigger".to_owned(),
            };
            let sink = Sink::Trigger { name: name.into(), payload: b.config.text("payload") };
            b.read("topic", "value_template", sink)
        }
    };
    if read {
        b.property(Property::EventType, choice(&types), None, READ_ONLY);
    }
}

/// An event message: JSON with `event_type`, or the type as a bare word.
pub fn read(rendered: &Rendered<'_>, types: &[Arc<str>], out: &mut Out<'_>) -> Result<(), String> {
    let from_json = as_json(rendered, |json| json.get("event_type").and_then(Json::text).map(str::to_owned));
    let word = match from_json {
        Some(Some(word)) => word,
        Some(None) => return Err("the event has no `event_type`".to_owned()),
        // An empty text ends an event on publishers of the older kind.
        None if rendered.is_unknown() => return Ok(()),
        None => rendered.text().into_owned(),
    };
    if !types.is_empty() && !types.iter().any(|t| **t == *word) {
        return Err(not(
            Property::EventType,
            rendered,
            &super::sink::listed(types.iter().map(AsRef::as_ref)),
        ));
    }
    out.put(Property::EventType, Some(Value::text(word)));
    Ok(())
}

pub fn tracker(b: &mut Builder<'_>) {
    let words = [("payload_home", "home"), ("payload_not_home", "not_home")];
    let words = words.map(|(key, word)| (b.config.text_or(key, word), word));
    // Any other word is the name of a zone.
    let plain = words.iter().all(|(text, word)| text == word);
    let sink = if plain {
        Sink::Text(Property::State)
    } else {
        Sink::Words {
            property: Property::State,
            words: words.map(|(text, word)| (text, Some(Value::from(word)))).to_vec(),
        }
    };
    if b.read("state_topic", "value_template", sink) {
        b.property(Property::State, ValueKind::Text, None, READ_ONLY);
    }
    if b.read("json_attributes_topic", "", Sink::Place) {
        for property in [Property::Latitude, Property::Longitude, Property::Battery] {
            b.property(property, NUMBER, None, READ_ONLY);
        }
    }
}

/// A tracker's attributes. What is missing is not spoken of.
pub fn place(message: &Message<'_>, out: &mut Out<'_>) -> Result<(), String> {
    let json = message.json().ok_or("the attributes are no JSON")?;
    for (key, property) in [
        ("latitude", Property::Latitude),
        ("longitude", Property::Longitude),
        ("battery_level", Property::Battery),
    ] {
        if let Some(number) = json.get(key).and_then(Json::number) {
            out.number(property, number)?;
        }
    }
    Ok(())
}
