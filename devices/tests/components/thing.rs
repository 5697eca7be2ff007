//! One announced entity and its driver, for tests of what it reads and is told.

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::{Credential, Observation};
use lares_model::{Property, Value};
use serde_json::Value as Json;

/// One announced entity and its driver.
pub struct Thing {
    pub spec: DeviceSpec,
    pub driver: Driver,
}

impl Thing {
    pub fn new(component: &str, config: Json) -> Self {
        let mut discovery = Discovery::new("mqtt", "homeassistant");
        let topic = format!("homeassistant/{component}/it/config");
        let (changes, problems) = discovery.on_config(&topic, config.to_string().as_bytes()).unwrap();
        assert_eq!(problems, []);
        let Some(Change::Announced(spec)) = changes.into_iter().next() else { panic!("nothing came") };
        let (driver, problems) = Driver::new(&spec);
        assert_eq!(problems, []);
        Self { spec: *spec, driver }
    }

    /// What a message tells: `property = value`, sorted; a problem is the last of them.
    pub fn hears(&mut self, topic: &str, payload: impl AsRef<[u8]>) -> Vec<String> {
        let mut out = Vec::new();
        let result = self.driver.on_message(topic, payload.as_ref(), &mut out);
        let mut told: Vec<String> = out
            .into_iter()
            .map(|o| match o {
                Observation::Reading { property, value, .. } => {
                    format!("{} = {}", property.name(), value.map_or("unknown".to_owned(), |v| v.to_string()))
                }
                Observation::Availability { online, .. } => format!("online = {online}"),
                Observation::Picture { picture, .. } => format!("{picture:?}"),
            })
            .collect();
        told.sort();
        told.extend(result.err().map(|problem| problem.to_string()));
        told
    }

    /// What a wish sends: `topic payload`, or why not.
    pub fn told(&self, property: Property, value: impl Into<Value>) -> String {
        self.told_all(&[(property, value.into())])
    }

    /// The JSON that a wish sends, whatever the order of its keys.
    pub fn body(&self, property: Property, value: impl Into<Value>) -> Json {
        let sent = self.told(property, value);
        let (_, payload) = sent.split_once(' ').unwrap();
        serde_json::from_str(payload).unwrap_or_else(|e| panic!("{e}: {sent}"))
    }

    pub fn told_all(&self, wishes: &[(Property, Value)]) -> String {
        self.told_by(wishes, Credential::Household)
    }

    pub fn told_by(&self, wishes: &[(Property, Value)], by: Credential<'_>) -> String {
        match self.driver.command_by(self.spec.info.entities[0].id(), wishes, by) {
            Ok(sends) => {
                let text =
                    |s: &lares_devices::Send| format!("{} {}", s.topic, String::from_utf8_lossy(&s.payload));
                sends.iter().map(text).collect::<Vec<_>>().join("; ")
            }
            Err(refusal) => format!("refused: {refusal}"),
        }
    }

    pub fn writes(&self, property: Property) -> bool {
        self.spec.info.entities[0].property(property).is_some_and(|p| p.writable)
    }
}
