//! A device as it is kept: enough to make its driver again after a restart, without hearing an announcement.

use std::sync::Arc;

use lares_model::{Component, DeviceInfo, NodeId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A device: what the household sees of it, and what its driver needs.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct DeviceSpec {
    pub info: DeviceInfo,
    pub entities: Vec<Arc<EntitySpec>>,
}

/// One entity's announcement, keys in full, base topic filled in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EntitySpec {
    /// `<link>/<unique id>`.
    pub key: String,
    pub unique_id: String,
    pub component: Component,
    pub slug: String,
    /// The topic that announced it; an empty message there removes it.
    pub source: String,
    pub config: Map<String, Value>,
}

impl EntitySpec {
    pub fn id(&self) -> NodeId {
        NodeId::entity(&self.key)
    }
}

/// Kept bytes that are no device.
#[derive(Debug, thiserror::Error)]
#[error("kept device cannot be read: {0}")]
pub struct SpecError(#[from] serde_json::Error);

impl DeviceSpec {
    pub fn to_bytes(&self) -> Vec<u8> {
        // Maps have text keys and numbers are finite, so that this cannot fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SpecError> {
        Ok(serde_json::from_slice(bytes)?)
    }
}
