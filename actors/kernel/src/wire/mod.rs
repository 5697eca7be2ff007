//! All that household and gateways share: bytes that come in, bytes that go out, and what a gateway keeps.

mod call;
mod durable_map;
mod g711;
mod inbound;
mod outbound;

pub use call::{
    CALL_RATE, Call, CallHeard, CallOrder, CallSign, CallStep, Callee, FRAME_MS, SOUND_KIND, call_address,
    call_of,
};
pub use durable_map::{DurableMap, KeyValue, MemoryMap};
pub use g711::Law;
pub use inbound::{Ack, Inbound, WireState};
pub use outbound::{Delivery, Gateway, Outbound, Qos, Sink};
