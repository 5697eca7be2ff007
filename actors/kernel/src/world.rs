//! One household's world: its ports, bus and registry. A value, not a global: two can live in one process.

use std::sync::{Arc, Mutex, PoisonError};

use lares_model::{Draft, Event, Write};

use crate::{Address, Blocking, Bus, Chance, Clock, Journal, Load, Message, Pictures, Registry};

/// The ports that a world is made of.
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub blocking: Arc<dyn Blocking>,
    pub journal: Arc<dyn Journal>,
}

/// Handed to every actor of a household.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    ports: Ports,
    bus: Bus,
    registry: Registry,
    load: Arc<Load>,
    pictures: Pictures,
    fatal: Mutex<Option<tokio::sync::oneshot::Sender<String>>>,
}

impl World {
    /// Also gives the receiver of the one reason for which the whole process must end.
    pub fn new(ports: Ports) -> (Self, tokio::sync::oneshot::Receiver<String>) {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let registry = Registry::default();
        let inner = Inner {
            ports,
            bus: Bus::default(),
            registry,
            load: Arc::default(),
            pictures: Pictures::default(),
            fatal: Mutex::new(Some(sender)),
        };
        (Self(Arc::new(inner)), receiver)
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.ports.clock
    }

    pub fn chance(&self) -> &Arc<dyn Chance> {
        &self.0.ports.chance
    }

    pub fn blocking(&self) -> &Arc<dyn Blocking> {
        &self.0.ports.blocking
    }

    /// The last picture of each camera.
    pub fn pictures(&self) -> &Pictures {
        &self.0.pictures
    }

    pub fn journal(&self) -> &Arc<dyn Journal> {
        &self.0.ports.journal
    }

    pub fn bus(&self) -> &Bus {
        &self.0.bus
    }

    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    pub fn load(&self) -> &Arc<Load> {
        &self.0.load
    }

    /// A new address in this household.
    pub fn address<M: Message>(&self, key: impl Into<Arc<str>>) -> Address<M> {
        Address::new(key, &self.0.load)
    }

    /// Makes the draft an event: the journal gives its id and keeps it, then everybody interested is told.
    pub fn publish(&self, draft: Draft) -> Arc<Event> {
        self.publish_with(draft, Vec::new())
    }

    /// As [`World::publish`], with writes that are committed together with the event.
    pub fn publish_with(&self, draft: Draft, writes: Vec<Write>) -> Arc<Event> {
        let event = self.0.ports.journal.append(draft, writes);
        self.0.bus.deliver(&event);
        event
    }

    /// The house cannot go on: the process ends in order, for the service manager to start it again.
    pub fn fatal(&self, reason: &str) {
        tracing::error!(reason, "the household cannot go on");
        if let Some(sender) = self.0.fatal.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = sender.send(reason.to_owned());
        }
    }
}
