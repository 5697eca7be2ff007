//! What happened once must not happen again because the wire delivers its message again.
//!
//! A broker repeats a QoS 1 message that it saw no acknowledgement of, under the same packet identifier and marked as
//! repeated (MQTT 3.1.1, 4.4). A reading that comes twice does no harm; a press of a button does. So the last such
//! messages are kept with their events, and one that matches is acknowledged and ignored, also after a restart.

use std::sync::Arc;

use lares_model::{NodeId, Write};

use super::WireMessage;

/// Owner of the marks among the graph's states.
pub const TAKEN_OWNER: &str = "taken";
/// How many are kept for a device. Brokers have 20 to 100 messages of a client under way at once, of all its devices.
const KEPT: usize = 64;

/// Marks of the last messages of a device in which something happened, in a ring.
#[derive(Default)]
pub struct Taken {
    marks: Vec<u64>,
    next: usize,
}

impl Taken {
    /// A mark that was kept at `place`.
    pub fn restore(&mut self, place: usize, mark: u64) {
        if place < KEPT {
            self.marks.resize(self.marks.len().max(place + 1), 0);
            self.marks.splice(place..=place, [mark]);
            // Where the ring went on is not kept: after the last place is as good as any.
            self.next = self.marks.len() % KEPT;
        }
    }

    /// Whether the wire brings again what was taken.
    pub fn knows(&self, message: &WireMessage) -> bool {
        let again = message.ack.as_ref().is_some_and(|a| a.again());
        again && mark(message).is_some_and(|m| self.marks.contains(&m))
    }

    /// Takes note; the write that keeps it, for the commit of the event.
    pub fn take(&mut self, device: NodeId, message: &WireMessage) -> Option<Write> {
        let mark = mark(message)?;
        if self.marks.contains(&mark) {
            return None;
        }
        let place = self.next;
        self.restore(place, mark);
        self.next = (place + 1) % KEPT;
        let key: Arc<str> = format!("{device}/{place}").into();
        let value = Some(mark.to_be_bytes().to_vec());
        Some(Write::PutState { owner: TAKEN_OWNER.into(), key, value })
    }
}

/// Packet identifier, and a checksum of topic and payload. Never 0, which is an empty place.
fn mark(message: &WireMessage) -> Option<u64> {
    let packet = message.ack.as_ref()?.packet();
    let mut sum = crc32fast::Hasher::new();
    sum.update(message.topic.as_bytes());
    sum.update(&[0]);
    sum.update(&message.bytes);
    Some(1 << 48 | u64::from(packet) << 32 | u64::from(sum.finalize()))
}
