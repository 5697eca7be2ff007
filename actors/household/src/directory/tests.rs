//! Names, bindings and rooms of devices.

use std::path::Path;
use std::sync::Arc;

use lares_config::{EntityRef, Home};
use lares_devices::homeassistant::Discovery;
use lares_kernel::Address;
use lares_model::{DeviceInfo, Property};

use super::Directory;

fn home(devices: &str) -> Arc<Home> {
    let text = format!(
        "[household]\ntime_zone = \"UTC\"\n[mqtt.main]\nhost = \"localhost\"\n[room.hall]\nname = \"The Hall\"\n[room.bath]\n{devices}"
    );
    let files = vec![("home.toml".to_owned(), text)];
    let loaded = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
    loaded.unwrap_or_else(|problems| panic!("{}", lares_config::render(&problems, false))).home
}

fn lamp(identifier: &str, name: &str, area: Option<&str>) -> DeviceInfo {
    let config = serde_json::json!({ "device": { "name": name, "suggested_area": area }, "entities": {
        "light": { "platform": "light", "schema": "json", "name": "light", "command_topic": "l/set", "state_topic": "l" },
        "rssi": { "platform": "sensor", "name": "rssi", "state_topic": "r", "entity_category": "diagnostic" } } });
    Discovery::declare("main", identifier, &config).unwrap().info
}

fn put(directory: &mut Directory, home: &Home, info: DeviceInfo) -> String {
    directory.put(home, info, |name| Address::new(name, &Arc::default())).reference.to_string()
}

fn entity(text: &str) -> EntityRef {
    let (device, slug) = text.split_once('.').map_or((text, None), |(d, s)| (d, Some(s.to_owned())));
    EntityRef { device: device.to_owned(), slug }
}

#[test]
fn a_free_name_is_made_and_kept() {
    let (home, mut directory) = (home(""), Directory::default());
    assert_eq!(put(&mut directory, &home, lamp("a", "Hall Lamp", None)), "hall-lamp");
    assert_eq!(put(&mut directory, &home, lamp("b", "Hall Lamp", None)), "hall-lamp-2");
    assert_eq!(
        put(&mut directory, &home, lamp("a", "Another Name", None)),
        "hall-lamp",
        "it stays what it was"
    );
    assert_eq!(directory.devices().count(), 2);
}

#[test]
fn the_configuration_names_and_places_what_it_binds() {
    let mut directory = Directory::default();
    let plain = home("");
    put(&mut directory, &plain, lamp("a", "Lamp", Some("the hall")));
    assert_eq!(directory.device("lamp").unwrap().room.as_deref(), Some("hall"), "by the room's name");
    let bound = home(
        "[device.ceiling]\nname = \"Ceiling\"\nlink = \"main\"\nidentifiers = [\"a\"]\nroom = \"bath\"\n\
         [device.ceiling.entity.rssi]\nroom = \"hall\"\nname = \"Signal\"\ndevice_class = \"signal_strength\"",
    );
    assert_eq!(put(&mut directory, &bound, lamp("a", "Lamp", Some("the hall"))), "ceiling");
    assert!(directory.device("lamp").is_none(), "the old name is gone");
    let names = |room: &str| -> Vec<String> {
        directory.entities_in(room).iter().map(|e| e.reference.to_string()).collect()
    };
    assert_eq!((names("bath"), names("hall")), (vec!["ceiling.light".into()], vec!["ceiling.rssi".into()]));
}

#[test]
fn what_replaces_a_device_takes_its_name_and_the_old_one_another() {
    let bound = |to: &str| home(&format!("[device.lamp]\nlink = \"main\"\nidentifiers = [\"{to}\"]\n"));
    let (before, after) = (bound("a"), bound("b"));
    let mut directory = Directory::default();
    assert_eq!(put(&mut directory, &before, lamp("a", "Lamp", None)), "lamp");
    assert_eq!(put(&mut directory, &before, lamp("b", "Lamp", None)), "lamp-2");
    let ids = ["a", "b"].map(|i| lamp(i, "", None).id());
    assert_eq!(ids.map(|id| directory.gives_way(&after, id)), [true, false]);
    assert_eq!(ids.map(|id| directory.gives_way(&before, id)), [false, false]);
    assert_eq!(put(&mut directory, &after, lamp("a", "Lamp", None)), "lamp-3");
    assert_eq!(put(&mut directory, &after, lamp("b", "Lamp", None)), "lamp");
    assert_eq!(directory.device("lamp").unwrap().id, ids[1], "rules go on with the new one");
    assert_eq!(directory.devices().count(), 2);
}

#[test]
fn references_find_what_can_do_it() {
    let (home, mut directory) = (home(""), Directory::default());
    put(&mut directory, &home, lamp("a", "Lamp", Some("hall")));
    let light = directory.movable(&entity("lamp"), Property::On).unwrap().id;
    assert_eq!(directory.resolve(&entity("lamp"), None).unwrap().entity, light, "not the diagnostic one");
    let rssi = directory.resolve(&entity("lamp.rssi"), None).unwrap();
    assert_eq!((rssi.property, rssi.entity == light), (Property::State, false));
    assert!(directory.resolve(&entity("lamp.gone"), None).is_none());
    assert!(directory.resolve(&entity("gone"), None).is_none());
    assert!(directory.movable(&entity("lamp"), Property::Locked).is_none());
    assert_eq!(directory.movable_in("hall", None, Some(Property::On)).len(), 1);
    let id = directory.device("lamp").unwrap().id;
    assert!(directory.remove(id).is_some() && directory.remove(id).is_none());
    assert!(directory.entity(light).is_none());
}
