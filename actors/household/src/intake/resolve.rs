//! From what a wish is aimed at to entities and their properties.

use std::collections::BTreeMap;

use lares_config::{EntityRef, Home, Target};
use lares_kernel::{Address, Aim};
use lares_model::{Component, NodeId, Property, Value};

use crate::Directory;
use crate::devices::DeviceMessage;

/// One entity that a wish reached.
pub struct Reached {
    pub entity: NodeId,
    pub address: Address<DeviceMessage>,
    pub values: Vec<(Property, Value)>,
}

/// Entities for `aim`; an error says what could not be found and what is there.
pub fn reach(
    directory: &Directory,
    home: &Home,
    aim: &Aim,
    values: &BTreeMap<Property, Value>,
) -> Result<Vec<Reached>, String> {
    let main = values.keys().next().copied().unwrap_or(Property::On);
    let mut ids = Vec::new();
    match aim {
        Aim::Entity(id) => ids.push(*id),
        Aim::Name(name) => ids.push(named(directory, &entity_ref(name), main)?),
        Aim::Interlock(key) => return Err(format!("interlock `{key}` has no properties to set")),
        Aim::Graph => return Err("the life graph has no properties to set".to_owned()),
        Aim::Group(key) => {
            let group = home.groups.get(key).ok_or_else(|| format!("there is no group `{key}`"))?;
            for member in &group.members {
                match member {
                    Target::Entity(entity) => ids.push(named(directory, entity, main)?),
                    Target::Room { room, component } => {
                        ids.extend(directory.movable_in(room, *component, main).iter().map(|e| e.id));
                    }
                    Target::Group(_) => {}
                }
            }
        }
        Aim::Room { room, component } => {
            ids.extend(directory.movable_in(room, *component, main).iter().map(|e| e.id));
            if ids.is_empty() {
                let what = component.map_or("entity", Component::name);
                return Err(format!("no {what} in `{room}` can set its {}", main.name()));
            }
        }
    }
    ids.dedup();
    let mut reached = Vec::new();
    for id in ids {
        let entity = directory.entity(id).ok_or_else(|| format!("there is no entity {id}"))?;
        let device = directory
            .device(&entity.device)
            .ok_or_else(|| format!("there is no device `{}`", entity.device))?;
        let mut values: Vec<(Property, Value)> = values.iter().map(|(p, v)| (*p, v.clone())).collect();
        // Who asks for light of some kind wants it on.
        let lights = entity.component == Component::Light && !values.iter().any(|(p, _)| *p == Property::On);
        let dark = values.iter().any(|(p, v)| *p == Property::Brightness && v.as_number() == Some(0.0));
        if lights && entity.info.property(Property::On).is_some_and(|p| p.writable) {
            values.insert(0, (Property::On, Value::Bool(!dark)));
        }
        reached.push(Reached { entity: id, address: device.address.clone(), values });
    }
    Ok(reached)
}

fn entity_ref(name: &str) -> EntityRef {
    match name.split_once('.') {
        Some((device, slug)) => EntityRef { device: device.to_owned(), slug: Some(slug.to_owned()) },
        None => EntityRef { device: name.to_owned(), slug: None },
    }
}

fn named(directory: &Directory, entity: &EntityRef, property: Property) -> Result<NodeId, String> {
    if directory.device(&entity.device).is_none() {
        return Err(format!("no device called `{}` has announced itself", entity.device));
    }
    let found = directory.movable(entity, property);
    found.map(|e| e.id).ok_or_else(|| format!("`{entity}` has nothing whose {} can be set", property.name()))
}
