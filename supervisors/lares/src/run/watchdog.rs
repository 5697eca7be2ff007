//! A watchdog outside the core's thread: a handler that spins stops the whole house, so the process must end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use lares_kernel::World;

/// How long the core may go without a beat.
const LIMIT: Duration = Duration::from_secs(30);
const BEAT: Duration = Duration::from_secs(1);

/// Ends when dropped.
pub struct Watchdog {
    ended: Arc<AtomicBool>,
    beat: tokio::task::JoinHandle<()>,
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        self.beat.abort();
    }
}

/// Watches the thread it is called on.
pub fn start(world: World) -> Watchdog {
    let (beats, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let (counted, told) = (beats.clone(), ended.clone());
    let beat = tokio::spawn(async move {
        loop {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(BEAT).await;
        }
    });
    let watch = move || {
        let (mut last, mut since) = (0, world.clock().elapsed());
        while !told.load(Ordering::Relaxed) {
            #[allow(clippy::disallowed_methods, reason = "this thread has nothing to do but wait")]
            std::thread::sleep(BEAT);
            let now = beats.load(Ordering::Relaxed);
            if now != last {
                (last, since) = (now, world.clock().elapsed());
            } else if world.clock().elapsed().saturating_sub(since) > LIMIT {
                tracing::error!(limit = ?LIMIT, "the core hangs; the process ends to be started again");
                world.journal().flush();
                std::process::abort();
            }
        }
    };
    // Without the thread the service manager's own watchdog is left.
    let _ = std::thread::Builder::new().name("lares-watchdog".to_owned()).spawn(watch);
    Watchdog { ended, beat }
}
