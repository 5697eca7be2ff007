//! The telephone's wire: SIP by UDP, G.711 and Opus, RTP. Calls are answered, heard, spoken on, handed on and ended as whoever takes
//! them says; sound goes through bounded channels.
//!
//! **Absent on purpose:** who may call through, what is said, what is kept of it.

mod call;
mod caller;
mod gateway;
mod guard;
mod media;
mod opus;
mod registration;
mod rtp;
mod sdp;

pub use gateway::{PhoneGateway, PhoneOptions, Trunk, start};
pub use opus::worker as opus_worker;
