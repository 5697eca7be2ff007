//! Conditions, looked at as they are now, with words for the record.

use std::collections::BTreeMap;

use jiff::civil::{Time, Weekday};
use lares_config::{Condition, Days, EntityRef, Other, People, Stale, SunPosition};
use lares_model::{Fact, Presence, Property, Value};

use super::engine::View;
use super::facts::Facts;
use super::{held, template};
use crate::directory::Resolved;
use crate::planner::sun_is_up;

/// Who looks.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub facts: &'a Facts,
    pub view: &'a View<'a>,
    /// What the trigger that set the rule off is called.
    pub id: Option<&'a str>,
    /// Values that the run has set.
    pub vars: &'a BTreeMap<String, serde_json::Value>,
}

/// Looks at all conditions. Each is a fact for the record; all must be met.
pub fn look(conditions: &[Condition], look: Look<'_>) -> (bool, Vec<Fact>) {
    let facts: Vec<Fact> = conditions
        .iter()
        .map(|condition| {
            let (met, found) = holds(condition, look);
            Fact { text: condition.to_string(), found, met }
        })
        .collect();
    (facts.iter().all(|f| f.met), facts)
}

fn holds(condition: &Condition, look: Look<'_>) -> (bool, String) {
    let Look { facts, view, id, .. } = look;
    match condition {
        Condition::Entity { entity, property, test, stale } => {
            match reading(entity, *property, facts, view) {
                Ok((value, words)) => {
                    let at = view.directory.resolve(entity, *property);
                    let by = misses(value, test.above, test.below);
                    let by = by.zip(at).map(|((by, word), at)| missed(by, word, &at, view));
                    (test.holds(value), words + &by.unwrap_or_default())
                }
                Err(words) => (*stale == Stale::Pass, words),
            }
        }
        Condition::Compare { entity, property, above, below, stale } => {
            compared((entity, *property), above.as_ref(), below.as_ref(), *stale, look)
        }
        Condition::Device { device, reach } => {
            let is = view.directory.device(device).and_then(|d| facts.reach.get(&d.id));
            (is == Some(reach), is.map_or("nothing heard yet", |r| r.word()).to_owned())
        }
        Condition::Trigger { id: wanted } => {
            (id == Some(wanted), id.unwrap_or("a trigger without an id").to_owned())
        }
        Condition::Room { room, occupied } => occupancy(facts.rooms.get(room).copied(), *occupied),
        Condition::Zone { zone, occupied } => {
            let (met, mut found) = occupancy(facts.zone(view.home, zone), *occupied);
            let rooms = view.home.zones.get(zone).map(|z| z.rooms.as_slice()).unwrap_or_default();
            let there: Vec<&str> =
                rooms.iter().filter(|r| facts.rooms.get(*r) == Some(&true)).map(String::as_str).collect();
            if !there.is_empty() {
                found.push_str(&format!(": {}", there.join(", ")));
            }
            (met, found)
        }
        Condition::Person { person, is, within } => match facts.people.get(person) {
            Some(at) => {
                let there = view.home.is_within(within.as_ref(), at.room.as_deref());
                (at.presence == *is && there, presence_words(at.presence, at.room.as_deref()))
            }
            None => (false, "nothing known".to_owned()),
        },
        Condition::People { people } => {
            let met = match people {
                People::NobodyHome => facts.nobody_home(),
                People::AnybodyHome => facts.anybody_home(),
            };
            let home =
                facts.people.iter().filter(|(_, w)| w.presence == Presence::Home).map(|(k, _)| k.as_str());
            let names = home.collect::<Vec<_>>().join(", ");
            (
                met,
                if names.is_empty() { "nobody known to be home".to_owned() } else { format!("{names} home") },
            )
        }
        Condition::Time { after, before, days } => {
            let Some(now) = view.civil() else { return (false, "no clock".to_owned()) };
            let met = within(now.time(), now.weekday(), *after, *before, *days);
            let found = now.strftime("%a %H:%M").to_string();
            (met, if met { found } else { found + &out_of(now.time(), *after, *before) })
        }
        Condition::Sun { position } => match view.coordinates() {
            Some((latitude, longitude)) => {
                let up = sun_is_up(view.now, latitude, longitude);
                (up == (*position == SunPosition::Up), if up { "up" } else { "down" }.to_owned())
            }
            None => (false, "the household has no coordinates".to_owned()),
        },
        Condition::Find { filter, above, below } => match view.graph.find(filter) {
            Ok((total, names)) => {
                let count = f64::from(u32::try_from(total).unwrap_or(u32::MAX));
                let enough = if below.is_none() { above.unwrap_or(0.0) } else { above.unwrap_or(-1.0) };
                (count > enough && below.is_none_or(|limit| count < limit), counted(total, &names))
            }
            Err(why) => (false, why),
        },
        Condition::Template { template } => template::holds(template, look),
        Condition::Held { condition, time } => held::held(condition, *time, look, holds(condition, look)),
        Condition::Any(parts) => joined(parts, look, |all| all.iter().any(|(met, _)| *met)),
        Condition::All(parts) => joined(parts, look, |all| all.iter().all(|(met, _)| *met)),
        Condition::Not(part) => {
            let (met, found) = holds(part, look);
            (!met, found)
        }
    }
}

