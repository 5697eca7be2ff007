//! What time does: reports that did not come, holds that end, silence.

use std::sync::Arc;

use bytes::Bytes;
use lares_devices::Observation;
use lares_model::{Causes, Detail, NodeId, Origin, Property, Receipt, Status, Timestamp};

use super::{DeviceState, Outlet, publish_status};
use crate::devices::WireMessage;
use crate::devices::entity::{Entity, Slot};

impl DeviceState {
    /// Deadlines: reports that did not come, holds that end, sensors that fell silent.
    pub fn tick(&mut self, now: Timestamp, out: &mut impl Outlet) {
        let ids: Vec<NodeId> = self.entities.keys().copied().collect();
        for id in ids {
            self.late_reports(id, now, out);
            let Some(entity) = self.entities.get(&id) else { continue };
            let over: Vec<(Property, Arc<str>)> = entity
                .properties
                .iter()
                .flat_map(|(p, s)| s.holds.ended(now).into_iter().map(|source| (*p, source)))
                .collect();
            for (property, source) in over {
                self.end_hold(id, property, &source, &"its time is over".into(), &Causes::new(), now, out);
            }
            self.switch_off(id, now, out);
            self.silence(id, now, out);
        }
        self.look_at_lease(now, out);
        self.review_status(out);
    }

    /// The clock was set to another time: what lasts goes on for as long as it would have.
    pub fn shift(&mut self, by: i64) {
        let later = |at: &mut Timestamp| at.0 = at.0.saturating_add(by);
        for entity in self.entities.values_mut() {
            entity.heard.iter_mut().for_each(later);
            entity.off_at.iter_mut().for_each(later);
            entity.asked.iter_mut().for_each(|asked| later(&mut asked.at));
            for slot in entity.properties.values_mut() {
                slot.pending.iter_mut().for_each(|p| later(&mut p.deadline));
                slot.holds.shift(by);
            }
        }
        if let Some(lease) = self.guard.as_mut().and_then(|g| g.lease.as_mut()) {
            later(lease);
        }
    }

    /// What says only that it is on is off after a while.
    fn switch_off(&mut self, id: NodeId, now: Timestamp, out: &mut impl Outlet) {
        let Some(entity) = self.entities.get_mut(&id) else { return };
        if entity.off_at.is_none_or(|at| at > now) {
            return;
        }
        entity.off_at = None;
        let off = Observation::Reading { entity: id, property: Property::State, value: Some(false.into()) };
        let by_itself =
            WireMessage { topic: "".into(), bytes: Bytes::new(), at: now, retained: false, ack: None };
        self.observed(std::iter::once(off), &by_itself, now, out);
    }

    pub(super) fn late_reports(&mut self, id: NodeId, now: Timestamp, out: &mut impl Outlet) {
        let Some(entity) = self.entities.get(&id) else { return };
        let late = |(p, s): (&Property, &Slot)| {
            let pending = s.pending.as_ref().filter(|p| p.deadline <= now)?;
            let receipt = match &s.value {
                _ if pending.inherited => Receipt::Unknown,
                Some(v) if s.live && s.event.is_some_and(|e| e > pending.command) => {
                    Receipt::Differs(v.clone())
                }
                _ => Receipt::Failed("it did not report in time".into()),
            };
            Some((*p, receipt))
        };
        let late: Vec<(Property, Receipt)> = entity.properties.iter().filter_map(late).collect();
        for (property, receipt) in late {
            self.settle(id, property, receipt, None, now, out);
        }
    }

    pub(super) fn silence(&mut self, id: NodeId, now: Timestamp, out: &mut impl Outlet) {
        let origin = Origin::Link(self.link.clone());
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let (Some(fresh), Some(heard)) = (entity.fresh_for, entity.heard) else { return };
        if !entity.silent && heard + fresh <= now {
            entity.silent = true;
            tracing::info!(entity = %entity.reference, "it fell silent");
            publish_status(id, &origin, Status::Offline(Detail::Silent), out);
        }
    }

    /// When [`DeviceState::tick`] is next needed.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let of_entity = |e: &Entity| {
            let slots = e.properties.values();
            let pending = slots.clone().filter_map(|s| s.pending.as_ref().map(|p| p.deadline)).min();
            let holds = slots.filter_map(|s| s.holds.next_end()).min();
            let silent = e.fresh_for.zip(e.heard).filter(|_| !e.silent).map(|(f, h)| h + f);
            [pending, holds, silent, e.off_at].into_iter().flatten().min()
        };
        let lease = self.guard.as_ref().filter(|g| !g.lapsed).and_then(|g| g.lease);
        self.entities.values().filter_map(of_entity).chain(lease).min()
    }
}
