//! openHASP plates: what is drawn of a room, what a touch means, what is sent.

mod draw;
mod rows;
mod sheet;
mod touch;

pub use draw::{Screen, draw};
pub use rows::{Row, rows};
pub use sheet::{Object, Sheet, Touch};
pub use touch::{Said, said, wished};