/// A space of which nothing was told has nobody in it.
fn occupancy(is: Option<bool>, wanted: bool) -> (bool, String) {
    let word = is.map_or("nothing known", |is| if is { "occupied" } else { "empty" });
    (is.unwrap_or(false) == wanted, word.to_owned())
}

/// `3: Dough, Seeds, Bins`.
fn counted(total: usize, names: &[String]) -> String {
    let more = if total > names.len() { format!(" and {} more", total - names.len()) } else { String::new() };
    let colon = if names.is_empty() { "" } else { ": " };
    format!("{total}{colon}{}{more}", names.join(", "))
}

fn joined(parts: &[Condition], look: Look<'_>, judge: impl Fn(&[(bool, String)]) -> bool) -> (bool, String) {
    let all: Vec<(bool, String)> = parts.iter().map(|p| holds(p, look)).collect();
    let found = all.iter().map(|(_, f)| f.as_str()).collect::<Vec<_>>().join("; ");
    (judge(&all), found)
}

/// A reading that can be relied on, with words for it; else why not.
pub fn reading<'a>(
    entity: &EntityRef,
    property: Option<Property>,
    facts: &'a Facts,
    view: &View<'_>,
) -> Result<(&'a Value, String), String> {
    let at = view.directory.resolve(entity, property).ok_or("it has not announced itself")?;
    let known = facts.reading(at.entity, at.property).ok_or("nothing heard yet")?;
    let value = known.value.as_ref().ok_or("unknown")?;
    let age = view.now.since(known.at);
    let words =
        format!("{}, {} ago", value_words(value, &at, view), lares_config::duration_words(whole(age)));
    let found = view.directory.entity(at.entity);
    let device = found.and_then(|e| view.directory.device(&e.device)).map(|d| d.id);
    if facts.offline.contains(&at.entity) || device.is_some_and(|d| facts.offline.contains(&d)) {
        return Err(format!("offline; it last was {words}"));
    }
    if at.fresh_for.is_some_and(|limit| age > limit) {
        return Err(format!("stale: {words}"));
    }
    Ok((value, words))
}

/// By how much a number misses its limits; `None`: it does not.
fn misses(value: &Value, above: Option<f64>, below: Option<f64>) -> Option<(f64, &'static str)> {
    let n = value.as_number()?;
    let low = above.filter(|limit| n <= *limit).map(|limit| (limit - n, "too low"));
    low.or(below.filter(|limit| n >= *limit).map(|limit| (n - limit, "too high")))
}

/// `: 13 lx too high`.
fn missed(by: f64, word: &str, at: &Resolved, view: &View<'_>) -> String {
    if by == 0.0 {
        return ": just the limit".to_owned();
    }
    // Three digits that count: what is told, not what is reckoned with.
    let scale = 10f64.powi(2 - by.log10().floor() as i32);
    let by = Value::Number((by * scale).round() / scale);
    format!(": {} {word}", value_words(&by, at, view))
}

/// `: 20m too early`, of a time of day that is out of its span on the same day.
fn out_of(now: Time, after: Option<Time>, before: Option<Time>) -> String {
    let over_midnight = after.zip(before).is_some_and(|(a, b)| a > b);
    let apart = |a: Time, b: Time| whole(a.duration_until(b).unsigned_abs());
    let early = after
        .filter(|a| now < *a)
        .map(|a| format!(": {} too early", lares_config::duration_words(apart(now, a))));
    let late = before.filter(|b| now >= *b && !over_midnight);
    let late = late.map(|b| format!(": {} too late", lares_config::duration_words(apart(b, now))));
    early.or(late).unwrap_or_default()
}

