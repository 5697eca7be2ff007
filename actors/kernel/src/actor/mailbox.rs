//! A bounded queue with figures. It belongs to the address, so it outlives a restart of the actor.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Message;

/// Messages waiting in all mailboxes of one household. Gateways read their wires only while it is low.
#[derive(Default)]
pub struct Load(AtomicUsize);

impl Load {
    /// Above this many waiting messages gateways stop reading: about 20 ms of work.
    pub const HIGH_WATER: usize = 8_192;

    pub fn waiting(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub fn is_high(&self) -> bool {
        self.waiting() > Self::HIGH_WATER
    }
}

/// Figures of one mailbox, read by `lares tree` and the sweep for hangs.
#[derive(Default, Debug)]
pub struct MailboxStats {
    pub handled: AtomicU64,
    pub refused: AtomicU64,
    pub coalesced: AtomicU64,
    /// When the message in hand was begun, in microseconds of the clock's `elapsed` plus one; 0 when idle.
    pub busy_since: AtomicI64,
}

pub(crate) struct Mailbox<M> {
    queue: Mutex<VecDeque<M>>,
    capacity: usize,
    load: Arc<Load>,
    pub stats: Arc<MailboxStats>,
}

impl<M: Message> Mailbox<M> {
    pub fn new(capacity: usize, load: Arc<Load>) -> Self {
        Self { queue: Mutex::default(), capacity, load, stats: Arc::default() }
    }

    /// Takes the message, or gives it back when the queue is full. A full queue first lets the message replace an
    /// older one that it makes pointless (telemetry); commands and discrete events are refused, never dropped.
    pub fn push(&self, message: M) -> Result<(), M> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.len() >= self.capacity {
            if let Some(older) = queue.iter_mut().find(|older| message.replaces(older)) {
                *older = message;
                self.stats.coalesced.fetch_add(1, Ordering::Relaxed);
                return Ok(());
            }
            self.stats.refused.fetch_add(1, Ordering::Relaxed);
            return Err(message);
        }
        queue.push_back(message);
        self.load.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    pub fn pop(&self) -> Option<M> {
        let message = self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if message.is_some() {
            self.load.0.fetch_sub(1, Ordering::Relaxed);
        }
        message
    }

    pub fn len(&self) -> usize {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl<M> Drop for Mailbox<M> {
    fn drop(&mut self) {
        let left = self.queue.get_mut().unwrap_or_else(PoisonError::into_inner).len();
        self.load.0.fetch_sub(left, Ordering::Relaxed);
    }
}
