//! Recorded household days through the very same actors, in virtual time.
//!
//! **Absent on purpose:** gateways, sockets, the machine's clock (but for how long a run took) and its environment. What
//! the household sends reaches wires in memory: an echo, or the twins that `lares twins` runs over real MQTT.

pub mod recording;
mod replay;
pub mod twins;
mod wires;

pub use replay::{
    Deed, Options, ReplayError, Reports, RuleCount, Source, Summary, Watch, replay, replay_watched,
};
