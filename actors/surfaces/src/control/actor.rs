//! The actor that listens. It does nothing else: connections are tasks of their own, and all of them end with it.

use std::sync::Arc;
use std::time::Duration;

use lares_kernel::{Behavior, Context, Fault, Message, World};
use tokio::net::UnixListener;
use tokio::task::{JoinHandle, JoinSet};

use super::connection::serve;
use super::{ControlSetup, socket};

/// More than anybody needs at once; the next one waits.
const CONNECTIONS: usize = 64;

/// What the accepting task tells its actor.
#[derive(Debug)]
pub enum Accepting {
    /// It cannot go on.
    Ended(String),
}

impl Message for Accepting {}

/// The control socket.
pub struct Control {
    setup: ControlSetup,
    accepting: Option<Task>,
}

/// A task that ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Control {
    pub fn new(setup: ControlSetup) -> Self {
        Self { setup, accepting: None }
    }
}

impl Behavior for Control {
    type Message = Accepting;

    async fn started(&mut self, context: &mut Context<Accepting>) -> Result<(), Fault> {
        let path = self.setup.data.join(socket::SOCKET);
        let (listener, owner) = socket::listen(&self.setup.data)
            .map_err(|e| Fault::new(format!("failed to listen on {}: {e}", path.display())))?;
        let (setup, world, me) = (Arc::new(self.setup.clone()), context.world.clone(), context.me.clone());
        let task = tokio::spawn(async move {
            let reason = accept(listener, owner, setup, world).await;
            me.tell(Accepting::Ended(reason));
        });
        self.accepting = Some(Task(task));
        Ok(())
    }

    async fn handle(&mut self, message: Accepting, _: &mut Context<Accepting>) -> Result<(), Fault> {
        let Accepting::Ended(reason) = message;
        Err(Fault::new(reason))
    }

    async fn stopping(&mut self, _: &mut Context<Accepting>) {
        self.accepting = None;
        // Left behind it would only make the next command wait for a refusal.
        let _ = std::fs::remove_file(self.setup.data.join(socket::SOCKET));
    }
}

async fn accept(listener: UnixListener, owner: u32, setup: Arc<ControlSetup>, world: World) -> String {
    let mut connections = JoinSet::new();
    let mut failures = 0;
    loop {
        while connections.try_join_next().is_some() {}
        if connections.len() >= CONNECTIONS {
            connections.join_next().await;
        }
        match listener.accept().await {
            Ok((stream, _)) if socket::is_owner(&stream, owner) => {
                failures = 0;
                connections.spawn(serve(stream, setup.clone(), world.clone()));
            }
            Ok((stream, _)) => {
                let uid = stream.peer_cred().map(|c| c.uid()).ok();
                tracing::warn!(?uid, "control socket: refused somebody who is not its owner");
            }
            Err(e) => {
                // Out of file handles, say: it passes, or the supervisor decides.
                failures += 1;
                if failures > 20 {
                    return format!("the control socket accepts nobody any more: {e}");
                }
                tracing::warn!(error = %e, "control socket: failed to accept");
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        }
    }
}
