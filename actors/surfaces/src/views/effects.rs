//! What an event led to: everything that names it as a cause, and what names those.

use std::collections::BTreeMap;

use lares_model::EventId;

use super::{LogPage, Names, ReadError, Source, Telling, log_line};

/// More than this are not told.
const MOST: usize = 2_000;

/// The events that follow from one, the oldest first, itself at the head.
pub fn effects(source: &dyn Source, told: &Telling, event: EventId) -> Result<LogPage, ReadError> {
    let names = Names::read(source)?.told_in(told.tongue);
    let mut found = BTreeMap::new();
    let mut open = vec![event];
    let mut more = false;
    while let Some(id) = open.pop() {
        if found.contains_key(&id) {
            continue;
        }
        if found.len() >= MOST {
            more = true;
            break;
        }
        // What is kept no longer still has its effects.
        let entry = source.event(id)?;
        found.insert(id, entry.map(|stored| log_line(&names, &stored.event)));
        open.extend(source.effects(id)?);
    }
    Ok(LogPage { events: found.into_values().flatten().collect(), more, gaps: 0 })
}
