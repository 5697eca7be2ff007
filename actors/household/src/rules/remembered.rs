//! The world as it was left: facts read back from the graph.

use lares_config::Home;
use lares_graph::Reader;
use lares_model::{Body, NodeId, Status};

use super::facts::{Facts, Known, Whereabouts};
use crate::status::STATUS_OWNER;

/// All facts, as they are kept.
///
/// # Errors
/// The graph cannot be read.
pub fn facts(reader: &Reader, home: &Home) -> Result<Facts, String> {
    let mut facts = Facts::default();
    let failed = |e: lares_graph::StoreError| e.to_string();
    for (entity, property, last) in reader.all_last().map_err(failed)? {
        facts.note(entity, property, Known { value: last.value, at: last.at, event: last.event });
    }
    for (key, bytes) in reader.states(STATUS_OWNER).map_err(failed)? {
        let status = serde_json::from_slice::<Status>(&bytes);
        if let (Ok(status), Ok(id)) = (status, u64::from_str_radix(&key, 16)) {
            facts.note_status(NodeId(id), &status);
        }
    }
    for key in home.rooms.keys() {
        for stored in reader.history(NodeId::room(key), None, 1).map_err(failed)? {
            if let Body::RoomOccupied { occupied } = stored.event.body {
                facts.rooms.insert(key.clone(), occupied);
            }
        }
    }
    for key in home.people.keys() {
        for stored in reader.history(NodeId::person(key), None, 1).map_err(failed)? {
            if let Body::PersonMoved { presence, room } = stored.event.body {
                facts.people.insert(key.clone(), Whereabouts { presence, room });
            }
        }
    }
    Ok(facts)
}
