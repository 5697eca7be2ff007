//! How often a child may fail, and what follows.

use std::time::Duration;

/// OTP's words for who restarts with whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strategy {
    /// Only the failed child.
    OneForOne,
    /// The failed child and those started after it.
    RestForOne,
}

/// Restart limits of a child.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limits {
    /// More restarts than this within `period` and the child is quarantined.
    pub intensity: u32,
    pub period: Duration,
    /// Wait before the second restart in a row (the first is at once); doubles up to `longest`.
    pub backoff: Duration,
    pub longest: Duration,
    /// A quarantined child is tried again after this, doubling up to twelve times it.
    pub retry: Duration,
    /// Exhaustion ends the process instead of a quarantine.
    pub essential: bool,
}

impl Limits {
    /// A leaf of the house: five restarts in a minute, then quarantine with a try every five minutes and slower.
    pub const LEAF: Self = Self {
        intensity: 5,
        period: Duration::from_secs(60),
        backoff: Duration::from_millis(100),
        longest: Duration::from_secs(10),
        retry: Duration::from_secs(300),
        essential: false,
    };

    /// A part of the core: without it nothing can be promised.
    pub const CORE: Self = Self { essential: true, ..Self::LEAF };

    /// Wait before restart number `n` in a row (from 0).
    pub fn wait(&self, n: u32) -> Duration {
        match n {
            0 => Duration::ZERO,
            n => self.backoff.saturating_mul(1 << (n - 1).min(16)).min(self.longest),
        }
    }

    /// Wait before try number `n` (from 0) out of quarantine.
    pub fn wait_in_quarantine(&self, n: u32) -> Duration {
        self.retry.saturating_mul((1 << n.min(4)).min(12))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_their_limit() {
        let l = Limits::LEAF;
        assert_eq!(l.wait(0), Duration::ZERO);
        assert_eq!(l.wait(1), Duration::from_millis(100));
        assert_eq!(l.wait(2), Duration::from_millis(200));
        assert_eq!(l.wait(60), l.longest);
        assert_eq!(l.wait_in_quarantine(0), l.retry);
        assert_eq!(l.wait_in_quarantine(40), l.retry * 12);
    }
}
