//! openHASP plates: what is drawn of a room, what a touch means, what is sent.

mod draw;
mod sheet;
mod touch;

pub use draw::{Screen, draw};
pub use sheet::{Object, Sheet, Touch};
pub use touch::{Said, said, wished};
