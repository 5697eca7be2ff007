//! Nodes and edges as they are.

use std::collections::BTreeMap;

use lares_model::{Edge, EventId, Node, NodeId, NodeKind};
use serde::{Deserialize, Serialize};

use super::{
    Moment, Names, ReadError, Source, Telling,
    history::info_words,
    table::{plain, table},
    teller::origin_words,
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
    /// Of each of `props`: the event that put it, and who said so.
    #[serde(default)]
    pub said: BTreeMap<String, SaidView>,
}

/// Where a property comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidView {
    pub event: String,
    /// None if the journal has the event no more.
    pub by: Option<String>,
}

/// An edge of the node in hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeView {
    pub kind: String,
    /// True: from the node in hand to the other.
    pub out: bool,
    pub other: String,
    pub other_id: String,
    /// When it is so in the world, and what else it says, in words; empty: always, and nothing.
    #[serde(default)]
    pub says: String,
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
pub fn node(source: &dyn Source, names: &Names, id: NodeId) -> Result<Option<NodeView>, ReadError> {
    let Some(found) = source.node(id)? else { return Ok(None) };
    let mut view = view(found);
    let edge = |e: Edge, out: bool| {
        let other = if out { e.to } else { e.from };
        let (other, other_id) = (names.of(other), other.to_string());
        EdgeView { kind: e.kind.name().to_owned(), out, other, other_id, says: String::new() }
    };
    for (e, _, info) in source.facts_from(id)? {
        view.edges.push(EdgeView { says: info_words(&info).trim().to_owned(), ..edge(e, true) });
    }
    view.edges.extend(source.edges_to(id)?.into_iter().map(|e| edge(e, false)));
    view.said = said(source, id)?;
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

/// The event of each property's last change.
fn said(source: &dyn Source, id: NodeId) -> Result<BTreeMap<String, SaidView>, ReadError> {
    let mut since: BTreeMap<String, EventId> = BTreeMap::new();
    let mut before: Option<Node> = None;
    for event in source.node_versions(id)? {
        let now = source.node_as_of(id, event)?;
        for (key, value) in now.iter().flat_map(|n| &n.props) {
            if before.as_ref().and_then(|b| b.props.get(key)) != Some(value) {
                since.insert(key.clone(), event);
            }
        }
        before = now;
    }
    let mut who: BTreeMap<EventId, Option<String>> = BTreeMap::new();
    let mut all = BTreeMap::new();
    for (key, event) in since {
        if let std::collections::btree_map::Entry::Vacant(entry) = who.entry(event) {
            entry.insert(source.event(event)?.map(|stored| origin_words(&stored.event.origin)));
        }
        let by = who.get(&event).cloned().flatten();
        all.insert(key, SaidView { event: event.to_string(), by });
    }
    Ok(all)
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
        said: BTreeMap::new(),
    }
}

pub fn nodes_text(nodes: &[NodeView]) -> String {
    let row = |n: &NodeView| vec![n.id.clone(), plain(&n.key), plain(&n.name)];
    table(&nodes.iter().map(row).collect::<Vec<_>>())
}

pub fn node_text(node: &NodeView, told: &Telling) -> String {
    let mut out = format!("{} {} ({})\n", node.kind, plain(&node.key), node.id);
    let mut rows = vec![vec!["  name".to_owned(), plain(&node.name)]];
    for (key, value) in &node.props {
        let said = node.said.get(key).map(|s| match &s.by {
            Some(by) => format!("by {by} ({})", s.event),
            None => format!("({})", s.event),
        });
        rows.push(vec![format!("  {key}"), plain(&value.to_string()), plain(&said.unwrap_or_default())]);
    }
    for edge in &node.edges {
        let arrow = if edge.out { "->" } else { "<-" };
        rows.push(vec![format!("  {arrow} {}", edge.kind), edge.other.clone(), plain(&edge.says)]);
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
