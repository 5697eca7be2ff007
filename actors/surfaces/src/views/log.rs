//! The journal, filtered, one readable line an event.

use std::collections::{BTreeMap, BTreeSet};

use lares_graph::Found;
use lares_kernel::wire::SOUND_KIND;
use lares_model::{Body, BodyKind, EdgeKind, Event, EventId, NodeId, NodeKind, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tongue::Tongue;

use super::{Moment, Names, NotFound, ReadError, Source, Telling, plain, sentence, teller::origin_words};

/// What of the journal is wanted. Everything that is given must fit.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct LogFilter {
    /// A name of anything; a device stands for its entities too.
    pub about: Option<String>,
    /// Kinds of event, by name; any of them.
    pub kinds: Vec<String>,
    /// Key of a rule: what it decided, skipped or failed.
    pub rule: Option<String>,
    pub since: Option<Moment>,
    pub until: Option<Moment>,
    /// Only what came before this event.
    pub before: Option<String>,
    /// At most this many, the newest.
    pub limit: usize,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogLine {
    pub id: String,
    /// When it happened.
    pub at: Moment,
    /// When the household learned of it.
    pub seen: Moment,
    pub kind: String,
    pub subject: String,
    pub origin: String,
    pub causes: Vec<String>,
    pub text: String,
    /// All of it, as it is kept.
    pub body: serde_json::Value,
}

/// Lines, the newest last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LogPage {
    pub events: Vec<LogLine>,
    /// There are older ones that fit.
    pub more: bool,
    /// Entries among them that cannot be read: each has a line of kind `gap`.
    #[serde(default)]
    pub gaps: u64,
}

