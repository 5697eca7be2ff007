//! The events that an event follows from.

use smallvec::SmallVec;

use crate::EventId;

/// Ids of causing events, most direct first. Two fit without an allocation.
pub type Causes = SmallVec<[EventId; 2]>;
