//! One line of a recording, ready to be fed.

use bytes::Bytes;
use lares_devices::recording::{Binding, Line};
use lares_model::Timestamp;

/// A message that came in from the world.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    pub at: Timestamp,
    /// `None`: a neutral line, whose place is the recording link.
    pub link: Option<String>,
    /// Where it came in: a topic, or the binding's key.
    pub topic: String,
    pub bytes: Bytes,
    /// The wire had kept it.
    pub retained: bool,
}

/// A line that could not be taken as it stands.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Trouble {
    /// Counted from 1.
    pub line: u64,
    pub reason: String,
}

impl Entry {
    /// A neutral line. Its bytes stay as they are: the driver reads them again.
    pub fn neutral(text: &str, number: u64) -> Result<Self, Trouble> {
        let line = Line::parse(text, number).map_err(|p| Trouble { line: number, reason: p.reason })?;
        Ok(Self {
            at: line.at,
            link: None,
            topic: Binding::of(&line).entity_key(),
            bytes: Bytes::copy_from_slice(text.as_bytes()),
            retained: false,
        })
    }
}
