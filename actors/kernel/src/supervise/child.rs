//! What a supervisor needs to know to run a child: how to make it, and where its address is.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ractor::{Actor, ActorCell};

use super::Limits;
use crate::actor::{Shell, Start, Wake};
use crate::{Address, Behavior, Fault, MailboxStats, World};

type Starting = Pin<Box<dyn Future<Output = Result<Started, Fault>> + Send>>;

pub(super) struct Started {
    pub cell: ActorCell,
    pub drain: Box<dyn Fn() + Send + Sync>,
}

/// A child before it runs. Kept by its supervisor, since it makes the behavior anew at every restart.
#[derive(Clone)]
pub struct Child {
    pub key: Arc<str>,
    pub limits: Limits,
    pub(super) start: Arc<dyn Fn(World, ActorCell) -> Starting + Send + Sync>,
    pub(super) stats: Arc<MailboxStats>,
    pub(super) waiting: Arc<dyn Fn() -> usize + Send + Sync>,
    pub(super) detach: Arc<dyn Fn() + Send + Sync>,
}

/// A child behind `address`, made by `make` at every start. `make` must be cheap: state comes from the graph in
/// [`Behavior::started`].
pub fn child<B: Behavior>(
    key: impl Into<Arc<str>>,
    limits: Limits,
    address: Address<B::Message>,
    make: impl Fn() -> B + Send + Sync + 'static,
) -> Child {
    let make = Arc::new(make);
    let (stats, depth, gone) = (address.stats(), address.clone(), address.clone());
    let start = move |world: World, supervisor: ActorCell| -> Starting {
        let (address, make) = (address.clone(), make.clone());
        Box::pin(async move {
            let start = Start { behavior: make(), address, world };
            let (actor, _) = Actor::spawn_linked(None, Shell::<B>::default(), start, supervisor)
                .await
                .map_err(|e| Fault::new(e.to_string()))?;
            let (cell, drain) = (actor.get_cell(), move || drop(actor.cast(Wake::Drain)));
            Ok(Started { cell, drain: Box::new(drain) })
        })
    };
    Child {
        key: key.into(),
        limits,
        start: Arc::new(start),
        stats,
        waiting: Arc::new(move || depth.waiting()),
        detach: Arc::new(move || gone.detach()),
    }
}
