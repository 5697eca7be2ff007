//! Interlocks: what they forbid now, since when and why.

use std::collections::BTreeMap;

use lares_model::{Component, Property, Timestamp, Value, value_word};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tongue::{Tongue, say};

use super::{
    Moment, Names, ReadError, Source, Telling,
    heads::Heads,
    table::{plain, table},
};

/// An interlock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterlockView {
    /// Its key.
    pub id: String,
    pub name: String,
    /// What it guards: `washer.switch`.
    pub of: String,
    /// The same as people call it.
    #[serde(default)]
    pub of_name: String,
    pub property: String,
    /// `clear`, `resting` (a time or a count holds the next start back), `tripped` or `latched` (a person must clear it).
    pub state: String,
    pub since: Option<Moment>,
    pub reason: Option<String>,
    /// What it allows now, in words.
    pub allows: String,
    pub level: String,
    /// What it watches, in words.
    pub watches: String,
    /// The reason without names: for those who do not see all of the household.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub unnamed: Option<String>,
    /// What it watches, without names.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    pub watches_unnamed: String,
    /// What it watches, as the home has it: each a line.
    #[serde(default, skip_serializing)]
    #[schemars(skip)]
    watched: Vec<String>,
}

impl InterlockView {
    /// Whether it forbids anything at this moment.
    pub fn is_active(&self) -> bool {
        self.state != "clear"
    }

    /// `interlock “Water” is latched: Leak sensor is on`.
    pub fn words(&self, tongue: Tongue) -> String {
        let name = match self.name.is_empty() || self.name == self.id {
            true => self.id.clone(),
            false => say!(tongue.phrases().quoted, name = self.name),
        };
        self.told(tongue, &name, self.reason.as_ref())
    }

    /// The same without any name.
    pub fn unnamed_words(&self, tongue: Tongue) -> String {
        self.told(tongue, &self.id, self.unnamed.as_ref())
    }

    fn told(&self, tongue: Tongue, name: &str, reason: Option<&String>) -> String {
        let t = tongue.phrases();
        let reason = reason.map(|r| say!(t.why, reason = r)).unwrap_or_default();
        say!(t.lock_is, name = name, state = state_word(tongue, &self.state), reason = reason)
    }

    /// For somebody who does not see all of the household: a reason may speak of any room.
    pub fn for_a_part(mut self) -> Self {
        self.reason = self.unnamed.take();
        self.watches = std::mem::take(&mut self.watches_unnamed);
        self
    }
}

pub(super) fn state_word(tongue: Tongue, state: &str) -> &str {
    let t = tongue.phrases();
    match state {
        "clear" => t.lock_clear,
        "resting" => t.lock_resting,
        "tripped" => t.lock_tripped,
        "latched" => t.lock_latched,
        other => other,
    }
}

/// What the home says of an interlock, as it is kept.
#[derive(Deserialize, Default)]
#[serde(default)]
struct About {
    name: String,
    of: String,
    property: String,
    level: String,
    safe: Option<String>,
    watches: String,
    min_off_ms: Option<i64>,
    per_hour: Option<usize>,
    per_day: Option<usize>,
}

/// What it remembers, as it is kept.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Memory {
    on_since: Option<Timestamp>,
    off_since: Option<Timestamp>,
    starts: Vec<Timestamp>,
    tripped: Option<Trip>,
}

#[derive(Deserialize)]
struct Trip {
    reason: String,
    since: Timestamp,
    latched: bool,
}

impl About {
    /// Until when times and counts hold the next start back, and which.
    fn rests(&self, memory: &Memory, now: Timestamp) -> Option<(Timestamp, String)> {
        if memory.on_since.is_some() {
            return None;
        }
        let later = |t: Timestamp, ms: i64| Timestamp(t.0.saturating_add(ms.saturating_mul(1_000)));
        let off = memory.off_since.zip(self.min_off_ms).map(|(t, ms)| (later(t, ms), "`min_off`"));
        let counted = |most: Option<usize>, hours: i64| {
            let oldest = memory.starts.iter().rev().nth(most?.checked_sub(1)?)?;
            Some((later(*oldest, hours * 3_600_000), "`max_starts`"))
        };
        let all = [off, counted(self.per_hour, 1), counted(self.per_day, 24)];
        let last = all.into_iter().flatten().filter(|(until, _)| *until > now).max()?;
        Some((last.0, last.1.to_owned()))
    }
}

/// What they are called, by key.
pub(super) fn names(source: &dyn Source) -> Result<BTreeMap<String, String>, ReadError> {
    let name = |(key, bytes): (String, Vec<u8>)| {
        let about: About = serde_json::from_slice(&bytes).unwrap_or_default();
        (key, about.name)
    };
    Ok(source.states("interlock")?.into_iter().map(name).collect())
}

/// All interlocks by key.
pub fn interlocks(source: &dyn Source, told: &Telling) -> Result<Vec<InterlockView>, ReadError> {
    let names = Names::read(source)?.told_in(told.tongue);
    let mut all = interlocks_now(source, told)?;
    for lock in &mut all {
        lock.of_name = names.aimed(&lock.of);
        lock.watches = lock.watched.iter().map(|one| names.reason(one)).collect::<Vec<_>>().join("; ");
    }
    Ok(all)
}

