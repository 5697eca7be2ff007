//! What a gateway hands to its link.

use std::sync::Arc;

use bytes::Bytes;
use lares_model::Timestamp;

/// A message from the wire. Bytes only: meaning is the driver's.
#[derive(Clone, Debug)]
pub struct Inbound {
    /// The address on the wire: an MQTT topic.
    pub address: Arc<str>,
    pub bytes: Bytes,
    /// When the gateway took it from the wire.
    pub at: Timestamp,
    /// The wire kept it for us: it tells how things are, not that they just changed.
    pub retained: bool,
    /// To be dropped when what the message caused has been published; see [`Ack`].
    pub ack: Option<Ack>,
}

/// Whether the wire is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WireState {
    Connecting,
    Up,
    /// Why, in words for a person: `connection refused`, `wrong user name or password`.
    Down(String),
}

/// The duty to acknowledge a message on the wire. It travels with the message; when its last clone is dropped, all
/// that the message caused has been published, and the gateway's `then` runs: it acknowledges once that is durable.
/// A handler that panics leaves its message unacknowledged, so that the wire delivers it again.
#[derive(Clone)]
pub struct Ack(Arc<Duty>);

struct Duty {
    packet: u16,
    again: bool,
    then: Option<Box<dyn FnOnce() + Send + Sync>>,
}

impl Ack {
    /// `packet` is what the wire calls the message until it is acknowledged (MQTT's packet identifier).
    pub fn new(packet: u16, again: bool, then: impl FnOnce() + Send + Sync + 'static) -> Self {
        Self(Arc::new(Duty { packet, again, then: Some(Box::new(then)) }))
    }

    pub fn packet(&self) -> u16 {
        self.0.packet
    }

    /// The wire delivers it again, because it saw no acknowledgement (MQTT's DUP flag).
    pub fn again(&self) -> bool {
        self.0.again
    }
}

impl Drop for Duty {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(then) = self.then.take() {
            then();
        }
    }
}

impl std::fmt::Debug for Ack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ack")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn an_ack_runs_once_when_its_last_clone_goes_and_not_in_a_panic() {
        let done = Arc::new(AtomicU32::new(0));
        let count = done.clone();
        let ack = Ack::new(1, false, move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let second = ack.clone();
        drop(ack);
        assert_eq!(done.load(Ordering::SeqCst), 0);
        drop(second);
        assert_eq!(done.load(Ordering::SeqCst), 1);

        let count = done.clone();
        let lost = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
            let _ack = Ack::new(2, false, move || {
                count.fetch_add(1, Ordering::SeqCst);
            });
            panic!("the handler fails");
        }));
        assert!(lost.is_err());
        assert_eq!(done.load(Ordering::SeqCst), 1, "a failed message stays unacknowledged");
    }
}
