//! What a device is told.

use std::sync::Arc;

use bytes::Bytes;
use lares_devices::Observation;
use lares_devices::homeassistant::DeviceSpec;
use lares_kernel::wire::{Ack, Delivery};
use lares_kernel::{Message, Token};
use lares_model::{Basis, Causes, Level, NodeId, Origin, Property, Timestamp, Until, Value};

use super::{Answers, Code};

/// The vocabulary of a device actor.
pub enum DeviceMessage {
    /// Bytes on one of its topics, from its link. Twice: readings repeat, which does no harm.
    Wire(WireMessage),
    /// What it reported in the past that is replayed, from the simulation. Twice: as of a wire.
    Observed { observation: Observation, at: Timestamp, retained: bool },
    /// A wish that passed the door, from intake. Twice: the same claim again, which changes nothing.
    Demand(Demand),
    /// A source gives up its holds, from intake.
    Release {
        entity: NodeId,
        properties: Vec<Property>,
        source: Arc<str>,
        reason: Arc<str>,
        causes: Causes,
        token: Option<Token>,
    },
    /// It announced itself differently, from its link.
    Announced(Box<DeviceSpec>),
    /// The configuration says something else of it now.
    Configured,
    /// Its wire has been away for longer than a moment: why; or is back, from its link. Twice: nothing new.
    WireAway(Option<Arc<str>>),
    /// What came of sending a command, from its link.
    Delivered(Delivery),
    /// Its interlocks are looked after until then, from the safety actor. Twice: the same.
    Lease { until: Timestamp },
    /// An interlock allows again what it held back, from the safety actor: whoever holds the property comes into its own.
    Review { entity: NodeId, property: Property, causes: Causes },
    /// Time to look at deadlines.
    Tick,
}

impl Message for DeviceMessage {}

/// Bytes for a device.
pub struct WireMessage {
    pub topic: Arc<str>,
    pub bytes: Bytes,
    pub at: Timestamp,
    pub retained: bool,
    pub ack: Option<Ack>,
}

/// A wish on properties of one entity.
pub struct Demand {
    pub entity: NodeId,
    pub values: Vec<(Property, Value)>,
    pub source: Arc<str>,
    pub origin: Origin,
    pub level: Level,
    pub until: Until,
    pub reason: Arc<str>,
    pub causes: Causes,
    pub basis: Option<Arc<Basis>>,
    /// What a person gave along where the thing asks for it.
    pub code: Option<Code>,
    pub answers: Option<Answers>,
    pub token: Option<Token>,
}
