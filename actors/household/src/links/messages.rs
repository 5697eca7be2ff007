//! What a link is told, and the sink by which its gateway tells it.

use std::sync::Arc;

use lares_kernel::wire::{Delivery, Inbound, Outbound, Sink, WireState};
use lares_kernel::{Address, Load, Message};

use crate::devices::DeviceMessage;

/// The vocabulary of a link.
pub enum LinkMessage {
    /// From its gateway.
    Inbound(Inbound),
    Wire(WireState),
    Delivered(Delivery),
    /// From a device: bytes for the wire. What came of them is told to `from`.
    Send {
        message: Outbound,
        from: Address<DeviceMessage>,
    },
    /// The wire went down a moment ago: if this outage lasts, its devices cannot be reached.
    StillDown {
        outage: u64,
    },
    /// The configuration changed.
    Configured,
    /// Ask the wire again for all that it keeps.
    Renew,
    /// Large devices had a moment to announce all of themselves, from itself.
    Settled,
}

impl Message for LinkMessage {}

/// Who listens in on what comes from the wires: a recorder.
pub trait Tap: Send + Sync {
    /// Takes note of a message. Must not wait.
    fn take(&self, link: &str, message: &Inbound);
}

/// A gateway's view of its link.
pub struct LinkSink {
    link: Address<LinkMessage>,
    load: Arc<Load>,
}

impl LinkSink {
    pub fn new(link: Address<LinkMessage>, load: Arc<Load>) -> Self {
        Self { link, load }
    }
}

impl Sink for LinkSink {
    fn inbound(&self, message: Inbound) {
        self.link.tell(LinkMessage::Inbound(message));
    }

    fn pressed(&self) -> bool {
        self.load.is_high()
    }

    fn state(&self, state: WireState) {
        self.link.tell(LinkMessage::Wire(state));
    }

    fn delivered(&self, delivery: Delivery) {
        self.link.tell(LinkMessage::Delivered(delivery));
    }
}
