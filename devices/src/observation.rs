//! What a driver learned from a message, and what it wants sent.

use std::time::Duration;

use lares_model::{NodeId, Property, Value};

/// One thing learned from one message.
#[derive(Clone, PartialEq, Debug)]
pub enum Observation {
    /// A property was reported. `None`: the source says that it does not know.
    Reading { entity: NodeId, property: Property, value: Option<Value> },
    /// The source said whether it can be reached. `entity: None` is the whole device.
    Availability { entity: Option<NodeId>, online: bool },
    /// A picture came. It is shown, and kept in memory only.
    Picture { entity: NodeId, picture: Picture },
}

/// A picture as it came, of a kind that is known by its first bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`.
    pub media: &'static str,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} bytes", self.media, self.bytes.len())
    }
}

/// In whose name something is wished, where a thing asks for a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credential<'c> {
    /// The household itself: a rule, a plan, an interlock. A code that was announced is used.
    Household,
    /// A person, with the code that they gave. Kept nowhere.
    Person(Option<&'c str>),
}

/// A message to publish.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Send {
    pub topic: String,
    pub payload: Vec<u8>,
    pub retain: bool,
    /// MQTT quality of service, 0-2.
    pub qos: u8,
    /// After that it is worth nothing any more; `None`: its sender does not say.
    pub expires: Option<Duration>,
}
