//! The gateway as its link sees it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lares_kernel::wire::{Delivery, Gateway, Outbound, Qos, Sink, WireState};
use lares_kernel::{Chance, Clock, Journal};
use lares_model::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::connection::Connection;
use super::outbox::{Outbox, Put};
use super::{MqttOptions, run};

/// How long an orderly end may take before the connection is simply dropped.
const FAREWELL: Duration = Duration::from_secs(2);

/// A client of one broker. Dropping it drops the connection at once, without a farewell: the broker tells the will.
pub struct MqttGateway {
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// What the link's side and the connection's task have in common.
pub struct Shared {
    pub options: MqttOptions,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub journal: Arc<dyn Journal>,
    pub sink: Arc<dyn Sink>,
    pub sending: Mutex<Sending>,
    state: Mutex<WireState>,
    /// While there is no connection: something new waits, or it is time to stop.
    pub changed: Notify,
    stopping: AtomicBool,
}

/// All that is needed to send, under one lock, so that the order of calls is the order on the wire.
pub struct Sending {
    pub outbox: Outbox,
    /// There while the wire is up.
    pub connection: Option<Connection>,
    pub subscriptions: BTreeMap<String, Qos>,
}

/// Connects, and stays connected until [`MqttGateway::stop`] or its drop.
pub fn start(
    options: MqttOptions,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    journal: Arc<dyn Journal>,
    sink: Arc<dyn Sink>,
    runtime: &tokio::runtime::Handle,
) -> Arc<MqttGateway> {
    let outbox = Outbox::new(options.queue);
    let shared = Arc::new(Shared {
        options,
        clock,
        chance,
        journal,
        sink,
        sending: Mutex::new(Sending { outbox, connection: None, subscriptions: BTreeMap::new() }),
        state: Mutex::new(WireState::Connecting),
        changed: Notify::new(),
        stopping: AtomicBool::new(false),
    });
    let task = runtime.spawn(run::run(shared.clone()));
    Arc::new(MqttGateway { shared, task: Mutex::new(Some(task)) })
}

impl MqttGateway {
    pub fn state(&self) -> WireState {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Messages that wait for the wire.
    pub fn waiting(&self) -> usize {
        self.shared.sending().outbox.len()
    }

    /// Sends what was handed over, says the farewell (the will's words) and disconnects; what still waits is reported
    /// as failed. Takes at most two seconds.
    pub async fn stop(&self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.changed.notify_one();
        let Some(mut task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        let orderly = async {
            while !self.shared.say_farewell() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let _ = (&mut task).await;
        };
        if tokio::time::timeout(FAREWELL, orderly).await.is_err() {
            task.abort();
        }
        self.shared.fail_waiting();
        self.shared.tell(WireState::Down("stopped".into()));
    }
}

impl Drop for MqttGateway {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().unwrap_or_else(PoisonError::into_inner).take() {
            task.abort();
        }
    }
}

impl Gateway for MqttGateway {
    fn send(&self, message: Outbound) {
        self.shared.send(message);
    }

    fn subscribe(&self, filters: Vec<(String, Qos)>) {
        let (good, bad): (Vec<_>, Vec<_>) =
            filters.into_iter().partition(|(filter, _)| rumqttc::valid_filter(filter));
        for (filter, _) in bad {
            tracing::error!(link = %self.shared.options.key, filter, "this is not a topic filter");
        }
        let mut sending = self.shared.sending();
        sending.subscriptions.extend(good.iter().cloned());
        if let Some(connection) = &mut sending.connection {
            connection.subscribe(good);
        }
    }
}

impl Shared {
    pub fn sending(&self) -> MutexGuard<'_, Sending> {
        self.sending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Tells the link how the wire is, if that is new.
    pub fn tell(&self, state: WireState) {
        {
            let mut known = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if *known == state && state != WireState::Connecting {
                return;
            }
            *known = state.clone();
        }
        self.sink.state(state);
    }

    pub fn report(&self, deliveries: impl IntoIterator<Item = Delivery>) {
        for delivery in deliveries {
            self.sink.delivered(delivery);
        }
    }

    fn send(&self, message: Outbound) {
        if !is_topic(&message.address) {
            let reason = format!("`{}` is not a topic", message.address);
            return self.report(message.key.map(|key| Delivery::Failed(key, reason)));
        }
        let wakes = message.expires.is_some();
        let (put, up) = {
            let mut sending = self.sending();
            let up = sending.connection.is_some();
            (sending.put(message, self.clock.now()), up)
        };
        match put {
            Put::Kept => {}
            Put::Dropped => tracing::debug!(link = %self.options.key, "telemetry dropped: too much waits"),
            Put::Refused(delivery) => self.report(delivery),
        }
        if wakes && !up {
            self.changed.notify_one();
        }
    }

    /// False when it has to be tried again.
    fn say_farewell(&self) -> bool {
        let mut sending = self.sending();
        let Some(connection) = &mut sending.connection else { return true };
        let said = match self.options.will.as_ref().map(run::greeting) {
            Some(farewell) => connection.hand(farewell).is_ok(),
            None => true,
        };
        said && connection.disconnect()
    }

    fn fail_waiting(&self) {
        let mut failed = Vec::new();
        {
            let mut sending = self.sending();
            sending.disconnected();
            while let Some(message) = sending.outbox.next(Timestamp::MIN, &mut failed) {
                failed.extend(message.key.map(|key| Delivery::Failed(key, "the gateway stopped".into())));
            }
        }
        self.report(failed);
    }
}

impl Sending {
    /// Straight to the connection if nothing waits before it.
    fn put(&mut self, message: Outbound, now: Timestamp) -> Put {
        let message = match &mut self.connection {
            Some(connection) if self.outbox.is_empty() => {
                if message.expires.is_some_and(|at| now > at) {
                    return Put::Refused(message.key.map(Delivery::Expired));
                }
                match connection.hand(message) {
                    Ok(()) => return Put::Kept,
                    Err(message) => message,
                }
            }
            _ => message,
        };
        self.outbox.put(message)
    }

    /// Hands over what waits as far as there is room. What has expired meanwhile is returned.
    pub fn hand_over(&mut self, now: impl FnOnce() -> Timestamp) -> Vec<Delivery> {
        let mut expired = Vec::new();
        let Some(connection) = &mut self.connection else { return expired };
        connection.hand_rest();
        if self.outbox.is_empty() {
            return expired;
        }
        let now = now();
        while let Some(message) = self.outbox.next(now, &mut expired) {
            if let Err(message) = connection.hand(message) {
                self.outbox.put_back(std::iter::once(message));
                break;
            }
        }
        expired
    }

    /// The connection is lost: what it did not get through waits again.
    pub fn disconnected(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.outbox.put_back(connection.into_unfinished());
        }
    }
}

/// A topic that can be published to, by MQTT 3.1.1 section 4.7.
fn is_topic(address: &str) -> bool {
    !address.is_empty() && address.len() <= usize::from(u16::MAX) && !address.contains(['+', '#', '\0'])
}
