//! The world as it was left: facts read back from the graph.

use lares_config::Home;
use lares_graph::Reader;
use lares_model::{Body, Event, NodeId, Status};

use super::facts::{Facts, Known, Whereabouts};
use crate::lately::{newest, occupied};
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
        if let Some(occupied) = occupied(reader, key).map_err(failed)? {
            facts.rooms.insert(key.clone(), occupied);
        }
    }
    for key in home.people.keys() {
        let is = |event: &Event| match &event.body {
            Body::PersonMoved { presence, room } => {
                Some(Whereabouts { presence: *presence, room: room.clone() })
            }
            _ => None,
        };
        if let Some(is) = newest(reader, NodeId::person(key), is).map_err(failed)? {
            facts.people.insert(key.clone(), is);
        }
    }
    Ok(facts)
}
