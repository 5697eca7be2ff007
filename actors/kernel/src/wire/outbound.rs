//! What a link hands to its gateway.

use std::sync::Arc;

use bytes::Bytes;
use lares_model::{EventId, Timestamp};

/// Bytes to send.
#[derive(Clone, Debug)]
pub struct Outbound {
    pub address: Arc<str>,
    pub bytes: Bytes,
    /// The wire shall keep it for those who come later.
    pub retain: bool,
    pub qos: Qos,
    /// After this instant it must not be sent any more: it is reported as expired.
    pub expires: Option<Timestamp>,
    /// The command it carries out: what came of it is reported under this key.
    pub key: Option<EventId>,
}

/// MQTT's quality of service.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Qos {
    AtMostOnce,
    AtLeastOnce,
}

/// What came of an [`Outbound`] with a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// Handed to the wire.
    Sent(EventId),
    /// It waited longer than it was worth.
    Expired(EventId),
    Failed(EventId, String),
}

/// A gateway as its link sees it. Calls never wait: a gateway that cannot send keeps a bounded queue and reports.
pub trait Gateway: Send + Sync {
    /// Sends, or keeps until the wire is up or the message expires. When its queue is full the oldest telemetry
    /// goes first; a command that cannot be kept is reported as failed.
    fn send(&self, message: Outbound);

    /// Adds subscriptions; they are renewed whenever the wire comes back.
    fn subscribe(&self, filters: Vec<(String, Qos)>);
}

/// Where a gateway puts what comes in: its link, through the link's mailbox.
pub trait Sink: Send + Sync {
    /// Takes a message. Never drops one; see [`Sink::pressed`].
    fn inbound(&self, message: super::Inbound);

    /// The mailbox behind is above its high-water mark: the gateway stops reading its wire until it is not. This is
    /// the only place in the house that blocks.
    fn pressed(&self) -> bool;

    fn state(&self, state: super::WireState);

    fn delivered(&self, delivery: Delivery);
}
