//! A part of the graph, for somebody who may know no more of it.

use std::collections::BTreeMap;

use lares_model::{Edge, EdgeKind, Node};
use lares_store::Parts;

use super::Shape;

impl Shape {
    /// The nodes that `shown` gives, as it gives them, with the edges of these kinds between them and nothing that edges say. What
    /// is left out is in no answer, and no condition of a question finds out about it.
    pub fn only(&self, kinds: &[EdgeKind], shown: impl Fn(u32, &Node) -> Option<Node>) -> Self {
        let nodes = self.nodes().filter_map(|place| shown(place, self.node(place)?)).collect();
        let id = |place: u32| self.node(place).map(|node| node.id);
        let edges = self.edges.iter().zip(&self.since).filter(|((_, kind, _), _)| kinds.contains(kind));
        let edges = edges.filter_map(|((from, kind, to), since)| {
            Some((Edge { from: id(*from)?, kind: *kind, to: id(*to)? }, *since))
        });
        // Edges to what is left out go with it.
        Self::new(Parts { nodes, edges: edges.collect(), facts: BTreeMap::new(), mark: (0, 0) })
    }
}
