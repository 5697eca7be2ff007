//! The store's own thread: when to commit.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crate::{
    commit::{Shared, Step, lock},
    front::{ENOUGH, Ending},
};

/// How long to leave a store alone whose commit failed.
const RETRY: Duration = Duration::from_millis(250);

/// Commits until told to end.
pub(crate) fn run(shared: &Arc<Shared>, idle_window: Duration) -> Result<(), String> {
    let _end = End(shared);
    loop {
        match await_group(shared, idle_window) {
            Some(Ending::Orderly) => return shared.finish(),
            Some(Ending::Abandon) => return Ok(()),
            None => {}
        }
        if shared.commit_group() == Step::Failed {
            pause(shared);
        }
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
fn await_group(shared: &Shared, idle_window: Duration) -> Option<Ending> {
    let mut front = lock(&shared.front);
    loop {
        if front.ending.is_some() {
            return front.ending;
        }
        // What failed before is no longer queued, but still pending.
        let stuck = front.pending() > front.queued();
        if !front.waiters.is_empty() || front.queued() >= ENOUGH || stuck {
            return None;
        }
        if front.queued() == 0 {
            front = shared.wake.wait(front).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        let (back, waited) =
            shared.wake.wait_timeout(front, idle_window).unwrap_or_else(PoisonError::into_inner);
        front = back;
        if waited.timed_out() {
            return front.ending;
        }
    }
}

fn pause(shared: &Shared) {
    let front = lock(&shared.front);
    let ended = |front: &mut crate::front::Front| front.ending.is_none();
    drop(shared.wake.wait_timeout_while(front, RETRY, ended));
}
