//! Where a walk begins and which way it goes: at what is rarest, and a condition is tried as soon as it can be.

use std::collections::BTreeSet;

use lares_model::{Direction, EdgeKind, NodeId, NodeKind};

use super::ast::Compare;
use super::calc::Calc;
use crate::ask::{Datum, Field, Shape, fold};

#[derive(Clone, Debug)]
pub(super) struct NodeUse {
    pub place: usize,
    pub kinds: Vec<NodeKind>,
}

#[derive(Clone, Debug)]
pub(super) struct EdgeUse {
    pub place: Option<usize>,
    pub moves: Vec<(Option<EdgeKind>, Direction)>,
    pub hops: Option<(u32, u32)>,
}

/// A path whose names are places.
#[derive(Clone, Debug)]
pub(super) struct PathUse {
    pub nodes: Vec<NodeUse>,
    pub edges: Vec<EdgeUse>,
}

/// A step of a walk. Its checks are tried once it is done.
#[derive(Debug)]
pub(super) struct Step {
    pub how: How,
    /// Of the node that it leads to; empty: any.
    pub kinds: Vec<NodeKind>,
    pub checks: Vec<Calc>,
    /// The checks are about that node alone: each node is tried once.
    pub own: bool,
}

#[derive(Debug)]
pub(super) enum How {
    /// A node to begin with: one of these, or any.
    Begin { place: usize, among: Option<Vec<u32>> },
    /// A node that has been reached already is looked at again.
    Again { place: usize },
    /// Over one edge, or over several.
    Go {
        from: usize,
        to: usize,
        edge: Option<usize>,
        moves: Vec<(Option<EdgeKind>, Direction)>,
        least: u32,
        most: u32,
        /// The node at its end has been reached already: it must be that one.
        joined: bool,
    },
}

/// The steps that find every match of all paths.
///
/// Where it may begin at either, it begins at a place that is `told`, since the others are then perhaps only counted; then at one
/// with a condition of its own; then, where only `numbers` of matches are asked for, in the middle: what leads away from it both
/// ways need not be walked.
pub(super) fn steps(
    mut paths: Vec<PathUse>,
    mut conditions: Vec<Calc>,
    told: &[usize],
    numbers: bool,
    shape: &Shape,
) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let (mut nodes, mut edges): (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    // A kind that every node has says nothing.
    for node in paths.iter_mut().flat_map(|p| &mut p.nodes) {
        let key_is_asked = named(node, &conditions).is_some();
        if !key_is_asked && shape.count(&node.kinds) == shape.nodes().len() {
            node.kinds.clear();
        }
    }
    while !paths.is_empty() {
        // The path with the rarest node, and that node.
        let mut best = ((usize::MAX, true, true, true), 0, 0);
        for (p, path) in paths.iter().enumerate() {
            for (n, node) in path.nodes.iter().enumerate() {
                let free = !conditions.iter().any(|c| is_about(c, node.place));
                let middle = numbers && path.nodes.len() == 3 && n == 1;
                let cost = cost(node, &nodes, &conditions, shape);
                let cost = (cost, !told.contains(&node.place), free, !middle);
                if cost < best.0 {
                    best = (cost, p, n);
                }
            }
        }
        let path = paths.remove(best.1);
        for step in along(&path, best.2, &nodes, &conditions, shape) {
            match &step.how {
                How::Begin { place, .. } | How::Again { place } => drop(nodes.insert(*place)),
                How::Go { to, edge, .. } => {
                    nodes.insert(*to);
                    edges.extend(edge);
                }
            }
            let (checks, rest): (Vec<Calc>, _) = conditions
                .into_iter()
                .partition(|c| c.asks_only(&|n| nodes.contains(&n), &|e| edges.contains(&e)));
            conditions = rest;
            let own = is_own(&step, &checks);
            steps.push(Step { checks, own, ..step });
        }
    }
    steps
}

