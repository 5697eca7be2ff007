//! Nodes and edges as they are.

use std::collections::BTreeMap;

use lares_model::{Edge, Node, NodeKind};
use serde::{Deserialize, Serialize};

use super::{
    Moment, Names, ReadError, Source, Telling,
    table::{plain, table},
    value_json,
};

/// A node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeView {
    pub id: String,
    pub kind: String,
    pub key: String,
    pub name: String,
    pub props: BTreeMap<String, serde_json::Value>,
    /// A kind's own record, where it is JSON.
    pub detail: serde_json::Value,
    pub edges: Vec<EdgeView>,
    pub properties: Vec<PropertyView>,
}

/// An edge of the node in hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeView {
    pub kind: String,
    /// True: from the node in hand to the other.
    pub out: bool,
    pub other: String,
    pub other_id: String,
}

/// The last state of a property.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PropertyView {
    pub property: String,
    pub value: serde_json::Value,
    pub at: Moment,
    pub event: String,
}

/// A kind of node by its word.
pub fn parse_kind(word: &str) -> Result<NodeKind, String> {
    let words = || NodeKind::ALL.iter().map(|k| k.name()).collect::<Vec<_>>().join(", ");
    NodeKind::parse(word).ok_or_else(|| format!("`{word}` is no kind of node; there are {}", words()))
}

/// All nodes of a kind by key, without their edges.
pub fn nodes(source: &dyn Source, kind: NodeKind) -> Result<Vec<NodeView>, ReadError> {
    let mut views: Vec<_> = source.nodes(kind)?.into_iter().map(view).collect();
    views.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(views)
}

/// One node with its edges and last states; none if there is no such node.
pub fn node(
    source: &dyn Source,
    names: &Names,
    id: lares_model::NodeId,
) -> Result<Option<NodeView>, ReadError> {
    let Some(found) = source.node(id)? else { return Ok(None) };
    let mut view = view(found);
    let edge = |e: Edge, out: bool| {
        let other = if out { e.to } else { e.from };
        EdgeView { kind: e.kind.name().to_owned(), out, other: names.of(other), other_id: other.to_string() }
    };
    view.edges.extend(source.edges_from(id)?.into_iter().map(|e| edge(e, true)));
    view.edges.extend(source.edges_to(id)?.into_iter().map(|e| edge(e, false)));
    for (property, known) in source.last(id)? {
        view.properties.push(PropertyView {
            property: property.name().to_owned(),
            value: value_json(known.value.as_ref()),
            at: Moment(known.at),
            event: known.event.to_string(),
        });
    }
    Ok(Some(view))
}

fn view(node: Node) -> NodeView {
    NodeView {
        id: node.id.to_string(),
        kind: node.kind.name().to_owned(),
        key: node.key.to_string(),
        name: node.name,
        props: node.props.iter().map(|(k, v)| (k.clone(), value_json(Some(v)))).collect(),
        detail: serde_json::from_slice(&node.detail).unwrap_or_default(),
        edges: Vec::new(),
        properties: Vec::new(),
    }
}

pub fn nodes_text(nodes: &[NodeView]) -> String {
    let row = |n: &NodeView| vec![n.id.clone(), plain(&n.key), plain(&n.name)];
    table(&nodes.iter().map(row).collect::<Vec<_>>())
}

pub fn node_text(node: &NodeView, told: &Telling) -> String {
    let mut out = format!("{} {} ({})\n", node.kind, plain(&node.key), node.id);
    let mut rows = vec![vec!["  name".to_owned(), plain(&node.name)]];
    rows.extend(node.props.iter().map(|(k, v)| vec![format!("  {k}"), plain(&v.to_string())]));
    for edge in &node.edges {
        let arrow = if edge.out { "->" } else { "<-" };
        rows.push(vec![format!("  {arrow} {}", edge.kind), edge.other.clone()]);
    }
    for p in &node.properties {
        rows.push(vec![
            format!("  {}", p.property),
            plain(&p.value.to_string()),
            format!("{} ({})", told.ago(p.at.0), p.event),
        ]);
    }
    out.push_str(&table(&rows));
    out
}
