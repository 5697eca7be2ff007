//! Nodes and edges in full, for exports.

use lares_graph::ask::{self, AskError, Filter, ReadFailed};
use lares_model::{Edge, EdgeInfo, Node};
use serde::{Deserialize, Serialize};

use super::{Instants, Source, Telling};

/// Nodes by kind and key; edges between them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dump {
    pub nodes: Vec<Node>,
    pub edges: Vec<DumpEdge>,
}

/// An edge with what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DumpEdge {
    pub edge: Edge,
    pub info: EdgeInfo,
}

/// All nodes that fit a filter, and the edges of which both ends do.
pub fn dump(source: &dyn Source, told: &Telling, filter: &str, at: Instants) -> Result<Dump, AskError> {
    let filter = Filter::parse(filter)?;
    // Edges are told with all their times, valid now or not.
    let picture = source.picture(told.now, at).map_err(ReadFailed::from)?;
    let found = ask::find(&picture, &filter, usize::MAX)?;
    let mut nodes: Vec<Node> =
        found.hits.iter().filter_map(|hit| picture.shape.node(hit.place)).cloned().collect();
    nodes.sort_by(|a, b| (a.kind, &a.key).cmp(&(b.kind, &b.key)));
    let there: std::collections::BTreeSet<_> = nodes.iter().map(|n| n.id).collect();
    let mut edges = Vec::new();
    for node in &nodes {
        if at.as_of.is_some() || at.valid_at.is_some() {
            let Some(place) = picture.shape.place(node.id) else { continue };
            for step in picture.shape.steps(place, lares_model::Direction::Out) {
                let Some(to) = picture.shape.node(step.to).filter(|n| there.contains(&n.id)) else {
                    continue;
                };
                let edge = Edge { from: node.id, kind: step.kind, to: to.id };
                edges.push(DumpEdge {
                    edge,
                    info: picture.shape.fact(step.edge).cloned().unwrap_or_default(),
                });
            }
        } else {
            for (edge, _, info) in source.facts_from(node.id).map_err(ReadFailed::from)? {
                if there.contains(&edge.to) {
                    edges.push(DumpEdge { edge, info });
                }
            }
        }
    }
    Ok(Dump { nodes, edges })
}
