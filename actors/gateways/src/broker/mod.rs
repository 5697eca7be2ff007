//! The embedded broker: what makes a household run without setting anything up.
//!
//! MQTT 3.1, 3.1.1 and 5 on one port: QoS 0, 1, 2, retained messages, persistent sessions, wills, rights. What was
//! acknowledged is in the [`DurableMap`](lares_kernel::wire::DurableMap) before it was: it survives a kill, and, once
//! the acknowledgement is out, a power cut.
//!
//! **Absent on purpose:** TLS and websockets (an outside broker has them), shared subscriptions, topic aliases,
//! `$SYS` topics, bridges.

mod codec;
mod connection;
mod core;
mod message;
mod options;
mod retained;
mod server;
mod session;
mod stored;
mod topics;
mod trie;

pub use options::{BrokerError, BrokerOptions, Password, Rights, User};
pub use server::{Broker, ClientState, start};
