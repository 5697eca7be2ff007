//! The vocabulary of media.

use std::sync::Arc;

use lares_kernel::Message;
use lares_model::{Event, EventId};

use super::Wanted;
use crate::devices::Answers;

pub enum MediaMessage {
    /// From the bus; a tell. Twice: what is so already changes nothing.
    Heard(Arc<Event>),
    /// A stream is to be put where somebody must be asked, from the door. `answers` is held until the question is on record. Twice: it is
    /// asked once.
    Wished { wanted: Wanted, cause: EventId, answers: Option<Answers> },
    /// Players have had time to say how they are: what was left otherwise is put right. Twice is as once.
    PutRight,
}

impl Message for MediaMessage {}
