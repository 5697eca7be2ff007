//! What a display is shown of its room. Pure.

use lares_model::{Body, NodeId};
use serde::Serialize;

use crate::views::{BoardView, DeviceView, ReadError, Source};

/// A room as a display shows it.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RoomView {
    pub name: String,
    /// Null while nothing is known.
    pub occupied: Option<bool>,
    /// Ordered by `id`.
    pub entities: Vec<RoomEntity>,
    /// What is told there beside the things of the room.
    pub board: BoardView,
}

/// One entity of the room.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RoomEntity {
    /// Its reference: `hall-motion.occupancy`.
    pub id: String,
    pub name: String,
    pub component: String,
    /// True, false, a number, a text; null while it is unknown, stale or out of reach.
    pub state: serde_json::Value,
    pub unit: Option<String>,
    /// A word of the closed list.
    pub status: String,
}

/// The view of a room, from the household's devices.
pub fn room_view(
    source: &dyn Source,
    devices: &[DeviceView],
    room: &str,
    name: &str,
) -> Result<RoomView, ReadError> {
    let told = source.history(NodeId::room(room), None, 1)?;
    let occupied = told.first().and_then(|stored| match stored.event.body {
        Body::RoomOccupied { occupied } => Some(occupied),
        _ => None,
    });
    let here = devices.iter().flat_map(|d| &d.entities).filter(|e| e.room.as_deref() == Some(room));
    let mut entities: Vec<RoomEntity> = here
        .map(|e| RoomEntity {
            id: e.id.clone(),
            name: e.name.clone(),
            component: e.component.clone(),
            state: e.state.clone(),
            unit: e.unit.clone(),
            status: e.status.clone(),
        })
        .collect();
    entities.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(RoomView { name: name.to_owned(), occupied, entities, board: BoardView::default() })
}
