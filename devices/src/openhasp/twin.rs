//! A plate: who it is, its page and backlight, and what it answers to commands (openHASP's documentation, *MQTT*).

use serde_json::{Value, json};

use crate::Send;
use crate::twins::spoken::{Speaks, json_of, kept, said};

const BASE: &str = "hasp/plate_twin";

/// What it shows, and its pins.
pub struct Plate {
    page: u64,
    backlight: (bool, u64),
    antiburn: bool,
    output: bool,
}

impl Default for Plate {
    fn default() -> Self {
        Self { page: 1, backlight: (true, 200), antiburn: false, output: false }
    }
}

impl Plate {
    fn state(&self, what: &str) -> Send {
        let on = |on: bool| if on { "on" } else { "off" };
        let (lit, bright) = self.backlight;
        let payload = match what {
            "page" => self.page.to_string(),
            "backlight" => json!({ "state": on(lit), "brightness": bright }).to_string(),
            "antiburn" => json!({ "state": on(self.antiburn) }).to_string(),
            _ => json!({ "state": on(self.output) }).to_string(),
        };
        said(format!("{BASE}/state/{what}"), payload)
    }
}

fn is_on(told: &Value) -> Option<bool> {
    // In any case of its letters.
    match told.get("state").unwrap_or(told).as_str()?.to_lowercase().as_str() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

impl Speaks for Plate {
    fn name(&self) -> &'static str {
        "openhasp"
    }

    fn announce(&self) -> Vec<Send> {
        let who = json!({ "node": "plate_twin", "mdl": "Lanbon L8", "mf": "openHASP", "hwid": "98f4ab87566c", "pages": 12,
            "sw": "0.7.0", "uri": "http://192.168.1.80", "node_t": format!("{BASE}/"), "input": {}, "power": [4], "light": [], "dim": [] });
        let status = json!({ "node": "plate_twin", "idle": "off", "version": "0.7.0", "uptime": 300, "rssi": -54, "page": self.page });
        let sensors = json!({ "time": "2026-11-26T10:00:00", "uptimeSec": 300, "ESP32": { "Temperature": 51.5 }, "tempunit": "C" });
        let mut all = vec![
            kept("hasp/discovery/98f4ab87566c", who.to_string()),
            kept(format!("{BASE}/LWT"), "online"),
            said(format!("{BASE}/state/statusupdate"), status.to_string()),
            said(format!("{BASE}/state/sensors"), sensors.to_string()),
            said(format!("{BASE}/state/idle"), "off"),
            // Something was touched: no matter of the device's.
            said(format!("{BASE}/state/p1b3"), json!({ "event": "up", "val": 1 }).to_string()),
        ];
        all.extend(["page", "backlight", "antiburn", "output4"].map(|what| self.state(what)));
        all
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{BASE}/command/#")]
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        let Some(what) = topic.strip_prefix(BASE).and_then(|t| t.strip_prefix("/command/")) else {
            return Vec::new();
        };
        // A bare word is a word, as on its console.
        let told = match json_of(payload) {
            Value::Null => Value::from(String::from_utf8_lossy(payload)),
            told => told,
        };
        match what {
            "page" => match told.as_u64().filter(|page| (1..=12).contains(page)) {
                Some(page) => self.page = page,
                None => return Vec::new(),
            },
            "backlight" => {
                let (lit, bright) = self.backlight;
                let level = told.get("brightness").and_then(Value::as_u64).map_or(bright, |b| b.min(255));
                self.backlight = (is_on(&told).unwrap_or(lit), level);
            }
            "antiburn" => self.antiburn = is_on(&told).unwrap_or(self.antiburn),
            "output4" => self.output = is_on(&told).unwrap_or(self.output),
            _ => return Vec::new(),
        }
        vec![self.state(what)]
    }
}
