//! All that household and gateways share: bytes that come in, bytes that go out, and what a gateway keeps.

mod durable_map;
mod inbound;
mod outbound;

pub use durable_map::{DurableMap, KeyValue, MemoryMap};
pub use inbound::{Ack, Inbound, WireState};
pub use outbound::{Delivery, Gateway, Outbound, Qos, Sink};
