//! Finding every match, one at a time, within the limits. No edge is used twice in one match.

use std::ops::ControlFlow;

use lares_model::{Direction, EdgeKind};

use super::bind::{Ending, Plan};
use super::calc::Frame;
use super::order::{How, Step};
use super::verdicts::{NO, YES, verdicts};
use super::{Limits, Stop};
use crate::ask::Picture;

/// The clock is looked at once in so many expansions.
const LOOK_EVERY: u64 = 1_024;

/// A walk of so many expansions begins to remember what it found out of each node: before, the memory costs more. The small graphs
/// of tests see both.
pub(super) const MANY: u64 = if cfg!(test) { 2 } else { 4_096 };

/// Called with every match; may end the walk.
pub(super) type Each<'e> = dyn FnMut(&Frame<'_>) -> Result<ControlFlow<()>, Stop> + 'e;

/// Walks a plan; gives the expansions spent.
pub(super) fn walk(
    plan: &Plan,
    picture: &Picture<'_>,
    limits: &Limits<'_>,
    each: &mut Each<'_>,
) -> Result<u64, Stop> {
    let mut walker = Walker {
        plan,
        picture,
        limits,
        each,
        spent: 0,
        look: LOOK_EVERY.min(limits.expansions.saturating_add(1)),
        nodes: vec![u32::MAX; plan.nodes],
        edges: vec![u32::MAX; plan.edges],
        used: Vec::new(),
        tried: plan.steps.iter().map(|_| Vec::new()).collect(),
        weights: plan.steps.iter().map(|_| Vec::new()).collect(),
    };
    // Ended early or not: what was found is found.
    let _ended = walker.step(0)?;
    Ok(walker.spent)
}

pub(super) struct Walker<'a, 'e> {
    pub(super) plan: &'a Plan,
    pub(super) picture: &'a Picture<'a>,
    limits: &'a Limits<'a>,
    pub(super) each: &'a mut Each<'e>,
    pub(super) spent: u64,
    /// At so many the limits are looked at.
    look: u64,
    pub(super) nodes: Vec<u32>,
    pub(super) edges: Vec<u32>,
    /// Edges of the match so far.
    pub(super) used: Vec<u32>,
    /// By step and node: whether its own checks hold, as [`verdicts`] tells it.
    tried: Vec<Vec<u8>>,
    /// By step that is counted and node: to how many nodes it leads, and one (0: not counted yet).
    pub(super) weights: Vec<Vec<u32>>,
}

impl Walker<'_, '_> {
    pub(super) fn spend(&mut self) -> Result<(), Stop> {
        self.spent += 1;
        if self.spent >= self.look { self.look() } else { Ok(()) }
    }

    /// Whether the limits still hold.
    fn look(&mut self) -> Result<(), Stop> {
        if self.spent > self.limits.expansions {
            let limit = self.limits.expansions;
            return Err(Stop::limit(format!(
                "the question needs more than {limit} expansions: begin at a named node, or follow fewer edges"
            )));
        }
        self.look = (self.spent + LOOK_EVERY).min(self.limits.expansions.saturating_add(1));
        if (self.limits.elapsed)() > self.limits.time {
            let ms = self.limits.time.as_millis();
            return Err(Stop::limit(format!(
                "the question needs more than {ms} ms: begin at a named node, or follow fewer edges"
            )));
        }
        Ok(())
    }

