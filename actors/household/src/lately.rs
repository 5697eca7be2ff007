//! What was told of a thing last, however much else has been told of it since.

use lares_graph::{Reader, StoreError};
use lares_model::{Body, Event, NodeId};

/// Entries that are read at once.
const PAGE: usize = 16;
/// Of one thing; what lies further back is taken for not known.
const PAGES: usize = 256;

/// The newest of a node's entries that `pick` takes: an announcement in a room says nothing of who is there, and hides nothing either.
///
/// # Errors
/// The graph cannot be read.
pub fn newest<T>(
    reader: &Reader,
    of: NodeId,
    pick: impl Fn(&Event) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let mut before = None;
    for _ in 0..PAGES {
        let page = reader.history(of, before, PAGE)?;
        if let Some(found) = page.iter().find_map(|stored| pick(&stored.event)) {
            return Ok(Some(found));
        }
        before = page.last().map(|stored| stored.event.id);
        if page.len() < PAGE {
            break;
        }
    }
    Ok(None)
}

/// Whether somebody is in a room, as it was told last.
///
/// # Errors
/// The graph cannot be read.
pub fn occupied(reader: &Reader, room: &str) -> Result<Option<bool>, StoreError> {
    newest(reader, NodeId::room(room), |event| match &event.body {
        Body::RoomOccupied { occupied } => Some(*occupied),
        _ => None,
    })
}
