//! The words of the household: ids, time, values, readings, events, claims, devices, nodes and edges.
//!
//! **Absent on purpose:** IO, clocks, randomness, async, actors, configuration syntax. Everything here is a value
//! that can be written down, compared and replayed.

mod causes;
mod claim;
mod component;
mod device;
mod event;
mod id;
mod node;
mod property;
mod receipt;
mod record;
mod status;
mod time;
mod timer;
mod value;
mod words;

pub use causes::Causes;
pub use claim::{Bound, Claim, Level, Until};
pub use component::Component;
pub use device::{DeviceInfo, EntityInfo, PropertyInfo, ValueKind};
pub use event::{
    Basis, Body, BodyKind, ChildChange, Draft, Event, Fact, Origin, Outcome, Presence, Rival, RuleRef,
    Verdict,
};
pub use id::{EventId, IdHasher, IdMap, NodeId, NotAnEventId};
pub use node::{Edge, EdgeKind, Node, NodeKind, Write};
pub use property::Property;
pub use receipt::Receipt;
pub use record::{Durability, Stored};
pub use status::{Detail, Status};
pub use time::Timestamp;
pub use timer::{Missed, Timer};
pub use value::Value;
pub use words::Direction;
