//! Devices of a recording behind the same face as announced ones: a line is a message on `recording/<room>/<device>/
//! <kind>`, a command goes to the same topic with `/set`, where the simulation's echo answers it.

use std::collections::BTreeMap;

use lares_config::RecordedBinding;
use lares_devices::recording::{Binding, Line, RecordedDevice};
use lares_devices::{Observation, Problem, Refusal, Send};
use lares_model::{DeviceInfo, NodeId, Property, Value};
use serde_json::json;

/// The link of recorded devices.
pub const RECORDING: &str = "recording";

/// All recorded things that one device of the home is made of.
pub struct Recorded {
    parts: Vec<RecordedDevice>,
    bindings: Vec<Binding>,
}

impl Recorded {
    pub fn new(bindings: &[RecordedBinding]) -> Self {
        let mut by_device: BTreeMap<(String, String), Vec<Binding>> = BTreeMap::new();
        for b in bindings {
            let binding = Binding {
                room: b.room.clone(),
                device: b.device.clone(),
                kind: b.kind.clone(),
                numeric: false,
            };
            by_device.entry((b.room.clone(), b.device.clone())).or_default().push(binding);
        }
        let parts = by_device.values().filter_map(|b| RecordedDevice::new(b)).collect();
        Self { parts, bindings: by_device.into_values().flatten().collect() }
    }

    /// What the device is, under the key of its table in the configuration.
    pub fn info(&self, key: &str, name: &str) -> DeviceInfo {
        let mut info = DeviceInfo {
            key: format!("{RECORDING}/{key}"),
            link: RECORDING.to_owned(),
            name: name.to_owned(),
            model: Some("recording".to_owned()),
            ..DeviceInfo::default()
        };
        for part in &self.parts {
            info.identifiers.extend(part.info().identifiers.iter().cloned());
            info.entities.extend(part.info().entities.iter().cloned());
        }
        info
    }

    pub fn topics(&self) -> Vec<String> {
        self.bindings.iter().map(Binding::entity_key).collect()
    }

    pub fn on_message(
        &mut self,
        topic: &str,
        bytes: &[u8],
        out: &mut Vec<Observation>,
    ) -> Result<(), Problem> {
        let text = std::str::from_utf8(bytes).map_err(|_| Problem::new(topic, "it is not UTF-8"))?;
        let line = Line::parse(text, 0)?;
        let part = self.parts.iter().find(|p| p.takes(&line));
        part.ok_or_else(|| Problem::new(topic, "no device of this home takes this line"))?.on_line(&line, out)
    }

    pub fn command(&self, entity: NodeId, wishes: &[(Property, Value)]) -> Result<Vec<Send>, Refusal> {
        let owns = |p: &&RecordedDevice| p.info().entities.iter().any(|e| e.id() == entity);
        let Some(part) = self.parts.iter().find(owns) else { return Ok(Vec::new()) };
        part.echo(entity, wishes)?;
        let binding = self.bindings.iter().find(|b| NodeId::entity(&b.entity_key()) == entity);
        let on = wishes.iter().find_map(|(_, v)| v.as_bool());
        let (Some(b), Some(on)) = (binding, on) else { return Ok(Vec::new()) };
        let line = json!({ "room": b.room, "device": b.device, "kind": b.kind, "value": on });
        let topic = format!("{}/set", b.entity_key());
        Ok(vec![Send { topic, payload: line.to_string().into_bytes(), retain: false, qos: 0, expires: None }])
    }
}
