//! room-assistant and everything that speaks as it does on `room_presence/<receiver>`. See `README.md`.

pub(crate) mod twin;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::native::{Announcement, Native};
use crate::problem::quote;
use crate::{Problem, beacon};

const PRESENCE: &str = "room_presence/";
/// Longest message that is looked at, in bytes.
const LONGEST: usize = 1 << 16;
/// Pairs of beacon and receiver that are known at most, for each beacon.
const MOST_RECEIVERS: usize = 256;

/// What receivers tell of beacons that people carry. All of one receiver come on one topic, so that each gets a reader of
/// its own that passes over the others.
pub struct RoomAssistant {
    beacons: BTreeSet<String>,
    known: BTreeSet<(String, String)>,
}

impl RoomAssistant {
    pub fn new(beacons: BTreeSet<String>) -> Self {
        Self { beacons, known: BTreeSet::new() }
    }
}

impl Native for RoomAssistant {
    fn name(&self) -> &'static str {
        "room_assistant"
    }

    fn subscriptions(&self) -> Vec<String> {
        if self.beacons.is_empty() { Vec::new() } else { vec![format!("{PRESENCE}+")] }
    }

    fn takes(&self, topic: &str) -> bool {
        topic.strip_prefix(PRESENCE).is_some_and(|r| !r.is_empty() && !r.contains('/'))
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let Some(receiver) = topic.strip_prefix(PRESENCE) else { return Ok(Vec::new()) };
        if payload.len() > LONGEST {
            return Err(Problem::new(
                topic,
                format!("message of {} bytes; at most {LONGEST}", payload.len()),
            ));
        }
        let message: Value = serde_json::from_slice(payload)
            .map_err(|e| Problem::new(topic, format!("is no JSON of a receiver: {e}")))?;
        let id = message.get("id").and_then(Value::as_str).ok_or_else(|| {
            let seen = quote(&message.get("id").map(Value::to_string).unwrap_or_default());
            Problem::new(topic, format!("`id` is {seen}; allowed: the id of what was heard, a text"))
        })?;
        let pair = (id.to_owned(), receiver.to_owned());
        let full = self.known.len() >= self.beacons.len() * MOST_RECEIVERS;
        if !self.beacons.contains(id) || self.known.contains(&pair) || full {
            return Ok(Vec::new());
        }
        self.known.insert(pair);
        let name = message.get("name").and_then(Value::as_str);
        let mut announced = beacon::announcement(topic, id, name, receiver);
        announced.source = format!("{topic}#{id}");
        // The id goes into the template as a JSON text, which Jinja reads as its own.
        let wanted = Value::from(id).to_string();
        if let Some(sensor) = announced.device.as_mut().and_then(|d| d.pointer_mut("/components/distance")) {
            sensor["value_template"] =
                format!("{{% if value_json.id == {wanted} %}}{{{{ value_json.distance }}}}{{% else %}}{{{{ nothing | is_defined }}}}{{% endif %}}").into();
        }
        Ok(vec![announced])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;
    use crate::homeassistant::{Change, Discovery, Driver};
    use lares_model::Value as Reading;

    #[test]
    fn two_beacons_on_one_topic_are_told_apart() {
        let mut native = RoomAssistant::new(["a\"b".to_owned(), "c".to_owned()].into());
        let mut discovery = Discovery::new("mqtt", "homeassistant");
        let mut specs = std::collections::BTreeMap::new();
        for (id, receiver) in [("a\"b", "hall"), ("c", "hall"), ("stranger", "hall"), ("c", "study")] {
            let text = serde_json::json!({ "id": id, "name": "N", "distance": 1.5 }).to_string();
            for a in native.on_message(&format!("room_presence/{receiver}"), text.as_bytes()).unwrap() {
                for change in discovery.announce(&a.source, a.device).unwrap().0 {
                    let Change::Announced(spec) = change else { panic!("{change:?}") };
                    specs.insert(spec.info.key.clone(), *spec);
                }
            }
        }
        assert_eq!(specs.keys().collect::<Vec<_>>(), ["mqtt/a\"b", "mqtt/c"]);
        let hears = |key: &str, id: &str| {
            let (mut driver, problems) = Driver::new(&specs[key]);
            assert!(problems.is_empty(), "{problems:?}");
            let mut out = Vec::new();
            let text = serde_json::json!({ "id": id, "distance": 4.2 }).to_string();
            driver.on_message("room_presence/hall", text.as_bytes(), &mut out).unwrap();
            matches!(out.as_slice(), [Observation::Reading { value: Some(Reading::Number(n)), .. }] if *n == 4.2)
        };
        assert!(hears("mqtt/c", "c") && !hears("mqtt/c", "a\"b") && hears("mqtt/a\"b", "a\"b"));
    }

    #[test]
    fn what_is_no_message_is_named() {
        let mut native = RoomAssistant::new(["c".to_owned()].into());
        for (bytes, word) in [(&b"{\"id\":7}"[..], "`id` is `7`"), (b"\xff", "no JSON"), (b"[]", "`id` is")] {
            let said = native.on_message("room_presence/hall", bytes).unwrap_err();
            assert!(said.reason.contains(word), "{said}");
        }
    }
}
