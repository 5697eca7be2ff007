//! What is replayed: recordings as they lie on disk, neutral lines or what `lares record` kept from the wires; or a stretch of what a
//! household keeps.

mod entry;
mod kept;
mod source;

pub use entry::{Entry, Trouble};
pub use kept::{Kept, KeptError, KeptReading, Span};
pub use source::{Recording, RecordingError};
