//! Valetudo: robots that clean without their maker's cloud. See `README.md`.

mod control;
mod events;
pub mod map;
mod segments;
pub(crate) mod twin;

use serde_json::{Map, Value, json};

use crate::Problem;
use crate::native::{Announcement, Native, object};

const SEGMENTS: &str = "/MapData/segments";
const EVENTS: &str = "/ValetudoEvents/valetudo_events";

/// What a robot says beyond its announcements in Home Assistant's form: its map and the rooms of it, each to be cleaned by
/// itself, and what it wants a person to do. What it would announce in that form is said here, too, for a robot whose owner
/// did not switch that on.
#[derive(Default)]
pub struct Valetudo {
    /// What each robot has told of its controls, by the base of its topics.
    controls: std::collections::BTreeMap<String, control::Controls>,
}

/// Robots at most whose controls are kept: whoever invents names must not fill the memory.
const MOST_ROBOTS: usize = 500;

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
        let controls = control::TOPICS.iter().map(|topic| format!("+/+{topic}"));
        [SEGMENTS, EVENTS].iter().map(|topic| format!("+/+{topic}")).chain(controls).collect()
    }

    fn takes(&self, topic: &str) -> bool {
        [SEGMENTS, EVENTS].iter().chain(&control::TOPICS).any(|what| Self::robot(topic, what).is_some())
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let told = control::TOPICS.iter().find_map(|what| Some((*what, Self::robot(topic, what)?)));
        if let Some((what, (base, id))) = told {
            return self.control(topic, what, (base, id), payload);
        }
        let gone = Announcement { source: topic.to_owned(), device: None };
        if payload.is_empty() {
            return Ok(vec![gone]);
        }
        let (base, id, components) = if let Some((base, id)) = Self::robot(topic, SEGMENTS) {
            let mut components = segments::buttons(topic, base, id, &object(topic, payload)?)?;
            components.insert("map".to_owned(), map::component(base, id));
            (base, id, components)
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

impl Valetudo {
    /// A part of what a robot can be told: the whole of it, as far as it is known, is announced again.
    fn control(
        &mut self,
        topic: &str,
        what: &str,
        (base, id): (&str, &str),
        payload: &[u8],
    ) -> Result<Vec<Announcement>, Problem> {
        let words = control::words(topic, payload)?;
        if !self.controls.contains_key(base) && self.controls.len() >= MOST_ROBOTS {
            return Err(Problem::new(topic, format!("there are {MOST_ROBOTS} robots already")));
        }
        let controls = self.controls.entry(base.to_owned()).or_default();
        if !controls.tell(what, words) {
            return Ok(Vec::new());
        }
        let components = controls.components(base, id);
        let device = (!components.is_empty()).then(|| device(base, id, components));
        Ok(vec![Announcement { source: format!("{base}/controls"), device }])
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