/// As [`interlocks`], for whoever asks what is forbidden now: what is guarded and watched is not named.
pub fn interlocks_now(source: &dyn Source, told: &Telling) -> Result<Vec<InterlockView>, ReadError> {
    let memories: BTreeMap<String, Memory> = source
        .states("interlocks")?
        .into_iter()
        .filter_map(|(key, bytes)| Some((key, serde_json::from_slice(&bytes).ok()?)))
        .collect();
    let none = Memory::default();
    // Names are read where something is told of: most of the time nothing has tripped.
    let names = match memories.values().any(|memory| memory.tripped.is_some()) {
        true => Some(Names::read(source)?.told_in(told.tongue)),
        false => None,
    };
    let view = |(key, bytes): (String, Vec<u8>)| {
        let about: About = serde_json::from_slice(&bytes).unwrap_or_default();
        let memory = memories.get(&key).unwrap_or(&none);
        let safe = about.safe.clone().unwrap_or_default();
        let (tongue, t) = (told.tongue, told.tongue.phrases());
        let told_safe = match safe.as_str() {
            "on" => t.on,
            "off" => t.off,
            other => other,
        };
        let (property, safe) = match safe_word(tongue, &about.property, &safe) {
            Some(word) => (String::new(), word),
            None => (property_before(tongue, &about.property), told_safe),
        };
        let only = || say!(t.only, property = property, safe = safe);
        let (state, since, reason, allows) = match (&memory.tripped, about.rests(memory, told.now)) {
            (Some(trip), _) => {
                let state = if trip.latched { "latched" } else { "tripped" };
                let reason = names.as_ref().map(|names| names.reason(&trip.reason));
                (state, Some(Moment(trip.since)), reason, only())
            }
            (None, Some((until, by))) => {
                let since = memory.off_since.map(Moment);
                let clock = told.clock(until);
                let allows = say!(t.only_until, property = property, safe = safe, clock = clock);
                ("resting", since, Some(by), allows)
            }
            (None, None) => ("clear", None, None, t.all_bounds.to_owned()),
        };
        InterlockView {
            unnamed: memory.tripped.as_ref().map(|trip| tongue.reason(&trip.reason)).or(reason.clone()),
            id: key,
            name: about.name,
            of_name: about.of.clone(),
            of: about.of,
            property: about.property,
            state: state.to_owned(),
            since,
            reason,
            allows,
            level: about.level,
            watches_unnamed: tongue.watched(&about.watches),
            watched: about.watches.split("; ").map(str::to_owned).collect(),
            watches: tongue.watched(&about.watches),
        }
    };
    Ok(source.states("interlock")?.into_iter().map(view).collect())
}

/// `brightness `: said before the value of what is no mere switch.
fn property_before(tongue: Tongue, property: &str) -> String {
    match Property::parse(property) {
        // `off only`.
        Some(Property::On) => String::new(),
        Some(property) => format!("{} ", tongue.property_called(property)),
        None => format!("{property} "),
    }
}

/// `closed` of a position of 0, `locked` of a lock: said without its property.
fn safe_word(tongue: Tongue, property: &str, safe: &str) -> Option<&'static str> {
    let (property, component) = match Property::parse(property)? {
        Property::Locked => (Property::Locked, Component::Lock),
        Property::Position => (Property::Position, Component::Cover),
        _ => return None,
    };
    let value = match safe {
        "on" => Value::Bool(true),
        "off" => Value::Bool(false),
        number => Value::Number(number.parse().ok()?),
    };
    value_word(tongue.code(), (component, None), property, &value)
}

/// Those that forbid something of an entity or of a device with all its entities.
pub(super) fn active_of<'a>(
    all: &'a [InterlockView],
    reference: &'a str,
) -> impl Iterator<Item = &'a InterlockView> {
    let about = move |of: &str| {
        let within =
            |whole: &str, part: &str| part.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
        of == reference || within(reference, of) || within(of, reference)
    };
    all.iter().filter(move |i| i.is_active() && about(&i.of))
}

pub fn interlocks_text(all: &[InterlockView], told: &Telling) -> String {
    let (heads, tongue) = (Heads::of(told.tongue), told.tongue);
    if all.is_empty() {
        return format!("{}\n", heads.no_interlocks);
    }
    let mut rows = Vec::new();
    for one in all {
        let since = one.since.map(|s| say!(heads.since, clock = told.clock(s.0), ago = told.ago(s.0)));
        rows.push(vec![
            plain(&one.id),
            plain(&one.of_name),
            state_word(tongue, &one.state).to_owned(),
            since.unwrap_or_default(),
        ]);
        let mut below = |words: String| rows.push(vec![String::new(), String::new(), words]);
        one.reason.iter().for_each(|reason| below(plain(reason)));
        below(plain(&say!(heads.watches, what = one.watches)));
        below(plain(&say!(heads.allows, what = one.allows)));
        if one.state == "latched" {
            below(say!(heads.to_clear, id = one.id));
        }
    }
    table(&rows)
}
