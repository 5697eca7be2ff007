//! The graph as it is with what was said and is not committed yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use lares_model::{Edge, EdgeInfo, Node, NodeId, NodeKind, OwnProp};
use lares_store::Reader;

use super::SayError;
use crate::ask::{ReadFailed, Shape, fold, near_names, reference};
use crate::schema::own_props;

/// What is there.
pub trait Ground: Send + Sync {
    fn zone(&self) -> Result<TimeZone, ReadFailed>;

    /// Properties of the household's own.
    fn own(&self) -> Result<Vec<OwnProp>, ReadFailed>;

    fn node(&self, id: NodeId) -> Result<Option<Node>, ReadFailed>;

    /// What an edge says; none if there is none.
    fn edge(&self, edge: Edge) -> Result<Option<EdgeInfo>, ReadFailed>;

    /// All edges of a node, both ways, valid now or not.
    fn edges_of(&self, id: NodeId) -> Result<Vec<Edge>, ReadFailed>;

    /// All nodes, to find one by its name.
    fn shape(&self) -> Result<Arc<Shape>, ReadFailed>;
}

impl Ground for Reader {
    fn zone(&self) -> Result<TimeZone, ReadFailed> {
        let household = Reader::node(self, NodeId::household())?;
        let name = household.as_ref().and_then(|n| n.props.get("time_zone")).and_then(|v| v.as_text());
        Ok(name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC))
    }

    fn own(&self) -> Result<Vec<OwnProp>, ReadFailed> {
        Ok(own_props(self)?)
    }

    fn node(&self, id: NodeId) -> Result<Option<Node>, ReadFailed> {
        Ok(Reader::node(self, id)?)
    }

    fn edge(&self, edge: Edge) -> Result<Option<EdgeInfo>, ReadFailed> {
        Ok(self.fact(edge)?.map(|(_, info)| info))
    }

    fn edges_of(&self, id: NodeId) -> Result<Vec<Edge>, ReadFailed> {
        let both = self.edges_from(id)?.into_iter().chain(self.edges_to(id)?);
        Ok(both.map(|(edge, _)| edge).collect())
    }

    fn shape(&self) -> Result<Arc<Shape>, ReadFailed> {
        Ok(self.made(Shape::new)?)
    }
}

/// What is there, and what was said since.
#[derive(Clone)]
pub struct Stage {
    ground: Arc<dyn Ground>,
    nodes: BTreeMap<NodeId, Option<Node>>,
    edges: BTreeMap<Edge, Option<EdgeInfo>>,
}

impl Stage {
    pub fn new(ground: Arc<dyn Ground>) -> Self {
        Self { ground, nodes: BTreeMap::new(), edges: BTreeMap::new() }
    }

    pub(super) fn zone(&self) -> Result<TimeZone, SayError> {
        Ok(self.ground.zone()?)
    }

    pub(super) fn own(&self) -> Result<Vec<OwnProp>, SayError> {
        Ok(self.ground.own()?)
    }

    pub(super) fn node(&self, id: NodeId) -> Result<Option<Node>, SayError> {
        match self.nodes.get(&id) {
            Some(changed) => Ok(changed.clone()),
            None => Ok(self.ground.node(id)?),
        }
    }

    pub(super) fn put(&mut self, id: NodeId, node: Option<Node>) {
        self.nodes.insert(id, node);
    }

    pub(super) fn edge(&self, edge: Edge) -> Result<Option<EdgeInfo>, SayError> {
        match self.edges.get(&edge) {
            Some(changed) => Ok(changed.clone()),
            None => Ok(self.ground.edge(edge)?),
        }
    }

    pub(super) fn link(&mut self, edge: Edge, info: Option<EdgeInfo>) {
        self.edges.insert(edge, info);
    }

    /// All edges of a node, both ways.
    pub(super) fn edges_of(&self, id: NodeId) -> Result<Vec<Edge>, SayError> {
        let mut found = self.ground.edges_of(id)?;
        found.retain(|edge| self.edges.get(edge).is_none_or(Option::is_some));
        let made =
            self.edges.iter().filter(|(edge, info)| info.is_some() && (edge.from == id || edge.to == id));
        found.extend(made.map(|(edge, _)| *edge));
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// The node of a name.
    pub(super) fn find(&self, name: &str) -> Result<Node, SayError> {
        if let Some((kind, key)) = kinded(name)
            && let Some(node) = self.node(NodeId::derive(kind.name(), key))?
        {
            return Ok(node);
        }
        let (shape, folded) = (self.ground.shape()?, fold(name));
        let mut found: Vec<Node> = Vec::new();
        for place in shape.named(&folded) {
            found.extend(shape.node(*place).filter(|n| !self.nodes.contains_key(&n.id)).cloned());
        }
        for node in self.nodes.values().flatten() {
            let key = fold(&node.key);
            let qualified = format!("{}:{key}", node.kind.name());
            if [key, qualified, fold(&node.name), fold(reference(node)), node.id.to_string()]
                .contains(&folded)
            {
                found.push(node.clone());
            }
        }
        // What it is called by counts more than what it is named.
        if found.len() > 1 {
            let called = |n: &Node| fold(reference(n)) == folded || fold(&n.key) == folded;
            let (by_key, by_name): (Vec<Node>, Vec<Node>) = found.into_iter().partition(called);
            found = if by_key.len() == 1 { by_key } else { by_key.into_iter().chain(by_name).collect() };
        }
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => {
                let error = SayError::new(format!("nothing is called `{name}`"));
                let near = near_names(&shape, name);
                Err(if near.is_empty() {
                    error
                } else {
                    error.help(format!("did you mean {}?", near.join(" or ")))
                })
            }
            several => {
                let words: Vec<String> =
                    several.iter().take(5).map(|n| format!("{}:{}", n.kind.name(), n.key)).collect();
                let message = format!("{} things are called `{name}`", several.len());
                Err(SayError::new(message).help(format!("say which: {}", words.join(" or "))))
            }
        }
    }
}

/// `task:dough`, if the kind is one.
pub(super) fn kinded(name: &str) -> Option<(NodeKind, &str)> {
    let (kind, key) = name.split_once(':')?;
    Some((NodeKind::parse(kind)?, key))
}
