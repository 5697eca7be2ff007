//! ESPHome: nodes that say on `esphome/discover/<name>` that they are there. See `README.md`.

pub(crate) mod twin;

use serde_json::json;

use crate::Problem;
use crate::native::{Announcement, Native, needed, object, text};

const DISCOVER: &str = "esphome/discover/";

/// A node as it says itself: whether it is connected, and what runs on it. Its sensors it announces in Home Assistant's
/// form, under the same identifier, so that both make one device.
pub struct Esphome;

impl Native for Esphome {
    fn name(&self) -> &'static str {
        "esphome"
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{DISCOVER}+")]
    }

    fn takes(&self, topic: &str) -> bool {
        topic.strip_prefix(DISCOVER).is_some_and(|n| !n.is_empty() && !n.contains('/'))
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let gone = Announcement { source: topic.to_owned(), device: None };
        if payload.is_empty() {
            return Ok(vec![gone]);
        }
        let node = object(topic, payload)?;
        let (name, mac) = (needed(topic, &node, "name")?, needed(topic, &node, "mac")?);
        let device = json!({
            "device": {
                "identifiers": [mac],
                "name": match text(&node, "friendly_name") { "" => name, friendly => friendly },
                "manufacturer": "ESPHome",
                "model": text(&node, "board"),
                "sw_version": text(&node, "version"),
            },
            "components": { "connectivity": {
                "platform": "binary_sensor",
                "unique_id": format!("esphome_{mac}_connectivity"),
                "name": "Connectivity",
                "device_class": "connectivity",
                "entity_category": "diagnostic",
                "state_topic": format!("{name}/status"),
                "payload_on": "online",
                "payload_off": "offline",
            } },
        });
        Ok(vec![Announcement { device: Some(device), ..gone }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;
    use crate::homeassistant::{Change, Discovery, Driver};
    use lares_model::Value;

    #[test]
    fn a_node_and_its_sensors_are_one_device() {
        let mut discovery = Discovery::new("mqtt", "homeassistant");
        let topic = "esphome/discover/hall";
        let said = br#"{"ip":"192.168.1.64","name":"hall","version":"2024.9.0","mac":"0cb815d71a00","board":"esp32dev"}"#;
        let mut spec = None;
        for a in Esphome.on_message(topic, said).unwrap() {
            spec = discovery.announce(&a.source, a.device).unwrap().0.pop();
        }
        let Some(Change::Announced(spec)) = spec else { panic!("{spec:?}") };
        assert_eq!(spec.info.sw_version.as_deref(), Some("2024.9.0"));
        let (mut driver, _) = Driver::new(&spec);
        let mut out = Vec::new();
        driver.on_message("hall/status", b"offline", &mut out).unwrap();
        assert!(
            matches!(&out[..], [Observation::Reading { value: Some(Value::Bool(false)), .. }]),
            "{out:?}"
        );
        let sensor =
            br#"{"stat_t":"hall/sensor/t/state","uniq_id":"t","name":"T","dev":{"ids":"0cb815d71a00"}}"#;
        let (changes, _) = discovery.on_config("homeassistant/sensor/hall/t/config", sensor).unwrap();
        let [Change::Announced(both)] = &changes[..] else { panic!("{changes:?}") };
        assert_eq!(both.info.entities.len(), 2);
        assert!(
            Esphome.on_message(topic, b"{\"name\":\"x\"}").unwrap_err().reason.contains("`mac` is missing")
        );
        assert_eq!(Esphome.on_message(topic, b"").unwrap()[0].device, None);
    }
}
