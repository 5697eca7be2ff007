//! The wire of music: a Snapcast server that says what each loudspeaker plays, renderers of UPnP AV that are told an address, a
//! Music Assistant server that is told of its players by their names, and the Music Player Daemons that feed the streams. Addresses
//! on it are `player/<key>/volume` and `stream/<key>/state`, with `/set` behind for commands, as on a broker; which group a loudspeaker
//! is in is looked up anew each time, since the server moves groups about.
//!
//! **Absent on purpose:** whom the music follows, claims, what is remembered of a room.

mod assistant;
mod board;
mod dlna;
mod gateway;
mod lines;
mod mpd;
mod server;
mod snapcast;
mod socket;
mod talk;

pub use assistant::AssistantOptions;
pub use gateway::{MediaGateway, MediaOptions, PlayerAt, PlayerWire, StreamWire, start};
pub use mpd::MpdOptions;
