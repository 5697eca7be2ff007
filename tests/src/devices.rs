//! Devices as they announce themselves, and the head of a home that listens to them.

use serde_json::{Value, json};

use crate::{Lares, Wire, wait_for};

/// The household of a test, with an outside broker.
pub fn home_head(port: u16) -> String {
    format!(
        "[household]\nname = \"Test\"\ntime_zone = \"UTC\"\n\n[broker]\nenabled = false\n\n\
         [mqtt.mqtt]\nhost = \"127.0.0.1\"\nport = {port}\n\n"
    )
}

/// One entity of an announcement: component, slug, and what is special about it.
pub fn component(kind: &'static str, slug: &'static str, more: Value) -> (&'static str, &'static str, Value) {
    (kind, slug, more)
}

/// A room's things on the wire: motion, a tag that makes each message unlike any other, light level, a lamp.
pub struct Thing {
    pub id: String,
}

impl Thing {
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }

    pub fn topic(&self, what: &str) -> String {
        format!("home/{}/{what}", self.id)
    }

    /// Sections of the home: the room and its device.
    pub fn sections(&self) -> String {
        let id = &self.id;
        format!("[room.{id}]\n\n[device.{id}]\nroom = \"{id}\"\nidentifiers = [\"{id}\"]\n\n")
    }

    pub fn announce(&self, wire: &Wire) {
        let motion = self.topic("motion");
        let entities = [
            component(
                "binary_sensor",
                "motion",
                json!({ "state_topic": motion, "value_template": "{{ value_json.motion }}", "device_class": "motion" }),
            ),
            component(
                "sensor",
                "tag",
                json!({ "state_topic": motion, "value_template": "{{ value_json.tag }}" }),
            ),
            component(
                "sensor",
                "illuminance",
                json!({ "state_topic": self.topic("lux"), "unit_of_measurement": "lx", "device_class": "illuminance" }),
            ),
            component(
                "light",
                "lamp",
                json!({
                    "schema": "json", "state_topic": self.topic("lamp"), "command_topic": self.topic("lamp/set"),
                }),
            ),
        ];
        announce(wire, &self.id, &entities);
    }

    /// Waits until the household hears it: it subscribes a moment after it knows the device, and what comes before is
    /// lost, as MQTT is. There is no motion then.
    pub fn reach(&self, wire: &Wire, lares: &Lares) {
        let tag = format!("{}.tag", self.id);
        wait_for("a device to be heard", || {
            self.motion(wire, false, "hello");
            std::thread::sleep(std::time::Duration::from_millis(30));
            lares.entity(&tag).is_some_and(|e| e["state"] == "hello")
        });
    }

    pub fn motion(&self, wire: &Wire, on: bool, tag: &str) {
        let motion = if on { "ON" } else { "OFF" };
        wire.publish(&self.topic("motion"), json!({ "motion": motion, "tag": tag }).to_string());
    }
}

/// Announces a device's entities, retained.
pub fn announce(wire: &Wire, id: &str, entities: &[(&str, &str, Value)]) {
    for (kind, slug, more) in entities {
        let mut payload = json!({
            "name": slug,
            "unique_id": format!("{id}_{slug}"),
            "device": { "identifiers": [id], "name": id },
        });
        for (key, value) in more.as_object().unwrap() {
            payload[key] = value.clone();
        }
        wire.retain(&format!("homeassistant/{kind}/{id}/{slug}/config"), payload.to_string());
    }
}
