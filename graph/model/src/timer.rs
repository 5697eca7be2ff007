//! Durable timers: facts with a due time, not tasks in memory.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{EventId, Timestamp};

/// What to do with a timer that came due while nothing ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum Missed {
    /// Fire once, late.
    #[default]
    RunOnce,
    /// Fire if it is no later than this.
    RunIfWithin(Duration),
    /// Do not fire; say so in the journal.
    Report,
}

/// A timer, keyed by (owner, name): setting it again replaces it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Timer {
    pub owner: Arc<str>,
    pub name: Arc<str>,
    pub due: Timestamp,
    /// How long it was set for: what is left of it is told from `due` and the clock.
    pub length: Duration,
    pub missed: Missed,
    /// The event that set it.
    pub cause: EventId,
}
