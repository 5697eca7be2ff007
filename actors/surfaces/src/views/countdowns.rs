//! Timers of the household's people: what runs, what is paused, how much is left.

use std::time::Duration;

use lares_kernel::{COUNTDOWNS, Countdown, CountdownId};
use lares_model::{Body, Event, NodeId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tongue::say;

use super::{
    Moment, ReadError, Source, Telling,
    heads::Heads,
    table::{plain, table},
};

/// A timer that somebody set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CountdownView {
    /// `kitchen/pizza`; `pizza` if it is in no room.
    pub id: String,
    /// As it is called; null: by how long it is.
    pub name: Option<String>,
    /// Key of its room.
    pub room: Option<String>,
    /// Name of its room.
    pub room_name: Option<String>,
    /// A reminder, and what of.
    pub says: Option<String>,
    /// What is done at its end, as it was said; null: it rings.
    #[serde(default)]
    pub does: Option<String>,
    /// What it was set for, with what was added since, seconds.
    pub length_s: f64,
    /// Seconds. Negative: it should have ended.
    pub left_s: f64,
    /// When it ends; null: it is paused.
    pub due: Option<Moment>,
    /// The event that it comes from; null: it is paused.
    pub cause: Option<String>,
}

impl CountdownView {
    /// `pizza`, or `10 min`.
    pub fn called(&self) -> String {
        let words = self.does.as_ref().or(self.says.as_ref()).or(self.name.as_ref()).cloned();
        words.unwrap_or_else(|| lares_config::duration_words(Duration::from_secs_f64(self.length_s.max(0.0))))
    }

    /// `9:59`, `1:00:00`: what is left.
    pub fn left(&self) -> String {
        let seconds = self.left_s.max(0.0).ceil() as u64;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            format!("{hours}:{minutes:02}:{seconds:02}")
        } else {
            format!("{minutes}:{seconds:02}")
        }
    }
}

/// All of them, the next one first, the paused ones last.
pub fn countdowns(source: &dyn Source, told: &Telling) -> Result<Vec<CountdownView>, ReadError> {
    let kept = source.states(COUNTDOWNS)?;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let timers = source.timers()?;
    let mut all = Vec::new();
    for (key, bytes) in kept {
        let Ok(countdown) = serde_json::from_slice::<Countdown>(&bytes) else {
            return Err(ReadError(format!("what is kept of timer `{key}` cannot be read")));
        };
        let id = CountdownId::parse(&key);
        let owner = id.owner();
        let timer = timers.iter().find(|t| *t.owner == *owner && *t.name == *id.name);
        let left_s = match (timer, countdown.paused()) {
            (Some(timer), _) => timer.due.0.saturating_sub(told.now.0) as f64 / 1e6,
            (None, Some(left)) => left.as_secs_f64(),
            // It fired just now.
            (None, None) => continue,
        };
        let room_name = match &id.room {
            Some(room) => source.node(NodeId::room(room))?.map(|node| node.name),
            None => None,
        };
        all.push(CountdownView {
            id: key,
            length_s: countdown.length().as_secs_f64(),
            name: countdown.name,
            room: id.room,
            room_name,
            says: countdown.says,
            does: countdown.command.map(|command| command.words),
            left_s,
            due: timer.map(|t| Moment(t.due)),
            cause: timer.map(|t| t.cause.to_string()),
        });
    }
    all.sort_by(|a, b| {
        (a.due.is_none(), a.due.map(|d| d.0), &a.id).cmp(&(b.due.is_none(), b.due.map(|d| d.0), &b.id))
    });
    Ok(all)
}

pub fn countdowns_text(all: &[CountdownView], told: &Telling) -> String {
    let heads = Heads::of(told.tongue);
    if all.is_empty() {
        return format!("{}\n", heads.no_timers);
    }
    let row = |t: &CountdownView| {
        let ends = t.due.map(|due| say!(heads.ends_at, clock = told.clock(due.0)));
        let ends = ends.unwrap_or_else(|| heads.paused.to_owned());
        vec![
            plain(&t.id),
            plain(&t.called()),
            say!(heads.left, left = t.left()),
            ends,
            plain(t.room_name.as_deref().unwrap_or("")),
        ]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

/// What was last told of a timer, by its id.
pub(super) fn newest_of(source: &dyn Source, id: &str) -> Result<Option<Event>, ReadError> {
    /// Entries about its room that are looked through.
    const LOOK_BACK: usize = 512;
    let id = CountdownId::parse(id);
    let owner = id.owner();
    let subject = id.room.as_ref().map_or_else(NodeId::household, |room| NodeId::room(room));
    let is = |o: &str, n: &str| o == owner && n == id.name;
    let mut found = source.history(subject, None, LOOK_BACK)?.into_iter().map(|stored| stored.event);
    Ok(found.find(|event| match &event.body {
        Body::TimerSet { timer } => is(&timer.owner, &timer.name),
        Body::TimerFired { owner, name, .. } | Body::TimerCancelled { owner, name, .. } => is(owner, name),
        _ => false,
    }))
}
