//! A device's state: input and time go in, events and bytes to send come out through an [`Outlet`].

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lares_config::Home;
use lares_devices::Observation;
use lares_kernel::Answer;
use lares_kernel::wire::{Delivery, Outbound, Qos};
use lares_model::{
    Body, Causes, Claim, Detail, Draft, EventId, Level, NodeId, Origin, Outcome, Property, Receipt, Status,
    Timestamp, Until, Value, Verdict, Write,
};

use super::claims::{HAND, Hold};
use super::entity::{Entity, Pending, tolerance, unfit};
use super::{Answers, AnyDriver, Demand, WireMessage};
use crate::DeviceEntry;
use crate::status::status_write;

/// How long a command may wait for its way out before it is worth nothing.
pub const COMMAND_LIFE: Duration = Duration::from_secs(10);
/// How long a device has to report what it was told. Battery devices answer within seconds of waking.
pub const REPORT_DEADLINE: Duration = Duration::from_secs(10);
/// How long a value set by hand holds against rules.
pub const HAND_HOLD: Duration = Duration::from_secs(30 * 60);

/// Where a device's effects go.
pub trait Outlet {
    fn publish(&mut self, draft: Draft, writes: Vec<Write>) -> EventId;
    fn send(&mut self, message: Outbound);
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
    pub status: Status,
    seen: Vec<Observation>,
}

impl DeviceState {
    pub fn new(entry: &DeviceEntry, driver: AnyDriver, home: &Home, entities: Vec<Entity>) -> Self {
        let defaults = home.devices.get(&*entry.reference).map(|d| d.defaults.clone()).unwrap_or_default();
        Self {
            id: entry.id,
            reference: entry.reference.clone(),
            link: entry.info.link.as_str().into(),
            driver,
            entities: entities.into_iter().map(|e| (e.id, e)).collect(),
            defaults,
            available: None,
            status: Status::Unknown,
            seen: Vec::new(),
        }
    }

    /// Bytes came in on one of its topics.
    pub fn heard(&mut self, message: &WireMessage, now: Timestamp, out: &mut impl Outlet) {
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        if let Err(problem) = self.driver.on_message(&message.topic, &message.bytes, &mut seen) {
            out.problem(&problem.place, &problem.reason);
        }
        for observation in seen.drain(..) {
            match observation {
                Observation::Reading { entity, property, value } => {
                    self.reading(entity, property, value, message, now, out);
                }
                Observation::Availability { entity: None, online } => self.available = Some(online),
                Observation::Availability { entity: Some(id), online } => {
                    if let Some(e) = self.entities.get_mut(&id) {
                        e.available = Some(online);
                    }
                }
            }
        }
        self.seen = seen;
        self.review_status(out);
    }

    fn reading(
        &mut self,
        id: NodeId,
        property: Property,
        value: Option<Value>,
        message: &WireMessage,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let link = self.link.clone();
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let slot = entity.properties.entry(property).or_default();
        let changed = slot.value != value || !slot.live;
        let discrete = value.as_ref().or(slot.value.as_ref()).is_none_or(Value::is_discrete);
        let origin = Origin::Link(link);
        let mut draft =
            Draft::new(id, origin.clone(), Body::Reading { property, value: value.clone() }).at(message.at);
        if let Some(pending) = &slot.pending {
            if value.as_ref().is_some_and(|v| v.meets(&pending.value, tolerance(property))) {
                draft.causes.push(pending.command);
            }
        }
        let draft = if discrete && changed { draft } else { draft.to_series() };
        let event = out.publish(draft, Vec::new());
        let before = slot.live.then(|| slot.value.clone()).flatten();
        slot.value.clone_from(&value);
        slot.at = Some(message.at);
        slot.event = Some(event);
        slot.live = true;
        entity.heard = Some(message.at);
        if entity.silent {
            entity.silent = false;
            tracing::info!(entity = %entity.reference, "it speaks again");
            publish_status(id, &origin, Status::Online, out);
        }
        let Some(value) = value else { return };
        let slot = entity.properties.entry(property).or_default();
        match &slot.pending {
            Some(pending) if value.meets(&pending.value, tolerance(property)) => {
                self.settle(id, property, Receipt::Confirmed, Some(event), out);
            }
            // On its way: what it reports meanwhile is not somebody's hand.
            Some(_) => {}
            None => {
                let by_hand =
                    before.is_some_and(|b| !b.meets(&value, tolerance(property))) && !message.retained;
                if by_hand && entity.info.property(property).is_some_and(|p| p.writable) {
                    self.moved_by_hand(id, property, value, event, now, out);
                }
            }
        }
    }

