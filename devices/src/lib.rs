//! Protocols: what bytes on a wire mean, and which bytes say what the household wishes. One folder per protocol.
//!
//! **Absent on purpose:** sockets, async, actors, clocks, chance, threads, logs. Bytes and time come in as
//! arguments; observations, bytes to send and problems go out as values. Nothing here panics on any input.

pub mod esphome;
pub mod espresense;
pub mod homeassistant;
pub mod openhasp;
pub mod owntracks;
pub mod recording;
pub mod room_assistant;
pub mod rtl_433;
pub mod tasmota;
pub mod twins;
pub mod valetudo;
pub mod zigbee2mqtt;

mod beacon;
mod native;
mod observation;
mod problem;

pub use native::{Announcement, Context, Native, natives};
pub use observation::{Credential, Observation, Picture, Send};
pub use problem::{Problem, Refusal};
