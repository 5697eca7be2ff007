//! What one client is owed. Pure: changes to what is kept are returned, bytes are appended.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use bytes::BytesMut;
use lares_model::Timestamp;

use super::codec::{Delivery, Version, Writer};
use super::message::Message;
use super::stored::{self, Change, StoredDelivery, StoredMessage, StoredSession, StoredSubscription};

/// Messages that may wait for a client's acknowledgement, if it takes as many.
pub const WINDOW: u16 = 1024;

/// How far the numbers in flight may lie apart, so that each has a packet id of its own.
const ID_SPAN: u64 = 65_535;

pub struct Session {
    pub client: Arc<str>,
    pub user: Option<Arc<str>>,
    /// Seconds it outlives its connection; 0 is not at all.
    pub expiry: u32,
    pub subscriptions: BTreeMap<Arc<str>, StoredSubscription>,
    pub away_since: Option<Timestamp>,
    waiting: VecDeque<Waiting>,
    in_flight: BTreeMap<u64, InFlight>,
    bytes: usize,
    next: u64,
    sent_below: u64,
    /// QoS 2 messages the client sent and did not release yet.
    received: BTreeSet<u16>,
    full: bool,
}

/// A message on its way to the client.
pub struct Waiting {
    /// With QoS 1 and 2: its place in the order, which gives the packet id.
    number: u64,
    pub message: Arc<Message>,
    pub qos: u8,
    pub retain: bool,
    pub subscription_ids: Vec<u32>,
    dup: bool,
}

enum InFlight {
    Sent(Waiting),
    Released,
}

/// What a connected client takes.
#[derive(Clone, Copy)]
pub struct Limits {
    pub version: Version,
    pub window: u16,
    pub max_packet: u32,
}

/// How much may wait for a client.
#[derive(Clone, Copy)]
pub struct Bounds {
    pub messages: usize,
    pub bytes: usize,
}

/// The packet id is a function of the number, so that it is the same after a restart without being stored.
fn packet_id(number: u64) -> u16 {
    (number % ID_SPAN) as u16 + 1
}

impl Session {
    pub fn new(client: Arc<str>, user: Option<Arc<str>>, expiry: u32) -> Self {
        Self {
            client,
            user,
            expiry,
            subscriptions: BTreeMap::new(),
            away_since: None,
            waiting: VecDeque::new(),
            in_flight: BTreeMap::new(),
            bytes: 0,
            next: 0,
            sent_below: 0,
            received: BTreeSet::new(),
            full: false,
        }
    }

    fn is_kept(&self) -> bool {
        self.expiry > 0
    }

    /// Queues a message.
    pub fn put(
        &mut self,
        message: Arc<Message>,
        qos: u8,
        retain: bool,
        subscription_ids: Vec<u32>,
        bounds: Bounds,
        changes: &mut Vec<Change>,
    ) {
        if qos == 0 && self.away_since.is_some() {
            return;
        }
        if self.waiting.len() >= bounds.messages || self.bytes + message.size() > bounds.bytes {
            if !self.full {
                tracing::warn!(client = %self.client, "too much waits for this client: messages are lost for it");
            }
            self.full = true;
            return;
        }
        self.full = false;
        let number = if qos > 0 { self.next } else { 0 };
        if qos > 0 {
            self.next += 1;
            if self.is_kept() {
                let stored = StoredDelivery::Waiting {
                    message: StoredMessage::of(&message),
                    qos,
                    retain,
                    subscription_ids: subscription_ids.clone(),
                };
                changes.push((stored::delivery_key(&self.client, number), stored::encode(&stored)));
            }
        }
        self.bytes += message.size();
        self.waiting.push_back(Waiting { number, message, qos, retain, subscription_ids, dup: false });
    }

