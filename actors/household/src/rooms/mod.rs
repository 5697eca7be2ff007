//! One actor for each room: what is going on in it.

mod actor;
mod air;
mod guess;
mod habit;
mod sensors;
mod state;

pub use actor::{RoomActor, RoomMessage};
