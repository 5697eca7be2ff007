//! The supervisor: starts its children in order, restarts the one that fails by its limits, quarantines it when it
//! fails too often, stops all in reverse order.
//!
//! It must never wait for a child's work, decide anything about the household, or fail because a child does.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use lares_model::{Body, ChildChange, Draft, NodeId, Origin};
use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, SupervisionEvent};

use super::child::Started;
use tokio::sync::oneshot;

use super::orders::Order;
use super::registry::Entry;
use super::{Child, ChildState, Limits, Strategy};
use crate::World;

/// Time a child has for what waits in its mailbox when it is stopped.
const STOP_DEADLINE: Duration = Duration::from_secs(5);
/// How often progress counters are looked at; a handler that is in the same message at two looks is hung.
const SWEEP: Duration = Duration::from_secs(10);

/// A supervisor's place and ways.
#[derive(Clone, Debug)]
pub struct SupervisorSpec {
    /// `devices`.
    pub path: String,
    pub strategy: Strategy,
}

type Told = oneshot::Sender<Result<(), String>>;

pub(super) struct Overseer;

struct Running {
    child: Child,
    started: Option<Started>,
    /// When it failed lately, by the clock's `elapsed`.
    failures: VecDeque<Duration>,
    /// Tries out of quarantine so far; `None` when not quarantined.
    quarantined: Option<u32>,
    /// Rises with every start, so that a planned retry of an older one does nothing.
    attempt: u64,
    /// The message it was in at the last sweep.
    seen_busy: i64,
    /// Who waits for what comes of its first start.
    tried: Option<Told>,
}

pub(super) struct Office {
    world: World,
    spec: SupervisorSpec,
    /// In start order.
    children: Vec<Running>,
    by_actor: BTreeMap<ActorId, Arc<str>>,
}

impl Actor for Overseer {
    type Msg = Order;
    type State = Office;
    type Arguments = (World, SupervisorSpec);

    async fn pre_start(
        &self,
        _: ActorRef<Order>,
        (world, spec): (World, SupervisorSpec),
    ) -> Result<Office, ActorProcessingErr> {
        Ok(Office { world, spec, children: Vec::new(), by_actor: BTreeMap::new() })
    }

    async fn post_start(&self, me: ActorRef<Order>, office: &mut Office) -> Result<(), ActorProcessingErr> {
        later(&me, office.world.clock().look_every(SWEEP), || Order::Sweep);
        Ok(())
    }

    async fn handle(
        &self,
        me: ActorRef<Order>,
        order: Order,
        office: &mut Office,
    ) -> Result<(), ActorProcessingErr> {
        match order {
            Order::Add(child, done) => {
                office.stop_child(&child.key.clone()).await;
                office.add(child, None, &me).await;
                let _ = done.send(());
            }
            Order::Try(child, told, done) => {
                office.stop_child(&child.key.clone()).await;
                office.add(child, Some(told), &me).await;
                let _ = done.send(());
            }
            Order::Remove(key, done) => {
                office.stop_child(&key).await;
                let _ = done.send(());
            }
            Order::Retry(key, attempt) => office.retry(&key, attempt, &me).await,
            Order::Sweep => {
                office.sweep();
                later(&me, office.world.clock().look_every(SWEEP), || Order::Sweep);
            }
            Order::Stop(done) => {
                while let Some(key) = office.children.last().map(|r| r.child.key.clone()) {
                    office.stop_child(&key).await;
                }
                let _ = done.send(());
                me.stop(None);
            }
        }
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        me: ActorRef<Order>,
        event: SupervisionEvent,
        office: &mut Office,
    ) -> Result<(), ActorProcessingErr> {
        let (cell, reason) = match event {
            SupervisionEvent::ActorStarted(cell) => {
                office.has_started(&cell.get_id());
                return Ok(());
            }
            SupervisionEvent::ActorFailed(cell, error) => (cell, error.to_string()),
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                (cell, reason.unwrap_or_else(|| "it ended by itself".to_owned()))
            }
            _ => return Ok(()),
        };
        if let Some(key) = office.by_actor.remove(&cell.get_id()) {
            office.failed(&key, &reason, &me).await;
        }
        Ok(())
    }
}

fn later(me: &ActorRef<Order>, wait: Duration, order: impl FnOnce() -> Order + Send + 'static) {
    let me = me.clone();
    tokio::spawn(async move {
        tokio::time::sleep(wait).await;
        let _ = me.cast(order());
    });
}

impl Office {
    fn path(&self, key: &str) -> String {
        format!("{}/{key}", self.spec.path)
    }

    fn position(&self, key: &str) -> Option<usize> {
        self.children.iter().position(|r| &*r.child.key == key)
    }

    async fn add(&mut self, child: Child, tried: Option<Told>, me: &ActorRef<Order>) {
        let entry = Entry {
            state: ChildState::Starting,
            restarts: 0,
            last_error: None,
            stats: child.stats.clone(),
            waiting: child.waiting.clone(),
        };
        self.world.registry().put(&self.path(&child.key), entry);
        let key = child.key.clone();
        self.children.push(Running {
            child,
            started: None,
            failures: VecDeque::new(),
            quarantined: None,
            attempt: 0,
            seen_busy: 0,
            tried,
        });
        self.start(&key, me).await;
    }