    fn step(&mut self, n: usize) -> Result<ControlFlow<()>, Stop> {
        let plan = self.plan;
        let Some(step) = plan.steps.get(n) else {
            let frame = Frame { picture: self.picture, nodes: &self.nodes, edges: &self.edges, weight: 1 };
            return (self.each)(&frame);
        };
        match &step.how {
            How::Begin { place, among: Some(places) } => {
                for node in places {
                    self.spend()?;
                    if self.arrive(n, step, *place, *node)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Ok(ControlFlow::Continue(()))
            }
            How::Begin { place, among: None } => {
                for node in self.picture.shape.nodes() {
                    if step.kinds.is_empty() || step.kinds.contains(&self.picture.shape.kind(node)) {
                        self.spend()?;
                        if self.arrive(n, step, *place, node)?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
                Ok(ControlFlow::Continue(()))
            }
            How::Again { place } => {
                let node = self.at(*place);
                self.arrive(n, step, *place, node)
            }
            How::Go { from, .. } => {
                let node = self.at(*from);
                match (plan.ending, plan.steps.len() - n) {
                    (Ending::Summed, 2) => self.sum(n, step, node),
                    (Ending::Forked, 2) => self.fork(n, step, node),
                    (Ending::Counted, 1) => self.count(n, step, node),
                    _ => self.go(n, step, node, 0),
                }
            }
        }
    }

    fn at(&self, place: usize) -> u32 {
        self.nodes.get(place).copied().unwrap_or(u32::MAX)
    }

    /// From `node`, which `hops` edges of this step led to.
    fn go(&mut self, n: usize, step: &Step, node: u32, hops: u32) -> Result<ControlFlow<()>, Stop> {
        let How::Go { to, edge, moves, least, most, joined, .. } = &step.how else {
            return Ok(ControlFlow::Continue(()));
        };
        if hops >= *least {
            let fits = !*joined || self.at(*to) == node;
            if fits && self.arrive(n, step, *to, node)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        if hops >= *most {
            return Ok(ControlFlow::Continue(()));
        }
        let picture = self.picture;
        for (kind, direction) in moves {
            for next in picture.shape.steps(node, *direction) {
                if kind.is_some_and(|k| k != next.kind) || again(moves, *direction, node, next.to, next.kind)
                {
                    continue;
                }
                self.spend()?;
                if self.used.contains(&next.edge) {
                    continue;
                }
                self.used.push(next.edge);
                if let Some(place) = edge.and_then(|place| self.edges.get_mut(place)) {
                    *place = next.edge;
                }
                // Most steps are one edge long: they need no further call.
                let gone = match (least, most) {
                    (1, 1) if !*joined || self.at(*to) == next.to => self.arrive(n, step, *to, next.to)?,
                    (1, 1) => ControlFlow::Continue(()),
                    _ => self.go(n, step, next.to, hops + 1)?,
                };
                self.used.pop();
                if gone.is_break() {
                    return Ok(gone);
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// A node for a place: if its kind and the conditions fit, the walk goes on.
    fn arrive(&mut self, n: usize, step: &Step, place: usize, node: u32) -> Result<ControlFlow<()>, Stop> {
        if !step.kinds.is_empty() && !step.kinds.contains(&self.picture.shape.kind(node)) {
            return Ok(ControlFlow::Continue(()));
        }
        if self.picture.valid_at.is_some() && !self.picture.is_valid(node) {
            return Ok(ControlFlow::Continue(()));
        }
        if let Some(slot) = self.nodes.get_mut(place) {
            *slot = node;
        }
        if self.fits(n, step, node)? { self.step(n + 1) } else { Ok(ControlFlow::Continue(())) }
    }

    /// Whether the checks of a step hold, now that its node is in its place.
    pub(super) fn fits(&mut self, n: usize, step: &Step, node: u32) -> Result<bool, Stop> {
        if step.checks.is_empty() {
            return Ok(true);
        }
        let remembered =
            step.own && !matches!(step.how, How::Again { .. } | How::Begin { among: Some(_), .. });
        if remembered && let Some(tried) = self.tried.get_mut(n) {
            if tried.is_empty() && self.spent > MANY {
                *tried = verdicts(&step.checks, &self.picture.shape);
            }
            if let Some(known @ 1..) = tried.get(node as usize) {
                return Ok(*known == YES);
            }
        }
        let frame = Frame { picture: self.picture, nodes: &self.nodes, edges: &self.edges, weight: 1 };
        let mut fits = true;
        for check in &step.checks {
            fits = fits && check.truth(&frame)? == Some(true);
        }
        if remembered && let Some(known) = self.tried.get_mut(n).and_then(|t| t.get_mut(node as usize)) {
            *known = if fits { YES } else { NO };
        }
        Ok(fits)
    }
}

/// An edge from a node to itself is found at both of its ends: the second time does not count.
pub(super) fn again(
    moves: &[(Option<EdgeKind>, Direction)],
    direction: Direction,
    here: u32,
    there: u32,
    kind: EdgeKind,
) -> bool {
    let out = |(k, d): &(Option<EdgeKind>, Direction)| *d == Direction::Out && k.is_none_or(|k| k == kind);
    here == there && direction == Direction::In && moves.iter().any(out)
}