/// The filter asks for what does not exist, or reading failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    #[error(transparent)]
    Name(#[from] NotFound),
    #[error("`{0}` is no kind of event; there are {1}")]
    Kind(String, String),
    #[error("`{0}` is no event")]
    Event(String),
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// A filter with its names found.
pub struct Watch {
    names: Names,
    subjects: Option<BTreeSet<NodeId>>,
    kinds: Vec<BodyKind>,
    rule: Option<String>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    before: Option<EventId>,
    limit: usize,
}

impl Watch {
    pub fn new(source: &dyn Source, filter: &LogFilter, tongue: Tongue) -> Result<Self, LogError> {
        let names = Names::read(source)?.told_in(tongue);
        let subjects = match &filter.about {
            None => None,
            Some(word) => {
                let found = names.find(word)?;
                let mut ids = BTreeSet::from([found.id]);
                if found.kind == NodeKind::Device {
                    let parts = source.edges_to(found.id)?.into_iter().filter(|e| e.kind == EdgeKind::PartOf);
                    ids.extend(parts.map(|e| e.from));
                }
                Some(ids)
            }
        };
        let parse = |name: &String| {
            let all = || BodyKind::ALL.iter().map(|k| k.name()).collect::<Vec<_>>().join(", ");
            BodyKind::parse(name).ok_or_else(|| LogError::Kind(name.clone(), all()))
        };
        let kinds = filter.kinds.iter().map(parse).collect::<Result<_, _>>()?;
        let rule = filter.rule.as_ref().map(|word| {
            names.find(&format!("rule:{word}")).map_or_else(|_| word.clone(), |n| n.key.to_string())
        });
        let before = filter.before.as_ref().map(|id| id.parse().map_err(|_| LogError::Event(id.clone())));
        let before = before.transpose()?;
        let (since, until) = (filter.since.map(|m| m.0), filter.until.map(|m| m.0));
        Ok(Self { names, subjects, kinds, rule, since, until, before, limit: filter.limit.max(1) })
    }

    /// Whether an event fits.
    pub fn fits(&self, event: &Event) -> bool {
        self.subjects.as_ref().is_none_or(|s| s.contains(&event.subject))
            && (self.kinds.is_empty() || self.kinds.contains(&event.body.kind()))
            && self.rule.as_deref().is_none_or(|rule| rule_of(event) == Some(rule))
            && self.since.is_none_or(|t| event.seen >= t)
            && self.until.is_none_or(|t| event.seen < t)
    }

    pub fn line(&self, event: &Event) -> LogLine {
        log_line(&self.names, event)
    }

    /// Names change while a log is followed: reads them again if this event's subject has none yet.
    pub fn learn(&mut self, source: &dyn Source, event: &Event) -> Result<(), ReadError> {
        if self.names.get(event.subject).is_none()
            && event.subject != NodeId::household()
            && let Some(node) = source.node(event.subject)?
        {
            tracing::trace!(node = %node.id, "a new name");
            self.names = Names::read(source)?.told_in(self.names.tongue);
        }
        Ok(())
    }
}

/// All of it; of sound only what it is.
fn body(body: &Body) -> serde_json::Value {
    let value = match body {
        Body::Other { kind: SOUND_KIND, version, .. } => {
            serde_json::to_value(Body::Other { kind: SOUND_KIND, version: *version, bytes: Vec::new() })
        }
        body => serde_json::to_value(body),
    };
    value.unwrap_or_default()
}

fn rule_of(event: &Event) -> Option<&str> {
    match &event.body {
        Body::Decision(verdict) => verdict.basis.as_ref().map(|b| &*b.rule.key),
        Body::RuleSkipped { basis } => Some(&basis.rule.key),
        Body::RuleFailed { rule, .. } => Some(&rule.key),
        _ => match &event.origin {
            lares_model::Origin::Rule(key) => Some(key),
            _ => None,
        },
    }
}

/// An event as a line.
pub fn log_line(names: &Names, event: &Event) -> LogLine {
    LogLine {
        id: event.id.to_string(),
        at: Moment(event.at),
        seen: Moment(event.seen),
        kind: event.body.kind().name().to_owned(),
        subject: names.of(event.subject),
        origin: origin_words(&event.origin),
        causes: event.causes.iter().map(ToString::to_string).collect(),
        text: sentence(names, event),
        body: body(&event.body),
    }
}

/// How many entries are read at a time: short reads let the writer's pages go.
const PAGE: usize = 512;

/// The newest events that fit, oldest first.
pub fn log(source: &dyn Source, filter: &LogFilter, tongue: Tongue) -> Result<LogPage, LogError> {
    let watch = Watch::new(source, filter, tongue)?;
    let mut found: BTreeMap<EventId, LogLine> = BTreeMap::new();
    let mut gaps = BTreeSet::new();
    let streams: Vec<Option<NodeId>> = match &watch.subjects {
        Some(subjects) => subjects.iter().copied().map(Some).collect(),
        None => vec![None],
    };
    for stream in streams {
        let mut before = watch.before;
        let mut taken = 0;
        'stream: loop {
            let page = read_page(source, stream, before)?;
            let Some(oldest) = page.last().map(Found::id) else { break };
            for entry in page {
                let stored = match entry {
                    Found::Entry(stored) => stored,
                    // What it was is not known, so it may be what is looked for.
                    Found::Gap { id, why } => {
                        gaps.insert(id);
                        found.insert(id, gap(id, &why, told_after(&found)));
                        continue;
                    }
                };
                // `seen` never goes back within a start, but may between two: a whole day of slack.
                if watch.since.is_some_and(|t| stored.event.seen + std::time::Duration::from_secs(86_400) < t)
                {
                    break 'stream;
                }
                if watch.fits(&stored.event) {
                    found.insert(stored.event.id, watch.line(&stored.event));
                    taken += 1;
                    if taken > watch.limit {
                        break 'stream;
                    }
                }
            }
            before = Some(oldest);
        }
    }
    let more = found.len() > watch.limit;
    let skip = found.len().saturating_sub(watch.limit);
    let gaps = gaps.iter().filter(|id| found.keys().nth(skip).is_some_and(|first| *id >= first)).count();
    Ok(LogPage { events: found.into_values().skip(skip).collect(), more, gaps: gaps as u64 })
}

/// The instants of the entry that came next, which is the one that was read before: a gap tells none of its own.
fn told_after(found: &BTreeMap<EventId, LogLine>) -> Moment {
    found.first_key_value().map_or(Moment(Timestamp(0)), |(_, line)| line.seen)
}

fn gap(id: EventId, why: &str, near: Moment) -> LogLine {
    LogLine {
        id: id.to_string(),
        at: near,
        seen: near,
        kind: "gap".to_owned(),
        subject: String::new(),
        origin: String::new(),
        causes: Vec::new(),
        text: plain(&format!("a gap: this entry cannot be read: {why}")),
        body: serde_json::Value::Null,
    }
}

fn read_page(
    source: &dyn Source,
    stream: Option<NodeId>,
    before: Option<EventId>,
) -> Result<Vec<Found>, ReadError> {
    match (stream, before) {
        (Some(subject), before) => source.history_with_gaps(subject, before, PAGE),
        (None, Some(EventId(0))) => Ok(Vec::new()),
        (None, before) => {
            let to = before.map_or(EventId(u64::MAX), |id| EventId(id.0 - 1));
            source.journal_with_gaps(EventId(0), to, true, PAGE)
        }
    }
}

/// One line an event.
pub fn log_text(line: &LogLine, told: &Telling) -> String {
    format!("{}  {:<8}  {}", told.fine_clock(line.at.0), line.id, line.text)
}