    /// Somebody used the thing itself: a claim with a life of its own.
    fn moved_by_hand(
        &mut self,
        id: NodeId,
        property: Property,
        value: Value,
        event: EventId,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let claim = Claim {
            source: HAND.into(),
            level: Level::PhysicalSwitch,
            value: value.clone(),
            until: Until::At(now + HAND_HOLD),
            reason: "it was moved by hand".into(),
        };
        let origin = Origin::Link(self.link.clone());
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let slot = entity.slot(property);
        let verdict = Verdict {
            property,
            claim: claim.clone(),
            basis: None,
            rivals: slot.holds.rivals(HAND),
            outcome: Outcome::AlreadySo { value },
        };
        let draft = Draft::new(id, origin, Body::Decision(Box::new(verdict))).caused_by([event]);
        let since = out.publish(draft, vec![hold_write(id, property, HAND, Some(&claim))]);
        slot.holds.put(Hold { claim, since });
    }

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
    fn decide(
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

    fn command(
        &mut self,
        id: NodeId,
        commands: Vec<(Property, Value, EventId)>,
        answers: Option<&Answers>,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some((_, _, key)) = commands.first() else { return };
        let key = *key;
        let wishes: Vec<(Property, Value)> = commands.iter().map(|(p, v, _)| (*p, v.clone())).collect();
        let sends = self.driver.command(id, &wishes);
        for (property, value, command) in commands {
            // A newer command ends the wait for an older one: only the newest can still be confirmed.
            self.settle(id, property, Receipt::Overridden("a newer command".into()), None, out);
            let pending = Pending {
                command,
                value,
                deadline: now + REPORT_DEADLINE,
                carried_by: key,
                answers: answers.cloned(),
                inherited: false,
            };
            if let Some(entity) = self.entities.get_mut(&id) {
                entity.slot(property).pending = Some(pending);
            }
            if let Err(refusal) = &sends {
                self.settle(id, property, Receipt::Refused(refusal.reason.as_str().into()), None, out);
            }
        }
        for send in sends.into_iter().flatten() {
            out.send(Outbound {
                address: send.topic.into(),
                bytes: Bytes::from(send.payload),
                retain: send.retain,
                qos: if send.qos == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce },
                expires: Some(now + COMMAND_LIFE),
                key: Some(key),
            });
        }
    }

    /// The wait for a report is over.
    fn settle(
        &mut self,
        id: NodeId,
        property: Property,
        receipt: Receipt,
        report: Option<EventId>,
        out: &mut impl Outlet,
    ) {
        let link = self.link.clone();
        let Some(entity) = self.entities.get_mut(&id) else { return };
        let reference = entity.reference.clone();
        let Some(pending) = entity.slot(property).pending.take() else { return };
        let body = Body::Receipt { command: pending.command, property, receipt: receipt.clone() };
        let draft = Draft::new(id, Origin::Link(link), body).caused_by([pending.command]).caused_by(report);
        let event = out.publish(draft, Vec::new());
        if let Some(answers) = pending.answers {
            answers.say(Answer {
                entity: reference.to_string(),
                property: property.name().to_owned(),
                event: Some(event),
                receipt,
            });
        }
    }

