//! The listener, and what all connections share.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::BytesMut;
use lares_kernel::Clock;
use lares_kernel::wire::DurableMap;
use lares_model::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::core::{Core, Place};
use super::{BrokerError, BrokerOptions, connection};

/// How many ports after the wished one are tried before the system chooses.
const NEXT_PORTS: u16 = 20;

const SWEEP: Duration = Duration::from_secs(1);
const FORGET: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(2);

/// A broker that runs. Dropping it ends it at once.
pub struct Broker {
    /// Where it listens: the port may not be the one that was wished for.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// A client as the broker knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientState {
    pub client_id: String,
    pub user: Option<String>,
    /// Else only its session is kept.
    pub connected: bool,
    pub subscriptions: usize,
    /// Messages it has not acknowledged yet.
    pub waiting: usize,
}

pub struct Shared {
    pub options: Arc<BrokerOptions>,
    core: Mutex<Core>,
    map: Arc<dyn DurableMap>,
    clock: Arc<dyn Clock>,
    me: std::sync::Weak<Shared>,
}

/// What changed could not be kept: nothing that depends on it may be acknowledged.
pub struct NotKept;

/// Restores what was kept and listens.
pub async fn start(
    options: BrokerOptions,
    map: Arc<dyn DurableMap>,
    clock: Arc<dyn Clock>,
    runtime: &tokio::runtime::Handle,
) -> Result<Broker, BrokerError> {
    options.check()?;
    let options = Arc::new(options);
    let core = Core::restore(options.clone(), map.as_ref(), clock.now()).map_err(BrokerError::Kept)?;
    let listener = listen(options.listen, options.port).await?;
    let address = listener.local_addr().map_err(|source| BrokerError::Listen {
        listen: options.listen,
        port: options.port,
        source,
    })?;
    let shared = Arc::new_cyclic(|me| Shared { options, core: Mutex::new(core), map, clock, me: me.clone() });
    let (stop, stopping) = watch::channel(false);
    let task = runtime.spawn(accept(shared.clone(), listener, stopping));
    Ok(Broker { address, shared, stop, task: Mutex::new(Some(task)) })
}

async fn listen(listen: IpAddr, port: u16) -> Result<TcpListener, BrokerError> {
    let mut first_error = None;
    let last = if port == 0 { 0 } else { port.saturating_add(NEXT_PORTS) };
    for candidate in (port..=last).chain([0]) {
        match TcpListener::bind((listen, candidate)).await {
            Ok(listener) => return Ok(listener),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                first_error.get_or_insert(error);
            }

            Err(source) => return Err(BrokerError::Listen { listen, port: candidate, source }),
        }
    }
    let source = first_error.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into());
    Err(BrokerError::Listen { listen, port, source })
}

async fn accept(shared: Arc<Shared>, listener: TcpListener, mut stopping: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let mut sweep = tokio::time::interval(SWEEP);
    sweep.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut forget = tokio::time::interval(FORGET);
    forget.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = stopping.changed() => break,
            _ = sweep.tick() => {
                if shared.with(|core, now| core.sweep(now)).is_err() {
                    tracing::error!("what has expired could not be forgotten");
                }
            }
            _ = forget.tick() => {
                if shared.with(|core, now| core.forget_expired(now)).is_err() {
                    tracing::error!("what has expired could not be forgotten");
                }
            }
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    // A message shall not wait for the acknowledgement of the one before.
                    let _ = socket.set_nodelay(true);
                    connections.spawn(connection::serve(shared.clone(), socket, stopping.clone()));
                }
                Err(error) => {
                    // Out of file descriptors, most likely: it passes.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(STOP, all).await;
}

impl Shared {
    /// Changes the state under its lock. All changes to what is kept are written before it is released, so that
    /// their order is the order of what happened. Returns whether anything was written.
    pub fn with<T>(&self, change: impl FnOnce(&mut Core, Timestamp) -> T) -> Result<(T, bool), NotKept> {
        let now = self.clock.now();
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        let result = change(&mut core, now);
        let changes = std::mem::take(&mut core.changes);
        let wrote = !changes.is_empty();
        let kept = if wrote { self.map.write(changes) } else { Ok(()) };
        let woken = std::mem::take(&mut core.woken);
        drop(core);
        for wake in woken {
            wake.notify.notify_one();
        }
        match kept {
            Ok(()) => Ok((result, wrote)),
            Err(error) => {
                tracing::error!(error, "the broker could not keep what changed");
                Err(NotKept)
            }
        }
    }

    /// Sends acknowledgements when all that was written before is on disk.
    pub fn after_sync(&self, place: Place, acks: BytesMut) {
        let me = self.me.clone();
        self.map.after_sync(Box::new(move || {
            if let Some(shared) = me.upgrade() {
                let _ = shared.with(|core, _| core.synced(place, &acks));
            }
        }));
    }
}

impl Broker {
    /// Disconnects all clients (without their wills: they will be back) and ends. Takes at most two seconds.
    pub async fn stop(&self) {
        let _ = self.stop.send(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }

    pub fn clients(&self) -> Vec<ClientState> {
        self.shared.core.lock().unwrap_or_else(PoisonError::into_inner).clients()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}
