//! Placing what appeared: which devices wait, what is proposed, and the files as they are with one of them placed. The
//! command line and the dashboard do the same.

use lares_config::edit::{self, Adoption, CannotEdit, Files};
use lares_config::{Bind, Home, Room};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Opened, Unwritten};
use crate::views::DeviceView;

/// A device that waits for its place, and what is proposed.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Waiting {
    /// As rules call it until it has a place.
    pub id: String,
    /// As it calls itself.
    pub name: String,
    /// Key of a room: as it suggests itself, or as its name says.
    pub room: Option<String>,
    /// The home files do not speak of it; else they name no room for it.
    pub new: bool,
    pub link: String,
    pub identifiers: Vec<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub status: String,
    /// What it has: `light`, `occupancy`, ...
    pub has: Vec<String>,
}

/// Where a device is to be, and what it is to be called.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Placing {
    /// A room, by key or name.
    pub room: Option<String>,
    pub name: Option<String>,
    /// What rules call it.
    pub key: Option<String>,
}

/// The files with a device in its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed {
    pub files: Files,
    /// Paths of those that changed.
    pub changed: Vec<String>,
    pub key: String,
    /// Key of its room, where one was asked for.
    pub room: Option<String>,
}

/// The key of the section that binds a device.
pub fn bound<'a>(home: &'a Home, device: &DeviceView) -> Option<&'a String> {
    let binds = |bind: &Bind| {
        bind.link() == device.link && bind.identifiers().iter().any(|i| device.identifiers.contains(i))
    };
    home.devices.iter().find(|(key, d)| binds(&d.bind) || **key == device.id).map(|(key, _)| key)
}

/// Devices that the home does not speak of, or names no room for.
pub fn waiting(home: &Home, devices: &[DeviceView]) -> Vec<Waiting> {
    let of = |device: &DeviceView| {
        let new = bound(home, device).is_none();
        (new || device.wants_room()).then(|| Waiting {
            id: device.id.clone(),
            name: device.name.clone(),
            room: device.room.clone().or_else(|| room_in_name(home, device)),
            new,
            link: device.link.clone(),
            identifiers: device.identifiers.clone(),
            manufacturer: device.manufacturer.clone(),
            model: device.model.clone(),
            status: device.status.clone(),
            has: device.entities.iter().filter(|e| e.category.is_none()).map(|e| e.name.clone()).collect(),
        })
    };
    devices.iter().filter_map(of).collect()
}

