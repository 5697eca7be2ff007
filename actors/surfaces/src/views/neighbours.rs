//! What a node is connected with, the newest first.

use std::collections::BTreeMap;

use lares_graph::ask::{Datum, Field, Picture};
use lares_model::{Direction, EdgeKind, EventId, NodeId};
use serde::{Deserialize, Serialize};

use super::{
    Instants, Moment, ReadError, Source, Telling,
    table::{plain, table},
};

/// A node's edges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NeighboursView {
    /// The node asked about.
    #[serde(rename = "ref")]
    pub reference: String,
    pub id: String,
    /// How many edges of a kind it has which way, whatever was asked for: `holds` is `located_in` from its other end.
    pub counts: BTreeMap<String, usize>,
    pub neighbours: Vec<NeighbourView>,
}

/// A node at the other end of an edge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NeighbourView {
    pub edge: String,
    /// True: from the node asked about to this one.
    pub out: bool,
    pub id: String,
    pub kind: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub name: String,
    /// The event since which the edge stands.
    pub since: String,
    /// When that was, if the journal still has it.
    pub at: Option<Moment>,
}

/// Which edges are wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct NeighbourFilter {
    /// True: only those that leave the node; false: only those that lead to it.
    pub out: Option<bool>,
    /// A kind of edge, or its name from the other end.
    pub kind: Option<String>,
}

/// A kind of edge by its word; one from the other end turns the direction.
pub fn parse_edge(word: &str) -> Result<(EdgeKind, Direction), String> {
    let words = || EdgeKind::words().collect::<Vec<_>>().join(", ");
    EdgeKind::parse(word).ok_or_else(|| format!("`{word}` is no kind of edge; there are {}", words()))
}

/// The neighbours of a node; none if it is not there.
pub fn neighbours(
    source: &dyn Source,
    told: &Telling,
    id: NodeId,
    filter: &NeighbourFilter,
    kind: Option<(EdgeKind, Direction)>,
) -> Result<Option<NeighboursView>, ReadError> {
    let picture = source.picture(told.now, Instants::default())?;
    let Some(place) = picture.shape.place(id) else { return Ok(None) };
    let mut counts = BTreeMap::new();
    let mut found: Vec<(EventId, NeighbourView)> = Vec::new();
    for direction in [Direction::Out, Direction::In] {
        let out = direction == Direction::Out;
        for step in picture.shape.steps(place, direction) {
            let edge = if out { step.kind.name() } else { step.kind.inverse() };
            *counts.entry(edge.to_owned()).or_insert(0) += 1;
            // A kind's own name asks for both ways; its name from the other end only for those that come in.
            let fits = kind.is_none_or(|(k, way)| k == step.kind && (way == Direction::Out || !out));
            if !fits || filter.out.is_some_and(|wanted| wanted != out) {
                continue;
            }
            let since = picture.shape.since(step.edge).unwrap_or_default();
            let words = |field: Field| text(&picture, step.to, &field);
            found.push((
                since,
                NeighbourView {
                    edge: edge.to_owned(),
                    out,
                    id: words(Field::Id)?,
                    kind: words(Field::Kind)?,
                    reference: words(Field::Ref)?,
                    name: words(Field::Name)?,
                    since: since.to_string(),
                    at: picture.states.seen(since)?.map(Moment),
                },
            ));
        }
    }
    found.sort_by(|(a, x), (b, y)| (b, &x.edge, &x.reference).cmp(&(a, &y.edge, &y.reference)));
    Ok(Some(NeighboursView {
        reference: text(&picture, place, &Field::Ref)?,
        id: id.to_string(),
        counts,
        neighbours: found.into_iter().map(|(_, view)| view).collect(),
    }))
}

fn text(picture: &Picture<'_>, place: u32, field: &Field) -> Result<String, ReadError> {
    Ok(match field.of(picture, place)? {
        Datum::Text(text) => text.to_string(),
        _ => String::new(),
    })
}

pub fn neighbours_text(view: &NeighboursView, told: &Telling) -> String {
    let counts: Vec<String> = view.counts.iter().map(|(edge, n)| format!("{edge} {n}")).collect();
    let all = if counts.is_empty() { "no edges".to_owned() } else { counts.join(", ") };
    let mut out = format!("{}: {all}\n", plain(&view.reference));
    let row = |n: &NeighbourView| {
        let since = n.at.map(|at| format!("since {}", told.clock(at.0))).unwrap_or_default();
        let arrow = if n.out { "->" } else { "<-" };
        vec![
            format!("  {arrow} {}", n.edge),
            n.kind.clone(),
            plain(&n.reference),
            plain(&n.name),
            format!("{since} ({})", n.since),
        ]
    };
    out.push_str(&table(&view.neighbours.iter().map(row).collect::<Vec<_>>()));
    out
}
