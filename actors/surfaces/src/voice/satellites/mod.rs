//! Wyoming satellites: microphones with loudspeakers in rooms, which we connect to.

mod actor;
mod calls;
mod connection;
mod conversation;
mod microphone;
mod mute;
mod session;
mod turn;
mod wire;

pub use actor::{Satellite, SatelliteMessage, SatelliteSetup};
pub use wire::SatelliteWire;
