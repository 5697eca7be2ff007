//! What is known of a device and an entity.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::Address;
use lares_model::{Component, DeviceInfo, EntityInfo, NodeId, Property};

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

/// A reference that was found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Resolved {
    pub entity: NodeId,
    pub property: Property,
    pub fresh_for: Option<Duration>,
}
