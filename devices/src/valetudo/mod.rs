//! Valetudo: robots that clean without their maker's cloud. See `README.md`.

mod events;
mod segments;

use serde_json::{Map, Value, json};

use crate::Problem;
use crate::native::{Announcement, Native, object};

const SEGMENTS: &str = "/MapData/segments";
const EVENTS: &str = "/ValetudoEvents/valetudo_events";

/// What a robot says beyond its announcements in Home Assistant's form: the rooms of its map, each to be cleaned by
/// itself, and what it wants a person to do.
pub struct Valetudo;

impl Valetudo {
    /// Base and id of a topic `<prefix>/<id>` with something behind it. The prefix can be chosen and has one level.
    fn robot<'a>(topic: &'a str, what: &str) -> Option<(&'a str, &'a str)> {
        let base = topic.strip_suffix(what)?;
        let (prefix, id) = base.split_once('/')?;
        (!prefix.is_empty() && !id.is_empty() && !id.contains('/')).then_some((base, id))
    }
}

impl Native for Valetudo {
    fn name(&self) -> &'static str {
        "valetudo"
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("+/+{SEGMENTS}"), format!("+/+{EVENTS}")]
    }

    fn takes(&self, topic: &str) -> bool {
        Self::robot(topic, SEGMENTS).or_else(|| Self::robot(topic, EVENTS)).is_some()
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let gone = Announcement { source: topic.to_owned(), device: None };
        if payload.is_empty() {
            return Ok(vec![gone]);
        }
        let (base, id, components) = if let Some((base, id)) = Self::robot(topic, SEGMENTS) {
            (base, id, segments::buttons(topic, base, id, &object(topic, payload)?)?)
        } else if let Some((base, id)) = Self::robot(topic, EVENTS) {
            object(topic, payload)?;
            (base, id, events::sensors(topic, id))
        } else {
            return Ok(Vec::new());
        };
        if components.is_empty() {
            return Ok(vec![gone]);
        }
        Ok(vec![Announcement { device: Some(device(base, id, components)), ..gone }])
    }
}

/// The identifier is the one of its own announcements: both make one device, and the name is told there.
fn device(base: &str, id: &str, components: Map<String, Value>) -> Value {
    json!({
        "device": { "identifiers": [id], "manufacturer": "Valetudo" },
        "availability_topic": format!("{base}/$state"),
        "payload_available": "ready",
        "payload_not_available": "lost",
        "components": components,
    })
}

#[cfg(test)]
mod tests;
