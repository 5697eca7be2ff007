//! A dimmable lamp with a meter: Tasmota's own discovery, its telemetry, last will and answers (its documentation, *MQTT*).

use serde_json::{Value, json};

use crate::Send;
use crate::twins::spoken::{Speaks, kept, said};

const ID: &str = "A020A6B1C2D3";

/// On, and how bright in percent.
pub struct Lamp {
    on: bool,
    dimmer: u64,
}

impl Default for Lamp {
    fn default() -> Self {
        Self { on: false, dimmer: 60 }
    }
}

impl Lamp {
    fn word(&self) -> &'static str {
        if self.on { "ON" } else { "OFF" }
    }

    fn telemetry(&self) -> Send {
        let state = json!({ "Time": "2026-11-26T10:00:00", "Uptime": "0T01:00:00", "POWER": self.word(), "Dimmer": self.dimmer,
            "Color": "99", "Fade": "OFF", "Wifi": { "AP": 1, "SSId": "home", "RSSI": 78, "Signal": -61 } });
        said("tele/desk/STATE", state.to_string())
    }
}

impl Speaks for Lamp {
    fn name(&self) -> &'static str {
        "tasmota"
    }

    fn announce(&self) -> Vec<Send> {
        let config = json!({ "ip": "192.168.1.7", "dn": "Desk", "fn": ["Desk lamp", null], "hn": "desk", "mac": ID, "md": "Generic",
            "ty": 0, "if": 0, "ofln": "Offline", "onln": "Online", "state": ["OFF", "ON", "TOGGLE", "HOLD"], "sw": "14.2.0", "t": "desk",
            "ft": "%prefix%/%topic%/", "tp": ["cmnd", "stat", "tele"], "rl": [2, 0, 0], "swc": [-1], "btn": [0],
            "so": { "4": 0, "26": 0 }, "lk": 1, "lt_st": 1, "ver": 1 });
        let sensors = json!({ "sn": { "Time": "2026-11-26T10:00:00",
            "ENERGY": { "TotalStartTime": "2026-01-01T00:00:00", "Total": 1.5, "Power": 12, "Voltage": 230 } }, "ver": 1 });
        let measured =
            json!({ "Time": "2026-11-26T10:00:00", "ENERGY": { "Total": 1.5, "Power": 12, "Voltage": 231 } });
        vec![
            kept(format!("tasmota/discovery/{ID}/config"), config.to_string()),
            kept(format!("tasmota/discovery/{ID}/sensors"), sensors.to_string()),
            kept("tele/desk/LWT", "Online"),
            self.telemetry(),
            said("tele/desk/SENSOR", measured.to_string()),
        ]
    }

    fn subscriptions(&self) -> Vec<String> {
        vec!["cmnd/desk/#".to_owned()]
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        let Some(command) = topic.strip_prefix("cmnd/desk/") else { return Vec::new() };
        let text = String::from_utf8_lossy(payload).to_uppercase();
        let answer: Value = match (command.to_uppercase().as_str(), text.as_str()) {
            ("POWER", "ON" | "1" | "OFF" | "0") => {
                self.on = matches!(text.as_str(), "ON" | "1");
                json!({ "POWER": self.word() })
            }
            // Dimming switches it on.
            ("DIMMER", level) => match level.parse::<f64>() {
                Ok(level) if (0.0..=100.0).contains(&level) => {
                    (self.dimmer, self.on) = (level.round() as u64, level >= 1.0);
                    json!({ "POWER": self.word(), "Dimmer": self.dimmer })
                }
                _ => json!({ "Command": "Error" }),
            },
            _ => json!({ "Command": "Unknown" }),
        };
        vec![said("stat/desk/RESULT", answer.to_string()), said("stat/desk/POWER", self.word())]
    }
}
