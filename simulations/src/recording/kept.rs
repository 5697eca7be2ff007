//! A stretch of a household's own past, from what it keeps anyway: its samples and its journal. Nobody had to record it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lares_graph::{OpenError, Parts, Reader, StoreError};
use lares_model::{
    Body, EntityInfo, EventId, Node, NodeId, NodeKind, Outcome, Property, Timestamp, Value, Write,
};

/// What a device reports so soon after a command is its answer, also where the journal does not tell what it answers.
const ANSWER: Duration = Duration::from_secs(10);
/// A longer stretch is one of somebody who meant another year.
const LONGEST: Duration = Duration::from_secs(92 * 86_400);

/// Which household, and which stretch of its past.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Span {
    /// Its data folder. It may be running.
    pub data: PathBuf,
    pub from: Timestamp,
    /// Not included.
    pub to: Timestamp,
}

/// Why a stretch of the past cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum KeptError {
    #[error("{0}")]
    Open(#[from] OpenError),
    #[error("failed to read what is kept in {data}: {source}", data = data.display())]
    Read { data: PathBuf, source: StoreError },
    #[error("the end is not after the begin")]
    Backwards,
    #[error("that is longer than 92 days: replay it in parts")]
    TooLong,
    #[error("nothing was reported in that time: {data} knows of readings from {first} to {last}", data = data.display())]
    Nothing { data: PathBuf, first: String, last: String },
}

/// A reading as it came.
#[derive(Clone, PartialEq, Debug)]
pub struct KeptReading {
    pub at: Timestamp,
    pub entity: NodeId,
    pub property: Property,
    pub value: Option<Value>,
    /// It was so when the stretch began.
    pub before: bool,
    /// The household can move it: then somebody did, by hand.
    pub movable: bool,
}

/// A stretch of the past.
pub struct Kept {
    /// The life graph as it was believed to be when it began.
    pub world: Vec<Write>,
    /// By time.
    pub readings: Vec<KeptReading>,
    /// Reports that answered commands of then: now other commands are given.
    pub answers: u64,
}

/// What the journal tells of a stretch.
#[derive(Default)]
struct Told {
    /// Readings that are entries, with whether they answered a command.
    readings: BTreeMap<EventId, (KeptReading, bool)>,
    commanded: BTreeMap<NodeId, BTreeSet<Timestamp>>,
}

impl Kept {
    /// # Errors
    /// If the data cannot be read, or there is nothing in that time.
    pub fn read(span: &Span) -> Result<Self, KeptError> {
        if span.from >= span.to {
            return Err(KeptError::Backwards);
        }
        if span.to.since(span.from) > LONGEST {
            return Err(KeptError::TooLong);
        }
        let reader = Reader::open_beside(&span.data)?;
        read(&reader, span)
            .map_err(|source| KeptError::Read { data: span.data.clone(), source })?
            .map_or_else(|| Err(nothing(&reader, &span.data)), Ok)
    }
}

fn nothing(reader: &Reader, data: &Path) -> KeptError {
    let seen = |reverse| {
        let entries = reader.journal(Bound::Unbounded, Bound::Unbounded, reverse, 1).unwrap_or_default();
        let at = entries.first().and_then(|s| jiff::Timestamp::from_microsecond(s.event.seen.0).ok());
        at.map_or_else(|| "never".to_owned(), |at| format!("{at:.0}"))
    };
    KeptError::Nothing { data: data.to_path_buf(), first: seen(false), last: seen(true) }
}

