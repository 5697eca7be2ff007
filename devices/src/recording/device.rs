//! A device of a recording: its lines become readings; a wish is answered by an echo.

use std::collections::BTreeMap;

use lares_model::{Component, DeviceInfo, EntityInfo, NodeId, Property, PropertyInfo, Value, ValueKind};
use serde_json::Value as Json;

use super::kind::{Meaning, meaning};
use super::line::Line;
use crate::problem::quote;
use crate::{Observation, Problem, Refusal};

/// Which lines an entity is made of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Binding {
    pub room: String,
    pub device: String,
    pub kind: String,
    /// Its values are numbers (`light` in lux, not on and off).
    pub numeric: bool,
}

impl Binding {
    /// The binding that a line belongs to.
    pub fn of(line: &Line) -> Self {
        Self {
            room: line.room.clone().unwrap_or_default(),
            device: line.device.clone(),
            kind: line.kind.clone(),
            numeric: line.value.is_number(),
        }
    }

    /// The entity's key: `recording/<room>/<device>/<kind>`.
    pub fn entity_key(&self) -> String {
        format!("recording/{}/{}/{}", self.room, self.device, self.kind)
    }

    fn device_key(&self) -> String {
        format!("recording/{}/{}", self.room, self.device)
    }
}

/// One device of a recording with all its entities.
pub struct RecordedDevice {
    info: DeviceInfo,
    /// By kind.
    entities: BTreeMap<String, Entity>,
    room: String,
    device: String,
}

struct Entity {
    id: NodeId,
    meaning: Meaning,
}

impl RecordedDevice {
    /// The device of the first binding, with the entities of all bindings that share its room and device. `None`
    /// without a binding.
    pub fn new(bindings: &[Binding]) -> Option<Self> {
        let first = bindings.first()?;
        let mut info = DeviceInfo {
            key: first.device_key(),
            link: "recording".to_owned(),
            identifiers: vec![format!("{}/{}", first.room, first.device)],
            name: first.device.clone(),
            manufacturer: None,
            model: Some("recording".to_owned()),
            suggested_area: (!first.room.is_empty()).then(|| first.room.clone()),
            ..DeviceInfo::default()
        };
        let mut entities = BTreeMap::new();
        for binding in bindings.iter().filter(|b| b.room == first.room && b.device == first.device) {
            let meaning = meaning(&binding.kind, binding.numeric);
            let entity = entity(binding, meaning);
            if entities.insert(binding.kind.clone(), Entity { id: entity.id(), meaning }).is_none() {
                info.entities.push(entity);
            }
        }
        Some(Self { info, entities, room: first.room.clone(), device: first.device.clone() })
    }

    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// Whether a line is of this device and of one of its kinds.
    pub fn takes(&self, line: &Line) -> bool {
        line.device == self.device
            && line.room.as_deref().unwrap_or_default() == self.room
            && self.entities.contains_key(&line.kind)
    }

    /// Read a line of this device.
    pub fn on_line(&self, line: &Line, out: &mut Vec<Observation>) -> Result<(), Problem> {
        let Some(entity) = self.entities.get(&line.kind).filter(|_| self.takes(line)) else {
            return Err(Problem::new(&self.info.key, format!("has no {}", quote(&line.kind))));
        };
        let value = value_of(entity.meaning, &line.value).map_err(|allowed| {
            let place = format!("{}/{}", self.info.key, line.kind);
            Problem::new(place, format!("`value` is {}; allowed: {allowed}", quote(&line.value.to_string())))
        })?;
        let property = entity.meaning.component.main_property();
        out.push(Observation::Reading { entity: entity.id, property, value });
        Ok(())
    }

