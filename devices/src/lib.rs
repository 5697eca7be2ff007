//! Protocols: what bytes on a wire mean, and which bytes say what the household wishes. One folder per protocol.
//!
//! **Absent on purpose:** sockets, async, actors, clocks, chance, threads, logs. Bytes and time come in as
//! arguments; observations, bytes to send and problems go out as values. Nothing here panics on any input.

pub mod homeassistant;
pub mod recording;
pub mod twins;

mod observation;
mod problem;

pub use observation::{Observation, Send};
pub use problem::{Problem, Refusal};
