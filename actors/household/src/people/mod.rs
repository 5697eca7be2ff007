//! One actor for each person: whether they are at home, and in which room.

mod actor;
mod evidence;
pub mod locate;

pub use actor::{PersonActor, PersonMessage};
pub(crate) use evidence::tells_presence;
