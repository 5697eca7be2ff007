//! How an event is kept.

use crate::{Event, EventId};

/// Where an event is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Durability {
    /// In the journal at once.
    Journal,
    /// Losslessly in its series; in the journal only when an event names it as its cause.
    Series,
}

/// An event read back from the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub event: Event,
    /// The entry of the same subject before this one.
    pub previous: Option<EventId>,
}
