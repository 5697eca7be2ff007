//! Templates against the oracle: what real Jinja2 made of the same.

use lares_devices::homeassistant::{Bank, Json as Ordered, Message};
use serde_json::Value as Json;

use super::misses::Misses;
use super::{list, published, text};

/// Compares all templates of one announcement; gives how many cases there were and how many were equal.
pub fn compare(
    device: &Json,
    raw: &str,
    topic: &str,
    expected: &Json,
    misses: &mut Misses,
) -> (usize, usize) {
    let (mut cases, mut equal) = (0, 0);
    let mut judge = |kind, template: &str, made: Result<String, String>, wanted: &str| {
        cases += 1;
        if made.as_deref() == Ok(wanted) {
            equal += 1;
        } else {
            misses.note(kind, topic, format!("{template} gave {made:?}, the oracle says {wanted:?}"));
        }
    };
    for case in expected["rendered"].as_object().into_iter().flat_map(|o| o.values()) {
        let template = text(case, "template");
        let mut bank = Bank::default();
        let compiled = bank.add(template);
        for (which, state) in [("full", "state"), ("first", "state_first")] {
            let Some(wanted) = case.get(which).and_then(Json::as_str) else { continue };
            let payload = payload_of(device, raw, topic, state);
            let message = Message::new(&payload);
            let made = match &compiled {
                Ok(compiled) => bank.read(compiled, &message).map(|r| r.text().into_owned()),
                Err(why) => Err(why.to_string()),
            };
            judge("template", template, made, wanted);
        }
    }
    for command in expected["commands"].as_object().into_iter().flat_map(|o| o.values()) {
        let template = text(command, "template");
        let mut bank = Bank::default();
        let compiled = bank.add(template);
        for case in list(command, "cases") {
            let given = case["vars"].as_object().into_iter().flatten();
            let variables: Vec<_> = given.map(|(k, v)| (k.as_str(), variable(v))).collect();
            let made = match &compiled {
                Ok(compiled) => bank.write(Some(compiled), &variables).map_err(|e| e.to_string()),
                Err(why) => Err(why.to_string()),
            };
            judge("command template", template, made, text(case, "out"));
        }
    }
    (cases, equal)
}

/// The message that an announcement's topics carry: the device's state, or that of one of its endpoints.
fn payload_of(device: &Json, raw: &str, topic: &str, state: &str) -> String {
    let announced = list(device, "discovery").iter().find(|m| text(m, "topic") == topic);
    let topics = announced.and_then(|m| m["payload"].as_object());
    let extra = list(device, "state_extra").iter().find(|extra| {
        extra["payload"].is_object()
            && topics
                .is_some_and(|o| o.iter().any(|(k, v)| k.ends_with("state_topic") && *v == extra["topic"]))
    });
    // As it was sent: a template may print a whole object, keys in their order.
    match extra.filter(|_| state == "state") {
        Some(extra) => published(&extra["payload"]),
        None => in_order(raw, state).unwrap_or_else(|| published(&device[state])),
    }
}

/// The value under a key of a line, with its keys in the order of the line.
fn in_order(raw: &str, key: &str) -> Option<String> {
    let line: Ordered<'_> = serde_json::from_str(raw).ok()?;
    line.get(key).map(print)
}

fn print(json: &Ordered<'_>) -> String {
    match json {
        Ordered::Null => "null".to_owned(),
        Ordered::Bool(b) => b.to_string(),
        Ordered::Int(n) => n.to_string(),
        Ordered::Uint(n) => n.to_string(),
        Ordered::Float(n) => Json::from(*n).to_string(),
        Ordered::Text(t) => Json::from(t.as_ref()).to_string(),
        Ordered::List(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(",")),
        Ordered::Object(fields) => {
            let field = |(key, value): &(_, Ordered<'_>)| {
                let key: &std::borrow::Cow<'_, str> = key;
                format!("{}:{}", Json::from(key.as_ref()), print(value))
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(","))
        }
    }
}

fn variable(json: &Json) -> minijinja::Value {
    match json {
        Json::String(t) => t.as_str().into(),
        Json::Bool(b) => (*b).into(),
        Json::Number(n) => n.as_i64().map_or_else(|| n.as_f64().unwrap_or_default().into(), Into::into),
        _ => minijinja::Value::default(),
    }
}
