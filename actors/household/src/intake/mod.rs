//! The one door: every wish comes in here, is resolved to entities, checked, and handed to the devices.

mod actor;
mod again;
mod aloud;
mod asking;
mod hand;
mod later;
mod resolve;
mod sayings;

pub use actor::Intake;
