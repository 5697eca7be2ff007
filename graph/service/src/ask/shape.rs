//! Nodes and edges as compact arrays: a node's neighbours both ways lie side by side.

mod only;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::tz::TimeZone;
use lares_model::{
    DeviceInfo, Direction, EdgeInfo, EdgeKind, EntityInfo, EventId, IdMap, Node, NodeId, NodeKind, Span,
    Timestamp, dated,
};
use lares_store::Parts;

use super::column::{Column, Columns};

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
    /// By node: the kind that all of its steps are of, if they are of one.
    sole: Vec<Option<EdgeKind>>,
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
        let mut done = Self { at, steps, sole: Vec::new() };
        done.sort();
        done.sole = (0..nodes as u32).map(|node| sole(done.of(node))).collect();
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

/// The kind that all of these are of; they are sorted by it.
fn sole(steps: &[Step]) -> Option<EdgeKind> {
    let (first, last) = (steps.first()?, steps.last()?);
    (first.kind == last.kind).then_some(first.kind)
}

/// All nodes of one moment, and what is looked up among them.
#[derive(Default)]
struct Things {
    items: Vec<Item>,
    /// Beside each other, since most of a walk only asks for these.
    kinds: Vec<NodeKind>,
    of_kind: BTreeMap<NodeKind, Vec<u32>>,
    places: IdMap<NodeId, u32>,
    names: OnceLock<BTreeMap<String, Vec<u32>>>,
    words: OnceLock<BTreeMap<String, Vec<u32>>>,
    props: OnceLock<BTreeSet<String>>,
    dated: OnceLock<bool>,
    columns: Columns,
    zone: OnceLock<TimeZone>,
}

/// All nodes and edges of one moment. A node and an edge are named by their place, which is stable within a shape.
#[derive(Default)]
pub struct Shape {
    things: Arc<Things>,
    edges: Vec<(u32, EdgeKind, u32)>,
    since: Vec<EventId>,
    /// By place, of the edges that say more than that they stand.
    facts: BTreeMap<u32, EdgeInfo>,
    out: Steps,
    into: Steps,
    /// Whether an edge leads from a node to itself.
    loops: bool,
    /// The edges that are valid during some time, when that was last asked for.
    valid: Mutex<Option<(Span, Arc<Shape>)>>,
}

impl Shape {
    /// Edges to nodes that are not there (a device in a room that the home does not describe any more) are left out.
    pub fn new(parts: Parts) -> Self {
        let mut nodes = parts.nodes;
        nodes.sort_by_key(|n| n.id);
        let places: IdMap<NodeId, u32> = nodes.iter().zip(0_u32..).map(|(n, place)| (n.id, place)).collect();
        let mut edges = Vec::with_capacity(parts.edges.len());
        let mut since = Vec::with_capacity(parts.edges.len());
        let mut facts = BTreeMap::new();
        for (edge, event) in parts.edges {
            if let (Some(from), Some(to)) = (places.get(&edge.from), places.get(&edge.to)) {
                if !parts.facts.is_empty()
                    && let Some(info) = parts.facts.get(&edge)
                {
                    facts.insert(edges.len() as u32, info.clone());
                }
                edges.push((*from, edge.kind, *to));
                since.push(event);
            }
        }
        let mut of_kind: BTreeMap<NodeKind, Vec<u32>> = BTreeMap::new();
        nodes.iter().zip(0_u32..).for_each(|(n, place)| of_kind.entry(n.kind).or_default().push(place));
        let things = Things {
            of_kind,
            kinds: nodes.iter().map(|n| n.kind).collect(),
            items: nodes.into_iter().map(|node| Item { node, detail: OnceLock::new() }).collect(),
            places,
            ..Things::default()
        };
        Self::of(Arc::new(things), edges, since, facts)
    }

    fn of(
        things: Arc<Things>,
        edges: Vec<(u32, EdgeKind, u32)>,
        since: Vec<EventId>,
        facts: BTreeMap<u32, EdgeInfo>,
    ) -> Self {
        let count = things.items.len();
        Self {
            things,
            out: Steps::new(count, &edges, Direction::Out),
            into: Steps::new(count, &edges, Direction::In),
            loops: edges.iter().any(|(from, _, to)| from == to),
            edges,
            since,
            facts,
            valid: Mutex::new(None),
        }
    }

