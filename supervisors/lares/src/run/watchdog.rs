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
    start_with(world, LIMIT)
}

fn start_with(world: World, limit: Duration) -> Watchdog {
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
            } else if world.clock().elapsed().saturating_sub(since) > limit {
                tracing::error!(?limit, "the core hangs; the process ends to be started again");
                world.journal().flush();
                std::process::abort();
            }
        }
    };
    // Without the thread the service manager's own watchdog is left.
    let _ = std::thread::Builder::new().name("lares-watchdog".to_owned()).spawn(watch);
    Watchdog { ended, beat }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Command;

    use lares_kernel::{Clock, InlineBlocking, MemoryJournal, Ports, SeededChance, SystemClock};

    const SPIN: &str = "LARES_TEST_SPIN";

    /// In a process of its own, since it must end it: a handler that spins keeps the core's one thread.
    fn spin() {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
        let (chance, journal) = (Arc::new(SeededChance::new(1)), Arc::new(MemoryJournal::new(clock.clone())));
        let ports = Ports { clock: clock.clone(), chance, blocking: Arc::new(InlineBlocking), journal };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let _watchdog = start_with(World::new(ports).0, Duration::from_secs(2));
            // While it takes its turns nothing happens to it, however long it runs.
            tokio::time::sleep(Duration::from_secs(5)).await;
            eprintln!("it spins");
            let began = clock.elapsed();
            while clock.elapsed().saturating_sub(began) < Duration::from_secs(60) {
                std::hint::spin_loop();
            }
        });
    }

    /// R03: a handler that spins ends the process.
    #[test]
    fn a_handler_that_spins_ends_the_process() {
        if std::env::var_os(SPIN).is_some() {
            return spin();
        }
        let clock = SystemClock::default();
        let me = std::env::current_exe().unwrap();
        let name = "run::watchdog::tests::a_handler_that_spins_ends_the_process";
        let done = Command::new(me).args(["--exact", name, "--nocapture"]).env(SPIN, "1").output().unwrap();
        let took = clock.elapsed();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(said.contains("it spins"), "it was not ended before: {said}");
        assert_eq!(done.status.signal(), Some(6), "{:?}: {said}", done.status);
        eprintln!(
            "R03: a limit of 2 s, the process ended {:?} after it began to spin",
            took - Duration::from_secs(5)
        );
    }
}
