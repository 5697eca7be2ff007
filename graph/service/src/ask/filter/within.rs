//! Fields that are about the place of a node in the graph: `in:ground` and `near:kitchen`.

use std::collections::BTreeSet;

use lares_model::{Alternative, Direction, EdgeKind, NodeKind, Slip, Written, one_of};

use crate::ask::{Shape, fold, names};

/// How many edges lead to what is near.
const NEAR: usize = 2;
/// Entity, device, room, floor, and some to spare.
const DEEP: usize = 8;

/// Everything that is in one of the named nodes, on whatever way: over `located_in`, `part_of` and `member_of`.
pub(super) fn inside(shape: &Shape, named: &[Alternative]) -> Result<BTreeSet<u32>, Slip> {
    let leads = |kind| matches!(kind, EdgeKind::LocatedIn | EdgeKind::PartOf | EdgeKind::MemberOf);
    let starts = start(shape, named)?;
    let mut found = reach(&starts, DEEP, |node, next| {
        next.extend(shape.steps(node, Direction::In).iter().filter(|s| leads(s.kind)).map(|s| s.to));
    });
    found.retain(|node| !starts.contains(node));
    Ok(found)
}

/// What somebody has to do with: one edge away from the named persons or contacts, whatever it says.
pub(super) fn of_whom(shape: &Shape, named: &[Alternative]) -> Result<BTreeSet<u32>, Slip> {
    let is_somebody = |place: &u32| {
        shape.node(*place).is_some_and(|n| matches!(n.kind, NodeKind::Person | NodeKind::Contact))
    };
    let starts = start(shape, named)?;
    let people: BTreeSet<u32> = starts.into_iter().filter(is_somebody).collect();
    if let (true, Some(first)) = (people.is_empty(), named.first()) {
        return Err(Slip::new(first.at.clone(), "this is neither a person nor a contact"));
    }
    let mut found = reach(&people, 1, |node, next| {
        for direction in [Direction::Out, Direction::In] {
            next.extend(shape.steps(node, direction).iter().map(|s| s.to));
        }
    });
    found.retain(|node| !people.contains(node));
    Ok(found)
}

/// The named nodes and everything at most two edges away.
pub(super) fn near(shape: &Shape, named: &[Alternative]) -> Result<BTreeSet<u32>, Slip> {
    Ok(reach(&start(shape, named)?, NEAR, |node, next| {
        for direction in [Direction::Out, Direction::In] {
            next.extend(shape.steps(node, direction).iter().map(|s| s.to));
        }
    }))
}

fn reach(starts: &BTreeSet<u32>, depth: usize, step: impl Fn(u32, &mut Vec<u32>)) -> BTreeSet<u32> {
    let mut found = starts.clone();
    let mut edge: Vec<u32> = found.iter().copied().collect();
    for _ in 0..depth {
        let mut next = Vec::new();
        edge.iter().for_each(|node| step(*node, &mut next));
        next.retain(|node| found.insert(*node));
        edge = next;
    }
    found
}

fn start(shape: &Shape, named: &[Alternative]) -> Result<BTreeSet<u32>, Slip> {
    let mut starts = BTreeSet::new();
    for Alternative { value, at } in named {
        let names = shape.names();
        let found: Vec<u32> = match value {
            Written::Word(word) => names.get(&fold(word)).cloned().unwrap_or_default(),
            Written::Prefix(start) => {
                let start = fold(start);
                let from = names.range(start.clone()..);
                from.take_while(|(n, _)| n.starts_with(&start)).flat_map(|(_, p)| p.clone()).collect()
            }
            Written::Any | Written::Range(..) | Written::During(..) => {
                return Err(Slip::new(at.clone(), "the name of a room, a device or another node is wanted"));
            }
        };
        if found.is_empty() {
            let (Written::Word(wanted) | Written::Prefix(wanted)) = value else { continue };
            let slip = Slip::new(at.clone(), format!("nothing is called `{wanted}`"));
            let near = names::near(shape, wanted);
            return Err(if near.is_empty() {
                slip
            } else {
                slip.help(format!("did you mean {}?", one_of(near)))
            });
        }
        starts.extend(found);
    }
    Ok(starts)
}
