//! Where devices ask: the one state of all interlocks, behind a lock that is held for a look and never across a message.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use lares_kernel::Address;

use super::state::Safety;
use super::{Effect, SafetyMessage};

/// The interlocks of one household. Cheap to clone.
#[derive(Clone)]
pub struct Board(Arc<Inner>);

struct Inner {
    safety: Mutex<Safety>,
    /// Whoever has effects to carry out; told when there are some.
    actor: Address<SafetyMessage>,
    told: AtomicBool,
}

impl Board {
    pub fn new(actor: Address<SafetyMessage>) -> Self {
        let inner = Inner { safety: Mutex::default(), actor, told: AtomicBool::new(false) };
        Self(Arc::new(inner))
    }

    /// The address of the actor.
    pub fn actor(&self) -> &Address<SafetyMessage> {
        &self.0.actor
    }

    /// Looks at the state or changes it. If that led to something to be done, or to another deadline, the actor is told once.
    pub fn with<T>(&self, act: impl FnOnce(&mut Safety) -> T) -> T {
        let mut safety = self.0.safety.lock().unwrap_or_else(PoisonError::into_inner);
        let done = act(&mut safety);
        if safety.wants_a_look() && !self.0.told.swap(true, Ordering::AcqRel) {
            self.0.actor.tell(SafetyMessage::Look);
        }
        done
    }

    /// Takes what is to be done.
    pub fn take(&self) -> Vec<Effect> {
        self.0.told.store(false, Ordering::Release);
        self.0.safety.lock().unwrap_or_else(PoisonError::into_inner).take_effects()
    }
}
