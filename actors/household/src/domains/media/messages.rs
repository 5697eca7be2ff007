//! The vocabulary of media.

use std::sync::Arc;

use lares_kernel::{Message, Reply};
use lares_model::{Event, EventId};

use super::Wanted;

pub enum MediaMessage {
    /// From the bus; a tell. Twice: what is so already changes nothing.
    Heard(Arc<Event>),
    /// A stream is to be put where somebody must be asked, from the door, which asks and waits a while: it is answered when the question is
    /// on record, and comes to nothing once nobody waits for that any more. Twice: it is asked once.
    Wished { wanted: Wanted, cause: EventId, asked: Reply<()> },
    /// Players have had time to say how they are: what was left otherwise is put right. Twice is as once.
    PutRight,
}

impl Message for MediaMessage {}
