//! What runs in a device, and how a newer version of it is put in: as zigbee2mqtt tells of it.

use std::time::Duration;

use serde_json::{Value, json};

const OLD: &str = "1.2.0";
const NEW: &str = "1.3.0";
/// A tenth of it takes so long.
pub const TENTH: Duration = Duration::from_secs(5);

/// A newer version can be had until it was installed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Firmware {
    newest: bool,
    /// Percent of what is being installed.
    done: Option<f64>,
}

impl Firmware {
    /// A wish that is none, and one that comes while it runs or when it has the newest, changes nothing.
    pub fn obey(&mut self, word: &str) {
        if word == "install" && !self.newest && self.done.is_none() {
            self.done = Some(0.0);
        }
    }

    pub fn runs(&self) -> bool {
        self.done.is_some()
    }

    /// Another tenth is in.
    pub fn step(&mut self) {
        let Some(done) = self.done.map(|done| done + 10.0) else { return };
        self.newest = done >= 100.0;
        self.done = (!self.newest).then_some(done);
    }

    pub fn report(&self) -> Value {
        let state = match (self.done, self.newest) {
            (Some(_), _) => "updating",
            (None, true) => "idle",
            (None, false) => "available",
        };
        let mut told = json!({
            "state": state, "installed_version": if self.newest { NEW } else { OLD }, "latest_version": NEW
        });
        if let Some(done) = self.done {
            told["progress"] = done.into();
        }
        told
    }
}

/// Of its announcement, topics aside.
pub fn announced() -> Value {
    json!({
        "name": "Firmware", "device_class": "firmware", "entity_category": "config", "payload_install": "install",
        "value_template": "{\"latest_version\":\"{{ value_json['update']['latest_version'] }}\",\
            \"installed_version\":\"{{ value_json['update']['installed_version'] }}\",\
            \"update_percentage\":{{ value_json['update'].get('progress', 'null') }},\
            \"in_progress\":{{ (value_json['update']['state'] == 'updating')|lower }}}"
    })
}