    /// Writes what may be sent now, until `out` holds `enough` bytes.
    pub fn fill(
        &mut self,
        out: &mut BytesMut,
        enough: usize,
        limits: Limits,
        now: Timestamp,
        changes: &mut Vec<Change>,
    ) {
        let mut writer = Writer { out, version: limits.version };
        while writer.out.len() < enough {
            let Some(next) = self.waiting.front() else { return };
            if next.qos > 0 && !self.has_room(next.number, limits.window) {
                return;
            }
            let Some(next) = self.waiting.pop_front() else { return };
            if next.message.is_expired(now) || next.message.longest_packet() > limits.max_packet as usize {
                self.bytes -= next.message.size();
                self.forget(&next, changes);
                continue;
            }
            writer.publish(&Delivery {
                topic: &next.message.topic,
                payload: &next.message.payload,
                qos: next.qos,
                retain: next.retain,
                dup: next.dup,
                id: if next.qos > 0 { packet_id(next.number) } else { 0 },
                expiry: next.message.seconds_left(now),
                subscription_ids: &next.subscription_ids,
                properties: &next.message.properties,
            });
            if next.qos > 0 {
                self.sent_below = self.sent_below.max(next.number + 1);
                self.in_flight.insert(next.number, InFlight::Sent(next));
            } else {
                self.bytes -= next.message.size();
            }
        }
    }

    fn has_room(&self, number: u64, window: u16) -> bool {
        let first = self.in_flight.first_key_value().map_or(number, |(first, _)| *first);
        self.in_flight.len() < usize::from(window) && number.saturating_sub(first) < ID_SPAN
    }

    fn number_of(&self, packet: u16) -> Option<u64> {
        let first = *self.in_flight.first_key_value()?.0;
        let place = u64::from(packet.checked_sub(1)?);
        let number = first + (place + ID_SPAN - first % ID_SPAN) % ID_SPAN;
        self.in_flight.contains_key(&number).then_some(number)
    }

    fn forget(&self, waiting: &Waiting, changes: &mut Vec<Change>) {
        if waiting.qos > 0 && self.is_kept() {
            changes.push((stored::delivery_key(&self.client, waiting.number), None));
        }
    }

    /// The client has it (QoS 1), or has released it (QoS 2), or does not want it.
    pub fn done(&mut self, packet: u16, changes: &mut Vec<Change>) {
        let Some(number) = self.number_of(packet) else { return };
        if let Some(InFlight::Sent(waiting)) = self.in_flight.remove(&number) {
            self.bytes -= waiting.message.size();
        }
        if self.is_kept() {
            changes.push((stored::delivery_key(&self.client, number), None));
        }
    }

    /// A client acknowledges with the packet its message's quality asks for; another one is ignored.
    pub fn acknowledged(&mut self, packet: u16, changes: &mut Vec<Change>) {
        let number = self.number_of(packet);
        let sent = number.and_then(|number| self.in_flight.get(&number));
        if matches!(sent, Some(InFlight::Sent(waiting)) if waiting.qos == 1) {
            self.done(packet, changes);
        }
    }

    /// The client has a QoS 2 message and must not get it again. False if it is not known.
    pub fn received_by_client(&mut self, packet: u16, changes: &mut Vec<Change>) -> bool {
        let Some(number) = self.number_of(packet) else { return false };
        if let Some(InFlight::Sent(waiting)) = self.in_flight.insert(number, InFlight::Released) {
            self.bytes -= waiting.message.size();
            if self.is_kept() {
                let released = stored::encode(&StoredDelivery::Released);
                changes.push((stored::delivery_key(&self.client, number), released));
            }
        }
        true
    }

    /// A QoS 2 message from the client. False if it was there already.
    pub fn receive(&mut self, packet: u16, changes: &mut Vec<Change>) -> bool {
        let new = self.received.insert(packet);
        if new && self.is_kept() {
            changes.push((stored::received_key(&self.client, packet), Some(vec![1])));
        }
        new
    }

    pub fn release(&mut self, packet: u16, changes: &mut Vec<Change>) -> bool {
        let known = self.received.remove(&packet);
        if known && self.is_kept() {
            changes.push((stored::received_key(&self.client, packet), None));
        }
        known
    }

