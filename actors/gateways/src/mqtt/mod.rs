//! The MQTT client: one connection to one broker, embedded or outside.
//!
//! Every connection gets a new client state (`rumqttc` may never recover from a packet id collision once its session is
//! lost, its issue 1056, and would send again what has long expired); what is worth keeping over a reconnect lives in
//! our own [outbox](outbox).

mod backoff;
mod connection;
mod gateway;
mod options;
mod outbox;
mod reason;
mod run;

pub(crate) use backoff::Backoff;
pub use gateway::{MqttGateway, start};
pub use options::MqttOptions;
pub(crate) use outbox::{Outbox, Put};