/// Whether all checks are about the node that a step leads to.
fn is_own(step: &Step, checks: &[Calc]) -> bool {
    let (How::Begin { place, .. } | How::Again { place } | How::Go { to: place, .. }) = &step.how;
    checks.iter().all(|check| is_about(check, *place))
}

/// Whether a condition is about one node and nothing else.
fn is_about(condition: &Calc, place: usize) -> bool {
    condition.asks_only(&|n| n == place, &|_| false)
}

/// How many nodes a walk that begins here has to look at.
fn cost(node: &NodeUse, reached: &BTreeSet<usize>, conditions: &[Calc], shape: &Shape) -> usize {
    if reached.contains(&node.place) {
        return 0;
    }
    match among(node, conditions, shape) {
        Some(places) => places.len() + 1,
        None if node.kinds.is_empty() => shape.nodes().len() + 2,
        None => shape.count(&node.kinds) + 1,
    }
}

/// The condition that names a node: by its key, reference, name or id.
fn named<'a>(node: &NodeUse, conditions: &'a [Calc]) -> Option<(&'a Field, &'a str)> {
    conditions.iter().find_map(|condition| {
        let Calc::Compare(Compare::Equal, a, b) = condition else { return None };
        match (&**a, &**b) {
            (Calc::Field(place, field), Calc::Constant(Datum::Text(text)))
            | (Calc::Constant(Datum::Text(text)), Calc::Field(place, field))
                if *place == node.place =>
            {
                let names = matches!(field, Field::Id | Field::Key | Field::Ref | Field::Name);
                names.then_some((field, &**text))
            }
            _ => None,
        }
    })
}

/// The nodes that such a condition leaves.
fn among(node: &NodeUse, conditions: &[Calc], shape: &Shape) -> Option<Vec<u32>> {
    let (field, text) = named(node, conditions)?;
    Some(match field {
        Field::Id => {
            let id = u64::from_str_radix(text, 16).ok().map(NodeId);
            id.and_then(|id| shape.place(id)).into_iter().collect()
        }
        Field::Key if !node.kinds.is_empty() => {
            node.kinds.iter().filter_map(|kind| shape.keyed(*kind, text)).collect()
        }
        // Folded names are more than fit: the condition itself is tried as well.
        _ => shape.names().get(&fold(text)).cloned().unwrap_or_default(),
    })
}

/// Begins at node `first` of a path, goes to its end and then to its start.
fn along(
    path: &PathUse,
    first: usize,
    reached: &BTreeSet<usize>,
    conditions: &[Calc],
    shape: &Shape,
) -> Vec<Step> {
    let mut reached = reached.clone();
    let mut steps = Vec::new();
    let Some(node) = path.nodes.get(first) else { return steps };
    let how = match reached.insert(node.place) {
        true => How::Begin { place: node.place, among: among(node, conditions, shape) },
        false => How::Again { place: node.place },
    };
    steps.push(Step { how, kinds: node.kinds.clone(), checks: Vec::new(), own: true });
    let onwards = path.edges.iter().enumerate().skip(first).map(|(n, edge)| (n, n + 1, edge, false));
    let back = path.edges.iter().enumerate().take(first).rev().map(|(n, edge)| (n + 1, n, edge, true));
    for (from, to, edge, turned) in onwards.chain(back) {
        let (Some(from), Some(to)) = (path.nodes.get(from), path.nodes.get(to)) else { continue };
        let way = |(kind, direction): &(Option<EdgeKind>, Direction)| {
            (*kind, if turned { direction.turned() } else { *direction })
        };
        let mut moves: Vec<_> = edge.moves.iter().map(way).collect();
        moves.sort();
        let (least, most) = edge.hops.unwrap_or((1, 1));
        let joined = !reached.insert(to.place);
        let how = How::Go { from: from.place, to: to.place, edge: edge.place, moves, least, most, joined };
        steps.push(Step { how, kinds: to.kinds.clone(), checks: Vec::new(), own: true });
    }
    steps
}
