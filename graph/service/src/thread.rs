//! The store's own thread: when to commit.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crate::{
    commit::{Shared, Step, lock},
    front::{ENOUGH, Ending},
};

/// How long to leave a store alone whose commit failed.
const RETRY: Duration = Duration::from_millis(250);

/// How often to look whether the series want something, and how soon to go on with it.
const LOOK: Duration = Duration::from_secs(60);
const SOON: Duration = Duration::from_millis(50);

/// What is due.
enum Due {
    Group,
    /// Nothing has come for a while.
    Idle,
    End(Ending),
}

/// Commits until told to end.
pub(crate) fn run(shared: &Arc<Shared>, idle_window: Duration) -> Result<(), String> {
    let _end = End(shared);
    let (mut look, mut looked) = (SOON, shared.clock.elapsed());
    loop {
        match await_group(shared, idle_window, look) {
            Due::End(Ending::Orderly) => return shared.finish(),
            Due::End(Ending::Abandon) => return Ok(()),
            Due::Idle => {}
            Due::Group => match shared.commit_group() {
                Step::Failed => pause(shared),
                _ if shared.clock.elapsed().saturating_sub(looked) < look => continue,
                _ => {}
            },
        }
        looked = shared.clock.elapsed();
        look = if shared.look_after() { SOON } else { LOOK };
    }
}

/// Runs when the thread ends, also by a panic.
struct End<'a>(&'a Shared);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.ended();
    }
}

/// Returns when a group is worth committing: at once if somebody waits or there is enough, else when the window ends.
fn await_group(shared: &Shared, idle_window: Duration, look: Duration) -> Due {
    let mut front = lock(&shared.front);
    loop {
        if let Some(ending) = front.ending {
            return Due::End(ending);
        }
        // What failed before is no longer queued, but still pending.
        let stuck = front.pending() > front.queued();
        if !front.waiters.is_empty() || front.queued() >= ENOUGH || stuck {
            return Due::Group;
        }
        if front.queued() == 0 {
            let (back, waited) =
                shared.wake.wait_timeout(front, look).unwrap_or_else(PoisonError::into_inner);
            front = back;
            if waited.timed_out() && front.queued() == 0 && front.ending.is_none() {
                return Due::Idle;
            }
            continue;
        }
        let (back, waited) =
            shared.wake.wait_timeout(front, idle_window).unwrap_or_else(PoisonError::into_inner);
        front = back;
        if waited.timed_out() {
            return front.ending.map_or(Due::Group, Due::End);
        }
    }
}

fn pause(shared: &Shared) {
    let front = lock(&shared.front);
    let ended = |front: &mut crate::front::Front| front.ending.is_none();
    drop(shared.wake.wait_timeout_while(front, RETRY, ended));
}
