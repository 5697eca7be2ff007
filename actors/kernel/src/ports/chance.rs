//! Chance: jitter and tokens.

use std::sync::atomic::{AtomicU64, Ordering};

/// A source of random numbers.
pub trait Chance: Send + Sync {
    fn next_u64(&self) -> u64;

    /// A number below `limit` (0 if `limit` is 0).
    fn below(&self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.next_u64() % limit }
    }
}

/// SplitMix64 from a seed: the same numbers on every machine.
pub struct SeededChance(AtomicU64);

impl SeededChance {
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Chance for SeededChance {
    fn next_u64(&self) -> u64 {
        let mut z =
            self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Seeded once from the operating system. For jitter; secrets are drawn elsewhere.
pub struct SystemChance(SeededChance);

impl Default for SystemChance {
    fn default() -> Self {
        use std::hash::{BuildHasher, Hasher};
        #[allow(
            clippy::disallowed_types,
            reason = "this is the port: its keys come from the operating system"
        )]
        let seed = std::collections::hash_map::RandomState::new().build_hasher().finish();
        Self(SeededChance::new(seed))
    }
}

impl Chance for SystemChance {
    fn next_u64(&self) -> u64 {
        self.0.next_u64()
    }
}
