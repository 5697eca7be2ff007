//! One actor for each room: what is going on in it.

mod actor;
mod state;

pub use actor::{RoomActor, RoomMessage};
