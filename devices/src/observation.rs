//! What a driver learned from a message, and what it wants sent.

use lares_model::{NodeId, Property, Value};

/// One thing learned from one message.
#[derive(Clone, PartialEq, Debug)]
pub enum Observation {
    /// A property was reported. `None`: the source says that it does not know.
    Reading { entity: NodeId, property: Property, value: Option<Value> },
    /// The source said whether it can be reached. `entity: None` is the whole device.
    Availability { entity: Option<NodeId>, online: bool },
}

/// A message to publish.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Send {
    pub topic: String,
    pub payload: Vec<u8>,
    pub retain: bool,
    /// MQTT quality of service, 0-2.
    pub qos: u8,
}