/// The room that is part of the device's name or id; of several the longest.
fn room_in_name(home: &Home, device: &DeviceView) -> Option<String> {
    let plain = |text: &str| -> String {
        let letters = text
            .to_lowercase()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { ' ' })
            .collect::<String>();
        format!(" {} ", letters.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let named = [plain(&device.name), plain(&device.id)];
    let words = |key: &str, room: &Room| [plain(&room.name), plain(key)];
    let longest = |key: &str, room: &Room| {
        let found = words(key, room).into_iter().filter(|w| named.iter().any(|n| n.contains(w.as_str())));
        found.map(|w| w.len()).max()
    };
    let found = home.rooms.iter().filter_map(|(key, room)| Some((longest(key, room)?, key)));
    found.max().map(|(_, key)| key.clone())
}

/// The key of a room by its key or name.
fn room(home: &Home, word: &str) -> Result<String, Unwritten> {
    let named = |(key, room): &(&String, &Room)| key.as_str() == word || room.name.eq_ignore_ascii_case(word);
    home.rooms.iter().find(named).map(|(key, _)| key.clone()).ok_or_else(|| {
        let known: Vec<&str> = home.rooms.keys().map(String::as_str).collect();
        Unwritten::Input(format!("there is no room {word:?}; allowed: {}", known.join(", ")))
    })
}

/// The home's files with the device in its place.
///
/// # Errors
/// A room that is not there, or a file that cannot be edited.
pub fn place(opened: &Opened, device: &DeviceView, placing: &Placing) -> Result<Placed, Unwritten> {
    let home = &opened.home;
    let known = bound(home, device).cloned();
    let room = placing.room.as_deref().map(|r| room(home, r)).transpose()?;
    let taken = |key: &&String| known.as_ref() != Some(*key) && home.devices.contains_key(*key);
    if let Some(taken) = placing.key.as_ref().filter(taken) {
        return Err(Unwritten::Input(format!(
            "`{taken}` is the key of another device; `lares replace` puts this one in its place"
        )));
    }
    let several = home.mqtt.len() > 1;
    let adoption = Adoption {
        key: known.clone().or_else(|| placing.key.clone()).unwrap_or_else(|| device.id.clone()),
        name: placing.name.clone().or_else(|| known.is_none().then(|| device.name.clone())),
        room: room.clone(),
        link: several.then(|| device.link.clone()),
        // One is enough, and the first is what makes its identity.
        identifiers: device.identifiers.iter().take(1).cloned().collect(),
        remark: [device.manufacturer.as_deref(), device.model.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
    };
    let (mut files, path) = edit::adopt(&opened.files, &adoption)?;
    let (mut changed, mut key) = (vec![path], adoption.key);
    if let (Some(from), Some(to)) = (&known, placing.key.as_ref().filter(|to| Some(*to) != known.as_ref())) {
        let (renamed, more) = edit::rename(&files, from, to)?;
        (files, key) = (renamed, to.clone());
        changed.extend(more);
    }
    changed.sort();
    changed.dedup();
    Ok(Placed { files, changed, key, room })
}

impl From<CannotEdit> for Unwritten {
    fn from(e: CannotEdit) -> Self {
        Self::Input(e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(text: &str) -> Opened {
        let files = vec![("home.toml".to_owned(), text.to_owned())];
        let loaded = lares_config::load_from("/nowhere".as_ref(), files.clone(), &[], std::iter::empty());
        Opened { home: loaded.unwrap().home, files }
    }

    fn device(id: &str, name: &str, room: Option<&str>) -> DeviceView {
        let value = serde_json::json!({
            "id": id, "name": name, "room": room, "identifiers": [id], "link": "mqtt", "manufacturer": null,
            "model": null, "status": "online", "status_detail": null, "entities": [], "running": true,
        });
        serde_json::from_value(value).unwrap()
    }

    const HOME: &str = "[household]\ntime_zone = \"UTC\"\n[room.bath]\n[room.bath-2]\nname = \"Guest bath\"\n\
        [room.hall]\n[device.lamp]\nidentifiers = [\"0x1\"]\n";

    #[test]
    fn a_room_is_proposed_by_what_the_device_says_or_is_called() {
        let home = opened(HOME).home;
        let proposed = |id: &str, name: &str, room| waiting(&home, &[device(id, name, room)])[0].room.clone();
        assert_eq!(proposed("x", "Bath fan", None).as_deref(), Some("bath"));
        assert_eq!(proposed("x", "Fan (guest bath)", None).as_deref(), Some("bath-2"), "the longest");
        assert_eq!(proposed("hall_motion", "0x17", None).as_deref(), Some("hall"), "by its id");
        assert_eq!(proposed("x", "Bathing duck", None), None, "a part of a word is no room");
        assert_eq!(proposed("x", "Bath fan", Some("hall")).as_deref(), Some("hall"), "what it says itself");
        let lamp = DeviceView { identifiers: vec!["0x1".into()], ..device("lamp", "Lamp", None) };
        assert!(
            !waiting(&home, std::slice::from_ref(&lamp))[0].new,
            "the files speak of it, and name no room"
        );
        assert!(waiting(&home, &[DeviceView { room: Some("hall".into()), ..lamp }]).is_empty());
    }

    #[test]
    fn the_key_of_another_device_is_not_taken() {
        let placing = Placing { key: Some("lamp".into()), ..Placing::default() };
        let said = place(&opened(HOME), &device("fan", "Fan", None), &placing).unwrap_err().to_string();
        assert!(said.contains("another device"), "{said}");
    }
}
