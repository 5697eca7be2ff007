//! Tasmota: plugs, switches, lamps and sensors that say on `tasmota/discovery` what they are. See `README.md`.

mod parts;
#[cfg(test)]
mod tests;
pub(crate) mod twin;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Problem;
use crate::native::{Announcement, Native, needed, object};

const DISCOVERY: &str = "tasmota/discovery/";
/// Devices at most.
const MOST: usize = 2_000;

/// Devices that tell their relays and sensors in two messages, in any order.
#[derive(Default)]
pub struct Tasmota {
    heard: BTreeMap<String, Heard>,
}

#[derive(Default)]
struct Heard {
    config: Option<Value>,
    sensors: Option<Value>,
}

impl Tasmota {
    fn parts(topic: &str) -> Option<(&str, &str)> {
        let (id, kind) = topic.strip_prefix(DISCOVERY)?.split_once('/')?;
        (!id.is_empty() && ["config", "sensors"].contains(&kind)).then_some((id, kind))
    }
}

impl Native for Tasmota {
    fn name(&self) -> &'static str {
        "tasmota"
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{DISCOVERY}+/config"), format!("{DISCOVERY}+/sensors")]
    }

    fn takes(&self, topic: &str) -> bool {
        Self::parts(topic).is_some()
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let Some((id, kind)) = Self::parts(topic) else { return Ok(Vec::new()) };
        let source = format!("{DISCOVERY}{id}");
        if payload.is_empty() {
            let gone = kind == "config" && self.heard.remove(id).is_some();
            let gone = gone.then_some(Announcement { source, device: None });
            return Ok(gone.into_iter().collect());
        }
        let message = object(topic, payload)?;
        if !self.heard.contains_key(id) && self.heard.len() >= MOST {
            return Err(Problem::new(topic, format!("{MOST} devices are known already; no more are taken")));
        }
        let heard = self.heard.entry(id.to_owned()).or_default();
        if kind == "config" {
            // Nothing can be said of a device without these.
            needed(topic, &message, "t")?;
            needed(topic, &message, "ft")?;
            heard.config = Some(message);
        } else {
            heard.sensors = Some(message);
        }
        let Some(config) = &heard.config else { return Ok(Vec::new()) };
        let device = parts::device(id, config, heard.sensors.as_ref());
        Ok(vec![Announcement { source, device: Some(device) }])
    }
}