    /// The client is back: what it did not acknowledge goes first again; what is released is released again.
    pub fn resume(&mut self, out: &mut BytesMut, version: Version) {
        let mut writer = Writer { out, version };
        let mut again = VecDeque::new();
        let mut released = BTreeMap::new();
        for (number, state) in std::mem::take(&mut self.in_flight) {
            match state {
                InFlight::Sent(waiting) => again.push_back(Waiting { dup: true, ..waiting }),
                InFlight::Released => {
                    writer.pubrel(packet_id(number));
                    released.insert(number, InFlight::Released);
                }
            }
        }
        self.in_flight = released;
        again.append(&mut self.waiting);
        self.waiting = again;
        self.away_since = None;
    }

    /// Drops what `keep` refuses of what waits.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool, changes: &mut Vec<Change>) {
        let (kept, gone) =
            std::mem::take(&mut self.waiting).into_iter().partition(|w| keep(&w.message.topic));
        self.waiting = kept;
        let gone: VecDeque<Waiting> = gone;
        for waiting in gone {
            self.bytes -= waiting.message.size();
            self.forget(&waiting, changes);
        }
    }

    /// The client is gone: what is not kept for it is forgotten.
    pub fn leave(&mut self, now: Timestamp) {
        self.away_since = Some(now);
        let bytes = &mut self.bytes;
        self.waiting.retain(|waiting| {
            if waiting.qos == 0 {
                *bytes -= waiting.message.size();
            }
            waiting.qos > 0
        });
    }

    /// Changes that keep the session itself.
    pub fn keep(&self, changes: &mut Vec<Change>) {
        if !self.is_kept() {
            return;
        }
        let session = StoredSession {
            client: self.client.to_string(),
            user: self.user.as_deref().map(str::to_owned),
            expiry: self.expiry,
            subscriptions: self.subscriptions.values().cloned().collect(),
            away_since: self.away_since,
            sent_below: self.sent_below,
        };
        changes.push((stored::session_key(&self.client), stored::encode(&session)));
    }

    /// Changes that forget all of it.
    pub fn remove(&self, changes: &mut Vec<Change>) {
        changes.push((stored::session_key(&self.client), None));
        if !self.is_kept() {
            return;
        }
        let waiting = self.waiting.iter().filter(|w| w.qos > 0).map(|w| w.number);
        for number in waiting.chain(self.in_flight.keys().copied()) {
            changes.push((stored::delivery_key(&self.client, number), None));
        }
        for packet in &self.received {
            changes.push((stored::received_key(&self.client, *packet), None));
        }
    }

    /// As it was kept.
    pub fn restore(kept: StoredSession, now: Timestamp) -> Self {
        let StoredSession { client, user, expiry, subscriptions, away_since, sent_below } = kept;
        let mut session = Self::new(client.into(), user.map(Into::into), expiry);
        // Of a client that was connected when we died, anything within the window may have been sent.
        session.sent_below = if away_since.is_some() { sent_below } else { u64::MAX };
        session.away_since = Some(away_since.unwrap_or(now));
        let by_filter = subscriptions.into_iter().map(|s| (s.filter.as_str().into(), s));
        session.subscriptions = by_filter.collect();
        session
    }

    pub fn restore_received(&mut self, packet: u16) {
        self.received.insert(packet);
    }

    /// Called in the order of numbers.
    pub fn restore_delivery(&mut self, number: u64, kept: StoredDelivery) {
        self.next = number + 1;
        match kept {
            StoredDelivery::Released => {
                self.in_flight.insert(number, InFlight::Released);
            }
            StoredDelivery::Waiting { message, qos, retain, subscription_ids } => {
                let dup = number < self.sent_below && self.waiting.len() < usize::from(WINDOW);
                let message = message.restore();
                self.bytes += message.size();
                self.waiting.push_back(Waiting { number, message, qos, retain, subscription_ids, dup });
            }
        }
    }

    /// All that was kept is there.
    pub fn restored(&mut self) {
        self.sent_below = self.sent_below.min(self.next);
    }

    pub fn waiting(&self) -> usize {
        self.waiting.len() + self.in_flight.len()
    }
}