    /// The same nodes with the edges that were so in the world at an instant.
    pub fn valid_at(self: &Arc<Self>, at: Timestamp) -> Arc<Self> {
        let dated = || self.facts.values().flat_map(|info| &info.valid);
        if dated().next().is_none() {
            return self.clone();
        }
        let mut kept = self.valid.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((span, shape)) = &*kept
            && span.has(at)
        {
            return shape.clone();
        }
        let ends = || dated().flat_map(|span| [span.from, span.to]).flatten();
        let span =
            Span { from: ends().filter(|end| *end <= at).max(), to: ends().filter(|end| *end > at).min() };
        let (mut edges, mut since, mut facts) = (Vec::new(), Vec::new(), BTreeMap::new());
        for ((edge, event), place) in self.edges.iter().zip(&self.since).zip(0_u32..) {
            let info = self.facts.get(&place);
            if info.is_none_or(|info| info.valid_at(at)) {
                facts.extend(info.map(|info| (edges.len() as u32, info.clone())));
                edges.push(*edge);
                since.push(*event);
            }
        }
        let shape = Arc::new(Self::of(self.things.clone(), edges, since, facts));
        *kept = Some((span, shape.clone()));
        shape
    }

    pub fn nodes(&self) -> std::ops::Range<u32> {
        0..self.things.items.len() as u32
    }

    pub fn node(&self, place: u32) -> Option<&Node> {
        self.things.items.get(place as usize).map(|i| &i.node)
    }

    /// A node's kind. Of a place that is none: the household's, which nobody asks for by a place.
    pub fn kind(&self, place: u32) -> NodeKind {
        self.things.kinds.get(place as usize).copied().unwrap_or(NodeKind::Household)
    }

    /// How many nodes are of one of these kinds.
    pub fn count(&self, kinds: &[NodeKind]) -> usize {
        let mut kinds = kinds.to_vec();
        kinds.sort();
        kinds.dedup();
        kinds.iter().map(|kind| self.of_kind(*kind).len()).sum()
    }

    /// The nodes of a kind, in order.
    pub fn of_kind(&self, kind: NodeKind) -> &[u32] {
        self.things.of_kind.get(&kind).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn place(&self, id: NodeId) -> Option<u32> {
        self.things.places.get(&id).copied()
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

    /// A node's edges of one kind one way.
    pub fn steps_of(&self, node: u32, direction: Direction, kind: EdgeKind) -> &[Step] {
        let steps = if direction == Direction::Out { &self.out } else { &self.into };
        let all = steps.of(node);
        match steps.sole.get(node as usize) {
            Some(Some(sole)) if *sole == kind => all,
            Some(Some(_)) => &[],
            _ => {
                let from = all.partition_point(|s| s.kind < kind);
                let to = all.partition_point(|s| s.kind <= kind);
                all.get(from..to).unwrap_or_default()
            }
        }
    }

    /// An edge: from, kind, to.
    pub fn edge(&self, place: u32) -> Option<(u32, EdgeKind, u32)> {
        self.edges.get(place as usize).copied()
    }

    /// Whether any edge leads from a node to itself.
    pub(super) fn has_loops(&self) -> bool {
        self.loops
    }

    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// The event since which an edge stands.
    pub fn since(&self, edge: u32) -> Option<EventId> {
        self.since.get(edge as usize).copied()
    }

    /// What an edge says beside that it stands, if it does.
    pub fn fact(&self, edge: u32) -> Option<&EdgeInfo> {
        self.facts.get(&edge)
    }

    pub(super) fn detail(&self, place: u32) -> &Detail {
        match self.things.items.get(place as usize) {
            Some(item) => item.detail.get_or_init(|| read_detail(&item.node)),
            None => &Detail::None,
        }
    }

    /// Keys of all properties that nodes have.
    pub fn props(&self) -> &BTreeSet<String> {
        self.things.props.get_or_init(|| {
            let mut all = BTreeSet::new();
            for key in self.things.items.iter().flat_map(|i| i.node.props.keys()) {
                if !all.contains(key) && dated(key).is_none() {
                    all.insert(key.clone());
                }
            }
            all
        })
    }

    /// Whether any property was another one until some instant.
    pub(super) fn has_dated(&self) -> bool {
        let any = || self.things.items.iter().any(|i| i.node.props.keys().any(|k| dated(k).is_some()));
        *self.things.dated.get_or_init(any)
    }

    /// Nodes by everything they are called, folded.
    pub(super) fn names(&self) -> &BTreeMap<String, Vec<u32>> {
        self.things.names.get_or_init(|| super::names::index(self))
    }

    /// The nodes that are called so, in folded letters.
    pub fn named(&self, folded: &str) -> &[u32] {
        self.names().get(folded).map(Vec::as_slice).unwrap_or_default()
    }

    /// Nodes by each word of what they are called, folded.
    pub(super) fn words(&self) -> &BTreeMap<String, Vec<u32>> {
        self.things.words.get_or_init(|| super::names::words_index(self))
    }

    /// Values of a property, of all nodes, to be looked up.
    pub(super) fn column(&self, key: &str) -> Arc<Column> {
        self.things.columns.of(key, self)
    }

    /// The zone that the household lies in; UTC if it does not say.
    pub fn zone(&self) -> &TimeZone {
        self.things.zone.get_or_init(|| {
            let household = self.place(NodeId::household()).and_then(|place| self.node(place));
            let name = household.and_then(|n| n.props.get("time_zone")).and_then(|v| v.as_text());
            name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
        })
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
