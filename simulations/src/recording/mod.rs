//! Recordings as they lie on disk: neutral lines, or what `lares record` kept from the wires.

mod entry;
mod source;

pub use entry::{Entry, Trouble};
pub use source::{Recording, RecordingError};
