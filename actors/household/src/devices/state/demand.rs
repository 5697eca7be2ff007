//! Wishes: arbitration, one record each.

use lares_devices::Credential;
use lares_kernel::Answer;
use lares_model::{Body, Claim, Draft, Level, Outcome, Property, Receipt, Timestamp, Until, Value, Verdict};

use super::command::Commanded;
use super::{DeviceState, Outlet, REPORT_DEADLINE, hold_write, words};
use crate::devices::Demand;
use crate::devices::claims::{HAND, Hold};
use crate::devices::code::credential;
use crate::devices::entity::{tolerance, unfit};
use crate::safety::Ruling;

impl DeviceState {
    /// A wish: arbitrate each property, send what won in one command.
    pub fn demand(&mut self, demand: Demand, now: Timestamp, out: &mut impl Outlet) {
        let mut commands = Vec::new();
        let mut by = Credential::Household;
        for (property, value) in &demand.values {
            let claim = Claim {
                source: demand.source.clone(),
                level: demand.level,
                value: value.clone(),
                until: demand.until,
                reason: demand.reason.clone(),
            };
            by = credential(&demand.origin, &claim, demand.code.as_ref());
            commands.extend(self.decide(&demand, *property, claim, now, out));
        }
        self.command(demand.entity, commands, by, now, out);
    }

    /// One record of one wish on one property; the command if one follows.
    pub(super) fn decide(
        &mut self,
        demand: &Demand,
        property: Property,
        claim: Claim,
        now: Timestamp,
        out: &mut impl Outlet,
    ) -> Option<Commanded> {
        let id = demand.entity;
        let entity = self.entities.get_mut(&id)?;
        let refusal = match entity.info.property(property) {
            None => Some(format!("it has no {}", property.name())),
            Some(p) if !p.writable => Some(format!("its {} cannot be set", property.name())),
            Some(p) => unfit(p, &claim.value),
        };
        let by = credential(&demand.origin, &claim, demand.code.as_ref());
        let wrong_code = self.driver.refuses_code(id, (property, &claim.value), by);
        let refusal = refusal.or_else(|| entity.judge(wrong_code, demand.code.is_some(), now));
        // What a thing told before it went out of reach is no answer to a wish of now.
        let reachable = self.available != Some(false) && entity.available != Some(false) && !entity.silent;
        let slot = entity.properties.entry(property).or_default();
        let (mut rivals, value) = (slot.holds.rivals(&claim.source), claim.value.clone());
        let mut writes = Vec::new();
        // An interlock's words, where it made something else of the wish.
        let mut clamped = None;
        let outcome = if let Some(why) = refusal {
            Outcome::Not(Receipt::Refused(why.into()))
        } else if let Some(before) = slot.holds.before(&claim.source, claim.level) {
            Outcome::Not(Receipt::Overridden(words(&before.claim)))
        } else {
            let so = |v: &Value| reachable && slot.is_so(v, tolerance(property), now, REPORT_DEADLINE);
            let asked = Self::asked(id, property, &value, claim.level, now);
            let (ruling, bounds, kept) = Self::ask(self.guard.as_ref(), &asked, so);
            rivals.extend(bounds);
            writes.extend(kept);
            let value = match ruling {
                Ruling::Free => Ok(value),
                Ruling::Clamped { value, by } => {
                    clamped = Some(Receipt::Overridden(by));
                    Ok(value)
                }
                Ruling::Denied { by } => Err(Receipt::Overridden(by)),
            };
            match value {
                Ok(value) if so(&value) => Outcome::AlreadySo { value },
                Ok(value) => Outcome::Commanded { value },
                Err(receipt) => Outcome::Not(receipt),
            }
        };
        let refused = matches!(&outcome, Outcome::Not(Receipt::Refused(_)));
        // What is refused was never a wish on this property: all that stood there stands.
        let holds = claim.until != Until::Momentary && !refused;
        let hold = holds.then(|| Hold { claim: claim.clone(), order: slot.holds.next_order() });
        if hold.is_some() || (!refused && slot.holds.value_of(&claim.source).is_some()) {
            writes.push(hold_write(id, property, &claim.source, hold.as_ref()));
        }
        let wins = matches!(&outcome, Outcome::Commanded { .. } | Outcome::AlreadySo { .. });
        let hand_yields = wins
            && claim.level <= Level::Person
            && &*claim.source != HAND
            && slot.holds.remove(HAND).is_some();
        if hand_yields {
            writes.push(hold_write(id, property, HAND, None));
        }
        let told = clamped.is_some();
        let answer = match &outcome {
            _ if demand.answers.is_none() => None,
            _ if told => clamped,
            Outcome::Commanded { .. } => None,
            Outcome::AlreadySo { .. } => Some(Receipt::Confirmed),
            Outcome::Not(receipt) => Some(receipt.clone()),
        };
        let commanded = if let Outcome::Commanded { value } = &outcome { Some(value.clone()) } else { None };
        let verdict = Verdict { property, claim, basis: demand.basis.clone(), rivals, outcome };
        let draft = Draft::new(id, demand.origin.clone(), Body::Decision(Box::new(verdict)))
            .caused_by(demand.causes.iter().copied());
        let event = out.publish(draft, writes);
        match hold {
            Some(hold) => slot.holds.put(hold),
            None if refused => {}
            None => drop(slot.holds.remove(&demand.source)),
        }
        if let (Some(receipt), Some(answers)) = (answer, &demand.answers) {
            answers.say(Answer {
                entity: entity.reference.to_string(),
                property: property.name().to_owned(),
                event: Some(event),
                receipt,
            });
        }
        let answers = demand.answers.clone().filter(|_| !told);
        commanded.map(|value| Commanded { property, value, command: event, answers })
    }
}
