//! Counting in place of walking: where only the number of matches is told, the last step is not taken.

use std::ops::ControlFlow;

use lares_model::{Direction, EdgeKind};

use super::Stop;
use super::calc::Frame;
use super::order::{How, Step};
use super::walk::{MANY, Walker, again};

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
    fn weight(
        &mut self,
        n: usize,
        step: &Step,
        to: usize,
        moves: &[(Option<EdgeKind>, Direction)],
        node: u32,
    ) -> Result<u32, Stop> {
        if self.weights.is_empty() && self.spent > MANY {
            self.weights = vec![0; self.picture.shape.nodes().len()];
        }
        if let Some(known @ 1..) = self.weights.get(node as usize) {
            return Ok(*known - 1);
        }
        let picture = self.picture;
        if let ([(kind, direction)], [], []) = (moves, &*step.kinds, &*step.checks)
            && picture.valid_at.is_none()
        {
            let all = picture.shape.steps(node, *direction);
            let weight = match (kind, all) {
                (Some(kind), [first, .., last]) if first.kind == *kind && last.kind == *kind => all.len(),
                (Some(kind), all) => all.iter().filter(|s| s.kind == *kind).count(),
                (None, all) => all.len(),
            } as u32;
            if let Some(known) = self.weights.get_mut(node as usize) {
                *known = weight + 1;
            }
            return Ok(weight);
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
        if let Some(known) = self.weights.get_mut(node as usize) {
            *known = weight + 1;
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
