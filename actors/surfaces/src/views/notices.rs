//! What rules and timers said to the household lately.

use std::time::Duration;

use lares_kernel::{CountdownId, LATER};
use lares_model::{Body, Event, NodeId, NodeKind, Origin, Timestamp};

use super::{LogLine, Names, ReadError, Source, log_line};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Entries of one rule or room that are looked through: what it said before that many others is no news.
const OF_ONE: usize = 16;
/// Words that are told.
const NOTICES: usize = 10;

/// Whether an event is words for the household: of a rule, that a timer is over, or that what was to be done later was not. What a rule
/// says aloud in a room (what is on today) is for whoever is there.
pub fn is_for_everybody(event: &Event) -> bool {
    match (&event.body, &event.origin) {
        (Body::Notice { .. }, Origin::Timer) => true,
        (Body::Notice { .. }, Origin::Rule(key)) => event.subject == NodeId::rule(key),
        (Body::Problem { place, .. }, Origin::System) => {
            let later = place.strip_prefix(LATER).and_then(|rest| rest.strip_prefix(' '));
            later.is_some_and(|id| CountdownId::parse(id).does())
        }
        _ => false,
    }
}

/// Words of rules and of timers within a day, the newest last. Rules and rooms are few and each has a history of its own, so that
/// the journal of a busy day is not read through for it.
pub fn notices(source: &dyn Source, now: Timestamp) -> Result<Vec<LogLine>, ReadError> {
    let mut found = Vec::new();
    let mut about: Vec<NodeId> = vec![NodeId::household()];
    for kind in [NodeKind::Rule, NodeKind::Room] {
        about.extend(source.nodes(kind)?.into_iter().map(|node| node.id));
    }
    for id in about {
        let past = source.history(id, None, OF_ONE)?.into_iter().map(|stored| stored.event);
        found.extend(past.filter(|event| is_for_everybody(event) && event.at + DAY >= now));
    }
    found.sort_by_key(|e: &lares_model::Event| e.id);
    let names = if found.is_empty() { Names::default() } else { Names::read(source)? };
    Ok(found.iter().skip(found.len().saturating_sub(NOTICES)).map(|e| log_line(&names, e)).collect())
}
