//! A device's state: input and time go in, events and bytes to send come out through an [`Outlet`].

mod begun;
mod command;
mod deadlines;
mod demand;
mod guarded;
mod reading;
mod release;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use lares_config::Home;
use lares_devices::{Observation, Picture};
use lares_kernel::wire::Outbound;
use lares_model::{
    Body, Claim, Detail, Draft, EventId, NodeId, Origin, Property, Status, Timestamp, Value, Write,
};

use super::AnyDriver;
use super::claims::Hold;
use super::entity::Entity;
use super::taken::Taken;
use crate::DeviceEntry;
use crate::safety::Guard;
use crate::status::status_write;

/// How long a command may wait for its way out before it is worth nothing.
pub const COMMAND_LIFE: Duration = Duration::from_secs(10);
/// How long a device has to report what it was told. Battery devices answer within seconds of waking.
pub const REPORT_DEADLINE: Duration = Duration::from_secs(10);
/// How long a value set by hand holds against rules.
pub const HAND_HOLD: Duration = Duration::from_secs(30 * 60);

pub use begun::{Begun, FOLLOWED_UP};

/// Where a device's effects go.
pub trait Outlet {
    fn publish(&mut self, draft: Draft, writes: Vec<Write>) -> EventId;
    fn send(&mut self, message: Outbound);
    /// A picture came, or there is none any more.
    fn picture(&mut self, entity: NodeId, picture: Option<Picture>, at: Timestamp);
    fn problem(&mut self, place: &str, reason: &str);
}

/// A device and its entities.
pub struct DeviceState {
    pub id: NodeId,
    pub reference: Arc<str>,
    pub link: Arc<str>,
    pub driver: AnyDriver,
    pub entities: BTreeMap<NodeId, Entity>,
    /// Values that properties go back to when the last hold ends.
    pub defaults: BTreeMap<Property, Value>,
    pub available: Option<bool>,
    /// Why its wire cannot be used, while that is so. What the device last said of itself is then no news.
    pub wire_away: Option<Arc<str>>,
    pub status: Status,
    /// What was begun before a restart and may not have come to its end: see [`DeviceState::carry_on`].
    pub(super) begun: Vec<Begun>,
    /// What happened lately, by the messages that told it.
    pub(super) taken: Taken,
    /// What interlocks have to say; most devices have none.
    pub(super) guard: Option<Guard>,
    seen: Vec<Observation>,
}

impl DeviceState {
    pub fn new(entry: &DeviceEntry, driver: AnyDriver, home: &Home, entities: Vec<Entity>) -> Self {
        let defaults = home.devices.get(&*entry.reference).map(|d| d.defaults.clone()).unwrap_or_default();
        let mut entities: BTreeMap<NodeId, Entity> = entities.into_iter().map(|e| (e.id, e)).collect();
        entities.values_mut().for_each(|e| e.off_after = driver.off_after(e.id));
        Self {
            id: entry.id,
            reference: entry.reference.clone(),
            link: entry.info.link.as_str().into(),
            driver,
            entities,
            defaults,
            available: None,
            wire_away: None,
            status: Status::Unknown,
            begun: Vec::new(),
            taken: Taken::default(),
            guard: None,
            seen: Vec::new(),
        }
    }

    /// Its wire cannot be used (why), or can again.
    pub fn wire_away(&mut self, why: Option<Arc<str>>, out: &mut impl Outlet) {
        if why.is_none() {
            let slots = self.entities.values_mut().flat_map(|e| e.properties.values_mut());
            slots.flat_map(|s| &mut s.told).for_each(|t| t.earlier = true);
        }
        self.wire_away = why;
        self.review_status(out);
    }

    /// What its wire, the device itself and what was heard say, as one status.
    pub(super) fn review_status(&mut self, out: &mut impl Outlet) {
        let status = self.status_now();
        if status != self.status {
            self.status = status.clone();
            tracing::debug!(device = %self.reference, %status, "status");
            publish_status(self.id, &Origin::Link(self.link.clone()), status, out);
        }
    }

    fn status_now(&self) -> Status {
        if let Some(why) = &self.wire_away {
            return Status::Offline(Detail::Communication(why.to_string()));
        }
        let mut said = self.entities.values().filter_map(|e| e.available).peekable();
        match (self.available, said.peek().is_some()) {
            (Some(false), _) => Status::Offline(Detail::Reported),
            (_, true) if !said.any(|online| online) => Status::Offline(Detail::Reported),
            (Some(true), _) | (_, true) => Status::Online,
            _ if self.entities.values().any(|e| e.properties.values().any(|s| s.live)) => Status::Online,
            // The wire is back, and the device has not spoken in this life.
            _ if matches!(self.status, Status::Offline(Detail::Communication(_))) => Status::Unknown,
            _ => self.status.clone(),
        }
    }
}

fn publish_status(id: NodeId, origin: &Origin, status: Status, out: &mut impl Outlet) {
    let write = status_write(id, &status);
    out.publish(Draft::new(id, origin.clone(), Body::StatusChanged { status }), vec![write]);
}

/// Owner of the holds among the graph's states.
pub const CLAIMS_OWNER: &str = "claims";

fn hold_write(entity: NodeId, property: Property, source: &str, hold: Option<&Hold>) -> Write {
    static OWNER: LazyLock<Arc<str>> = LazyLock::new(|| CLAIMS_OWNER.into());
    let name = property.name();
    // Written for each wish that stays: put together without the ways of a format.
    let mut key = String::with_capacity(16 + name.len() + source.len() + 2);
    key.extend((0..16).rev().map(|n| HEX[(entity.0 >> (4 * n)) as usize & 15]));
    ["/", name, "/", source].into_iter().for_each(|part| key.push_str(part));
    let value = hold.and_then(Hold::kept);
    Write::PutState { owner: OWNER.clone(), key: key.into(), value }
}

const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

/// A claim that goes before another, for the record.
fn words(claim: &Claim) -> Arc<str> {
    [&*claim.source, " (", claim.level.name(), ")"].concat().into()
}

#[cfg(test)]
mod keys {
    use super::*;

    #[test]
    fn a_hold_is_kept_under_its_entity_property_and_source() {
        let entity = NodeId::derive("entity", "lamp.light");
        for entity in [entity, NodeId(0), NodeId(0x0123_4567_89ab_cdef), NodeId(u64::MAX)] {
            let Write::PutState { owner, key, value } = hold_write(entity, Property::On, "rule:a/b", None)
            else {
                panic!("a state");
            };
            assert_eq!((&*owner, &*key, value), ("claims", &*format!("{entity}/on/rule:a/b"), None));
        }
    }
}
