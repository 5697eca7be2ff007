//! The one moment at which an actor means to look next.

use std::time::Duration;

use lares_model::Timestamp;
use tokio::task::AbortHandle;

use super::{Context, Message};

/// The soonest moment that was asked for. A message that waits for a later one is taken back: each look plans the next, so that two of
/// them would go on for as long as the actor lives, and every sooner moment would add one.
#[derive(Debug, Default)]
pub struct Alarm(Option<(Timestamp, AbortHandle)>);

impl Alarm {
    /// Sends `message` at `due`, which is `delay` away, unless one is to come no later.
    pub fn set<M: Message>(&mut self, due: Timestamp, delay: Duration, message: M, context: &Context<M>) {
        if self.0.as_ref().is_none_or(|(planned, _)| due < *planned) {
            self.clear();
            self.0 = Some((due, context.after(delay, message)));
        }
    }

    /// Its message came, or is not waited for any more.
    pub fn clear(&mut self) {
        if let Some((_, sleeper)) = self.0.take() {
            sleeper.abort();
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.clear();
    }
}
