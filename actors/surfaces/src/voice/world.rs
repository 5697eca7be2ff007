//! What can be named in a sentence, from what the household is.

use lares_config::Home;

use super::errand_words::ErrandWords;
use super::errands::{A_LIST, TODO_LIST};
use super::understand::{House, Place, Thing};
use crate::views::{DeviceView, EntityView};

/// Kind of the things that are scenes.
pub(super) const SCENE: &str = "scene";

/// The house as sentences see it: floors, rooms, entities that are for every day, scenes, and lists by their keys and names.
pub(super) fn world(home: &Home, devices: &[DeviceView], lists: &[(String, String)]) -> House {
    let floors = home.floors.iter().map(|(key, floor)| place(key, &floor.name, None));
    let areas = home.rooms.iter().map(|(key, room)| place(key, &room.name, room.floor.clone()));
    let mut things: Vec<Thing> = Vec::new();
    for device in devices {
        let daily: Vec<&EntityView> = device.entities.iter().filter(|e| e.category.is_none()).collect();
        let main = daily.iter().filter(|e| !e.controls.is_empty()).count() == 1;
        for entity in daily {
            let mut names = vec![entity.name.clone(), words(&entity.id)];
            // Who says the name of a device means what of it can be moved.
            if main && !entity.controls.is_empty() {
                names.splice(0..0, [device.name.clone(), words(&device.id)]);
            }
            names.dedup();
            things.push(Thing {
                id: entity.id.clone(),
                names,
                domain: entity.component.clone(),
                device_class: entity.device_class.clone(),
                area: entity.room.clone().or_else(|| device.room.clone()),
            });
        }
    }
    things.extend(home.scenes.iter().map(|(key, scene)| Thing {
        id: format!("scene:{key}"),
        names: vec![scene.name.clone(), words(key)],
        domain: SCENE.to_owned(),
        device_class: None,
        area: None,
    }));
    // The list of what there is to do can be named like a thing.
    let todo = ErrandWords::of(&home.household.language).todo_names;
    things.push(Thing {
        id: TODO_LIST.to_owned(),
        names: todo.iter().map(|name| (*name).to_owned()).collect(),
        domain: "todo".to_owned(),
        device_class: None,
        area: None,
    });
    things.extend(lists.iter().map(|(key, name)| Thing {
        id: format!("{A_LIST}{key}"),
        names: vec![name.clone(), words(key)],
        domain: "todo".to_owned(),
        device_class: None,
        area: None,
    }));
    House { floors: floors.collect(), areas: areas.collect(), things }
}

fn place(key: &str, name: &str, floor: Option<String>) -> Place {
    let mut names = vec![name.to_owned(), words(key)];
    names.dedup();
    Place { id: key.to_owned(), names, floor }
}

/// `hall-lamp.light` as somebody says it.
fn words(key: &str) -> String {
    key.replace(['-', '_', '.'], " ")
}
