//! One actor for each person: whether they are at home, and in which room.

mod actor;
mod state;

pub use actor::{PersonActor, PersonMessage};
