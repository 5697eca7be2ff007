//! The typed values beside events.

use lares_model::{EventId, Timestamp, Value};
use serde::{Deserialize, Serialize};

/// The last state of a property.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LastState {
    /// `None`: its source says that it does not know.
    pub value: Option<Value>,
    /// When it was measured, as told.
    pub at: Timestamp,
    /// When we learned of it.
    pub seen: Timestamp,
    /// The reading.
    pub event: EventId,
}
