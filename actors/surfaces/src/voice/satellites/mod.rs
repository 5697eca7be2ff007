//! Microphones with loudspeakers in rooms: Wyoming satellites and voice devices of ESPHome, which we connect to, and sound devices of
//! this machine.

mod actor;
mod caller;
mod calls;
mod card;
mod connection;
mod conversation;
mod dialog;
mod duck;
mod esphome;
mod hearing;
mod interrupt;
mod microphone;
mod mute;
mod ring;
mod saying;
mod session;
mod speaking;
mod turn;
mod wire;
mod wyoming;

pub use actor::{Satellite, SatelliteMessage, SatelliteSetup};
pub use card::program as sound_program;
pub use wire::SatelliteWire;

pub(in crate::voice) use conversation::after_last;
pub(in crate::voice) use interrupt::Interrupt;
