//! MQTT 3.1, 3.1.1 and 5 on the wire, the broker's side. Bytes in, packets out; no socket, no state.
//!
//! Both versions share one set of packets. The properties of MQTT 5 that only pass through (content type, response
//! topic, correlation data, user properties, payload format) stay the bytes they came as.

mod packet;
mod properties;
mod read;
mod write;

pub use packet::{Connect, Filter, Packet, Publish, RetainHandling, Version, Will};
pub use read::read;
pub use write::{ConnAck, Delivery, Reason, Writer};

#[cfg(test)]
mod tests;
