//! What was done is taken back, as far as nobody else has changed it since.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_kernel::{Act, Aim, HoldFor, Intent};
use lares_model::{
    Basis, Body, Causes, Event, EventId, Level, NodeId, Origin, Outcome, Property, Timestamp, Value, Verdict,
};

use super::Trouble;
use crate::views::{Names, ReadError, Source, Telling};

/// Without an event only what was done so lately is taken back.
const LATELY: Duration = Duration::from_secs(60 * 60);
/// Decisions of one wish lie so close together.
const TOGETHER: Duration = Duration::from_secs(2);
/// Entries of the journal that are looked through.
const LOOK_BACK: usize = 5_000;
/// How far back a number before is looked for.
const SAMPLE_BACK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What is to be wished to take something back, and what cannot be, in words.
pub(super) struct Undo {
    pub intents: Vec<Intent>,
    pub left: Vec<String>,
    /// What rules whose deeds these were are told.
    pub rules: Vec<Intent>,
}

/// Takes back a decision, or what this person (without one: the command line) did last.
pub(super) fn undo(
    source: &dyn Source,
    told: &Telling,
    event: Option<&str>,
    person: Option<&str>,
) -> Result<Undo, Trouble> {
    let names = Names::read(source).map_err(Trouble::failed)?;
    let (who, origin) = match person {
        None => ("console".to_owned(), Origin::Console),
        Some(name) => {
            let found = names.find(&format!("person:{name}")).map_err(Trouble::input)?;
            (format!("person:{}", found.key), Origin::Person(found.key.clone()))
        }
    };
    let done = match event.map(|what| (what, what.strip_prefix("rule:"))) {
        Some((_, Some(rule))) => {
            let key = names.find(&format!("rule:{rule}")).map_err(Trouble::input)?.key.clone();
            lately(source, told.now, &Origin::Rule(key)).map_err(Trouble::failed)?
        }
        Some((id, None)) => vec![decision(source, id)?],
        None => lately(source, told.now, &origin).map_err(Trouble::failed)?,
    };
    if done.is_empty() {
        let who = person.map_or_else(|| "the command line".to_owned(), str::to_owned);
        let who = event.map_or(who, str::to_owned);
        return Err(Trouble::input(format!(
            "{who} has moved nothing in the last hour: name an event to undo another's"
        )));
    }
    let mut undo = Undo { intents: Vec::new(), left: Vec::new(), rules: Vec::new() };
    for (event, verdict) in done {
        let what = format!("{} of {}", verdict.property.name(), names.of(event.subject));
        match before(source, &event, &verdict, &names) {
            Ok(value) => {
                let taken_back = |rule: &Basis| told_back(&who, &origin, &event, &rule.rule.key);
                let rule = verdict.basis.as_deref().map(taken_back);
                if let Some(rule) = rule {
                    match undo.rules.iter_mut().find(|r| r.target == rule.target) {
                        Some(told) => told.causes.push(event.id),
                        None => undo.rules.push(rule),
                    }
                }
                undo.intents.push(intent(&who, &origin, &event, verdict.property, value));
            }
            Err(Why::Left(why)) => undo.left.push(format!("{what}: {why}")),
            Err(Why::Failed(e)) => return Err(Trouble::failed(e)),
        }
    }
    Ok(undo)
}

enum Why {
    /// It stays as it is.
    Left(String),
    Failed(ReadError),
}

impl From<ReadError> for Why {
    fn from(e: ReadError) -> Self {
        Self::Failed(e)
    }
}

fn decision(source: &dyn Source, id: &str) -> Result<(Event, Verdict), Trouble> {
    let id: EventId = id.parse().map_err(|e: lares_model::NotAnEventId| Trouble::input(e))?;
    let read = |id: EventId| -> Result<Event, Trouble> {
        let found = source.event(id).map_err(Trouble::failed)?;
        Ok(found.ok_or_else(|| Trouble::input(format!("there is no event {id}")))?.event)
    };
    let named = read(id)?;
    // What came of a command names it.
    let event = match &named.body {
        Body::Receipt { command, .. } => read(*command)?,
        _ => named,
    };
    match &event.body {
        Body::Decision(verdict) if sent(verdict).is_some() => {
            let verdict = (**verdict).clone();
            Ok((event, verdict))
        }
        _ => Err(Trouble::input(format!("{id} moved nothing: `lares log --kind decision` shows what did"))),
    }
}