    /// What the device would report after these wishes, had it been there. The caller lets the delay pass.
    pub fn echo(&self, entity: NodeId, wishes: &[(Property, Value)]) -> Result<Vec<Observation>, Refusal> {
        let info = self.info.entities.iter().find(|e| e.id() == entity);
        let info = info.ok_or_else(|| Refusal {
            property: None,
            reason: format!("the device has no entity {entity}"),
        })?;
        wishes
            .iter()
            .map(|(property, value)| match info.property(*property) {
                Some(p) if p.writable && value.as_bool().is_some() => {
                    Ok(Observation::Reading { entity, property: *property, value: Some(value.clone()) })
                }
                Some(p) if p.writable => Err(Refusal::new(
                    *property,
                    format!("`{}` cannot be `{value}`; allowed: on or off", property.name()),
                )),
                _ => Err(Refusal::new(
                    *property,
                    format!("`{}` of a recorded {} cannot be moved", property.name(), info.slug),
                )),
            })
            .collect()
    }
}

fn entity(binding: &Binding, meaning: Meaning) -> EntityInfo {
    let property = meaning.component.main_property();
    let movable = matches!(meaning.component, Component::Light | Component::Switch);
    let kind = match meaning {
        Meaning { numeric: true, .. } => ValueKind::Number { min: None, max: None, step: None },
        Meaning { component: Component::Sensor, .. } => ValueKind::Text,
        _ => ValueKind::Bool,
    };
    let unit = meaning.unit.map(Into::into);
    EntityInfo {
        key: binding.entity_key(),
        unique_id: format!("{}/{}/{}", binding.room, binding.device, binding.kind),
        component: meaning.component,
        name: None,
        slug: binding.kind.clone(),
        device_class: meaning.device_class.map(str::to_owned),
        state_class: None,
        unit: unit.clone(),
        category: None,
        enabled_by_default: true,
        expire_after: None,
        assumed: false,
        properties: vec![PropertyInfo { property, kind, unit, readable: true, writable: movable }],
    }
}

/// A line's value as the kind's type; the error says what is allowed.
fn value_of(meaning: Meaning, value: &Json) -> Result<Option<Value>, &'static str> {
    match value {
        Json::Null => Ok(None),
        Json::String(t) if matches!(t.as_str(), "" | "unknown" | "unavailable" | "None") => Ok(None),
        Json::Number(n) if meaning.numeric => {
            n.as_f64().filter(|n| n.is_finite()).map(|n| Some(Value::Number(n))).ok_or("a finite number")
        }
        Json::String(t) if meaning.numeric => t
            .trim()
            .parse()
            .ok()
            .filter(|n: &f64| n.is_finite())
            .map(|n| Some(Value::Number(n)))
            .ok_or("a finite number"),
        _ if meaning.numeric => Err("a finite number"),
        _ if meaning.component != Component::Sensor => match value {
            Json::Bool(b) => Ok(Some(Value::Bool(*b))),
            Json::Number(n) => Ok(Some(Value::Bool(n.as_f64() != Some(0.0)))),
            _ => Err("true or false"),
        },
        Json::String(t) => Ok(Some(Value::text(t.as_str()))),
        Json::Object(fields) => match fields.get("name").and_then(Json::as_str) {
            Some(name) => Ok(Some(Value::text(name))),
            None => strongest(fields)
                .map(|name| Some(Value::text(name)))
                .ok_or("an object with `name` or with numbers"),
        },
        Json::Bool(_) | Json::Number(_) => Ok(Some(Value::text(value.to_string()))),
        Json::Array(_) => Err("a text or an object"),
    }
}

/// The key with the largest number: of signal strengths, the nearest sender.
fn strongest(fields: &serde_json::Map<String, Json>) -> Option<&str> {
    let mut best: Option<(&str, f64)> = None;
    for (key, value) in fields {
        let strength = value.as_f64()?;
        // The name decides between equals: the order of keys is no meaning.
        if best.is_none_or(|(name, most)| strength > most || strength == most && key.as_str() < name) {
            best = Some((key, strength));
        }
    }
    best.map(|(name, _)| name)
}
