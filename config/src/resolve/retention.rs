//! `[retention]`.

use std::time::Duration;

use lares_model::{BodyKind, one_of};

use super::Scope;
use crate::decode::{Fields, Node};
use crate::home::{EntityRef, KeepConfig, KeepJournal, KeptFor, RetentionConfig};

const DAY: u64 = 86_400;
const UNITS: [(&str, u64); 3] = [("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)];
/// A month is folded once it is over, and what goes is no riddle of this week: so many days, at least.
const LEAST_DAYS: u32 = 30;
/// Kinds of entries that may go. What others stand on stays: homes as they were, devices, what was said of the life graph, and what
/// interlocks did.
const MAY_GO: [BodyKind; 14] = [
    BodyKind::Reading,
    BodyKind::StatusChanged,
    BodyKind::RoomOccupied,
    BodyKind::PersonMoved,
    BodyKind::TimerSet,
    BodyKind::TimerFired,
    BodyKind::TimerCancelled,
    BodyKind::Decision,
    BodyKind::RuleSkipped,
    BodyKind::Receipt,
    BodyKind::HoldEnded,
    BodyKind::Child,
    BodyKind::Problem,
    BodyKind::Notice,
];
/// Less holds no household.
const LEAST: u64 = 10_000_000;

pub(crate) fn retention(top: &Fields<'_>, scope: &Scope<'_>) -> RetentionConfig {
    let Some(fields) = top.get("retention").and_then(|node| node.fields()) else {
        return RetentionConfig::default();
    };
    let place = fields.node.place();
    let all = keep(&fields);
    let budget = fields.get("budget").and_then(|node| bytes(&node));
    let journal = fields.get("journal").and_then(|node| node.fields()).map(journal);
    let mut of = Vec::new();
    if let Some(table) = fields.get("of").and_then(|node| node.fields()) {
        for (name, node) in table.each() {
            let entity: Option<EntityRef> = node.entity_in(name, scope);
            if let (Some(entity), Some(own)) = (entity, node.fields()) {
                of.push((entity, keep(&own)));
                own.finish();
            }
        }
    }
    let mut classes = std::collections::BTreeMap::new();
    if let Some(table) = fields.get("class").and_then(|node| node.fields()) {
        for (name, node) in table.each() {
            if let Some(own) = node.fields() {
                classes.insert(name.to_owned(), keep(&own));
                own.finish();
            }
        }
    }
    fields.finish();
    RetentionConfig { place, all, of, classes, journal: journal.unwrap_or_default(), budget }
}

fn journal(fields: Fields<'_>) -> KeepJournal {
    let mut kept = KeepJournal::default();
    if let Some(archive) = fields.get("archive").and_then(|node| days(&node, LEAST_DAYS, "never")) {
        kept.archive = archive;
    }
    if let Some(table) = fields.get("kinds").and_then(|node| node.fields()) {
        for (name, node) in table.each() {
            let Some(kind) = MAY_GO.iter().find(|k| k.name() == name) else {
                let allowed = one_of(MAY_GO.iter().map(|k| k.name()));
                let message = format!("`{name}` is no kind of entry that may go");
                node.key_error("unknown-kind", message, format!("allowed: {allowed}"));
                continue;
            };
            if let Some(KeptFor::Days(days)) = days(&node, LEAST_DAYS, "forever") {
                kept.kinds.insert(kind.name(), days);
            }
        }
    }
    fields.finish();
    kept
}

fn keep(fields: &Fields<'_>) -> KeepConfig {
    let kept = |key| fields.get(key).and_then(|node| kept_for(&node));
    let found =
        KeepConfig { raw: kept("raw"), minutes: kept("minutes"), hours: kept("hours"), days: kept("days") };
    // Finer ones are what coarser ones are read from where both are kept: the finer for longer is a mistake.
    let order =
        [("raw", found.raw), ("minutes", found.minutes), ("hours", found.hours), ("days", found.days)];
    for pair in order.windows(2) {
        if let [(fine, Some(a)), (coarse, Some(b))] = pair
            && longer(*a, *b)
            && let Some(node) = fields.get(fine)
        {
            let message = format!("`{fine}` is kept longer than `{coarse}`");
            node.error("conflict", message, format!("keep `{coarse}` at least as long"));
        }
    }
    found
}

fn longer(a: KeptFor, b: KeptFor) -> bool {
    match (a, b) {
        (_, KeptFor::Ever) => false,
        (KeptFor::Ever, KeptFor::Days(_)) => true,
        (KeptFor::Days(a), KeptFor::Days(b)) => a > b,
    }
}

/// `"30d"`, or `"forever"`. Whole days, at least two: yesterday is rolled up today.
fn kept_for(node: &Node<'_>) -> Option<KeptFor> {
    days(node, 2, "forever")
}

fn days(node: &Node<'_>, least: u32, ever: &str) -> Option<KeptFor> {
    if node.value.as_str() == Some(ever) {
        return Some(KeptFor::Ever);
    }
    let time = node.duration()?;
    if time < Duration::from_secs(u64::from(least) * DAY) {
        let found = format!("`{}`: {}", node.path.last_key(), crate::duration_words(time));
        let allowed = format!("allowed: from \"{least}d\", or \"{ever}\"");
        node.error("out-of-range", format!("{found} is too short"), allowed);
        return None;
    }
    Some(KeptFor::Days(u32::try_from(time.as_secs() / DAY).unwrap_or(u32::MAX)))
}

/// `"4GB"`.
fn bytes(node: &Node<'_>) -> Option<u64> {
    let text = node.text()?;
    let split = text.trim().find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.trim().split_at_checked(split).unwrap_or((text, ""));
    let factor = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit.trim())).map(|(_, n)| *n);
    let Some((number, factor)) = number.parse::<f64>().ok().zip(factor) else {
        node.error("bad-size", format!("{text:?} is no size"), "allowed: a number and MB, GB or TB: \"4GB\"");
        return None;
    };
    let bytes = (number * factor as f64) as u64;
    if bytes < LEAST {
        node.error("out-of-range", format!("{text:?} is too little"), "allowed: from \"10MB\"");
        return None;
    }
    Some(bytes)
}
