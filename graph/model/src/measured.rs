//! What a property was in the past, as somebody brings it.

use serde::{Deserialize, Serialize};

use crate::{NodeId, Property, Timestamp, Value};

/// Samples of one series. They were checked, and compared with what is kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Measured {
    pub entity: NodeId,
    pub property: Property,
    /// By instant, each once; `None`: it was not known. Never empty.
    pub samples: Vec<(Timestamp, Option<Value>)>,
    /// So many of them are new.
    pub new: u32,
    /// So many were something else.
    pub corrected: u32,
}
