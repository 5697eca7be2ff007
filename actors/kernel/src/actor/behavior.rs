//! What an actor does, apart from how it is run.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::AbortHandle;

use super::{Address, AskError, Reply};
use crate::World;

/// A message of an actor's vocabulary.
pub trait Message: Send + 'static {
    /// Whether this message makes `older` pointless: only ever true for telemetry.
    fn replaces(&self, older: &Self) -> bool {
        let _ = older;
        false
    }
}

/// Why an actor gave up. Expected trouble is a status, not a fault: a fault means "restart me".
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl Fault {
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// An actor's logic: thin, since decisions belong in a pure `state.rs`.
pub trait Behavior: Sized + Send + 'static {
    type Message: Message;

    /// Before the first message, also after a restart: restore state, subscribe, set timers.
    fn started(
        &mut self,
        context: &mut Context<Self::Message>,
    ) -> impl Future<Output = Result<(), Fault>> + Send {
        let _ = context;
        std::future::ready(Ok(()))
    }

    fn handle(
        &mut self,
        message: Self::Message,
        context: &mut Context<Self::Message>,
    ) -> impl Future<Output = Result<(), Fault>> + Send;

    /// On an orderly stop, after the last message.
    fn stopping(&mut self, context: &mut Context<Self::Message>) -> impl Future<Output = ()> + Send {
        let _ = context;
        std::future::ready(())
    }
}

/// What an actor is given besides its message.
pub struct Context<M: Message> {
    pub world: World,
    pub me: Address<M>,
    /// Rises by one with every restart.
    pub generation: u64,
}

impl<M: Message> Context<M> {
    pub fn key(&self) -> &Arc<str> {
        self.me.key()
    }

    /// Asks somebody and goes on: what came of it comes as a message, to this life of the actor only.
    pub fn ask<Q: Message, T: Send + 'static>(
        &self,
        of: &Address<Q>,
        question: impl FnOnce(Reply<T>) -> Q + Send + 'static,
        deadline: Duration,
        then: impl FnOnce(Result<T, AskError>) -> M + Send + 'static,
    ) {
        let (of, me, generation) = (of.clone(), self.me.clone(), self.generation);
        tokio::spawn(async move {
            let answer = of.ask(question, deadline).await;
            if me.generation() == generation {
                me.tell(then(answer));
            }
        });
    }

    /// Asks somebody for the sake of somebody else, who waits: what came of it is told them by `then`, whatever becomes of this actor.
    pub fn ask_for<Q: Message, T: Send + 'static>(
        &self,
        of: &Address<Q>,
        question: impl FnOnce(Reply<T>) -> Q + Send + 'static,
        deadline: Duration,
        then: impl FnOnce(Result<T, AskError>) + Send + 'static,
    ) {
        let of = of.clone();
        tokio::spawn(async move { then(of.ask(question, deadline).await) });
    }

    /// Sends `message` to this actor later, unless it was restarted meanwhile. Only for what may be forgotten
    /// (debounce, deadlines): what must survive a restart is a durable timer. A moment that moves is an [`super::Alarm`].
    pub fn after(&self, delay: Duration, message: M) -> AbortHandle {
        let (me, generation) = (self.me.clone(), self.generation);
        let sleeper = tokio::spawn(async move {
            tokio::time::sleep(delay).await;
            if me.generation() == generation {
                me.tell(message);
            }
        });
        sleeper.abort_handle()
    }
}
