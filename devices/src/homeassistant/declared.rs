//! Devices that the home's configuration declares.

use serde_json::Value;

use super::config::wrong;
use super::discovery::{Change, Discovery};
use super::expand;
use super::parts::parts_of;
use super::spec::DeviceSpec;
use super::topic::ConfigTopic;
use crate::Problem;

impl Discovery {
    /// A device that the home's configuration declares: the same form as a whole-device announcement, where
    /// `components` may also be called `entities`, and nothing but a component's keys is needed.
    pub fn declare(link: &str, key: &str, declared: &Value) -> Result<DeviceSpec, Problem> {
        let place = format!("device {key}");
        let Value::Object(declared) = declared else {
            return Err(Problem::new(place, wrong("device", declared, "a table")));
        };
        let mut payload = declared.clone();
        if let Some(entities) = payload.remove("entities") {
            payload.insert("components".to_owned(), entities);
        }
        let device = payload.entry("device").or_insert_with(|| serde_json::json!({}));
        if let Value::Object(device) = device {
            device.insert("identifiers".to_owned(), key.into());
            if !device.contains_key("name") {
                device.insert("name".to_owned(), key.into());
            }
        }
        let mut discovery = Self::new(link, "declared");
        let topic = format!("declared/device/{key}/config");
        let named = ConfigTopic { component: "device", node_id: None, object_id: key };
        let mut problems = Vec::new();
        let announcement = expand::announcement(payload, true).map_err(|why| Problem::new(&place, why))?;
        let block = announcement.device.clone();
        let parts = parts_of(&topic, named, announcement, &mut problems)?;
        let changes = discovery.apply(&topic, parts, Some(block), &mut problems);
        if let Some(problem) = problems.into_iter().next() {
            return Err(Problem::new(place, problem.reason));
        }
        match changes.into_iter().next() {
            Some(Change::Announced(spec)) => Ok(*spec),
            _ => Err(Problem::new(place, "declares no entity")),
        }
    }
}
