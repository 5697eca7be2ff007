//! Ends of holds: who is next decides.

use std::sync::Arc;

use lares_model::{Body, Causes, Claim, Draft, EventId, Level, NodeId, Origin, Property, Timestamp, Until};

use super::{DeviceState, Outlet, hold_write};
use crate::devices::Demand;
use crate::devices::entity::Slot;

impl DeviceState {
    /// A source gives up its holds; who is next decides, or the declared default.
    #[allow(clippy::too_many_arguments, reason = "the parts of one message")]
    pub fn release(
        &mut self,
        id: NodeId,
        properties: &[Property],
        source: &Arc<str>,
        reason: &Arc<str>,
        causes: &Causes,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let held = |(p, s): (&Property, &Slot)| {
            let asked = properties.is_empty() || properties.contains(p);
            (asked && s.holds.value_of(source).is_some()).then_some(*p)
        };
        let ended: Vec<Property> = entity.properties.iter().filter_map(held).collect();
        for property in ended {
            self.end_hold(id, property, source, reason, causes, now, out);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one message")]
    pub(super) fn end_hold(
        &mut self,
        id: NodeId,
        property: Property,
        source: &Arc<str>,
        reason: &Arc<str>,
        causes: &Causes,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let slot = entity.slot(property);
        let decided = slot.holds.winner().is_some_and(|w| w.claim.source == *source);
        if slot.holds.remove(source).is_none() {
            return;
        }
        let body = Body::HoldEnded { property, source: source.clone(), reason: reason.clone() };
        let draft = Draft::new(id, Origin::System, body).caused_by(causes.iter().copied());
        let event = out.publish(draft, vec![hold_write(id, property, source, None)]);
        if !decided {
            return;
        }
        self.follow(id, property, source, event, now, out);
    }

    /// Who is next after the hold that decided: another one, or the declared default. `event`: its end.
    pub(super) fn follow(
        &mut self,
        id: NodeId,
        property: Property,
        source: &Arc<str>,
        event: EventId,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let default = self.defaults.get(&property).cloned();
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let slot = entity.slot(property);
        let next = match slot.holds.winner() {
            Some(hold) => hold.claim.clone(),
            None => {
                let Some(value) = default else { return };
                Claim {
                    source: "default".into(),
                    level: Level::Default,
                    value,
                    until: Until::Momentary,
                    reason: format!("{source} ended and nobody else wishes").into(),
                }
            }
        };
        self.resume(id, property, next, event, now, out);
    }

    /// A claim that stood comes into its own again.
    pub(super) fn resume(
        &mut self,
        id: NodeId,
        property: Property,
        claim: Claim,
        cause: EventId,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let demand = Demand {
            entity: id,
            values: vec![(property, claim.value)],
            source: claim.source,
            origin: Origin::System,
            level: claim.level,
            until: claim.until,
            reason: claim.reason,
            causes: Causes::from_slice(&[cause]),
            basis: None,
            code: None,
            answers: None,
            token: None,
        };
        self.demand(demand, now, out);
    }
}
