//! The directory itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_config::{Bind, EntityRef, Home};
use lares_kernel::Address;
use lares_model::{Component, DeviceInfo, IdMap, NodeId, Property};

use super::{DeviceEntry, EntityEntry, Resolved};
use crate::devices::DeviceMessage;

/// Names, nodes and addresses of all devices and entities.
#[derive(Clone, Default)]
pub struct Directory {
    /// By reference.
    devices: BTreeMap<Arc<str>, DeviceEntry>,
    by_node: IdMap<NodeId, Arc<str>>,
    entities: IdMap<NodeId, EntityEntry>,
    /// Devices of which something stands in a room. Rooms ask at each announcement: they must not walk the whole house.
    rooms: BTreeMap<String, BTreeSet<Arc<str>>>,
}

impl Directory {
    /// Adds a device, or changes what is known of one. Its reference is the table key of the configuration if one
    /// binds it, the one it had before, or a free one made from its name.
    pub fn put(
        &mut self,
        home: &Home,
        info: DeviceInfo,
        address: impl FnOnce(&str) -> Address<DeviceMessage>,
    ) -> DeviceEntry {
        let id = info.id();
        let configured = configured_key(home, &info);
        let known = self.by_node.get(&id).cloned();
        let reference: Arc<str> = match (configured, known) {
            (Some(key), _) => key.into(),
            // A name that the home gives to another device now is not this one's any more.
            (None, Some(known)) if !home.devices.contains_key(&*known) => known,
            (None, _) => self.free_reference(home, &info).into(),
        };
        let section = home.devices.get(&*reference);
        let room = section.map_or_else(|| suggested_room(home, &info), |d| d.room.clone());
        let name = section.map_or_else(|| info.name.clone(), |d| d.name.clone());
        let own = self.by_node.get(&id).filter(|r| self.devices.get(*r).is_some_and(|d| d.id == id)).cloned();
        let old = own.and_then(|r| self.devices.remove(&r));
        let address = match old {
            Some(old) => {
                self.forget_entities(&old);
                old.address
            }
            None => address(&reference),
        };
        let entity = |e| self.put_entity(EntityEntry::of(home, &reference, room.as_ref(), e));
        let entities = info.entities.iter().map(entity).collect();
        let info = Arc::new(info);
        let entry = DeviceEntry { id, reference: reference.clone(), name, room, info, entities, address };
        self.by_node.insert(id, reference.clone());
        self.devices.insert(reference, entry.clone());
        entry
    }

    fn put_entity(&mut self, entry: EntityEntry) -> NodeId {
        let id = entry.id;
        if let Some(room) = &entry.room {
            self.rooms.entry(room.clone()).or_default().insert(entry.device.clone());
        }
        self.entities.insert(id, entry);
        id
    }

    fn forget_entities(&mut self, device: &DeviceEntry) {
        for id in &*device.entities {
            let Some(entity) = self.entities.remove(id) else { continue };
            if let Some(devices) = entity.room.and_then(|room| self.rooms.get_mut(&room)) {
                devices.remove(&device.reference);
            }
        }
    }

    /// Whether the home gives this device's name to another one: it must be put again before that one is.
    pub fn gives_way(&self, home: &Home, id: NodeId) -> bool {
        let named = |d: &&DeviceEntry| home.devices.contains_key(&*d.reference);
        let entry = self.device_by_node(id).filter(named);
        entry.is_some_and(|d| configured_key(home, &d.info).as_deref() != Some(&*d.reference))
    }

    pub fn remove(&mut self, id: NodeId) -> Option<DeviceEntry> {
        let entry = self.devices.remove(&self.by_node.remove(&id)?)?;
        self.forget_entities(&entry);
        Some(entry)
    }

    pub fn device(&self, reference: &str) -> Option<&DeviceEntry> {
        self.devices.get(reference)
    }

    pub fn device_by_node(&self, id: NodeId) -> Option<&DeviceEntry> {
        self.devices.get(self.by_node.get(&id)?)
    }

    pub fn devices(&self) -> impl Iterator<Item = &DeviceEntry> {
        self.devices.values()
    }

    pub fn entity(&self, id: NodeId) -> Option<&EntityEntry> {
        self.entities.get(&id)
    }

    /// Entities of a device, in the order it announced them.
    pub fn entities_of<'a>(&'a self, device: &'a DeviceEntry) -> impl Iterator<Item = &'a EntityEntry> {
        device.entities.iter().filter_map(|id| self.entities.get(id))
    }

