//! Work that blocks, away from the threads that serve and decide. Whoever waits for it says for how long.

use std::time::Duration;

use lares_kernel::World;
use tokio::sync::oneshot;

/// A few files are read and written; the disk of a small machine may take its time.
const DEADLINE: Duration = Duration::from_secs(60);

/// # Errors
/// In words: it failed, or it goes on and nobody waits for it any more.
pub(crate) async fn away<T: Send + 'static>(
    world: &World,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    let (sender, receiver) = oneshot::channel();
    let done = async {
        world.blocking().run(Box::new(move || drop(sender.send(work())))).await;
        receiver.await
    };
    match tokio::time::timeout(DEADLINE, done).await {
        Ok(done) => done.map_err(|_| "it failed; the log says why".to_owned()),
        Err(_) => Err(format!("it goes on, and was not done within {} s", DEADLINE.as_secs())),
    }
}