fn read(reader: &Reader, span: &Span) -> Result<Option<Kept>, StoreError> {
    let parts = world(reader, span)?;
    let movable = movable(&parts.nodes);
    let mut told = told(reader, span, &movable)?;
    let mut readings = Vec::new();
    let mut answers = 0;
    for (entity, property, _) in reader.all_last()? {
        let movable = movable.contains(&(entity, property));
        let reading = |at, value, before| KeptReading { at, entity, property, value, before, movable };
        // Of what nobody knew yet there is nothing to say.
        if let Some(was) = reader.sample_at(entity, property, Timestamp(span.from.0 - 1))?
            && !property.is_momentary()
        {
            readings.push(reading(span.from, was.value, true));
        }
        for sample in reader.samples(entity, property, span.from, Timestamp(span.to.0 - 1))? {
            let entry = told.readings.remove(&sample.id);
            let answer = match entry {
                Some((_, answer)) => answer,
                None => movable && told.answered(entity, sample.at),
            };
            if answer && movable {
                answers += 1;
            } else {
                readings.push(reading(sample.at, sample.value, false));
            }
        }
    }
    // Samples that old are let go, and only changes of state are left.
    for (reading, answer) in std::mem::take(&mut told.readings).into_values() {
        if answer && reading.movable {
            answers += 1;
        } else {
            readings.push(reading);
        }
    }
    if !readings.iter().any(|r| !r.before) {
        return Ok(None);
    }
    readings.sort_by_key(|r| (r.at, !r.before, r.entity, r.property));
    let nodes = parts.nodes.into_iter().map(Write::PutNode);
    let edges = parts.edges.into_iter().map(|(edge, _)| match parts.facts.get(&edge) {
        Some(info) => Write::PutFact { edge, info: info.clone() },
        None => Write::PutEdge(edge),
    });
    Ok(Some(Kept { world: nodes.chain(edges).collect(), readings, answers }))
}

/// Nodes and edges as they were believed to be when it began, and the devices that came meanwhile: they are silent until they come.
fn world(reader: &Reader, span: &Span) -> Result<Parts, StoreError> {
    let mut parts = reader.parts_as_of(reader.moment(span.from)?)?;
    let later = reader.parts_as_of(reader.moment(span.to)?)?;
    let known: BTreeSet<NodeId> = parts.nodes.iter().map(|n| n.id).collect();
    let thing = |n: &Node| matches!(n.kind, NodeKind::Device | NodeKind::Entity) && !known.contains(&n.id);
    let came: Vec<Node> = later.nodes.into_iter().filter(thing).collect();
    let ids: BTreeSet<NodeId> = came.iter().map(|n| n.id).collect();
    parts.edges.extend(later.edges.into_iter().filter(|(edge, _)| ids.contains(&edge.from)));
    parts.nodes.extend(came);
    Ok(parts)
}

/// What the household could move by then.
fn movable(nodes: &[Node]) -> BTreeSet<(NodeId, Property)> {
    let entities = nodes.iter().filter(|n| n.kind == NodeKind::Entity);
    let info = |n: &Node| Some((n.id, serde_json::from_slice::<EntityInfo>(&n.detail).ok()?));
    let writable = entities.filter_map(info).flat_map(|(id, info)| {
        info.properties.into_iter().filter(|p| p.writable).map(move |p| (id, p.property))
    });
    writable.collect()
}

fn told(reader: &Reader, span: &Span, movable: &BTreeSet<(NodeId, Property)>) -> Result<Told, StoreError> {
    let mut told = Told::default();
    let after = reader.moment(Timestamp(span.from.0 - 1))?;
    let until = reader.moment(Timestamp(span.to.0 - 1))?;
    for stored in reader.journal(Bound::Excluded(after), Bound::Included(until), false, usize::MAX)? {
        let event = stored.event;
        match &event.body {
            Body::Reading { property, value } if event.at >= span.from && event.at < span.to => {
                let reading = KeptReading {
                    at: event.at,
                    entity: event.subject,
                    property: *property,
                    value: value.clone(),
                    before: false,
                    movable: movable.contains(&(event.subject, *property)),
                };
                told.readings.insert(event.id, (reading, !event.causes.is_empty()));
            }
            Body::Decision(verdict) if matches!(verdict.outcome, Outcome::Commanded { .. }) => {
                told.commanded.entry(event.subject).or_default().insert(event.seen);
            }
            _ => {}
        }
    }
    Ok(told)
}

impl Told {
    /// Whether a command had just left for an entity.
    fn answered(&self, entity: NodeId, at: Timestamp) -> bool {
        let before = self.commanded.get(&entity).and_then(|all| all.range(..=at).next_back());
        before.is_some_and(|sent| at.since(*sent) <= ANSWER)
    }
}
