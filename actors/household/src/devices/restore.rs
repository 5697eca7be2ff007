//! What a device knew before: its values, holds and the commands that were under way.

use std::collections::BTreeSet;

use lares_graph::Reader;
use lares_model::{Body, EventId, NodeId, Outcome, Property, Status, Timestamp};

use super::claims::Hold;
use super::entity::{Entity, Pending};
use super::state::{CLAIMS_OWNER, DeviceState, REPORT_DEADLINE};
use super::taken::TAKEN_OWNER;
use crate::status::STATUS_OWNER;

/// How many entries of an entity are looked at for a command without a receipt.
const LOOK_BACK: usize = 32;

/// Fills a new state from the graph. Nothing is published and nothing is sent: no rule sees an edge here.
pub fn restore(state: &mut DeviceState, reader: &Reader, now: Timestamp) -> Result<(), String> {
    for entity in state.entities.values_mut() {
        for (property, last) in reader.last(entity.id).map_err(|e| e.to_string())? {
            state.catching_up = Some(now + REPORT_DEADLINE);
            let slot = entity.slot(property);
            slot.value = last.value;
            slot.at = Some(last.at);
            slot.event = Some(last.event);
            entity.heard = entity.heard.max(Some(last.at));
        }
        if entity.info.properties.iter().any(|p| p.writable) {
            unfinished(entity, reader, now)?;
            holds(entity, reader)?;
        }
        entity.silent = status_of(reader, entity.id)?.is_some_and(|s| !s.is_online());
    }
    let mine = format!("{}/", state.id);
    for (key, mark) in reader.states_with(TAKEN_OWNER, &mine).map_err(|e| e.to_string())? {
        let place = key.strip_prefix(&mine).and_then(|p| p.parse().ok());
        if let (Some(place), Ok(mark)) = (place, mark.try_into()) {
            state.taken.restore(place, u64::from_be_bytes(mark));
        }
    }
    if let Some(status @ Status::Offline(_)) = status_of(reader, state.id)? {
        state.status = status;
    }
    Ok(())
}

fn status_of(reader: &Reader, id: NodeId) -> Result<Option<Status>, String> {
    let bytes = reader.state(STATUS_OWNER, &id.to_string()).map_err(|e| e.to_string())?;
    Ok(bytes.and_then(|b| serde_json::from_slice(&b).ok()))
}

/// Commands that were given and have no receipt: a report may still confirm them; they are not sent again.
fn unfinished(entity: &mut Entity, reader: &Reader, now: Timestamp) -> Result<(), String> {
    let mut settled: BTreeSet<EventId> = BTreeSet::new();
    let mut decided: BTreeSet<Property> = BTreeSet::new();
    for stored in reader.history(entity.id, None, LOOK_BACK).map_err(|e| e.to_string())? {
        match &stored.event.body {
            Body::Receipt { command, .. } => drop(settled.insert(*command)),
            Body::Decision(verdict) => {
                // A wish that led to no command leaves an older one under way.
                let Outcome::Commanded { value } = &verdict.outcome else { continue };
                if decided.insert(verdict.property) && !settled.contains(&stored.event.id) {
                    entity.slot(verdict.property).pending = Some(Pending {
                        command: stored.event.id,
                        value: value.clone(),
                        deadline: now + REPORT_DEADLINE,
                        carried_by: stored.event.id,
                        answers: None,
                        inherited: true,
                    });
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn holds(entity: &mut Entity, reader: &Reader) -> Result<(), String> {
    let prefix = format!("{}/", entity.id);
    for (key, bytes) in reader.states_with(CLAIMS_OWNER, &prefix).map_err(|e| e.to_string())? {
        let property = key.strip_prefix(&prefix).and_then(|k| k.split('/').next()).and_then(Property::parse);
        let (Some(property), Ok(hold)) = (property, serde_json::from_slice::<Hold>(&bytes)) else {
            tracing::warn!(key, "a hold could not be read back; it is left out");
            continue;
        };
        entity.slot(property).holds.put(hold);
    }
    Ok(())
}