/// A value with its unit.
pub fn value_words(value: &Value, at: &Resolved, view: &View<'_>) -> String {
    let entity = view.directory.entity(at.entity);
    let unit = entity.and_then(|e| e.info.property(at.property)?.unit.as_deref().map(|u| format!(" {u}")));
    format!("{value}{}", unit.unwrap_or_default())
}

/// One reading beside others: all must be known.
fn compared(
    (entity, property): (&EntityRef, Option<Property>),
    above: Option<&Other>,
    below: Option<&Other>,
    stale: Stale,
    Look { facts, view, .. }: Look<'_>,
) -> (bool, String) {
    let number = |entity: &EntityRef, property| -> Result<(f64, String), String> {
        let (value, words) = reading(entity, property, facts, view)?;
        Ok((value.as_number().ok_or_else(|| format!("{words}: no number"))?, words))
    };
    let beside = || -> Result<(bool, String), String> {
        let (value, mut words) = number(entity, property)?;
        let mut met = true;
        for (other, is_above) in [(above, true), (below, false)] {
            let Some(other) = other else { continue };
            let (limit, found) = number(&other.entity, other.property)?;
            let limit = limit + other.plus;
            let here = if is_above { value > limit } else { value < limit };
            words.push_str(&format!("; {} {found}", other.entity));
            if let (false, Some(at)) = (here, view.directory.resolve(entity, property)) {
                let (by, word) =
                    if is_above { (limit - value, "too low") } else { (value - limit, "too high") };
                words.push_str(&missed(by, word, &at, view));
            }
            met &= here;
        }
        Ok((met, words))
    };
    beside().unwrap_or_else(|why| (stale == Stale::Pass, why))
}

pub(super) fn whole(d: std::time::Duration) -> std::time::Duration {
    std::time::Duration::from_secs(d.as_secs())
}

fn presence_words(presence: Presence, room: Option<&str>) -> String {
    match (presence, room) {
        (Presence::Home, Some(room)) => format!("home, in {room}"),
        (Presence::Home, None) => "home".to_owned(),
        (Presence::Away, _) => "away".to_owned(),
        (Presence::Unknown, _) => "unknown".to_owned(),
    }
}

/// Whether a time of a day is within a span. One over midnight belongs to the day on which it began.
fn within(now: Time, day: Weekday, after: Option<Time>, before: Option<Time>, days: Days) -> bool {
    match (after, before) {
        (Some(a), Some(b)) if a > b => {
            (now >= a && days.contains(day)) || (now < b && days.contains(day.previous()))
        }
        (a, b) => a.is_none_or(|a| now >= a) && b.is_none_or(|b| now < b) && days.contains(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::time;

    #[test]
    fn what_is_missed_is_told_by_how_much() {
        let n = Value::Number;
        assert_eq!(misses(&n(63.0), None, Some(50.0)), Some((13.0, "too high")));
        assert_eq!(misses(&n(18.0), Some(21.0), None), Some((3.0, "too low")));
        assert_eq!(misses(&n(22.0), Some(21.0), Some(23.0)), None);
        assert_eq!(misses(&Value::Bool(true), None, Some(1.0)), None);
        let (ten, six) = (Some(time(22, 0, 0, 0)), Some(time(6, 0, 0, 0)));
        assert_eq!(out_of(time(21, 40, 0, 0), ten, None), ": 20m too early");
        assert_eq!(out_of(time(21, 40, 0, 0), ten, six), ": 20m too early");
        assert_eq!(out_of(time(7, 30, 0, 0), None, six), ": 1h30m too late");
    }

    #[test]
    fn spans_over_midnight_belong_to_the_day_they_began_on() {
        let friday = Days::WORDS.iter().find(|(n, _)| *n == "fri").unwrap().1;
        let (a, b) = (Some(time(22, 0, 0, 0)), Some(time(6, 0, 0, 0)));
        assert!(within(time(23, 0, 0, 0), Weekday::Friday, a, b, friday));
        assert!(within(time(5, 59, 0, 0), Weekday::Saturday, a, b, friday));
        assert!(!within(time(6, 0, 0, 0), Weekday::Saturday, a, b, friday));
        assert!(!within(time(23, 0, 0, 0), Weekday::Saturday, a, b, friday));
        assert!(within(time(7, 0, 0, 0), Weekday::Monday, Some(time(7, 0, 0, 0)), None, Days::ALL));
        assert!(!within(time(7, 0, 0, 0), Weekday::Monday, None, Some(time(7, 0, 0, 0)), Days::ALL));
    }
}
