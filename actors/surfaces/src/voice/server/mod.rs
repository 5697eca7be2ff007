//! The household as a Wyoming server: its ears, its voice and its understanding for others (Home Assistant).

mod actor;
mod info;
mod session;

pub use actor::{VoiceServer, VoiceServerMessage, VoiceServerSetup};
