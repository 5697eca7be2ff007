//! A device that an interlock names: what it tells and asks, and what it does when nobody looks after it.

use std::sync::Arc;

use lares_model::{Causes, Level, NodeId, Origin, Property, Receipt, Rival, Timestamp, Until, Value, Write};

use super::{DeviceState, Outlet};
use crate::devices::Demand;
use crate::devices::entity::Slot;
use crate::safety::{Asked, Guard, Ruling, Told};

impl DeviceState {
    /// Tells the interlocks all that is known: it has just come up, or they have.
    pub fn tell_all(&mut self, now: Timestamp) {
        let Some(guard) = &mut self.guard else { return };
        guard.take_leases(self.entities.keys().copied());
        for (id, entity) in &self.entities {
            for (property, slot) in &entity.properties {
                let (Some(value), Some(at)) = (&slot.value, slot.at) else { continue };
                let told = Told { value: Some(value), at, event: slot.event, kept: false };
                guard.with(|safety| safety.heard_of(*id, *property, &told, now));
            }
        }
        self.tell_reach(now);
    }

    /// Tells the interlocks which of its entities can be heard.
    pub fn tell_reach(&mut self, now: Timestamp) {
        let Some(guard) = &self.guard else { return };
        for (id, entity) in &self.entities {
            let online = self.available != Some(false) && entity.available != Some(false);
            let heard = self.wire_away.is_none() && online && !entity.silent;
            guard.with(|safety| safety.reach(*id, heard, now));
        }
    }

    /// What becomes of a command whose wait is over, as far as it is sure. Gives what is to be kept with its receipt.
    pub(super) fn settled(
        guard: Option<&Guard>,
        slot: &Slot,
        (id, property): (NodeId, Property),
        (receipt, sent): (&Receipt, &Value),
        now: Timestamp,
    ) -> Vec<Write> {
        let Some(guard) = guard else { return Vec::new() };
        let value = match receipt {
            // All that will ever be known.
            Receipt::Sent => Some(sent),
            Receipt::Differs(value) => Some(value),
            // It surely never left.
            Receipt::Expired | Receipt::Refused(_) => slot.value.as_ref().filter(|_| slot.live),
            _ => None,
        };
        value.map(|v| guard.observed(id, property, v, now)).unwrap_or_default()
    }

    /// Asks the interlocks; without any nothing is asked.
    pub(super) fn ask(
        guard: Option<&Guard>,
        asked: &Asked<'_>,
        already: impl Fn(&Value) -> bool,
    ) -> (Ruling, Vec<Rival>, Vec<Write>) {
        let Some(guard) = guard else { return (Ruling::Free, Vec::new(), Vec::new()) };
        if let Some(by) = guard.unattended(asked.entity, asked.property, asked.value) {
            return (Ruling::Denied { by }, Vec::new(), Vec::new());
        }
        guard.with(|safety| safety.ask(asked, already))
    }

    /// Its interlocks are looked after until then.
    pub fn lease(&mut self, until: Timestamp) {
        if let Some(guard) = &mut self.guard {
            guard.lease = Some(until);
            guard.lapsed = false;
        }
    }

    /// Nobody renewed the lease: to the safe state, by itself.
    pub(super) fn look_at_lease(&mut self, now: Timestamp, out: &mut impl Outlet) {
        let Some(guard) = self.guard.as_mut().filter(|g| !g.lapsed) else { return };
        if guard.lease.is_none_or(|until| until > now) {
            return;
        }
        guard.lapsed = true;
        // What interlocks only watch has no safe state, and nobody renews it a lease.
        if guard.leased.is_empty() {
            return;
        }
        tracing::error!(device = %self.reference, "nobody looks after its interlocks: it goes to its safe state");
        for leased in guard.leased.clone() {
            let key: Arc<str> = leased.source.strip_prefix("interlock:").unwrap_or(&leased.source).into();
            self.demand(
                Demand {
                    entity: leased.entity,
                    values: vec![(leased.property, leased.safe)],
                    source: leased.source,
                    origin: Origin::Interlock(key),
                    level: leased.level,
                    until: Until::Momentary,
                    reason: "nobody looks after it".into(),
                    causes: Causes::new(),
                    basis: None,
                    code: None,
                    answers: None,
                    token: None,
                },
                now,
                out,
            );
        }
    }

    /// What was held back may come into its own: whoever holds the property.
    pub fn review(
        &mut self,
        id: NodeId,
        property: Property,
        causes: Causes,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some(slot) = self.entities.get(&id).and_then(|e| e.properties.get(&property)) else { return };
        let Some(claim) = slot.holds.winner().map(|h| h.claim.clone()) else { return };
        let meets = |v: &Value| v.meets(&claim.value, super::super::tolerance(property));
        // On its way already: its report, or that none came, ends it.
        let under_way = slot.pending.as_ref().is_some_and(|p| !p.inherited && meets(&p.value));
        if under_way || slot.value.as_ref().is_none_or(meets) {
            return;
        }
        let demand = Demand {
            entity: id,
            values: vec![(property, claim.value)],
            source: claim.source,
            origin: Origin::System,
            level: claim.level,
            until: claim.until,
            reason: claim.reason,
            causes,
            basis: None,
            code: None,
            answers: None,
            token: None,
        };
        self.demand(demand, now, out);
    }

    /// Whether a value would take a guarded property out of its safe state: what a start never repeats.
    pub(super) fn leaves_safety(&self, id: NodeId, property: Property, value: &Value) -> bool {
        let leased = self.guard.iter().flat_map(|g| &g.leased);
        leased.filter(|l| l.entity == id && l.property == property).any(|l| l.safe != *value)
    }

    /// The level of a wish as interlocks see it.
    pub(super) fn asked(
        id: NodeId,
        property: Property,
        value: &Value,
        level: Level,
        now: Timestamp,
    ) -> Asked<'_> {
        Asked { entity: id, property, value, level, now }
    }
}
