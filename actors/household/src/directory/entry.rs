//! What is known of a device and an entity.

use std::sync::Arc;
use std::time::Duration;

use lares_config::Home;
use lares_kernel::Address;
use lares_model::{Component, DeviceInfo, EntityInfo, NodeId, Property, PropertyInfo};

use crate::devices::DeviceMessage;

/// A device of the household.
#[derive(Clone)]
pub struct DeviceEntry {
    pub id: NodeId,
    /// How it is called in rules and on the command line: the table key, or one made from its name.
    pub reference: Arc<str>,
    pub name: String,
    pub room: Option<String>,
    pub info: Arc<DeviceInfo>,
    /// The nodes of its entities, in the order it announced them.
    pub entities: Arc<[NodeId]>,
    pub address: Address<DeviceMessage>,
}

/// An entity of a device.
#[derive(Clone)]
pub struct EntityEntry {
    pub id: NodeId,
    /// `hall-lamp.light`.
    pub reference: Arc<str>,
    pub device: Arc<str>,
    /// Its own room, else its device's.
    pub room: Option<String>,
    pub component: Component,
    pub info: Arc<EntityInfo>,
    /// How long its readings count as fresh.
    pub fresh_for: Option<Duration>,
}

impl EntityEntry {
    /// An entity as it is announced, with what the home says of it.
    pub fn of(home: &Home, device: &Arc<str>, room: Option<&String>, info: &EntityInfo) -> Self {
        let said = home.devices.get(&**device).and_then(|d| d.entities.get(&info.slug));
        let mut told = info.clone();
        if let Some(said) = said {
            told.name = said.name.clone().or(told.name);
            told.device_class = said.device_class.clone().or(told.device_class);
        }
        Self {
            id: info.id(),
            reference: format!("{device}.{}", info.slug).into(),
            device: device.clone(),
            room: said.and_then(|e| e.room.clone()).or_else(|| room.cloned()),
            component: said.and_then(|e| e.component).unwrap_or(info.component),
            info: Arc::new(told),
            fresh_for: said.and_then(|e| e.stale_after).or(info.expire_after),
        }
    }

    /// Whether it is moved where a property of many is set: of a device, of a room.
    pub fn can_move(&self, property: Property) -> bool {
        self.moves(Some(property))
    }

    /// The same; `None`: whether it is moved in any way.
    pub fn moves(&self, property: Option<Property>) -> bool {
        let fits = |p: &PropertyInfo| p.writable && property.is_none_or(|wanted| p.property == wanted);
        self.info.category.is_none() && self.info.properties.iter().any(fits)
    }
}

/// A reference that was found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Resolved {
    pub entity: NodeId,
    pub property: Property,
    pub fresh_for: Option<Duration>,
}
