//! What comes in: readings, and what somebody's hand on the thing itself means.

use bytes::Bytes;
use lares_devices::Observation;
use lares_model::{
    Body, Claim, Draft, EventId, Level, NodeId, Origin, Outcome, Property, Receipt, Status, Timestamp, Until,
    Value, Verdict,
};

use super::{DeviceState, HAND_HOLD, Outlet, REPORT_DEADLINE, hold_write, publish_status, words};
use crate::devices::WireMessage;
use crate::devices::claims::{HAND, Hold};
use crate::devices::entity::{Entity, tolerance};
use crate::safety::Told;

impl DeviceState {
    /// Bytes came in on one of its topics.
    pub fn heard(&mut self, message: &WireMessage, now: Timestamp, out: &mut impl Outlet) {
        if self.taken.knows(message) {
            tracing::info!(device = %self.reference, topic = %message.topic, "delivered again: it was taken already");
            return;
        }
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        if let Err(problem) = self.driver.on_message(&message.topic, &message.bytes, &mut seen) {
            out.problem(&problem.place, &problem.reason);
        }
        self.observed(seen.drain(..), message, now, out);
        self.seen = seen;
    }

    /// What a message told.
    pub fn observed(
        &mut self,
        observations: impl Iterator<Item = Observation>,
        message: &WireMessage,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        for observation in observations {
            match observation {
                Observation::Reading { entity, property, value } => {
                    if let (Property::LastReset, Some(told)) = (property, &value) {
                        self.meter_set_back(entity, told, message, now, out);
                    }
                    let no_picture = property == Property::State && value.is_none();
                    if no_picture && self.entities.get(&entity).is_some_and(Entity::shows_pictures) {
                        out.picture(entity, None, message.at);
                    }
                    self.reading(entity, property, value, message, now, out);
                }
                Observation::Picture { entity, picture } => out.picture(entity, Some(picture), message.at),
                Observation::Availability { entity: None, online } => self.available = Some(online),
                Observation::Availability { entity: Some(id), online } => {
                    if let Some(e) = self.entities.get_mut(&id) {
                        e.available = Some(online);
                    }
                }
            }
        }
        self.review_status(out);
    }

    /// A meter that begins again stood at nothing in between: what it counts afterwards is no use that is taken back, and not
    /// compared with what stood there.
    fn meter_set_back(
        &mut self,
        id: NodeId,
        told: &Value,
        message: &WireMessage,
        now: Timestamp,
        out: &mut impl Outlet,
    ) {
        let Some(entity) = self.entities.get(&id) else { return };
        let before = entity.properties.get(&Property::LastReset).and_then(|s| s.value.as_ref());
        if before.is_none_or(|before| before == told) {
            return;
        }
        let Some(stood) = entity.properties.get(&Property::State).and_then(|s| s.at) else { return };
        let (first, last) = (Timestamp(stood.0 + 1), Timestamp(message.at.0 - 1));
        if first > last {
            return;
        }
        let said = told.as_text().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let at = said.map_or(last, |at| Timestamp(at.as_microsecond())).clamp(first, last);
        let again =
            WireMessage { topic: "".into(), bytes: Bytes::new(), at, retained: message.retained, ack: None };
        self.reading(id, Property::State, Some(Value::Number(0.0)), &again, now, out);
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
        let wished = entity.properties.get(&property).and_then(|s| s.pending.as_ref());
        let both = wished.zip(value.as_ref());
        let on_its_way = both.is_some_and(|(wish, told)| entity.is_on_its_way(property, &wish.value, told));
        if let (Some(after), Property::State) = (entity.off_after, property) {
            entity.off_at = (value == Some(Value::Bool(true))).then(|| message.at.max(now) + after);
        }
        let slot = entity.properties.entry(property).or_default();
        let changed = slot.value != value || !slot.live;
        // The wire brings again what it saw no acknowledgement of: it tells nothing of what was asked since it came up.
        let again = message.ack.as_ref().is_some_and(|a| a.again());
        let discrete = value.as_ref().or(slot.value.as_ref()).is_none_or(Value::is_discrete);
        let origin = Origin::Link(link);
        let mut draft =
            Draft::new(id, origin.clone(), Body::Reading { property, value: value.clone() }).at(message.at);
        let confirmed = value.as_ref().and_then(|v| slot.confirms(v, tolerance(property), again));
        let led = value.as_ref().filter(|_| changed && !again).and_then(|v| entity.led_by(property, v, now));
        let slot = entity.properties.entry(property).or_default();
        let on_its_way = on_its_way && !again;
        let confirmed = confirmed.or_else(|| slot.pending.as_ref().filter(|_| on_its_way).map(|p| p.command));
        draft.causes.extend(confirmed.or(led));
        // What it says while it is told otherwise is on its way.
        let settled = slot.pending.is_none() || confirmed.is_some();
        let mut writes = match (&self.guard, &value) {
            (Some(guard), Some(value)) if settled => guard.observed(id, property, value, now),
            (Some(guard), Some(value)) => guard.passed(id, property, value),
            _ => Vec::new(),
        };
        let draft = if (discrete && changed) || !writes.is_empty() { draft } else { draft.to_series() };
        writes.extend(property.is_momentary().then(|| self.taken.take(self.id, message)).flatten());
        let event = out.publish(draft, writes);
        if let Some(guard) = &self.guard {
            let (at, kept) = (message.at, message.retained);
            let told = Told { value: value.as_ref(), at, event: Some(event), kept };
            guard.with(|safety| safety.heard_of(id, property, &told, now));
        }
        // Also what was known before a restart: who moved it meanwhile, or just now, was nobody here.
        let before = slot.value.clone();
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
        let near = tolerance(property);
        let answer = slot.answers(&value, near, now, REPORT_DEADLINE, again);
        match &slot.pending {
            Some(_) if confirmed.is_some() => {
                self.settle(id, property, Receipt::Confirmed, Some(event), now, out);
            }
            // On its way: what it reports meanwhile is not somebody's hand.
            Some(_) => {}
            None => {
                let changed = before.is_some_and(|b| !b.meets(&value, near)) && !message.retained;
                // Commands in quick succession are answered one by one: none of these answers is a hand.
                let by_hand = changed
                    && !answer
                    && !again
                    && entity.info.property(property).is_some_and(|p| p.writable)
                    && !entity.moves_itself(property)
                    && !entity.may_follow(property, now);
                if by_hand {
                    self.moved_by_hand(id, property, value, event, now, out);
                }
            }
        }
    }

    /// Somebody used the thing itself: a claim with a life of its own. A hold that goes before it is carried out again.
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
        let before = slot.holds.before(HAND, Level::PhysicalSwitch).map(|h| h.claim.clone());
        let outcome = match &before {
            Some(stands) => Outcome::Not(Receipt::Overridden(words(stands))),
            None => Outcome::AlreadySo { value },
        };
        let rivals = slot.holds.rivals(HAND);
        let hold = Hold { claim: claim.clone(), order: slot.holds.next_order() };
        let writes = match &before {
            Some(_) => Vec::new(),
            None => vec![hold_write(id, property, HAND, Some(&hold))],
        };
        let verdict = Verdict { property, claim, basis: None, rivals, outcome };
        let draft = Draft::new(id, origin, Body::Decision(Box::new(verdict))).caused_by([event]);
        let decision = out.publish(draft, writes);
        match before {
            Some(stands) => self.resume(id, property, stands, decision, now, out),
            None => slot.holds.put(hold),
        }
    }
}
