//! A seeded source of randomness: a failure names its seed.

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
pub struct Chance(u64);

impl Chance {
    /// The seed of the variable if there is one, else `seed`; printed, so that a failure can be had again.
    pub fn of(what: &str, seed: u64) -> Self {
        let seed = std::env::var("LARES_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(seed);
        eprintln!("{what}: LARES_SEED={seed}");
        Self(seed)
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next_u64() % n.max(1)
    }

    pub fn bytes(&mut self, most: u64) -> Vec<u8> {
        let len = self.below(most + 1);
        (0..len).map(|_| self.next_u64() as u8).collect()
    }
}
