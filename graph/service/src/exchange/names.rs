//! How nodes are named in files, and what of a file can be said of this household.

use std::collections::BTreeMap;

use lares_model::{Edge, EdgeKind, Node, NodeId, NodeKind, Placed, Statement, is_made};

use super::Content;

/// `kind:key`: names a node for life.
pub(super) fn name(node: &Node) -> String {
    format!("{}:{}", node.kind.name(), node.key)
}

/// Names of all nodes.
pub(super) struct Names(BTreeMap<NodeId, String>);

impl Names {
    pub fn new(content: &Content) -> Self {
        Self(content.nodes.iter().map(|n| (n.id, name(n))).collect())
    }

    /// Both ends of an edge; none if one is not among the nodes.
    pub fn ends(&self, edge: &Edge) -> Option<(&str, &str)> {
        Some((self.0.get(&edge.from)?, self.0.get(&edge.to)?))
    }
}

/// What the home folder and wires describe is not said again: only what people said of it is.
pub(super) fn can_be_said(placed: &Placed) -> bool {
    let kind = |name: &str| NodeKind::parse(name.split_once(':')?.0);
    match &placed.what {
        Statement::Put { node, set, .. } => kind(node).is_none_or(|k| !k.is_described()) || !set.is_empty(),
        Statement::Link { from, edge, to, .. } => {
            let described = |name: &str| kind(name).is_some_and(NodeKind::is_described);
            let structure = matches!(
                EdgeKind::parse(edge).map(|(kind, _)| kind),
                Some(EdgeKind::LocatedIn | EdgeKind::PartOf | EdgeKind::Via | EdgeKind::MemberOf)
            );
            let person = kind(from) == Some(NodeKind::Person);
            !(structure && described(from) && described(to) && !person)
        }
        _ => true,
    }
}

/// A statement that makes a node, less what only features write.
pub(super) fn put(
    kind: NodeKind,
    key: &str,
    name: &str,
    props: impl IntoIterator<Item = (String, lares_model::Value)>,
) -> Statement {
    let said = props.into_iter().filter(|(k, _)| !is_made(kind, k));
    Statement::Put {
        node: format!("{}:{key}", kind.name()),
        name: (!kind.is_described()).then(|| name.to_owned()).filter(|name| !name.trim().is_empty()),
        set: said.map(|(k, v)| (k, Some(v))).collect(),
        since: None,
    }
}
