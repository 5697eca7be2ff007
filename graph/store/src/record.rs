//! The record of an event in the journal. Ids and instants are kept as distances: records are about a third smaller.

use std::sync::Arc;

use lares_model::{Body, Event, EventId, NodeId, Origin, Stored, Timestamp};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeSeq};

use crate::{
    StoreError,
    codec::{DecodeError, append, header, parse, put_header},
};

/// The version of every event record.
const VERSION: u8 = 1;

#[derive(Serialize)]
struct Written<'a> {
    at: i64,
    /// `seen` less `at`.
    seen_after: i64,
    /// The id less the previous entry's; 0: there is none.
    previous: u64,
    causes: Back<'a>,
    origin: &'a Origin,
    subject: NodeId,
    body: &'a Body,
}

/// Causes as distances back from the event.
struct Back<'a>(EventId, &'a [EventId]);

impl Serialize for Back<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut seq = to.serialize_seq(Some(self.1.len()))?;
        for cause in self.1 {
            seq.serialize_element(&self.0.0.wrapping_sub(cause.0))?;
        }
        seq.end()
    }
}

#[derive(Deserialize)]
struct Read {
    at: i64,
    seen_after: i64,
    previous: u64,
    causes: Vec<u64>,
    origin: Origin,
    subject: NodeId,
    body: Body,
}

/// Appends the plain record (kind, version, postcard) of an event. The id is not in it: it is the key.
pub(crate) fn write(out: &mut Vec<u8>, event: &Event, previous: Option<EventId>) -> Result<(), StoreError> {
    let before = out.len();
    put_header(out, event.body.kind() as u16, VERSION);
    let record = Written {
        at: event.at.0,
        seen_after: event.seen.0.wrapping_sub(event.at.0),
        previous: previous.map_or(0, |p| event.id.0.wrapping_sub(p.0)),
        causes: Back(event.id, &event.causes),
        origin: &event.origin,
        subject: event.subject,
        body: &event.body,
    };
    append(out, &record).inspect_err(|_| out.truncate(before))
}

/// Reads a plain record.
pub(crate) fn read(id: EventId, plain: &[u8]) -> Result<Stored, DecodeError> {
    let (kind, version, content) = header(plain)?;
    if version > VERSION {
        return Err(DecodeError::Version { found: version, known: VERSION });
    }
    let record: Read = parse(content)?;
    let found = record.body.kind() as u16;
    if found != kind {
        return Err(DecodeError::Kind { found, wanted: kind });
    }
    let back = |distance: u64| EventId(id.0.wrapping_sub(distance));
    Ok(Stored {
        event: Event {
            id,
            at: Timestamp(record.at),
            seen: Timestamp(record.at.wrapping_add(record.seen_after)),
            causes: record.causes.into_iter().map(back).collect(),
            origin: record.origin,
            subject: record.subject,
            body: record.body,
        },
        previous: (record.previous != 0).then(|| back(record.previous)),
    })
}

/// An event read back, shared.
pub(crate) fn read_shared(id: EventId, plain: &[u8]) -> Result<(Arc<Event>, Option<EventId>), DecodeError> {
    read(id, plain).map(|stored| (Arc::new(stored.event), stored.previous))
}
