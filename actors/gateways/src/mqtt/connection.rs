//! The sending side of one connection: what was handed to `rumqttc` and what of it is not yet certain.

use std::collections::VecDeque;

use lares_kernel::wire::{Delivery, Outbound, Qos};
use rumqttc::{AsyncClient, Publish, QoS, SubscribeFilter};

/// How many messages `rumqttc` may hold that are not written yet. Few, so that what waits for a slow broker waits in
/// our outbox, where it can expire.
pub const HANDED: usize = 128;

/// Room in `rumqttc`'s queue: the messages, and acknowledgements and subscriptions beside them.
pub const CHANNEL: usize = HANDED + 896;

/// Messages that cannot be kept and stay unacknowledged: fewer than a broker sends ahead (Mosquitto: 20, `max_inflight_messages`),
/// or it would send nothing more and the house would stand still over a full disk.
const HELD_BACK: usize = 8;

const FILTERS_A_PACKET: usize = 64;

/// One connection that is up.
pub struct Connection {
    /// Packet ids mean nothing on another connection: an acknowledgement names the one it is for.
    pub number: u64,
    client: AsyncClient,
    /// Handed over, not written: in the order in which they will be written.
    handed: VecDeque<Outbound>,
    /// Written, not acknowledged by the broker.
    unacknowledged: VecDeque<(u16, Outbound)>,
    to_acknowledge: VecDeque<u16>,
    /// Taken, but not kept so far.
    unkept: VecDeque<u16>,
    to_subscribe: VecDeque<(String, Qos)>,
}

impl Connection {
    pub fn new(number: u64, client: AsyncClient) -> Self {
        Self {
            number,
            client,
            handed: VecDeque::new(),
            unacknowledged: VecDeque::new(),
            to_acknowledge: VecDeque::new(),
            unkept: VecDeque::new(),
            to_subscribe: VecDeque::new(),
        }
    }

    /// Hands a message over, or gives it back when there is no room now.
    pub fn hand(&mut self, message: Outbound) -> Result<(), Outbound> {
        if self.handed.len() >= HANDED {
            return Err(message);
        }
        match self.client.try_publish(
            message.address.as_ref(),
            quality(message.qos),
            message.retain,
            message.bytes.to_vec(),
        ) {
            Ok(()) => {
                self.handed.push_back(message);
                Ok(())
            }
            Err(_) => Err(message),
        }
    }

    /// The next handed message was written under `packet` (0 without acknowledgement).
    pub fn written(&mut self, packet: u16) -> Option<Delivery> {
        let message = self.handed.pop_front()?;
        let sent = message.key.map(Delivery::Sent);
        if packet != 0 {
            self.unacknowledged.push_back((packet, message));
        }
        sent
    }

    /// Whether something was handed over that is not written yet.
    pub fn has_handed(&self) -> bool {
        !self.handed.is_empty()
    }

    /// The broker has `packet`.
    pub fn acknowledged(&mut self, packet: u16) {
        // Brokers acknowledge in order: it is the first but for odd ones.
        if let Some(place) = self.unacknowledged.iter().position(|(p, _)| *p == packet) {
            self.unacknowledged.remove(place);
        }
    }

    /// What came under `packet` is kept, and with it all that came before.
    pub fn acknowledge(&mut self, packet: u16) {
        self.to_acknowledge.extend(self.unkept.drain(..));
        self.to_acknowledge.push_back(packet);
        self.hand_rest();
    }

    /// What came under `packet` cannot be kept now. The last of such wait for better times; the one before them is
    /// acknowledged all the same, which is the answer: it is in memory only.
    pub fn cannot_keep(&mut self, packet: u16) -> bool {
        self.unkept.push_back(packet);
        if self.unkept.len() <= HELD_BACK {
            return false;
        }
        self.to_acknowledge.extend(self.unkept.pop_front());
        self.hand_rest();
        true
    }

    pub fn subscribe(&mut self, filters: impl IntoIterator<Item = (String, Qos)>) {
        self.to_subscribe.extend(filters);
        self.hand_rest();
    }

    /// Hands over acknowledgements and subscriptions as far as there is room.
    pub fn hand_rest(&mut self) {
        while let Some(packet) = self.to_acknowledge.front() {
            let mut received = Publish::from_bytes("", QoS::AtLeastOnce, bytes::Bytes::new());
            received.pkid = *packet;
            if self.client.try_ack(&received).is_err() {
                return;
            }
            self.to_acknowledge.pop_front();
        }
        while !self.to_subscribe.is_empty() {
            let some = self.to_subscribe.iter().take(FILTERS_A_PACKET);
            let filters: Vec<_> =
                some.map(|(filter, qos)| SubscribeFilter::new(filter.clone(), quality(*qos))).collect();
            let count = filters.len();
            if self.client.try_subscribe_many(filters).is_err() {
                return;
            }
            self.to_subscribe.drain(..count);
        }
    }

    /// Asks for an orderly end after all that was handed over; false when there is no room now.
    pub fn disconnect(&self) -> bool {
        self.client.try_disconnect().is_ok()
    }

    /// What the broker may not have, in order. Those already told as sent go without their key: their receipt is the
    /// device's own report now.
    pub fn into_unfinished(self) -> impl DoubleEndedIterator<Item = Outbound> {
        let unacknowledged =
            self.unacknowledged.into_iter().map(|(_, message)| Outbound { key: None, ..message });
        unacknowledged.chain(self.handed)
    }
}

fn quality(qos: Qos) -> QoS {
    match qos {
        Qos::AtMostOnce => QoS::AtMostOnce,
        Qos::AtLeastOnce => QoS::AtLeastOnce,
    }
}
