//! Ids: small numbers that are kept for life.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An event: 16 bits of boot epoch (durable, one more per start) and a 48-bit counter. The order of ids is the
/// order on the bus and in the journal. Printed as `e3-1042`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct EventId(pub u64);

impl EventId {
    pub const COUNTER_BITS: u32 = 48;

    pub fn new(epoch: u16, counter: u64) -> Self {
        debug_assert!(counter < 1 << Self::COUNTER_BITS);
        Self((u64::from(epoch) << Self::COUNTER_BITS) | counter)
    }

    pub fn epoch(self) -> u16 {
        (self.0 >> Self::COUNTER_BITS) as u16
    }

    pub fn counter(self) -> u64 {
        self.0 & ((1 << Self::COUNTER_BITS) - 1)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "e{}-{}", self.epoch(), self.counter())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text was not an event id such as `e3-1042`.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an event id; one looks like `e3-1042`")]
pub struct NotAnEventId(String);

impl FromStr for EventId {
    type Err = NotAnEventId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAnEventId(text.to_owned());
        let (epoch, counter) = text.strip_prefix('e').and_then(|t| t.split_once('-')).ok_or_else(wrong)?;
        let (epoch, counter) = (epoch.parse::<u16>(), counter.parse::<u64>());
        match (epoch, counter) {
            (Ok(e), Ok(c)) if c < 1 << Self::COUNTER_BITS => Ok(Self::new(e, c)),
            _ => Err(wrong()),
        }
    }
}

/// A node of the life graph. Derived from what the thing *is* (its kind and stable key), so that it is the same
/// after a restart, on another machine and in a replay, and needs no question to the store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct NodeId(pub u64);

impl NodeId {
    /// 64-bit FNV-1a over `kind`, a zero byte and `key`, finished with SplitMix64's mixer. With a million nodes a
    /// collision has a chance of about 3e-8; the store refuses one when it meets it.
    pub fn derive(kind: &str, key: &str) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in kind.bytes().chain([0]).chain(key.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(hash ^ (hash >> 31))
    }

    /// A device, by its key (`<link>/<first identifier>`).
    pub fn device(key: &str) -> Self {
        Self::derive("device", key)
    }

    /// An entity, by its key (`<link>/<unique id>`).
    pub fn entity(key: &str) -> Self {
        Self::derive("entity", key)
    }

    pub fn room(key: &str) -> Self {
        Self::derive("room", key)
    }

    pub fn person(key: &str) -> Self {
        Self::derive("person", key)
    }

    pub fn rule(key: &str) -> Self {
        Self::derive("rule", key)
    }

    /// The household itself: the subject of what concerns no single thing.
    pub fn household() -> Self {
        Self::derive("household", "")
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Ids are already well mixed or small: hash them by one multiplication, the same on every machine.
#[derive(Default, Clone, Copy)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u16(&mut self, n: u16) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

/// A map keyed by ids, for look-up only: iterate a sorted collection where order can reach an effect.
pub type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_order_by_epoch_then_counter_and_survive_their_text() {
        let (a, b) = (EventId::new(1, 99), EventId::new(2, 0));
        assert!(a < b);
        assert_eq!(a.to_string().parse::<EventId>().unwrap(), a);
        for bad in ["", "e", "e1", "1-2", "e1-", "e70000-1", "e1-999999999999999999"] {
            assert!(bad.parse::<EventId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn node_ids_are_frozen() {
        // Stored data and recordings name these: a change here would orphan every graph.
        assert_eq!(NodeId::derive("device", "mqtt/0x1").to_string(), NodeId::device("mqtt/0x1").to_string());
        assert_ne!(NodeId::device("a"), NodeId::entity("a"));
        assert_eq!(NodeId::household().to_string(), "06295e80f5a11fa8");
    }
}
