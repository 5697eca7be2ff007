//! What a device knew before: its values, holds and the commands that were under way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_graph::Reader;
use lares_model::{Body, EventId, NodeId, Outcome, Property, Receipt, Status, Timestamp, Value};

use super::asked::Asked;
use super::claims::Hold;
use super::entity::{Entity, Pending, Told};
use super::state::{Begun, CLAIMS_OWNER, DeviceState, FOLLOWED_UP, REPORT_DEADLINE};
use super::taken::TAKEN_OWNER;
use crate::status::STATUS_OWNER;

/// How many entries of an entity are looked at for a command without a receipt.
const LOOK_BACK: usize = 32;

/// Fills a new state from the graph. Nothing is published and nothing is sent: no rule sees an edge here.
pub fn restore(state: &mut DeviceState, reader: &Reader, now: Timestamp) -> Result<(), String> {
    for entity in state.entities.values_mut() {
        for (property, last) in reader.last(entity.id).map_err(|e| e.to_string())? {
            let slot = entity.slot(property);
            slot.value = last.value;
            slot.at = Some(last.at);
            slot.event = Some(last.event);
            entity.heard = entity.heard.max(Some(last.at));
        }
        // It was on when the process ended, and nothing will say that it is off.
        let on = entity.properties.get(&Property::State).filter(|s| s.value == Some(true.into()));
        entity.off_at = on.and(entity.off_after).map(|after| now + after);
        if entity.info.properties.iter().any(|p| p.writable) {
            state.begun.extend(unfinished(entity, reader, now)?);
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

/// Commands that were given and have no receipt: a report may still confirm them. Holds that ended and were the last ones to
/// decide: somebody else is next.
fn unfinished(entity: &mut Entity, reader: &Reader, now: Timestamp) -> Result<Vec<Begun>, String> {
    let mut settled: BTreeSet<EventId> = BTreeSet::new();
    let mut decided: BTreeSet<Property> = BTreeSet::new();
    let mut ended: BTreeMap<Property, Option<(Arc<str>, EventId)>> = BTreeMap::new();
    let mut begun = Vec::new();
    let mut confirmed: BTreeSet<EventId> = BTreeSet::new();
    let mut never_left: BTreeSet<EventId> = BTreeSet::new();
    // States that it told since the last of its commands, and whether that was found.
    let (mut stood, mut looked) = (Vec::new(), false);
    let mut last: Option<Timestamp> = None;
    let history = reader.history(entity.id, None, LOOK_BACK).map_err(|e| e.to_string())?;
    let full = history.len() == LOOK_BACK;
    let mut crowded = false;
    for stored in history {
        let event = stored.event;
        let last = *last.get_or_insert(event.seen);
        crowded = full && event.seen + REPORT_DEADLINE > last;
        match &event.body {
            Body::Receipt { command, receipt, .. } => {
                settled.insert(*command);
                match receipt {
                    Receipt::Confirmed => drop(confirmed.insert(*command)),
                    Receipt::Refused(_) | Receipt::Expired => drop(never_left.insert(*command)),
                    _ => {}
                }
            }
            Body::Reading { property: Property::State, value: Some(value) } => stood.push(value.clone()),
            Body::HoldEnded { property, source, .. } if event.seen + FOLLOWED_UP > now => {
                ended.entry(*property).or_insert_with(|| Some((source.clone(), event.id)));
            }
            Body::Decision(verdict) => {
                let property = verdict.property;
                // A wish that led to no command leaves an older one under way.
                let value = match &verdict.outcome {
                    Outcome::Commanded { value } => Some(value),
                    Outcome::AlreadySo { .. } => None,
                    Outcome::Not(_) => continue,
                };
                // Whoever decided last is the one whose hold ended, or another one took over already.
                if let Some((source, ended)) = ended.insert(property, None).flatten()
                    && source == verdict.claim.source
                {
                    begun.push(Begun::Ended { entity: entity.id, property, source, event: ended });
                }
                let Some(value) = value else { continue };
                let command = event.id;
                if Asked::leads(entity.info.component, property) && !never_left.contains(&command) && !looked
                {
                    looked = true;
                    let asked = Asked { property, value: value.clone(), command, at: event.seen };
                    let so = |v: &Value| v.as_text().is_some_and(|state| asked.leads_to(state, event.seen));
                    let still = stood.iter().all(so);
                    entity.asked = still.then_some(asked);
                }
                // Its report may have waited on the wire while nothing ran: time stood still for it.
                if event.seen + REPORT_DEADLINE > last {
                    let answered = confirmed.contains(&command);
                    let told = Told { value: value.clone(), at: now, answered, earlier: true };
                    entity.slot(property).told.insert(0, told);
                }
                if decided.insert(property) && !settled.contains(&command) {
                    entity.slot(property).pending = Some(Pending {
                        command,
                        value: value.clone(),
                        deadline: now + REPORT_DEADLINE,
                        carried_by: command,
                        answers: None,
                        inherited: true,
                    });
                    let (value, decided) = (value.clone(), event.seen);
                    begun.push(Begun::Command { entity: entity.id, property, value, command, decided });
                }
            }
            _ => {}
        }
    }
    if crowded {
        // More happened of late than is looked at: answers to commands before may still come.
        entity.properties.values_mut().for_each(|slot| slot.uncounted = Some(now));
    }
    Ok(begun)
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
