//! Interlocks: what no rule, plan, voice or person passes silently. One pure state for all of them, asked by devices in the
//! step of their decision; one actor that looks at the time, tells the journal and renews leases.

mod actor;
mod board;
mod guard;
mod memory;
mod messages;
mod restore;
mod state;
#[cfg(test)]
mod tests;

pub use actor::SafetyActor;
pub use board::Board;
pub use guard::Guard;
pub use memory::{ABOUT_OWNER, About, Memory, OWNER, Trip, about_write};
pub use messages::SafetyMessage;
pub use restore::restore;
pub use state::{Asked, Effect, Moved, Ruling, Safety, Told};
