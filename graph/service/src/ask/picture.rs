//! What a question is asked of: a shape and the states that belong to it.

use std::sync::Arc;
use std::time::Duration;

use lares_model::{
    Direction, EdgeKind, EventId, Node, NodeId, NodeKind, Property, Status, Timestamp, Value, dated,
};

use super::shape::Detail;
use super::{ReadFailed, Shape, when};

/// The last known state of a property.
#[derive(Clone, PartialEq, Debug)]
pub struct Known {
    /// `None`: its source says that it does not know.
    pub value: Option<Value>,
    /// When it was measured, as told.
    pub at: Timestamp,
    /// The reading.
    pub event: EventId,
}

/// Last states and statuses, read as they are needed.
pub trait States {
    fn last(&self, node: NodeId) -> Result<Vec<(Property, Known)>, ReadFailed>;

    /// What was said of this node itself; [`Status::Unknown`] if nothing was.
    fn status(&self, node: NodeId) -> Result<Status, ReadFailed>;

    /// When we learned of an event; none if it is not in the journal.
    fn seen(&self, event: EventId) -> Result<Option<Timestamp>, ReadFailed>;
}

/// The graph at one moment, ready to be asked.
pub struct Picture<'a> {
    pub shape: Arc<Shape>,
    pub states: Box<dyn States + 'a>,
    /// The moment: how old a reading is, is counted to here.
    pub now: Timestamp,
    /// Asked for by name: then nodes that were not so at that instant are left out. Edges and properties are always those of an
    /// instant, of `now` if none is named.
    pub valid_at: Option<Timestamp>,
}

impl<'a> Picture<'a> {
    pub fn new(
        shape: Arc<Shape>,
        states: Box<dyn States + 'a>,
        now: Timestamp,
        valid_at: Option<Timestamp>,
    ) -> Self {
        Self { shape: shape.valid_at(valid_at.unwrap_or(now)), states, now, valid_at }
    }

    /// What a node carries under a key, at the instant that is asked about.
    pub(super) fn said<'n>(&self, node: &'n Node, key: &str) -> Option<&'n Value> {
        if !self.shape.has_dated() {
            return node.props.get(key);
        }
        let valid = self.valid_at.unwrap_or(self.now);
        let until = |k: &str| match dated(k) {
            Some((prop, until)) if prop == key => when(until, self.shape.zone()).map(|s| s.from),
            _ => None,
        };
        let was = node.props.iter().filter_map(|(k, value)| Some((until(k)?, value)));
        let was =
            was.filter(|(until, _)| valid < *until).min_by_key(|(until, _)| *until).map(|(_, value)| value);
        was.or_else(|| node.props.get(key)).filter(|value| value.as_text() != Some(""))
    }

    /// Whether a node was so at the instant that is asked about.
    pub(super) fn is_valid(&self, place: u32) -> bool {
        let (Some(valid), Some(node)) = (self.valid_at, self.shape.node(place)) else { return true };
        let at = |key| {
            let text = node.props.get(key).and_then(Value::as_text);
            text.and_then(|text| when(text, self.shape.zone()))
        };
        at("valid_from").is_none_or(|s| s.from <= valid)
            && at("valid_to").is_none_or(|s| valid < s.from.max(s.to))
    }
}

impl Picture<'_> {
    pub(super) fn is_removed(&self, place: u32) -> bool {
        let own = |p: u32| {
            let removed = self.shape.node(p).and_then(|n| n.props.get("removed"));
            removed.and_then(Value::as_bool) == Some(true)
        };
        own(place) || self.device_of(place).is_some_and(own)
    }

    /// The device that an entity is part of.
    pub(super) fn device_of(&self, place: u32) -> Option<u32> {
        if self.shape.node(place)?.kind != NodeKind::Entity {
            return None;
        }
        let parts = self.shape.steps(place, Direction::Out).iter().filter(|s| s.kind == EdgeKind::PartOf);
        parts.map(|s| s.to).find(|p| self.shape.node(*p).is_some_and(|n| n.kind == NodeKind::Device))
    }

    /// As `lares devices` shows it: an entity that says nothing of itself is as its device is, and never better off.
    pub(super) fn status(&self, place: u32) -> Result<Status, ReadFailed> {
        let Some(node) = self.shape.node(place) else { return Ok(Status::Unknown) };
        if self.is_removed(place) {
            return Ok(Status::Removed);
        }
        let own = self.states.status(node.id)?;
        match (&own, self.device_of(place).and_then(|d| self.shape.node(d))) {
            (Status::Unknown | Status::Online, Some(device)) => {
                let device = self.states.status(device.id)?;
                Ok(if own == Status::Unknown || !device.is_online() { device } else { own })
            }
            _ => Ok(own),
        }
    }

    /// The last state of a property; of the main one if none is named.
    pub(super) fn known(&self, place: u32, property: Option<Property>) -> Result<Option<Known>, ReadFailed> {
        let Some(node) = self.shape.node(place) else { return Ok(None) };
        let wanted = match (property, node.kind) {
            (Some(property), _) => property,
            (None, NodeKind::Room) => Property::Occupied,
            (None, NodeKind::Person) => Property::Home,
            (None, _) => match self.shape.detail(place) {
                Detail::Entity(info) => info.component.main_property(),
                _ => Property::State,
            },
        };
        Ok(self.states.last(node.id)?.into_iter().find(|(p, _)| *p == wanted).map(|(_, known)| known))
    }

    /// A value that still counts: neither stale nor of a thing that cannot be reached.
    pub(super) fn value(&self, place: u32, property: Option<Property>) -> Result<Option<Value>, ReadFailed> {
        let Some(known) = self.known(place, property)? else { return Ok(None) };
        if known.value.is_none() || self.is_stale(place, &known) {
            return Ok(None);
        }
        let gone =
            matches!(self.status(place)?, Status::Offline(_) | Status::Quarantined(_) | Status::Removed);
        Ok(known.value.filter(|_| !gone))
    }

    pub(super) fn is_stale(&self, place: u32, known: &Known) -> bool {
        let said = self.shape.node(place).and_then(|n| n.props.get("stale_after_ms"));
        let own = said.and_then(Value::as_number).filter(|ms| *ms >= 0.0);
        let after = own.map(|ms| Duration::from_millis(ms as u64)).or(match self.shape.detail(place) {
            Detail::Entity(info) => info.expire_after,
            _ => None,
        });
        after.is_some_and(|after| known.at + after < self.now)
    }
}