    /// Entities in a room, ordered by reference.
    pub fn entities_in(&self, room: &str) -> Vec<&EntityEntry> {
        let devices = self.rooms.get(room).into_iter().flatten().filter_map(|d| self.devices.get(d));
        devices.flat_map(|d| self.entities_of(d)).filter(|e| e.room.as_deref() == Some(room)).collect()
    }

    /// The property that a reference of a rule reads: the named one or the entity's main one.
    pub fn resolve(&self, entity: &EntityRef, property: Option<Property>) -> Option<Resolved> {
        let device = self.devices.get(entity.device.as_str())?;
        let fits = |e: &&EntityEntry| property.is_none_or(|p| e.info.property(p).is_some());
        let found = match &entity.slug {
            Some(slug) => self.entities_of(device).find(|e| e.info.slug == *slug)?,
            None => self
                .entities_of(device)
                .find(|e| fits(e) && e.info.category.is_none())
                .or_else(|| self.entities_of(device).find(fits))?,
        };
        let property = property.unwrap_or_else(|| found.component.main_property());
        Some(Resolved { entity: found.id, property, fresh_for: found.fresh_for })
    }

    /// The entity that can move `property`: the named one, else the first of the device that can.
    pub fn movable(&self, entity: &EntityRef, property: Property) -> Option<&EntityEntry> {
        let device = self.devices.get(entity.device.as_str())?;
        match &entity.slug {
            Some(slug) => self.entities_of(device).find(|e| e.info.slug == *slug),
            None => self.entities_of(device).find(|e| e.can_move(property)),
        }
    }

    /// Entities of a room that can move `property`, or anything.
    pub fn movable_in(
        &self,
        room: &str,
        component: Option<Component>,
        property: Option<Property>,
    ) -> Vec<&EntityEntry> {
        let mut found = self.entities_in(room);
        found.retain(|e| component.is_none_or(|c| e.component == c) && e.moves(property));
        found
    }

    fn free_reference(&self, home: &Home, info: &DeviceInfo) -> String {
        let base = match slug(&info.name) {
            s if s.is_empty() => slug(&info.key),
            s => s,
        };
        let taken = |name: &str| self.devices.contains_key(name) || home.devices.contains_key(name);
        if !taken(&base) {
            return base;
        }
        (2..).map(|n| format!("{base}-{n}")).find(|name| !taken(name)).unwrap_or(base)
    }
}

/// The table key that binds a device: by link and any of its identifiers.
fn configured_key(home: &Home, info: &DeviceInfo) -> Option<String> {
    let bound = |(key, device): &(&String, &lares_config::Device)| {
        let link = device.bind.link();
        match &device.bind {
            // Made from its section: the section's key is all that names it.
            Bind::Declared { .. } | Bind::Recorded(_) => {
                info.key.strip_prefix(link).and_then(|rest| rest.strip_prefix('/')) == Some(key.as_str())
            }
            bind => link == info.link && bind.identifiers().iter().any(|i| info.identifiers.contains(i)),
        }
    };
    home.devices.iter().find(bound).map(|(key, _)| key.clone())
}

/// The room whose key or name is what the device suggests.
fn suggested_room(home: &Home, info: &DeviceInfo) -> Option<String> {
    let area = info.suggested_area.as_deref()?;
    let meant =
        |(key, room): &(&String, &lares_config::Room)| *key == area || room.name.eq_ignore_ascii_case(area);
    home.rooms.iter().find(meant).map(|(key, _)| key.clone())
}

/// A name as a reference: lower case ASCII letters, digits and dashes.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(text: &str) -> Arc<Home> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("home.toml"), text).unwrap();
        lares_config::load(folder.path(), &[], std::iter::empty()).unwrap().home
    }

    #[test]
    fn devices_that_the_home_makes_are_called_by_their_keys() {
        let home = home(
            "[household]\nname = \"x\"\ntime_zone = \"UTC\"\n[mqtt.main]\nembedded = true\n\
             [device.lamp]\nrecording = { room = \"Hall\", device = \"Lamp\", kind = \"light\" }\n",
        );
        let named = |key: &str| {
            configured_key(
                &home,
                &DeviceInfo { key: key.into(), link: "recording".into(), ..Default::default() },
            )
        };
        assert_eq!(named("recording/lamp").as_deref(), Some("lamp"));
        assert_eq!(named("recording/lamp-2"), None);
        assert_eq!(named("main/lamp"), None);
    }

    #[test]
    fn slugs_are_plain() {
        assert_eq!(slug("Hall Motion (new)"), "hall-motion-new");
        assert_eq!(slug("Küche/Licht 2"), "k-che-licht-2");
        assert_eq!(slug("äöü"), "");
    }
}
