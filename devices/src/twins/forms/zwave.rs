//! A node of Z-Wave JS UI: a topic for each value, with the time beside it, and a target that is set (its documentation, *MQTT*).

use serde_json::json;

use super::super::spoken::json_of;
use crate::Send;
use crate::twins::spoken::{Speaks, kept};

const NODE: &str = "zwave/Cellar/Pump";

/// On or off.
#[derive(Default)]
pub struct Zwave {
    on: bool,
}

impl Zwave {
    fn value(&self) -> Send {
        kept(
            format!("{NODE}/37/0/currentValue"),
            json!({ "time": 1_790_000_000_000_u64, "value": self.on }).to_string(),
        )
    }
}

impl Speaks for Zwave {
    fn name(&self) -> &'static str {
        "zwave-js-ui"
    }

    fn announce(&self) -> Vec<Send> {
        let client = "zwave/_CLIENTS/ZWAVE_GATEWAY-home/status";
        let available = "{{ 'true' if value_json.value else 'false' }}";
        let status = |topic: &str| {
            json!({ "topic": topic, "value_template": available, "payload_available": "true",
            "payload_not_available": "false" })
        };
        let device = json!({ "identifiers": ["zwavejs2mqtt_0xdeadbeef_node7"], "manufacturer": "Fibargroup",
            "model": "Walli Outlet (FGWOEF-011)", "name": "Pump", "sw_version": "5.1" });
        let config = |key: &str, more: serde_json::Value| {
            let mut config = json!({ "unique_id": format!("zwavejs2mqtt_0xdeadbeef_7-{key}"), "name": key, "device": device,
                "availability": [status(client), status("zwave/driver/status"), status(&format!("{NODE}/status"))],
                "availability_mode": "all", "value_template": "{{ value_json.value }}" });
            for (key, value) in more.as_object().into_iter().flatten() {
                config[key] = value.clone();
            }
            config.to_string()
        };
        let alive =
            |topic: &str| kept(topic, json!({ "time": 1_790_000_000_000_u64, "value": true }).to_string());
        vec![
            kept(
                "homeassistant/switch/Cellar-Pump/switch/config",
                config(
                    "switch",
                    json!({
                "state_topic": format!("{NODE}/37/0/currentValue"), "command_topic": format!("{NODE}/37/0/targetValue/set"),
                // What a template prints is what Python prints.
                "payload_on": true, "payload_off": false, "state_on": "True", "state_off": "False" }),
                ),
            ),
            kept(
                "homeassistant/sensor/Cellar-Pump/power/config",
                config(
                    "power",
                    json!({
                "state_topic": format!("{NODE}/50/0/value/66049"), "unit_of_measurement": "W", "device_class": "power",
                "state_class": "measurement" }),
                ),
            ),
            alive(client),
            alive("zwave/driver/status"),
            kept(
                format!("{NODE}/status"),
                json!({ "time": 1_790_000_000_000_u64, "value": true, "status": "Alive", "nodeId": 7 })
                    .to_string(),
            ),
            kept(
                format!("{NODE}/50/0/value/66049"),
                json!({ "time": 1_790_000_000_000_u64, "value": 12.5 }).to_string(),
            ),
            self.value(),
        ]
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{NODE}/37/0/targetValue/set")]
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        if topic != format!("{NODE}/37/0/targetValue/set") {
            return Vec::new();
        }
        // Bare, or in an object.
        let told = json_of(payload.to_ascii_lowercase().as_slice());
        let told = told.get("value").cloned().unwrap_or(told);
        match told.as_bool() {
            Some(on) => {
                self.on = on;
                vec![self.value()]
            }
            None => Vec::new(),
        }
    }
}
