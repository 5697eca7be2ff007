//! Two receivers that hear the same phone, as ESPresense tells of it.

use serde_json::json;

use crate::Send;
use crate::twins::spoken::{BEACON, Speaks, kept, said};

/// One near, one far.
pub struct Receivers;

impl Speaks for Receivers {
    fn name(&self) -> &'static str {
        "espresense"
    }

    fn announce(&self) -> Vec<Send> {
        let heard = |receiver: &str, distance: f64, rssi: i32| {
            let message = json!({ "id": BEACON, "name": "Anna's phone", "disc": "irk", "idType": 115, "rssi@1m": -65, "rssi": rssi,
                "raw": distance, "distance": distance, "var": 0.12, "int": 250 });
            said(format!("espresense/devices/{BEACON}/{receiver}"), message.to_string())
        };
        vec![
            kept("espresense/rooms/kitchen/status", "online"),
            said(
                "espresense/rooms/kitchen/telemetry",
                json!({ "ip": "192.168.1.70", "uptime": 3600, "rssi": -60 }).to_string(),
            ),
            heard("kitchen", 1.42, -68),
            heard("study", 7.9, -88),
        ]
    }
}
