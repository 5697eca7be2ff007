//! What a supervisor can be told, and how long whoever tells it waits.

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorRef};
use tokio::sync::oneshot;

use super::supervisor::Overseer;
use super::{Child, SupervisorSpec};
use crate::World;

/// A running supervisor. Clones speak to the same one.
#[derive(Clone)]
pub struct Supervisor {
    actor: ActorRef<Order>,
    path: Arc<str>,
}

pub(super) enum Order {
    Add(Child, oneshot::Sender<()>),
    /// As `Add`; the first sender is told what came of its start.
    Try(Child, oneshot::Sender<Result<(), String>>, oneshot::Sender<()>),
    /// Stops the child in order and forgets it.
    Remove(Arc<str>, oneshot::Sender<()>),
    Retry(Arc<str>, u64),
    Sweep,
    Stop(oneshot::Sender<()>),
}

/// Why nobody knows whether a supervisor did what it was told.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OrderError {
    /// It may do it yet.
    #[error("the supervisor of `{path}` did not {what} within {within:?}")]
    Late { path: String, what: String, within: Duration },
    #[error("the supervisor of `{path}` has ended: it cannot {what}")]
    Ended { path: String, what: String },
}

impl Supervisor {
    /// How long [`Supervisor::add`] and [`Supervisor::remove`] wait: a child that does not stop is killed after 5 s, and a
    /// few such may be before this one.
    pub const DEADLINE: Duration = Duration::from_secs(30);
    /// How long [`Supervisor::stop`] waits for all children together. The service manager waits for 90 s.
    pub const STOP_DEADLINE: Duration = Duration::from_secs(60);

    pub async fn start(world: World, spec: SupervisorSpec) -> Result<Self, String> {
        let path = spec.path.as_str().into();
        let (actor, _) = Actor::spawn(None, Overseer, (world, spec)).await.map_err(|e| e.to_string())?;
        Ok(Self { actor, path })
    }

    /// Adds a child and starts it. A child of the same key is stopped first.
    pub async fn add(&self, child: Child) -> Result<(), OrderError> {
        let what = format!("add `{}`", child.key);
        self.order(|done| Order::Add(child, done), what, Self::DEADLINE).await
    }

    /// As [`Supervisor::add`], and waits until the child has started. One that fails to start is not tried again: it is
    /// forgotten, and `Ok(Err)` says why it failed.
    pub async fn try_add(&self, child: Child) -> Result<Result<(), String>, OrderError> {
        let what = format!("start `{}`", child.key);
        let (started, outcome) = oneshot::channel();
        self.order(|done| Order::Try(child, started, done), what.clone(), Self::DEADLINE).await?;
        let path = self.path.to_string();
        match tokio::time::timeout(Self::DEADLINE, outcome).await {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(_)) => Err(OrderError::Ended { path, what }),
            Err(_) => Err(OrderError::Late { path, what, within: Self::DEADLINE }),
        }
    }

    /// As [`Supervisor::add`], for callers that must not wait.
    pub fn add_later(&self, child: Child) {
        let _ = self.actor.cast(Order::Add(child, oneshot::channel().0));
    }

    /// Stops a child in order and forgets it.
    pub async fn remove(&self, key: &str) -> Result<(), OrderError> {
        let what = format!("remove `{key}`");
        self.order(|done| Order::Remove(key.into(), done), what, Self::DEADLINE).await
    }

    pub fn remove_later(&self, key: &str) {
        let _ = self.actor.cast(Order::Remove(key.into(), oneshot::channel().0));
    }

    /// Stops all children in reverse order, then itself. If that takes too long, it and all that is left are killed.
    pub async fn stop(&self) -> Result<(), OrderError> {
        let stopped = self.order(Order::Stop, "stop".to_owned(), Self::STOP_DEADLINE).await;
        if let Err(OrderError::Late { .. }) = stopped {
            self.actor.get_cell().kill();
        }
        stopped
    }

    async fn order(
        &self,
        order: impl FnOnce(oneshot::Sender<()>) -> Order,
        what: String,
        within: Duration,
    ) -> Result<(), OrderError> {
        let (done, wait) = oneshot::channel();
        let path = self.path.to_string();
        if self.actor.cast(order(done)).is_err() {
            return Err(OrderError::Ended { path, what });
        }
        match tokio::time::timeout(within, wait).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(OrderError::Ended { path, what }),
            Err(_) => Err(OrderError::Late { path, what, within }),
        }
    }
}
