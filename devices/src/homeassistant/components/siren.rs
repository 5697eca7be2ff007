//! `siren`: on and off. Tone, volume and duration are the device's own defaults.

use lares_model::{Property, Value, ValueKind};

use super::super::json::Json;
use super::super::template::Rendered;
use super::builder::{Access, Builder};
use super::sink::{Out, Sink, as_json, listed, not};
use super::writer::{How, Writer};

pub fn build(b: &mut Builder<'_>) {
    let (on, off) = (b.config.text_or("payload_on", "ON"), b.config.text_or("payload_off", "OFF"));
    let sink =
        Sink::Siren { on: b.config.text_or("state_on", &on), off: b.config.text_or("state_off", &off) };
    let readable = b.read("state_topic", "state_value_template", sink);
    let mut writable = false;
    if let (Some(delivery), Ok(template), Ok(for_off)) =
        (b.delivery("command_topic"), b.template("command_template"), b.template("command_off_template"))
    {
        // Without a template a siren is sent JSON.
        let payload = |word: &str| {
            if template.is_some() { word.to_owned() } else { serde_json::json!({"state": word}).to_string() }
        };
        let words = vec![
            (Value::Bool(true), payload(&on), template.clone()),
            (Value::Bool(false), payload(&off), for_off),
        ];
        b.push_writer(Writer {
            property: Property::On,
            delivery,
            template,
            also: Some("state"),
            how: How::Tailored(words),
        });
        writable = true;
    }
    b.property(Property::On, ValueKind::Bool, None, Access { readable, writable });
}

pub fn read(rendered: &Rendered<'_>, on: &str, off: &str, out: &mut Out<'_>) -> Result<(), String> {
    let state = as_json(rendered, |json| json.get("state").map(|s| Rendered::of(s).text().into_owned()));
    let word = match state {
        Some(Some(word)) => word,
        // Attributes without a state.
        Some(None) => return Ok(()),
        None => rendered.text().into_owned(),
    };
    let value = if word == on {
        Some(Value::Bool(true))
    } else if word == off {
        Some(Value::Bool(false))
    } else if Rendered::of(&Json::Text(word.as_str().into())).is_unknown() {
        None
    } else {
        return Err(not(Property::On, rendered, &listed([on, off].into_iter())));
    };
    out.put(Property::On, value);
    Ok(())
}
