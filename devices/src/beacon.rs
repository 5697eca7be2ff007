//! A transmitter that people carry, as any kind of Bluetooth receiver tells of it: one distance for each receiver.

use serde_json::{Value, json};

use crate::native::Announcement;

/// How long a distance counts: receivers speak of what moves every second, of what lies still every half minute.
const FRESH_S: u32 = 60;

/// What a receiver's topic announces: the beacon, with its distance from this receiver.
pub fn announcement(topic: &str, id: &str, name: Option<&str>, receiver: &str) -> Announcement {
    let device = json!({
        "device": { "identifiers": [id], "name": name.unwrap_or(id), "model": "beacon" },
        "components": { "distance": {
            "platform": "sensor",
            "unique_id": format!("beacon_{id}_{receiver}"),
            "name": receiver,
            "state_topic": topic,
            "value_template": "{{ value_json.distance }}",
            "device_class": "distance",
            "state_class": "measurement",
            "unit_of_measurement": "m",
            "expire_after": FRESH_S,
        } },
    });
    Announcement { source: topic.to_owned(), device: Some(device) }
}

/// The `name` of a message, if it is JSON and has one.
pub fn name_of(payload: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(payload).ok()?;
    value.get("name")?.as_str().map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned)
}
