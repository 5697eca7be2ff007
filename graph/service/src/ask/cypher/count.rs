//! Counting in place of walking: where only the number of matches is told, the last step is not taken.

use std::ops::ControlFlow;

use lares_model::{Direction, EdgeKind};

use super::Stop;
use super::calc::Frame;
use super::order::{How, Step};
use super::walk::{MANY, Walker, again};

type Move = (Option<EdgeKind>, Direction);

impl Walker<'_, '_> {
    /// The last step, from `node`: its matches are told by their number.
    pub(super) fn count(&mut self, n: usize, step: &Step, node: u32) -> Result<ControlFlow<()>, Stop> {
        self.spend()?;
        let weight = u64::from(self.ways(n, step, node)?);
        self.tell(weight)
    }

    /// The last step but one, from `node`, each way of which is counted: they are told by their sum.
    pub(super) fn sum(&mut self, n: usize, step: &Step, node: u32) -> Result<ControlFlow<()>, Stop> {
        let (plan, picture) = (self.plan, self.picture);
        let (How::Go { to, moves, .. }, Some(last)) = (&step.how, plan.steps.get(n + 1)) else {
            return Ok(ControlFlow::Continue(()));
        };
        let mut sum = 0;
        for (kind, direction) in moves {
            for next in picture.shape.steps(node, *direction) {
                if kind.is_some_and(|k| k != next.kind) || again(moves, *direction, node, next.to, next.kind)
                {
                    continue;
                }
                self.spend()?;
                if !self.used.contains(&next.edge) && self.leads(n, step, *to, next.to)? {
                    self.used.push(next.edge);
                    sum += u64::from(self.ways(n + 1, last, next.to)?);
                    self.used.pop();
                }
            }
        }
        self.tell(sum)
    }

    /// The last two steps, both from `node`: each way of one goes with each way of the other, but for edges that both would take.
    pub(super) fn fork(&mut self, n: usize, step: &Step, node: u32) -> Result<ControlFlow<()>, Stop> {
        let Some(last) = self.plan.steps.get(n + 1) else { return Ok(ControlFlow::Continue(())) };
        self.spend()?;
        let one = u64::from(self.ways(n, step, node)?);
        let other = if one == 0 { 0 } else { u64::from(self.ways(n + 1, last, node)?) };
        let both = if other == 0 { 0 } else { u64::from(self.shared(n, step, last, node)?) };
        self.tell(one * other - both)
    }

    /// How many edges of `node` fit two steps at once, less those that are used already.
    fn shared(&mut self, n: usize, step: &Step, last: &Step, node: u32) -> Result<u32, Stop> {
        let (How::Go { to, moves, .. }, How::Go { to: end, moves: others, .. }) = (&step.how, &last.how)
        else {
            return Ok(0);
        };
        let picture = self.picture;
        let shape = &picture.shape;
        let meets = |a: &Move, b: &Move| a.0.is_none() || b.0.is_none() || a.0 == b.0;
        let mut shared = 0;
        for one in moves {
            // An edge from a node to itself leads away from it both ways.
            let other = |other: &Move, is_loop: bool| meets(one, other) && (one.1 == other.1 || is_loop);
            if !others.iter().any(|o| other(o, shape.has_loops())) {
                continue;
            }
            for next in shape.steps(node, one.1) {
                let fits = |(kind, _): &Move| kind.is_none_or(|k| k == next.kind);
                if fits(one)
                    && !again(moves, one.1, node, next.to, next.kind)
                    && others.iter().any(|o| fits(o) && other(o, next.to == node))
                    && !self.used.contains(&next.edge)
                    && self.leads(n, step, *to, next.to)?
                    && self.leads(n + 1, last, *end, next.to)?
                {
                    shared += 1;
                }
            }
        }
        Ok(shared)
    }

    fn tell(&mut self, weight: u64) -> Result<ControlFlow<()>, Stop> {
        if weight == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        let frame = Frame { picture: self.picture, nodes: &self.nodes, edges: &self.edges, weight };
        (self.each)(&frame)
    }

    /// To how many nodes the last step leads from `node`, less those over an edge that is used already.
    fn ways(&mut self, n: usize, step: &Step, node: u32) -> Result<u32, Stop> {
        let How::Go { to, moves, .. } = &step.how else { return Ok(0) };
        let mut weight = self.weight(n, step, *to, moves, node)?;
        for used in 0..self.used.len() {
            let edge = self.used.get(used).and_then(|e| self.picture.shape.edge(*e));
            let Some((from, kind, into)) = edge else { continue };
            for (wanted, direction) in moves {
                let (here, there) = if *direction == Direction::Out { (from, into) } else { (into, from) };
                let followed = here == node
                    && wanted.is_none_or(|k| k == kind)
                    && !again(moves, *direction, here, there, kind);
                if followed && self.leads(n, step, *to, there)? {
                    weight -= 1;
                }
            }
        }
        Ok(weight)
    }

    /// To how many nodes that fit the edges of `node` lead.
    fn weight(&mut self, n: usize, step: &Step, to: usize, moves: &[Move], node: u32) -> Result<u32, Stop> {
        if let Some(weights) = self.weights.get_mut(n) {
            if weights.is_empty() && self.spent > MANY {
                weights.resize(self.picture.shape.nodes().len(), 0);
            }
            if let Some(known @ 1..) = weights.get(node as usize) {
                return Ok(*known - 1);
            }
        }
        let weight = self.weigh(n, step, to, moves, node)?;
        if let Some(known) = self.weights.get_mut(n).and_then(|w| w.get_mut(node as usize)) {
            *known = weight + 1;
        }
        Ok(weight)
    }

    fn weigh(&mut self, n: usize, step: &Step, to: usize, moves: &[Move], node: u32) -> Result<u32, Stop> {
        let picture = self.picture;
        if let ([(kind, direction)], [], []) = (moves, &*step.kinds, &*step.checks)
            && picture.valid_at.is_none()
        {
            let all = match kind {
                Some(kind) => picture.shape.steps_of(node, *direction, *kind),
                None => picture.shape.steps(node, *direction),
            };
            return Ok(all.len() as u32);
        }
        let mut weight = 0;
        for (kind, direction) in moves {
            for next in picture.shape.steps(node, *direction) {
                let followed = kind.is_none_or(|k| k == next.kind);
                if followed
                    && !again(moves, *direction, node, next.to, next.kind)
                    && self.leads(n, step, to, next.to)?
                {
                    weight += 1;
                }
            }
        }
        Ok(weight)
    }

    fn leads(&mut self, n: usize, step: &Step, to: usize, node: u32) -> Result<bool, Stop> {
        if !step.kinds.is_empty() && !step.kinds.contains(&self.picture.shape.kind(node)) {
            return Ok(false);
        }
        if self.picture.valid_at.is_some() && !self.picture.is_valid(node) {
            return Ok(false);
        }
        if let Some(slot) = self.nodes.get_mut(to) {
            *slot = node;
        }
        self.fits(n, step, node)
    }
}
