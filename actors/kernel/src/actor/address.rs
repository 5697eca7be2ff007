//! Addresses: where to send, whoever runs behind them at the moment.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ractor::ActorRef;
use tokio::sync::oneshot;

use super::mailbox::Mailbox;
use super::{AskError, Load, MailboxStats, Message, Reply, Wake};

/// The stable address of an actor. It outlives restarts: the queue belongs to it, and the supervisor swaps the actor
/// behind it, so senders never hold a dead handle.
pub struct Address<M: Message>(Arc<Inner<M>>);

struct Inner<M: Message> {
    key: Arc<str>,
    mailbox: Mailbox<M>,
    /// The ractor actor that is awake behind this address, if one is.
    actor: Mutex<Option<ActorRef<Wake>>>,
    /// A wake is on its way: no second one is needed.
    scheduled: AtomicBool,
    generation: AtomicU64,
}

/// The mailbox was full: the message comes back.
#[derive(thiserror::Error)]
#[error("the mailbox of `{key}` is full")]
pub struct Refused<M> {
    pub key: Arc<str>,
    pub message: M,
}

impl<M> std::fmt::Debug for Refused<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Refused({})", self.key)
    }
}

impl<M: Message> Clone for Address<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M: Message> Address<M> {
    /// Room for messages that wait behind a slow handler. The gateways' high-water mark is far lower, so that an
    /// actor only fills its mailbox if something else goes wrong.
    pub const CAPACITY: usize = 65_536;

    pub fn new(key: impl Into<Arc<str>>, load: &Arc<Load>) -> Self {
        Self::with_capacity(key, load, Self::CAPACITY)
    }

    pub fn with_capacity(key: impl Into<Arc<str>>, load: &Arc<Load>, capacity: usize) -> Self {
        Self(Arc::new(Inner {
            key: key.into(),
            mailbox: Mailbox::new(capacity, load.clone()),
            actor: Mutex::new(None),
            scheduled: AtomicBool::new(false),
            generation: AtomicU64::new(0),
        }))
    }

    pub fn key(&self) -> &Arc<str> {
        &self.0.key
    }

    pub fn generation(&self) -> u64 {
        self.0.generation.load(Ordering::Acquire)
    }

    pub fn waiting(&self) -> usize {
        self.0.mailbox.len()
    }

    pub fn stats(&self) -> Arc<MailboxStats> {
        self.0.mailbox.stats.clone()
    }

    /// Queues the message. Never waits.
    pub fn send(&self, message: M) -> Result<(), Refused<M>> {
        self.0.mailbox.push(message).map_err(|message| Refused { key: self.0.key.clone(), message })?;
        self.wake();
        Ok(())
    }

    /// Queues the message; a refusal is counted and logged, since the sender has no use for it.
    pub fn tell(&self, message: M) {
        if let Err(refused) = self.send(message) {
            tracing::error!(actor = %refused.key, "mailbox full: message refused");
        }
    }

    /// Asks and waits for the answer, at most until `deadline`.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(Reply<T>) -> M,
        deadline: Duration,
    ) -> Result<T, AskError> {
        let (sender, receiver) = oneshot::channel();
        let key = self.key().clone();
        self.send(question(Reply(sender))).map_err(|_| AskError::Full(key.clone()))?;
        match tokio::time::timeout(deadline, receiver).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(AskError::Dropped(key)),
            Err(_) => Err(AskError::Late(key, deadline)),
        }
    }

    pub(crate) fn pop(&self) -> Option<M> {
        self.0.mailbox.pop()
    }

    /// A new actor stands behind the address: it is woken, since messages may have waited meanwhile.
    pub(crate) fn attach(&self, actor: ActorRef<Wake>) -> u64 {
        let generation = self.0.generation.fetch_add(1, Ordering::AcqRel) + 1;
        *self.0.actor.lock().unwrap_or_else(PoisonError::into_inner) = Some(actor);
        self.0.mailbox.stats.busy_since.store(0, Ordering::Relaxed);
        self.0.scheduled.store(false, Ordering::Release);
        self.wake();
        generation
    }

    pub(crate) fn detach(&self) {
        *self.0.actor.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The actor has taken its turn: wakes from now on are needed again.
    pub(crate) fn turn_over(&self) {
        self.0.scheduled.store(false, Ordering::Release);
        if self.waiting() > 0 {
            self.wake();
        }
    }

    fn wake(&self) {
        if self.0.scheduled.swap(true, Ordering::AcqRel) {
            return;
        }
        let actor = self.0.actor.lock().unwrap_or_else(PoisonError::into_inner);
        let awake = actor.as_ref().is_some_and(|a| a.cast(Wake::Work).is_ok());
        if !awake {
            // Nobody is there now; `attach` wakes the next one.
            self.0.scheduled.store(false, Ordering::Release);
        }
    }
}
