//! From what a wish is aimed at to entities and their properties.

use std::collections::BTreeMap;

use lares_config::{EntityRef, Target};
use lares_kernel::{Address, Aim};
use lares_model::{Component, Filter, NodeId, Property, Value};

use crate::devices::DeviceMessage;
use crate::{Directory, House};

/// More entities than this are not moved at once by a filter.
const MOST_FOUND: usize = 1_000;

/// One entity that a wish reached.
pub struct Reached {
    pub entity: NodeId,
    pub address: Address<DeviceMessage>,
    pub values: Vec<(Property, Value)>,
}

/// Everything in a scene, each with what it is there. One part that cannot be reached does not keep the others dark.
fn scene(house: &House, key: &str) -> Result<Vec<Reached>, String> {
    let home = house.home();
    let scene = home.scenes.get(key).ok_or_else(|| {
        let known: Vec<&str> = home.scenes.keys().map(String::as_str).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        format!("there is no scene `{key}`; there is {known}")
    })?;
    let (mut all, mut missing) = (Vec::new(), Vec::new());
    for part in &scene.sets {
        match reach(house, &aim_of(&part.target), &part.values) {
            Ok(reached) => all.extend(reached),
            Err(why) => missing.push(why),
        }
    }
    match missing.as_slice() {
        [why, ..] if all.is_empty() => Err(why.clone()),
        why => {
            why.iter().for_each(|why| tracing::warn!(scene = key, why, "part of a scene cannot be reached"));
            Ok(all)
        }
    }
}

fn aim_of(target: &Target) -> Aim {
    match target {
        Target::Entity(entity) => Aim::Name(entity.to_string()),
        Target::Group(key) => Aim::Group(key.clone()),
        Target::Room { room, component } => Aim::Room { room: room.clone(), component: *component },
        Target::Find(filter) => Aim::Find(filter.clone()),
    }
}

/// Entities for `aim`; an error says what could not be found and what is there.
pub fn reach(house: &House, aim: &Aim, values: &BTreeMap<Property, Value>) -> Result<Vec<Reached>, String> {
    if let Aim::Scene(key) = aim {
        return scene(house, key);
    }
    // What the graph is asked is asked before the directory is held.
    let found = match aim {
        Aim::Find(text) => Some(found(house, text)?),
        _ => None,
    };
    let (directory, home) = (&*house.directory(), house.home());
    let main = values.keys().next().copied().unwrap_or(Property::On);
    let mut ids = Vec::new();
    match aim {
        Aim::Entity(id) => ids.push(*id),
        Aim::Name(name) => ids.push(named(directory, &entity_ref(name), main)?),
        Aim::Find(text) => {
            let can = |id: &NodeId| {
                let info = directory.entity(*id).map(|e| &e.info);
                info.and_then(|info| info.property(main)).is_some_and(|p| p.writable)
            };
            ids.extend(found.unwrap_or_default().into_iter().filter(can));
            if ids.is_empty() {
                return Err(format!("nothing that fits `{text}` can set its {}", main.name()));
            }
        }
        Aim::Interlock(key) => return Err(format!("interlock `{key}` has no properties to set")),
        Aim::Question(_) | Aim::Rule(_) => {
            return Err("questions and rules have no properties to set".to_owned());
        }
        Aim::Scene(key) => return Err(format!("scene `{key}` holds no scene")),
        Aim::Timer(_) => return Err("timers have no properties to set".to_owned()),
        Aim::Graph => return Err("the life graph has no properties to set".to_owned()),
        Aim::Group(key) => {
            let group = home.groups.get(key).ok_or_else(|| format!("there is no group `{key}`"))?;
            for member in &group.members {
                match member {
                    Target::Entity(entity) => ids.push(named(directory, entity, main)?),
                    Target::Room { room, component } => {
                        ids.extend(directory.movable_in(room, *component, main).iter().map(|e| e.id));
                    }
                    // A group's members are entities and rooms.
                    Target::Group(_) | Target::Find(_) => {}
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

fn found(house: &House, text: &str) -> Result<Vec<NodeId>, String> {
    let filter = Filter::parse(text).map_err(|e| e.to_string())?;
    let (nodes, total) = house.find(&filter, MOST_FOUND)?;
    if total > MOST_FOUND {
        return Err(format!("{total} nodes fit `{text}`: at most {MOST_FOUND} are moved at once"));
    }
    Ok(nodes.into_iter().map(|(id, _)| id).collect())
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
