//! `json_attributes_topic`: what a thing says beside its state, as words. What is to be reckoned with is an entity of its
//! own with a template on the same topic.

use lares_model::{Property, Value, ValueKind};

use super::super::json::{self, Json};
use super::super::template::{Message, Rendered};
use super::builder::{Access, Builder};
use super::sink::{Out, Sink};
use crate::problem::quote;

/// Attributes at most, and characters of one: labels for people.
const MOST: usize = 64;
const LONGEST: usize = 200;

pub fn build(b: &mut Builder<'_>) {
    let Some(topic) = b.config.filled("json_attributes_topic").map(str::to_owned) else { return };
    // The same message as its state says the same again: each field of it that counts has an entity.
    if b.built.readers.iter().any(|reader| reader.topic == topic) {
        return;
    }
    let readable = b.read("json_attributes_topic", "json_attributes_template", Sink::Attributes);
    b.property(Property::Attributes, ValueKind::Text, None, Access { readable, writable: false });
}

pub fn read(rendered: &Rendered<'_>, message: &Message<'_>, out: &mut Out<'_>) -> Result<(), String> {
    let text = rendered.text();
    // Most have no template: the message is parsed once for all that listen.
    let own = (text != message.text.trim()).then(|| json::parse(&text).ok());
    let fields = match own.as_ref().map_or_else(|| message.json(), Option::as_ref) {
        Some(Json::Object(fields)) => fields,
        _ if rendered.is_unknown() => {
            out.put(Property::Attributes, None);
            return Ok(());
        }
        _ => return Err(format!("the attributes are {}; allowed: a JSON object", quote(&text))),
    };
    let mut words = Vec::new();
    for (name, value) in fields {
        match value {
            Json::Object(inner) => {
                words.extend(inner.iter().map(|(part, value)| one(&format!("{name}.{part}"), value)));
            }
            value => words.push(one(name, value)),
        }
        if words.len() > MOST {
            words.truncate(MOST);
            words.push("…".to_owned());
            break;
        }
    }
    out.put(Property::Attributes, Some(Value::text(words.join(", "))));
    Ok(())
}

fn one(name: &str, value: &Json<'_>) -> String {
    let value = match value {
        Json::List(items) => {
            let items: Vec<String> =
                items.iter().map(|item| Rendered::of(item).text().into_owned()).collect();
            items.join(" ")
        }
        value => Rendered::of(value).text().into_owned(),
    };
    let mut text = format!("{name}: {value}");
    if let Some((at, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(at);
        text.push('…');
    }
    text
}
