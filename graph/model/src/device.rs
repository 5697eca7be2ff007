//! What a driver learned of a device: enough to make its actor and its place in the graph.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Component, NodeId, Property};

/// A device as announced or declared.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Stable key: `<link>/<first identifier>`. The node id is derived from it.
    pub key: String,
    /// The link it was found on.
    pub link: String,
    pub identifiers: Vec<String>,
    pub name: String,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub sw_version: Option<String>,
    /// Identifier of the bridge it hangs on.
    pub via: Option<String>,
    /// A room's name, as the device suggests it. A label, never trusted as a key.
    pub suggested_area: Option<String>,
    pub entities: Vec<EntityInfo>,
}

impl DeviceInfo {
    pub fn id(&self) -> NodeId {
        NodeId::device(&self.key)
    }
}

/// An entity of a device.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntityInfo {
    /// Stable key: `<link>/<unique id>`. The node id is derived from it.
    pub key: String,
    pub unique_id: String,
    pub component: Component,
    /// A label; `None` means "the device's own name".
    pub name: Option<String>,
    /// A short word for references (`occupancy` in `hall-motion.occupancy`): unique within the device.
    pub slug: String,
    pub device_class: Option<String>,
    pub state_class: Option<String>,
    /// As announced; what values are in stands in their property.
    pub unit: Option<Arc<str>>,
    /// `config` or `diagnostic`.
    pub category: Option<String>,
    pub enabled_by_default: bool,
    /// How long a value stays fresh after it was reported.
    pub expire_after: Option<Duration>,
    /// It has no state topic: what is sent is all that is known.
    pub assumed: bool,
    pub properties: Vec<PropertyInfo>,
}

impl EntityInfo {
    pub fn id(&self) -> NodeId {
        NodeId::entity(&self.key)
    }

    pub fn property(&self, property: Property) -> Option<&PropertyInfo> {
        self.properties.iter().find(|p| p.property == property)
    }
}

/// One property of an entity: what it may be and whether it can be moved.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PropertyInfo {
    pub property: Property,
    pub kind: ValueKind,
    pub unit: Option<Arc<str>>,
    pub readable: bool,
    pub writable: bool,
}

/// The type and range of a property.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum ValueKind {
    Bool,
    Number { min: Option<f64>, max: Option<f64>, step: Option<f64> },
    Text,
    Enum(Vec<Arc<str>>),
    Rgb,
}
