//! Wishes: arbitration, one record each.

use lares_kernel::Answer;
use lares_model::{
    Body, Claim, Draft, EventId, Level, Outcome, Property, Receipt, Timestamp, Until, Verdict,
};

use super::{DeviceState, Outlet, hold_write};
use crate::devices::Demand;
use crate::devices::claims::{HAND, Hold};
use crate::devices::entity::{tolerance, unfit};

impl DeviceState {
    /// A wish: arbitrate each property, send what won in one command.
    pub fn demand(&mut self, demand: Demand, now: Timestamp, out: &mut impl Outlet) {
        let mut commands = Vec::new();
        for (property, value) in &demand.values {
            let claim = Claim {
                source: demand.source.clone(),
                level: demand.level,
                value: value.clone(),
                until: demand.until,
                reason: demand.reason.clone(),
            };
            if let Some(command) = self.decide(&demand, *property, claim, out) {
                commands.push((*property, value.clone(), command));
            }
        }
        self.command(demand.entity, commands, demand.answers.as_ref(), now, out);
    }

    /// One record of one wish on one property; the event's id if a command follows.
    pub(super) fn decide(
        &mut self,
        demand: &Demand,
        property: Property,
        claim: Claim,
        out: &mut impl Outlet,
    ) -> Option<EventId> {
        let id = demand.entity;
        let entity = self.entities.get_mut(&id)?;
        let refusal = match entity.info.property(property) {
            None => Some(format!("it has no {}", property.name())),
            Some(p) if !p.writable => Some(format!("its {} cannot be set", property.name())),
            Some(p) => unfit(p, &claim.value),
        };
        let reference = entity.reference.clone();
        let slot = entity.slot(property);
        let (rivals, value) = (slot.holds.rivals(&claim.source), claim.value.clone());
        let outcome = if let Some(why) = refusal {
            Outcome::Not(Receipt::Refused(why.into()))
        } else if let Some(before) = slot.holds.before(&claim.source, claim.level) {
            let words = format!("{} ({})", before.claim.source, before.claim.level.name());
            Outcome::Not(Receipt::Overridden(words.into()))
        } else {
            let is_so =
                slot.live && slot.value.as_ref().is_some_and(|v| v.meets(&value, tolerance(property)));
            match &slot.pending {
                None if is_so => Outcome::AlreadySo { value },
                _ => Outcome::Commanded { value },
            }
        };
        let refused = matches!(&outcome, Outcome::Not(Receipt::Refused(_)));
        let mut writes = Vec::new();
        let holds = claim.until != Until::Momentary && !refused;
        if holds {
            writes.push(hold_write(id, property, &claim.source, Some(&claim)));
        } else if slot.holds.value_of(&claim.source).is_some() {
            writes.push(hold_write(id, property, &claim.source, None));
        }
        let hand_yields =
            claim.level <= Level::Person && &*claim.source != HAND && slot.holds.remove(HAND).is_some();
        if hand_yields {
            writes.push(hold_write(id, property, HAND, None));
        }
        let answer = match &outcome {
            Outcome::Commanded { .. } => None,
            Outcome::AlreadySo { .. } => Some(Receipt::Confirmed),
            Outcome::Not(receipt) => Some(receipt.clone()),
        };
        let commanded = matches!(outcome, Outcome::Commanded { .. });
        let verdict =
            Verdict { property, claim: claim.clone(), basis: demand.basis.clone(), rivals, outcome };
        let draft = Draft::new(id, demand.origin.clone(), Body::Decision(Box::new(verdict)))
            .caused_by(demand.causes.iter().copied());
        let event = out.publish(draft, writes);
        if holds {
            slot.holds.put(Hold { claim, since: event });
        } else {
            slot.holds.remove(&claim.source);
        }
        if let (Some(receipt), Some(answers)) = (answer, &demand.answers) {
            answers.say(Answer {
                entity: reference.to_string(),
                property: property.name().to_owned(),
                event: Some(event),
                receipt,
            });
        }
        commanded.then_some(event)
    }
}
