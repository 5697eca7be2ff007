//! What rules said to the household lately.

use std::time::Duration;

use lares_model::{Body, NodeKind, Origin, Timestamp};

use super::{LogLine, Names, ReadError, Source, log_line};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Entries of one rule that are looked through: what it said before that many others is no news.
const OF_A_RULE: usize = 16;
/// Words that are told.
const NOTICES: usize = 10;

/// Words of rules within a day, the newest last. Rules are few and each has a history of its own, so that the journal of a
/// busy day is not read through for it.
pub fn notices(source: &dyn Source, now: Timestamp) -> Result<Vec<LogLine>, ReadError> {
    let mut found = Vec::new();
    for rule in source.nodes(NodeKind::Rule)? {
        for stored in source.history(rule.id, None, OF_A_RULE)? {
            let event = stored.event;
            let said = matches!((&event.body, &event.origin), (Body::Notice { .. }, Origin::Rule(_)));
            if said && event.at + DAY >= now {
                found.push(event);
            }
        }
    }
    found.sort_by_key(|e: &lares_model::Event| e.id);
    let names = if found.is_empty() { Names::default() } else { Names::read(source)? };
    Ok(found.iter().skip(found.len().saturating_sub(NOTICES)).map(|e| log_line(&names, e)).collect())
}
