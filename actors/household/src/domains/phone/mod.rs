//! Phone: see the README beside this file.

mod actor;
mod book;
mod dialogue;
mod record;
mod settings;
mod state;
mod words;

#[cfg(test)]
mod tests;

pub use actor::{PhoneActor, PhoneMessage};

/// The numbers of its kinds of event: `lares_kernel::wire::SOUND_KIND`. Stored, so never reused.
pub const KINDS: std::ops::Range<u16> = 3_100..3_200;

/// Whose timers and questions they are.
pub const OWNER: &str = "phone";