/// What somebody did last, all of one wish; a scene that they set is theirs.
fn lately(source: &dyn Source, now: Timestamp, who: &Origin) -> Result<Vec<(Event, Verdict)>, ReadError> {
    let mut done: Vec<(Event, Verdict)> = Vec::new();
    for stored in source.journal(EventId(0), EventId(u64::MAX), true, LOOK_BACK)? {
        let event = stored.event;
        if now.since(event.at) > LATELY || done.last().is_some_and(|(d, _)| d.at.since(event.at) > TOGETHER) {
            break;
        }
        let Body::Decision(verdict) = &event.body else { continue };
        if event.origin == *who && sent(verdict).is_some() {
            // Another source, or the same thing once more, is a wish before this one.
            let other = |(d, v): &(Event, Verdict)| {
                v.claim.source != verdict.claim.source
                    || (d.subject == event.subject && v.property == verdict.property)
            };
            if done.iter().any(other) {
                break;
            }
            let verdict = (**verdict).clone();
            done.push((event, verdict));
        }
    }
    Ok(done)
}

fn sent(verdict: &Verdict) -> Option<&Value> {
    match &verdict.outcome {
        Outcome::Commanded { value } => Some(value),
        _ => None,
    }
}

/// What a property was before a decision, if it may be that again.
fn before(source: &dyn Source, event: &Event, verdict: &Verdict, names: &Names) -> Result<Value, Why> {
    let property = verdict.property;
    if property.is_done_each_time() {
        return Err(Why::Left("what was done cannot be taken back".to_owned()));
    }
    // Whoever moved it since wants it as it is.
    for stored in source.history(event.subject, None, LOOK_BACK)? {
        if stored.event.id <= event.id {
            break;
        }
        if let Body::Decision(later) = &stored.event.body
            && later.property == property
            && sent(later).is_some()
        {
            return Err(Why::Left(format!("{} has moved it since", later.claim.source)));
        }
    }
    let is = source
        .last(event.subject)?
        .into_iter()
        .find(|(p, _)| *p == property)
        .and_then(|(_, known)| known.value);
    if let (Some(is), Some(set)) = (&is, sent(verdict))
        && !is.meets(set, 1.0)
    {
        return Err(Why::Left(format!("it is {is} now, not {set}: something else has moved it")));
    }
    let was =
        was(source, event, property)?.ok_or_else(|| Why::Left("nobody knows what it was".to_owned()))?;
    if property == Property::Locked && was == Value::Bool(false) {
        let thing = names.of(event.subject);
        return Err(Why::Left(format!("that would unlock it: `lares set {thing} locked=false` does")));
    }
    Ok(was)
}

/// The last that a thing reported before an event: yes and no and words are in the journal, numbers in their series.
fn was(source: &dyn Source, event: &Event, property: Property) -> Result<Option<Value>, ReadError> {
    for stored in source.history(event.subject, Some(event.id), LOOK_BACK)? {
        if let Body::Reading { property: p, value } = &stored.event.body
            && *p == property
        {
            return Ok(value.clone());
        }
    }
    let from = Timestamp(event.at.0.saturating_sub(i64::try_from(SAMPLE_BACK.as_micros()).unwrap_or(0)));
    let samples = source.samples(event.subject, property, (from, event.at))?;
    Ok(samples.into_iter().rfind(|s| s.id < event.id).and_then(|s| s.value))
}

/// What a rule is told whose deed was taken back.
fn told_back(who: &str, origin: &Origin, event: &Event, rule: &str) -> Intent {
    let target = Aim::Rule(rule.to_owned());
    let reason = format!("undo of {}", event.id).into();
    Intent {
        target,
        act: Act::TakenBack,
        reason,
        ..intent(who, origin, event, Property::On, Value::Bool(false))
    }
}

fn intent(who: &str, origin: &Origin, event: &Event, property: Property, value: Value) -> Intent {
    let subject: NodeId = event.subject;
    Intent {
        source: who.into(),
        origin: origin.clone(),
        level: Level::Person,
        target: Aim::Entity(subject),
        act: Act::set(BTreeMap::from([(property, value)]), HoldFor::Momentary),
        reason: format!("undo of {}", event.id).into(),
        causes: Causes::from_slice(&[event.id]),
        basis: None,
        reply: None,
        again: false,
        token: None,
    }
}
