//! What somebody sees of the household who does not see all of it: rooms and what is in them, and who lives here. Not what people
//! put down (tasks, money, health), nor how the house is made.

use std::sync::Arc;

use lares_graph::ask::{Picture, Shape};
use lares_model::{Direction, EdgeKind, Node, NodeKind};

/// What of a node is shown. What people put down beside it is not.
const SHOWN: &[&str] = &["ref", "room", "floor", "removed", "stale_after_ms", "time_zone"];
/// Which edges are: where things are, and of what they are parts.
const EDGES: &[EdgeKind] = &[EdgeKind::LocatedIn, EdgeKind::PartOf];

/// Somebody's part of the household.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sight {
    /// Keys of the rooms; `None`: all, and what is in none.
    pub rooms: Option<Vec<String>>,
    /// Whether they see who is where.
    pub people: bool,
}

impl Sight {
    fn covers(&self, room: Option<&str>) -> bool {
        self.rooms.as_ref().is_none_or(|rooms| room.is_some_and(|room| rooms.iter().any(|r| r == room)))
    }

    /// The same picture with nothing else in it.
    pub(super) fn of<'a>(&self, whole: Picture<'a>) -> Picture<'a> {
        let shape =
            whole.shape.only(EDGES, |place, node| self.sees(&whole.shape, place, node).then(|| shown(node)));
        Picture::new(Arc::new(shape), whole.states, whole.now, whole.valid_at)
    }

    fn sees(&self, shape: &Shape, place: u32, node: &Node) -> bool {
        match node.kind {
            // Says in which zone the clocks run.
            NodeKind::Household => true,
            NodeKind::Room => self.covers(Some(&node.key)),
            NodeKind::Floor | NodeKind::Zone => self.rooms.is_none(),
            NodeKind::Person => self.people && self.rooms.is_none(),
            NodeKind::Entity => self.covers(room(node).or_else(|| device(shape, place).and_then(room))),
            NodeKind::Device => {
                self.covers(room(node)) || entities(shape, place).any(|e| self.covers(room(e)))
            }
            _ => false,
        }
    }
}

fn room(node: &Node) -> Option<&str> {
    node.props.get("room")?.as_text()
}

fn device(shape: &Shape, entity: u32) -> Option<&Node> {
    let parts = shape.steps_of(entity, Direction::Out, EdgeKind::PartOf).iter();
    parts.filter_map(|step| shape.node(step.to)).find(|node| node.kind == NodeKind::Device)
}

fn entities(shape: &Shape, device: u32) -> impl Iterator<Item = &Node> {
    let parts = shape.steps_of(device, Direction::In, EdgeKind::PartOf).iter();
    parts.filter_map(|step| shape.node(step.to)).filter(|node| node.kind == NodeKind::Entity)
}

fn shown(node: &Node) -> Node {
    let mut shown = node.clone();
    shown.props.retain(|key, _| SHOWN.contains(&key.as_str()));
    if !matches!(node.kind, NodeKind::Device | NodeKind::Entity) {
        shown.detail.clear();
    }
    shown
}
