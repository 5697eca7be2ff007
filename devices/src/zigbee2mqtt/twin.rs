//! A bridge with a group of lamps: what it tells of itself, what is asked of it, and its answers (zigbee2mqtt's documentation,
//! *MQTT topics and messages*).

use serde_json::{Map, Value, json};

use crate::Send;
use crate::twins::spoken::{Speaks, json_of, kept, said};

const BASE: &str = "zigbee2mqtt";

/// Whether it lets join, and its group.
pub struct Bridge {
    joining: bool,
    group: Map<String, Value>,
}

impl Default for Bridge {
    fn default() -> Self {
        let group =
            json!({ "state": "OFF", "brightness": 127, "color_temp": 370, "color_mode": "color_temp" });
        Self { joining: false, group: group.as_object().cloned().unwrap_or_default() }
    }
}

impl Bridge {
    fn info(&self) -> Send {
        let info = json!({ "version": "2.14.1", "commit": "abc", "permit_join": self.joining, "restart_required": false,
            "log_level": "info", "coordinator": { "ieee_address": "0x00124b00aabbccdd", "type": "zStack3x0", "meta": { "revision": 20230507 } },
            "network": { "channel": 15, "pan_id": 6754 } });
        kept(format!("{BASE}/bridge/info"), info.to_string())
    }

    fn group(&self) -> Send {
        kept(format!("{BASE}/downstairs"), Value::Object(self.group.clone()).to_string())
    }
}

impl Speaks for Bridge {
    fn name(&self) -> &'static str {
        "zigbee2mqtt"
    }

    fn announce(&self) -> Vec<Send> {
        let member = |ieee: &str| json!({ "ieee_address": ieee, "endpoint": 11 });
        let groups = json!([
            { "id": 3, "friendly_name": "downstairs", "scenes": [], "members": [member("0x1"), member("0x2")] },
            { "id": 4, "friendly_name": "nobody", "scenes": [], "members": [] }
        ]);
        let health = json!({ "data": { "healthy": true }, "status": "ok" });
        vec![
            kept(format!("{BASE}/bridge/state"), json!({ "state": "online" }).to_string()),
            self.info(),
            kept(format!("{BASE}/bridge/groups"), groups.to_string()),
            said(
                format!("{BASE}/bridge/logging"),
                json!({ "level": "info", "message": "z2m: hello" }).to_string(),
            ),
            said(format!("{BASE}/bridge/response/health_check"), health.to_string()),
            self.group(),
        ]
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{BASE}/bridge/request/#"), format!("{BASE}/downstairs/set")]
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        let told = json_of(payload);
        let done = |what: &str, data: Value| {
            said(
                format!("{BASE}/bridge/response/{what}"),
                json!({ "data": data, "status": "ok" }).to_string(),
            )
        };
        match topic.strip_prefix(BASE).unwrap_or_default() {
            "/bridge/request/permit_join" => match told["time"].as_u64().filter(|s| *s <= 254) {
                Some(seconds) => {
                    self.joining = seconds > 0;
                    vec![done("permit_join", json!({ "time": seconds })), self.info()]
                }
                None => Vec::new(),
            },
            "/bridge/request/restart" => vec![done("restart", json!({})), self.info()],
            "/downstairs/set" => {
                for (key, value) in told.as_object().into_iter().flatten() {
                    match (key.as_str(), value) {
                        ("state", Value::String(word)) if matches!(word.as_str(), "ON" | "OFF") => {
                            self.group.insert("state".to_owned(), value.clone());
                        }
                        ("brightness", Value::Number(_)) => {
                            self.group.insert("brightness".to_owned(), value.clone());
                        }
                        ("color_temp" | "color", _) => {
                            let mode = if key == "color" { "xy" } else { "color_temp" };
                            self.group.insert(key.clone(), value.clone());
                            self.group.insert("color_mode".to_owned(), mode.into());
                        }
                        _ => {}
                    }
                }
                vec![self.group()]
            }
            _ => Vec::new(),
        }
    }
}
