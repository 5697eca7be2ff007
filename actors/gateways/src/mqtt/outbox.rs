//! What waits to be sent. Pure: time comes in as an argument.

use std::collections::VecDeque;

use lares_kernel::wire::{Delivery, Outbound};
use lares_model::Timestamp;

/// A bounded queue in the order of sending. Commands (messages with a key) are never dropped silently.
pub struct Outbox {
    waiting: VecDeque<Outbound>,
    bound: usize,
}

/// What became of a message that was put in.
#[derive(Debug, PartialEq, Eq)]
pub enum Put {
    Kept,
    /// Telemetry was lost: the oldest that waited, or this one.
    Dropped,
    /// The queue is full of commands.
    Refused(Option<Delivery>),
}

impl Outbox {
    pub fn new(bound: usize) -> Self {
        Self { waiting: VecDeque::new(), bound: bound.max(1) }
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Puts a message last. When full, the oldest telemetry goes.
    pub fn put(&mut self, message: Outbound) -> Put {
        if self.waiting.len() < self.bound {
            self.waiting.push_back(message);
            return Put::Kept;
        }
        match (self.waiting.iter().position(|m| m.key.is_none()), message.key) {
            (Some(oldest), _) => {
                self.waiting.remove(oldest);
                self.waiting.push_back(message);
                Put::Dropped
            }
            (None, None) => Put::Dropped,
            (None, Some(key)) => {
                Put::Refused(Some(Delivery::Failed(key, "too many commands wait for the wire".into())))
            }
        }
    }

    /// Puts back, before all others and in their order, what a lost connection did not get through. They had their
    /// place already, so the bound may be passed by as many.
    pub fn put_back(&mut self, messages: impl DoubleEndedIterator<Item = Outbound>) {
        for message in messages.rev() {
            self.waiting.push_front(message);
        }
    }

    /// The next message that may still be sent; what has expired before it is told in `expired`.
    pub fn next(&mut self, now: Timestamp, expired: &mut Vec<Delivery>) -> Option<Outbound> {
        while let Some(message) = self.waiting.pop_front() {
            if !is_expired(&message, now) {
                return Some(message);
            }
            expired.extend(message.key.map(Delivery::Expired));
        }
        None
    }

    /// Takes out all that has expired.
    pub fn expire(&mut self, now: Timestamp) -> Vec<Delivery> {
        let mut expired = Vec::new();
        self.waiting.retain(|message| {
            let gone = is_expired(message, now);
            if gone {
                expired.extend(message.key.map(Delivery::Expired));
            }
            !gone
        });
        expired
    }

    /// When the next message expires.
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.waiting.iter().filter_map(|m| m.expires).min()
    }
}

/// It must not be sent *after* the instant; at it, it may.
fn is_expired(message: &Outbound, now: Timestamp) -> bool {
    message.expires.is_some_and(|at| now > at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_kernel::wire::Qos;
    use lares_model::EventId;

    fn message(name: &str, key: Option<u64>, expires: Option<i64>) -> Outbound {
        Outbound {
            address: name.into(),
            bytes: bytes::Bytes::new(),
            retain: false,
            qos: Qos::AtLeastOnce,
            expires: expires.map(Timestamp),
            key: key.map(|k| EventId::new(1, k)),
        }
    }

    fn names(outbox: &mut Outbox, now: i64) -> (Vec<String>, Vec<Delivery>) {
        let mut expired = Vec::new();
        let mut names = Vec::new();
        while let Some(m) = outbox.next(Timestamp(now), &mut expired) {
            names.push(m.address.to_string());
        }
        (names, expired)
    }

    #[test]
    fn when_full_the_oldest_telemetry_goes_first_and_then_commands_are_refused() {
        let mut outbox = Outbox::new(3);
        assert_eq!(outbox.put(message("command 1", Some(1), None)), Put::Kept);
        assert_eq!(outbox.put(message("telemetry 1", None, None)), Put::Kept);
        assert_eq!(outbox.put(message("telemetry 2", None, None)), Put::Kept);
        assert_eq!(outbox.put(message("command 2", Some(2), None)), Put::Dropped);
        assert_eq!(outbox.put(message("command 3", Some(3), None)), Put::Dropped);
        assert_eq!(outbox.put(message("telemetry 3", None, None)), Put::Dropped);
        let refused = outbox.put(message("command 4", Some(4), None));
        assert!(matches!(refused, Put::Refused(Some(Delivery::Failed(key, _))) if key == EventId::new(1, 4)));
        assert_eq!(names(&mut outbox, 0).0, ["command 1", "command 2", "command 3"]);
    }

    #[test]
    fn what_has_expired_is_told_and_not_sent() {
        let mut outbox = Outbox::new(9);
        outbox.put(message("heater on", Some(1), Some(10)));
        outbox.put(message("light off", Some(2), Some(20)));
        outbox.put(message("for ever", None, None));
        assert_eq!(outbox.next_expiry(), Some(Timestamp(10)));
        assert_eq!(outbox.expire(Timestamp(10)), [], "at the instant itself it may still go");
        assert_eq!(outbox.expire(Timestamp(11)), [Delivery::Expired(EventId::new(1, 1))]);
        let (names, expired) = names(&mut outbox, 21);
        assert_eq!(names, ["for ever"]);
        assert_eq!(expired, [Delivery::Expired(EventId::new(1, 2))]);
        assert_eq!(outbox.next_expiry(), None);
    }

    #[test]
    fn what_a_connection_did_not_get_through_goes_first_again() {
        let mut outbox = Outbox::new(2);
        outbox.put(message("3", None, None));
        outbox.put(message("4", None, None));
        outbox.put_back([message("1", None, None), message("2", None, None)].into_iter());
        assert_eq!(outbox.len(), 4);
        assert_eq!(names(&mut outbox, 0).0, ["1", "2", "3", "4"]);
        assert!(outbox.is_empty());
    }
}
