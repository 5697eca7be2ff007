//! Media: see the README beside this file.

mod actor;
mod consent;
mod kept;
mod messages;
mod record;
mod settings;
mod state;

#[cfg(test)]
mod tests;

pub use actor::MediaActor;
pub use consent::{Consent, Wanted};
pub use messages::MediaMessage;

/// The numbers of its kinds of event and node. Stored, so never reused.
pub const KINDS: std::ops::Range<u16> = 1_000..1_100;

/// Whose claims, timers and questions they are.
pub const OWNER: &str = "media";
