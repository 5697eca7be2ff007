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
    /// A player that falls silent once something else that was wished with it is set.
    pub is_silenced: bool,
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
    reach_by(house, aim, values, Some(values.keys().next().copied().unwrap_or(Property::On)))
}

/// [`reach`], and after it the players that are silent once that is set.
pub fn reach_set(
    house: &House,
    aim: &Aim,
    values: &BTreeMap<Property, Value>,
    silences: &[NodeId],
) -> Result<Vec<Reached>, String> {
    let mut all = reach(house, aim, values)?;
    let muted = BTreeMap::from([(Property::Muted, Value::Bool(true))]);
    for player in silences {
        let silenced = reach(house, &Aim::Entity(*player), &muted)?;
        all.extend(silenced.into_iter().map(|reached| Reached { is_silenced: true, ..reached }));
    }
    Ok(all)
}

/// Entities on which somebody gives up what they hold: on these properties, or on whatever it is. What is not held does not mind.
pub fn reach_held(house: &House, aim: &Aim, properties: &[Property]) -> Result<Vec<Reached>, String> {
    reach_by(house, aim, &BTreeMap::new(), properties.first().copied())
}

/// `main`: what the entities can be moved by; none: by anything.
fn reach_by(
    house: &House,
    aim: &Aim,
    values: &BTreeMap<Property, Value>,
    main: Option<Property>,
) -> Result<Vec<Reached>, String> {
    if let Aim::Scene(key) = aim {
        return scene(house, key);
    }
    // What the graph is asked is asked before the directory is held.
    let found = match aim {
        Aim::Find(text) => Some(found(house, text)?),
        _ => None,
    };
    let (directory, home) = (&*house.directory(), house.home());
    let what_of = main.map_or("properties", |main| main.name());
    let mut ids = Vec::new();
    match aim {
        Aim::Entity(id) => ids.push(*id),
        Aim::Name(name) => ids.extend(named(directory, &entity_ref(name), main)?),
        Aim::Find(text) => {
            let can = |id: &NodeId| {
                let info = directory.entity(*id).map(|e| &e.info);
                info.is_some_and(|info| {
                    info.properties.iter().any(|p| p.writable && main.is_none_or(|main| p.property == main))
                })
            };
            ids.extend(found.unwrap_or_default().into_iter().filter(can));
            if ids.is_empty() {
                return Err(format!("nothing that fits `{text}` can set its {what_of}"));
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
                    Target::Entity(entity) => ids.extend(named(directory, entity, main)?),
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
                return Err(format!("no {what} in `{room}` can set its {what_of}"));
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
        reached.push(Reached { entity: id, address: device.address.clone(), values, is_silenced: false });
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

/// The entity of a name; of a device all that can be moved, where it is not told by what.
fn named(directory: &Directory, entity: &EntityRef, main: Option<Property>) -> Result<Vec<NodeId>, String> {
    let Some(device) = directory.device(&entity.device) else {
        return Err(format!("no device called `{}` has announced itself", entity.device));
    };
    let found: Vec<NodeId> = match (main, &entity.slug) {
        (Some(main), _) => directory.movable(entity, main).map(|e| e.id).into_iter().collect(),
        (None, Some(slug)) => {
            directory.entities_of(device).filter(|e| e.info.slug == *slug).map(|e| e.id).collect()
        }
        (None, None) => directory.entities_of(device).filter(|e| e.moves(None)).map(|e| e.id).collect(),
    };
    if found.is_empty() {
        let what = main.map_or("properties", |main| main.name());
        return Err(format!("`{entity}` has nothing whose {what} can be set"));
    }
    Ok(found)
}
