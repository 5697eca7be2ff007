//! What the safety actor is told.

use lares_kernel::Message;

/// The vocabulary of the safety actor.
pub enum SafetyMessage {
    /// Something has to be told or moved, from whoever changed the state. Twice: nothing is left to do.
    Look,
    /// The time of a deadline may have come.
    Tick,
    /// Leases are renewed.
    Renew,
    /// The configuration changed.
    Configured,
}

impl Message for SafetyMessage {}
