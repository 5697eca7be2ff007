//! Waiting for what must come, with deadlines that only a hang reaches.

use std::time::{Duration, Instant};

/// How long anything may take. Generous: a loaded machine is no failure.
pub const DEADLINE: Duration = Duration::from_secs(40);

pub fn wait_for(what: &str, there: impl FnMut() -> bool) {
    wait_up_to(DEADLINE, what, there);
}

/// For what may take longer by design.
pub fn wait_up_to(deadline: Duration, what: &str, mut there: impl FnMut() -> bool) {
    wait(deadline, what, || there().then_some(()));
}

/// Waits until there is something.
pub fn wait_some<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    wait(DEADLINE, what, look)
}

fn wait<T>(deadline: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The 99th percentile, and the middle.
pub fn p99(lengths: &[Duration]) -> (Duration, Duration) {
    let mut sorted = lengths.to_vec();
    sorted.sort();
    let at = |share: f64| {
        let n = (sorted.len() as f64 * share).ceil() as usize;
        sorted.get(n.saturating_sub(1)).copied().unwrap_or_default()
    };
    (at(0.99), at(0.5))
}
