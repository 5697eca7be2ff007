//! Nodes and edges as compact arrays: a node's neighbours both ways lie side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use lares_model::{
    DeviceInfo, Direction, Edge, EdgeKind, EntityInfo, EventId, IdMap, Node, NodeId, NodeKind,
};
use lares_store::Parts;

/// What the announcement of a node says; read when it is first asked for.
pub(super) enum Detail {
    None,
    Device(Box<DeviceInfo>),
    Entity(Box<EntityInfo>),
}

pub(super) struct Item {
    pub node: Node,
    detail: OnceLock<Detail>,
}

/// An edge as seen from one of its ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The node at the other end.
    pub to: u32,
    pub kind: EdgeKind,
    /// The edge's place.
    pub edge: u32,
}

/// Steps of every node in one direction: those of node `n` are `steps[at[n]..at[n + 1]]`, sorted by kind.
#[derive(Default)]
struct Steps {
    at: Vec<u32>,
    steps: Vec<Step>,
}

impl Steps {
    /// `ends` gives for each edge the node it is listed at and the node it leads to.
    fn new(nodes: usize, edges: &[(u32, EdgeKind, u32)], direction: Direction) -> Self {
        let ends = |e: &(u32, EdgeKind, u32)| match direction {
            Direction::Out => (e.0, e.2),
            Direction::In => (e.2, e.0),
        };
        let mut at = vec![0_u32; nodes + 1];
        for edge in edges {
            if let Some(count) = at.get_mut(ends(edge).0 as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for place in &mut at {
            sum += *place;
            *place = sum;
        }
        let mut next = at.clone();
        let empty = Step { to: 0, kind: EdgeKind::LocatedIn, edge: 0 };
        let mut steps = vec![empty; edges.len()];
        for (n, edge) in edges.iter().enumerate() {
            let (here, to) = ends(edge);
            let Some(place) = next.get_mut(here as usize) else { continue };
            if let Some(step) = steps.get_mut(*place as usize) {
                *step = Step { to, kind: edge.1, edge: n as u32 };
            }
            *place += 1;
        }
        let mut done = Self { at, steps };
        done.sort();
        done
    }

    fn sort(&mut self) {
        for pair in self.at.windows(2) {
            let [from, to] = *pair else { continue };
            if let Some(own) = self.steps.get_mut(from as usize..to as usize)
                && !own.is_sorted_by_key(|s| (s.kind, s.to))
            {
                own.sort_by_key(|s| (s.kind, s.to));
            }
        }
    }

    fn of(&self, node: u32) -> &[Step] {
        let place = |n: usize| self.at.get(n).copied().unwrap_or(0) as usize;
        self.steps.get(place(node as usize)..place(node as usize + 1)).unwrap_or_default()
    }
}

/// All nodes and edges of one moment. A node and an edge are named by their place, which is stable within a shape.
#[derive(Default)]
pub struct Shape {
    items: Vec<Item>,
    /// Beside each other, since most of a walk only asks for these.
    kinds: Vec<NodeKind>,
    of_kind: BTreeMap<NodeKind, usize>,
    places: IdMap<NodeId, u32>,
    edges: Vec<(u32, EdgeKind, u32)>,
    since: Vec<EventId>,
    out: Steps,
    into: Steps,
    names: OnceLock<BTreeMap<String, Vec<u32>>>,
    props: OnceLock<BTreeSet<String>>,
}

impl Shape {
    /// Edges to nodes that are not there (a device in a room that the home does not describe any more) are left out.
    pub fn new(parts: Parts) -> Self {
        let mut nodes = parts.nodes;
        nodes.sort_by_key(|n| n.id);
        let places: IdMap<NodeId, u32> = nodes.iter().zip(0_u32..).map(|(n, place)| (n.id, place)).collect();
        let mut edges = Vec::with_capacity(parts.edges.len());
        let mut since = Vec::with_capacity(parts.edges.len());
        for (Edge { from, kind, to }, event) in parts.edges {
            if let (Some(from), Some(to)) = (places.get(&from), places.get(&to)) {
                edges.push((*from, kind, *to));
                since.push(event);
            }
        }
        let count = nodes.len();
        let mut of_kind = BTreeMap::new();
        nodes.iter().for_each(|n| *of_kind.entry(n.kind).or_insert(0) += 1);
        Self {
            of_kind,
            kinds: nodes.iter().map(|n| n.kind).collect(),
            items: nodes.into_iter().map(|node| Item { node, detail: OnceLock::new() }).collect(),
            places,
            out: Steps::new(count, &edges, Direction::Out),
            into: Steps::new(count, &edges, Direction::In),
            edges,
            since,
            names: OnceLock::new(),
            props: OnceLock::new(),
        }
    }

    pub fn nodes(&self) -> std::ops::Range<u32> {
        0..self.items.len() as u32
    }

    pub fn node(&self, place: u32) -> Option<&Node> {
        self.items.get(place as usize).map(|i| &i.node)
    }

    /// A node's kind. Of a place that is none: the household's, which nobody asks for by a place.
    pub fn kind(&self, place: u32) -> NodeKind {
        self.kinds.get(place as usize).copied().unwrap_or(NodeKind::Household)
    }

    /// How many nodes are of one of these kinds.
    pub fn count(&self, kinds: &[NodeKind]) -> usize {
        self.of_kind.iter().filter(|(kind, _)| kinds.contains(kind)).map(|(_, count)| count).sum()
    }

    pub fn place(&self, id: NodeId) -> Option<u32> {
        self.places.get(&id).copied()
    }

    /// The node of a kind with this key.
    pub fn keyed(&self, kind: NodeKind, key: &str) -> Option<u32> {
        let place = self.place(NodeId::derive(kind.name(), key))?;
        self.node(place).filter(|n| n.kind == kind && &*n.key == key).map(|_| place)
    }

    /// A node's edges one way, sorted by kind.
    pub fn steps(&self, node: u32, direction: Direction) -> &[Step] {
        match direction {
            Direction::Out => self.out.of(node),
            Direction::In => self.into.of(node),
        }
    }

    /// An edge: from, kind, to.
    pub fn edge(&self, place: u32) -> Option<(u32, EdgeKind, u32)> {
        self.edges.get(place as usize).copied()
    }

    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The event since which an edge stands.
    pub fn since(&self, edge: u32) -> Option<EventId> {
        self.since.get(edge as usize).copied()
    }

    pub(super) fn detail(&self, place: u32) -> &Detail {
        match self.items.get(place as usize) {
            Some(item) => item.detail.get_or_init(|| read_detail(&item.node)),
            None => &Detail::None,
        }
    }

    /// Keys of all properties that nodes have.
    pub fn props(&self) -> &BTreeSet<String> {
        self.props.get_or_init(|| {
            let mut all = BTreeSet::new();
            for key in self.items.iter().flat_map(|i| i.node.props.keys()) {
                if !all.contains(key) {
                    all.insert(key.clone());
                }
            }
            all
        })
    }

    /// Nodes by everything they are called, folded.
    pub(super) fn names(&self) -> &BTreeMap<String, Vec<u32>> {
        self.names.get_or_init(|| super::names::index(self))
    }
}

fn read_detail(node: &Node) -> Detail {
    let parsed = match node.kind {
        NodeKind::Device => serde_json::from_slice::<serde_json::Value>(&node.detail)
            .ok()
            .and_then(|mut d| d.get_mut("info").map(serde_json::Value::take))
            .and_then(|info| serde_json::from_value(info).ok())
            .map(|info| Detail::Device(Box::new(info))),
        NodeKind::Entity => {
            serde_json::from_slice(&node.detail).ok().map(|info| Detail::Entity(Box::new(info)))
        }
        _ => None,
    };
    parsed.unwrap_or(Detail::None)
}
