//! A Shelly plug of the second generation: `status/switch:0` and `command/switch:0` below its id (Shelly's API documentation,
//! *MQTT* and *Switch*), announced as the scripts do that people run on it.

use serde_json::json;

use crate::Send;
use crate::twins::spoken::{Speaks, kept, said};

const ID: &str = "shellyplusplugs-d4d4da001122";

/// On or off.
#[derive(Default)]
pub struct Shelly {
    on: bool,
}

impl Shelly {
    fn status(&self) -> Send {
        let (watts, id) = (if self.on { 42.5 } else { 0.0 }, 0);
        let status = json!({ "id": id, "source": "MQTT", "output": self.on, "apower": watts, "voltage": 231.4,
            "aenergy": { "total": 1234.5 }, "temperature": { "tC": 31.2, "tF": 88.2 } });
        kept(format!("{ID}/status/switch:0"), status.to_string())
    }
}

impl Speaks for Shelly {
    fn name(&self) -> &'static str {
        "shelly"
    }

    fn announce(&self) -> Vec<Send> {
        let device = json!({ "identifiers": [ID], "name": "Shelly plug", "manufacturer": "Allterco Robotics", "model": "Plus Plug S" });
        let part = |platform: &str, key: &str, more: serde_json::Value| {
            let mut config = json!({ "unique_id": format!("{ID}_{key}"), "name": key, "device": device,
                "state_topic": format!("{ID}/status/switch:0"), "availability_topic": format!("{ID}/online"),
                "payload_available": "true", "payload_not_available": "false" });
            for (key, value) in more.as_object().into_iter().flatten() {
                config[key] = value.clone();
            }
            kept(format!("homeassistant/{platform}/{ID}/{key}/config"), config.to_string())
        };
        vec![
            part(
                "switch",
                "relay",
                json!({ "value_template": "{{ 'on' if value_json.output else 'off' }}",
                "payload_on": "on", "payload_off": "off", "command_topic": format!("{ID}/command/switch:0") }),
            ),
            part(
                "sensor",
                "power",
                json!({ "value_template": "{{ value_json.apower }}", "device_class": "power",
                "unit_of_measurement": "W", "state_class": "measurement" }),
            ),
            // It counts watt-hours.
            part(
                "sensor",
                "energy",
                json!({ "value_template": "{{ value_json.aenergy.total }}", "device_class": "energy",
                "unit_of_measurement": "Wh", "state_class": "total_increasing" }),
            ),
            kept(format!("{ID}/online"), "true"),
            self.status(),
        ]
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{ID}/command/switch:0")]
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        if topic != format!("{ID}/command/switch:0") {
            return Vec::new();
        }
        self.on = match payload {
            b"on" => true,
            b"off" => false,
            b"toggle" => !self.on,
            _ => return Vec::new(),
        };
        let event = json!({ "src": ID, "dst": format!("{ID}/events"), "method": "NotifyStatus",
            "params": { "switch:0": { "id": 0, "output": self.on } } });
        vec![said(format!("{ID}/events/rpc"), event.to_string()), self.status()]
    }
}
