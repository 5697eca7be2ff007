//! The vocabulary of media.

use std::sync::Arc;

use lares_kernel::Message;
use lares_model::Event;

pub enum MediaMessage {
    /// From the bus; a tell. Twice: what is so already changes nothing.
    Heard(Arc<Event>),
    /// Players have had time to say how they are: what was left otherwise is put right. Twice is as once.
    PutRight,
}

impl Message for MediaMessage {}