    /// What came of handing a command to the wire.
    pub fn delivered(&mut self, delivery: &Delivery, out: &mut impl Outlet) {
        let (key, receipt) = match delivery {
            Delivery::Sent(key) => (*key, None),
            Delivery::Expired(key) => (*key, Some(Receipt::Expired)),
            Delivery::Failed(key, why) => (*key, Some(Receipt::Failed(why.as_str().into()))),
        };
        let carried = |e: &Entity| -> Vec<(NodeId, Property, bool)> {
            let of_key =
                e.properties.iter().filter(|(_, s)| s.pending.as_ref().is_some_and(|p| p.carried_by == key));
            of_key.map(|(p, _)| (e.id, *p, e.info.assumed)).collect()
        };
        let found: Vec<_> = self.entities.values().flat_map(carried).collect();
        for (id, property, assumed) in found {
            match (&receipt, assumed) {
                (Some(receipt), _) => self.settle(id, property, receipt.clone(), None, out),
                // It has no way to report: what was sent is all that will ever be known.
                (None, true) => self.settle(id, property, Receipt::Sent, None, out),
                (None, false) => {}
            }
        }
    }

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
        let held = |(p, s): (&Property, &super::entity::Slot)| {
            let asked = properties.is_empty() || properties.contains(p);
            (asked && s.holds.value_of(source).is_some()).then_some(*p)
        };
        let ended: Vec<Property> = entity.properties.iter().filter_map(held).collect();
        for property in ended {
            self.end_hold(id, property, source, reason, causes, now, out);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one message")]
    fn end_hold(
        &mut self,
        id: NodeId,
        property: Property,
        source: &Arc<str>,
        reason: &Arc<str>,
        causes: &Causes,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let default = self.defaults.get(&property).cloned();
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
        let demand = Demand {
            entity: id,
            values: vec![(property, next.value)],
            source: next.source,
            origin: Origin::System,
            level: next.level,
            until: next.until,
            reason: next.reason,
            causes: Causes::from_slice(&[event]),
            basis: None,
            answers: None,
        };
        self.demand(demand, now, out);
    }

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
            self.silence(id, now, out);
        }
        self.review_status(out);
    }

    fn late_reports(&mut self, id: NodeId, now: Timestamp, out: &mut impl Outlet) {
        let Some(entity) = self.entities.get(&id) else { return };
        let late = |(p, s): (&Property, &super::entity::Slot)| {
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
            self.settle(id, property, receipt, None, out);
        }
    }

    fn silence(&mut self, id: NodeId, now: Timestamp, out: &mut impl Outlet) {
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
            [pending, holds, silent].into_iter().flatten().min()
        };
        self.entities.values().filter_map(of_entity).min()
    }

    /// What the device says of itself and what was heard, as one status.
    fn review_status(&mut self, out: &mut impl Outlet) {
        let mut said = self.entities.values().filter_map(|e| e.available).peekable();
        let status = match (self.available, said.peek().is_some()) {
            (Some(false), _) => Status::Offline(Detail::Reported),
            (_, true) if !said.any(|online| online) => Status::Offline(Detail::Reported),
            (Some(true), _) | (_, true) => Status::Online,
            _ if self.entities.values().any(|e| e.properties.values().any(|s| s.live)) => Status::Online,
            _ => return,
        };
        if status != self.status {
            self.status = status.clone();
            tracing::debug!(device = %self.reference, %status, "status");
            publish_status(self.id, &Origin::Link(self.link.clone()), status, out);
        }
    }
}

fn publish_status(id: NodeId, origin: &Origin, status: Status, out: &mut impl Outlet) {
    let write = status_write(id, &status);
    out.publish(Draft::new(id, origin.clone(), Body::StatusChanged { status }), vec![write]);
}

/// Owner of the holds among the graph's states.
pub const CLAIMS_OWNER: &str = "claims";

fn hold_write(entity: NodeId, property: Property, source: &str, claim: Option<&Claim>) -> Write {
    let key = format!("{entity}/{}/{source}", property.name());
    let value = claim.and_then(|c| serde_json::to_vec(c).ok());
    Write::PutState { owner: CLAIMS_OWNER.into(), key: key.into(), value }
}
