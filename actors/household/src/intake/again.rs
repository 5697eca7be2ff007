//! Wishes that are carried out a second time after a restart: what is on record of them is left out.

use lares_graph::Reader;
use lares_kernel::Intent;
use lares_model::{Body, EventId, NodeId, Origin, Property, Value};

/// The entry of an announcement that is on record already: what was told before a kill was told then. What a rule says is known by who
/// says it: its words may be others by now.
pub fn announced(
    reader: &Reader,
    intent: &Intent,
    room: NodeId,
    said: &str,
) -> Result<Option<EventId>, String> {
    let Some(cause) = intent.causes.first().filter(|_| intent.again) else { return Ok(None) };
    let by_rule = matches!(intent.origin, Origin::Rule(_));
    for effect in reader.effects(*cause).map_err(|e| e.to_string())? {
        let Some(stored) = reader.event(effect).map_err(|e| e.to_string())? else { continue };
        let event = stored.event;
        let Body::Notice { text } = &event.body else { continue };
        if event.subject == room && if by_rule { event.origin == intent.origin } else { **text == *said } {
            return Ok(Some(event.id));
        }
    }
    Ok(None)
}

/// The values of a wish that no decision is on record for. One is its own if it has the same source, first cause and value:
/// the first cause is what set this step of the rule off, and no other step has it.
pub fn undecided(
    reader: &Reader,
    intent: &Intent,
    entity: NodeId,
    values: Vec<(Property, Value)>,
) -> Result<Vec<(Property, Value)>, String> {
    let Some(cause) = intent.causes.first() else { return Ok(values) };
    let mut left = values;
    for effect in reader.effects(*cause).map_err(|e| e.to_string())? {
        let Some(stored) = reader.event(effect).map_err(|e| e.to_string())? else { continue };
        let event = stored.event;
        let Body::Decision(verdict) = &event.body else { continue };
        if event.subject != entity
            || event.causes.first() != Some(cause)
            || verdict.claim.source != intent.source
        {
            continue;
        }
        // One decision answers one wish, though the same is wished twice.
        let own = |(p, v): &(Property, Value)| *p == verdict.property && v.meets(&verdict.claim.value, 1e-9);
        if let Some(at) = left.iter().position(own) {
            left.remove(at);
        }
    }
    Ok(left)
}
