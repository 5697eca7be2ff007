//! A node with a relay and a thermometer: ESPHome's own discovery, its status, and Home Assistant's form in ESPHome's short keys.

use serde_json::json;

use crate::Send;
use crate::twins::spoken::{Speaks, kept};

const MAC: &str = "0cb815d71a00";

/// Its relay.
#[derive(Default)]
pub struct Node {
    on: bool,
}

impl Node {
    fn relay(&self) -> Send {
        kept("hall-node/switch/relay/state", if self.on { "ON" } else { "OFF" })
    }
}

impl Speaks for Node {
    fn name(&self) -> &'static str {
        "esphome"
    }

    fn announce(&self) -> Vec<Send> {
        let who = json!({ "ip": "192.168.1.64", "name": "hall-node", "friendly_name": "Hall node", "port": 6053,
            "version": "2026.10.1", "mac": MAC, "platform": "ESP32", "board": "esp32dev", "network": "wifi" });
        let part = |platform: &str, key: &str, more: serde_json::Value| {
            let mut config = json!({ "name": key, "stat_t": format!("hall-node/{platform}/{key}/state"),
                "avty_t": "hall-node/status", "uniq_id": format!("{MAC}-{platform}-{key}"),
                "dev": { "ids": MAC, "name": "hall-node", "sw": "esphome v2026.10.1", "mdl": "esp32dev", "mf": "Espressif" } });
            for (key, value) in more.as_object().into_iter().flatten() {
                config[key] = value.clone();
            }
            kept(format!("homeassistant/{platform}/hall-node/{key}/config"), config.to_string())
        };
        vec![
            kept("esphome/discover/hall-node", who.to_string()),
            part("switch", "relay", json!({ "cmd_t": "hall-node/switch/relay/command" })),
            part(
                "sensor",
                "temperature",
                json!({ "dev_cla": "temperature", "unit_of_meas": "°C", "stat_cla": "measurement" }),
            ),
            kept("hall-node/status", "online"),
            kept("hall-node/sensor/temperature/state", "21.3"),
            self.relay(),
        ]
    }

    fn subscriptions(&self) -> Vec<String> {
        vec!["hall-node/switch/relay/command".to_owned()]
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        if topic != "hall-node/switch/relay/command" {
            return Vec::new();
        }
        // It understands any case, and nothing else.
        self.on = match payload.to_ascii_uppercase().as_slice() {
            b"ON" => true,
            b"OFF" => false,
            b"TOGGLE" => !self.on,
            _ => return Vec::new(),
        };
        vec![self.relay()]
    }
}
