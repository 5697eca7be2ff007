//! Work that blocks (files, long computations): away from the actors, or inline where time is virtual.

use std::future::Future;
use std::pin::Pin;

/// A piece of blocking work.
pub type Work = Box<dyn FnOnce() + Send>;

/// Runs blocking work.
pub trait Blocking: Send + Sync {
    /// Resolves when the work is done; false if it panicked.
    fn run(&self, work: Work) -> Pin<Box<dyn Future<Output = bool> + Send>>;
}

/// On tokio's blocking threads.
pub struct ThreadBlocking;

impl Blocking for ThreadBlocking {
    fn run(&self, work: Work) -> Pin<Box<dyn Future<Output = bool> + Send>> {
        #[allow(clippy::disallowed_methods, reason = "this is the port")]
        let running = tokio::task::spawn_blocking(work);
        Box::pin(async move { running.await.is_ok() })
    }
}

/// At once, on the caller's thread: virtual time stands still meanwhile.
pub struct InlineBlocking;

impl Blocking for InlineBlocking {
    fn run(&self, work: Work) -> Pin<Box<dyn Future<Output = bool> + Send>> {
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_ok();
        Box::pin(std::future::ready(done))
    }
}
