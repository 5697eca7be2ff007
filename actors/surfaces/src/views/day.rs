//! What lies before the household today: appointments, what is due, who is at home.

use std::time::Duration;

use lares_graph::ask::{AskError, Due, Filter, Picture, ReadFailed, agenda, spoken};
use lares_model::Timestamp;

use super::{Instants, Source, Telling, people};
use crate::voice::Day;

/// What was due so long ago is no more on anybody's mind.
const LATE: Duration = Duration::from_secs(30 * 86_400);
/// As it is written, a day is no longer: what is longer has an hour.
const A_DAY: usize = 10;

pub fn day(source: &dyn Source, told: &Telling) -> Result<Day, AskError> {
    let picture = source.picture(told.now, Instants::default()).map_err(ReadFailed::from)?;
    let zone = picture.shape.zone().clone();
    let Some(today) = spoken("today", told.now, &zone) else { return Ok(Day::default()) };
    let early = i64::try_from(LATE.as_micros()).unwrap_or(0);
    let all =
        |only: &str, from: i64, to: Timestamp| agenda(&picture, &Filter::parse(only)?, Timestamp(from), to);
    let is_ahead = |due: &&Due| due.what == "start" && (due.when.len() <= A_DAY || due.at >= told.now);
    let event = |due: &Due| {
        let clock: String = told.clock(due.at).chars().take(5).collect();
        let at = if due.when.len() <= A_DAY { String::new() } else { format!("{clock} ") };
        Some(format!("{at}{}", name(&picture, due)?))
    };
    let is_due = |due: &&Due| due.what == "due";
    let task = |due: &Due| name(&picture, due);
    let late = all("kind:task", today.from.0.saturating_sub(early), Timestamp(today.from.0 - 1))?;
    let home = people(source).map_err(ReadFailed::from)?;
    let known = home.iter().any(|person| person.presence != "unknown");
    let at_home = home.into_iter().filter(|person| person.presence == "home").map(|person| person.name);
    Ok(Day {
        events: all("kind:event", today.from.0, today.to)?
            .iter()
            .filter(is_ahead)
            .filter_map(event)
            .collect(),
        due: all("kind:task", today.from.0, today.to)?.iter().filter(is_due).filter_map(task).collect(),
        late: late.iter().filter(is_due).filter_map(task).collect(),
        home: known.then(|| at_home.collect()),
    })
}

fn name(picture: &Picture<'_>, due: &Due) -> Option<String> {
    picture.shape.node(due.place).map(|node| node.name.clone())
}