    async fn start(&mut self, key: &Arc<str>, me: &ActorRef<Order>) {
        let Some(at) = self.position(key) else { return };
        let start = self.children[at].child.start.clone();
        let supervisor: ActorCell = me.get_cell();
        match start(self.world.clone(), supervisor).await {
            Ok(started) => {
                self.by_actor.insert(started.cell.get_id(), key.clone());
                let running = &mut self.children[at];
                running.started = Some(started);
                running.attempt += 1;
                let path = self.path(key);
                self.world.registry().update(&path, |e| e.state = ChildState::Running);
            }
            Err(fault) => Box::pin(self.failed(key, &fault.0, me)).await,
        }
    }

    fn has_started(&mut self, actor: &ActorId) {
        let at = self.by_actor.get(actor).and_then(|key| self.position(key));
        if let Some(told) = at.and_then(|at| self.children[at].tried.take()) {
            let _ = told.send(Ok(()));
        }
    }

    async fn failed(&mut self, key: &Arc<str>, reason: &str, me: &ActorRef<Order>) {
        let Some(at) = self.position(key) else { return };
        if let Some(told) = self.children[at].tried.take() {
            let failed = self.children.remove(at);
            (failed.child.detach)();
            self.world.registry().remove(&self.path(key));
            self.world.bus().unsubscribe(&self.path(key));
            let _ = told.send(Err(reason.to_owned()));
            return;
        }
        let now = self.world.clock().elapsed();
        let path = self.path(key);
        let running = &mut self.children[at];
        running.started = None;
        (running.child.detach)();
        running.attempt += 1;
        let limits = running.child.limits;
        running.failures.retain(|t| now.saturating_sub(*t) <= limits.period);
        let in_a_row = u32::try_from(running.failures.len()).unwrap_or(u32::MAX);
        running.failures.push_back(now);
        let exhausted = running.quarantined.is_some() || in_a_row >= limits.intensity;
        let (wait, state, change) = if exhausted {
            let tries = running.quarantined.map_or(0, |n| n + 1);
            running.quarantined = Some(tries);
            (limits.wait_in_quarantine(tries), ChildState::Quarantined, ChildChange::Quarantined)
        } else {
            (limits.wait(in_a_row), ChildState::Restarting, ChildChange::Restarted)
        };
        let attempt = running.attempt;
        self.world.registry().update(&path, |e| {
            e.state = state;
            e.restarts += 1;
            e.last_error = Some(reason.to_owned());
        });
        tracing::warn!(child = path, reason, ?change, "child failed");
        self.tell(&path, change, reason);
        if exhausted && limits.essential {
            self.world.fatal(&format!("{path} failed too often: {reason}"));
            return;
        }
        if self.spec.strategy == Strategy::RestForOne {
            self.restart_followers(at, me).await;
        }
        let key = key.clone();
        if wait.is_zero() {
            Box::pin(self.retry(&key, attempt, me)).await;
        } else {
            later(me, wait, move || Order::Retry(key, attempt));
        }
    }

    /// Those started after a failed child of the core rely on it: they begin anew too.
    async fn restart_followers(&mut self, at: usize, me: &ActorRef<Order>) {
        let followers: Vec<Arc<str>> = self.children[at + 1..].iter().map(|r| r.child.key.clone()).collect();
        for key in followers.iter().rev() {
            self.halt(key).await;
        }
        for key in followers {
            self.start(&key, me).await;
        }
    }

    async fn retry(&mut self, key: &Arc<str>, attempt: u64, me: &ActorRef<Order>) {
        let Some(at) = self.position(key) else { return };
        if self.children[at].attempt != attempt || self.children[at].started.is_some() {
            return;
        }
        self.start(key, me).await;
    }

    /// A handler that was in the same message at two looks is hung: it is replaced. Children that have run for a
    /// period since they came out of quarantine are well again.
    fn sweep(&mut self) {
        let now = self.world.clock().elapsed();
        let mut recovered = Vec::new();
        for running in &mut self.children {
            let busy = running.child.stats.busy_since.load(Ordering::Relaxed);
            if busy != 0
                && busy == running.seen_busy
                && let Some(started) = &running.started
            {
                tracing::error!(child = %running.child.key, "handler hangs; replacing the actor");
                started.cell.kill();
            }
            running.seen_busy = busy;
            let calm =
                running.failures.back().is_none_or(|t| now.saturating_sub(*t) > running.child.limits.period);
            if calm && running.started.is_some() && running.quarantined.take().is_some() {
                recovered.push(running.child.key.clone());
            }
        }
        for key in recovered {
            let path = self.path(&key);
            self.tell(&path, ChildChange::Recovered, "it runs again");
        }
    }

    /// Stops a child in order: what waits in its mailbox is handled first, within the deadline.
    async fn stop_child(&mut self, key: &Arc<str>) {
        self.halt(key).await;
        if let Some(at) = self.position(key) {
            self.children.remove(at);
            self.world.registry().remove(&self.path(key));
            self.world.bus().unsubscribe(&self.path(key));
        }
    }

    async fn halt(&mut self, key: &Arc<str>) {
        let Some(at) = self.position(key) else { return };
        self.children[at].attempt += 1;
        let Some(started) = self.children[at].started.take() else { return };
        self.by_actor.remove(&started.cell.get_id());
        (started.drain)();
        if started.cell.wait(Some(STOP_DEADLINE)).await.is_err() {
            tracing::warn!(child = %key, "did not stop in time; killed");
            started.cell.kill();
        }
        (self.children[at].child.detach)();
    }

    fn tell(&self, path: &str, change: ChildChange, reason: &str) {
        let body = Body::Child { path: path.to_owned(), change, reason: reason.to_owned() };
        self.world.publish(Draft::new(NodeId::derive("actor", path), Origin::System, body));
    }
}

impl std::fmt::Debug for Child {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Child").field("key", &self.key).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Child {
    /// The same child with other limits.
    pub fn limited(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
