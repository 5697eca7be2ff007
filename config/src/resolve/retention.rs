//! `[retention]`.

use std::time::Duration;

use super::Scope;
use crate::decode::{Fields, Node};
use crate::home::{EntityRef, KeepConfig, KeptFor, RetentionConfig};

const DAY: u64 = 86_400;
const UNITS: [(&str, u64); 3] = [("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)];
/// Less holds no household.
const LEAST: u64 = 10_000_000;

pub(crate) fn retention(top: &Fields<'_>, scope: &Scope<'_>) -> RetentionConfig {
    let Some(fields) = top.get("retention").and_then(|node| node.fields()) else {
        return RetentionConfig::default();
    };
    let place = fields.node.place();
    let all = keep(&fields);
    let budget = fields.get("budget").and_then(|node| bytes(&node));
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
    RetentionConfig { place, all, of, classes, budget }
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
    if node.value.as_str() == Some("forever") {
        return Some(KeptFor::Ever);
    }
    let time = node.duration()?;
    if time < Duration::from_secs(2 * DAY) {
        let found = format!("`{}`: {}", node.path.last_key(), crate::duration_words(time));
        node.error("out-of-range", format!("{found} is too short"), "allowed: from \"2d\", or \"forever\"");
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
