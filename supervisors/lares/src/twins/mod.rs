//! `lares twins`: simulated devices over real MQTT, as a process of their own.

mod day;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use lares_config::Home;
use lares_gateways::mqtt::{self, MqttGateway, MqttOptions};
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, Sink, WireState};
use lares_kernel::{Chance, Clock, MemoryJournal, SystemChance, SystemClock};
use tokio::sync::Notify;

use crate::DayArgs;
use day::Day;

/// How often twins are asked whether something is due.
const TICK: Duration = Duration::from_millis(500);

/// What came in, until the loop takes it.
#[derive(Default)]
struct Inbox {
    messages: Mutex<Vec<Inbound>>,
    up: Mutex<Option<WireState>>,
    changed: Notify,
}

impl Sink for Inbox {
    fn inbound(&self, message: Inbound) {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).push(message);
        self.changed.notify_one();
    }

    fn pressed(&self) -> bool {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).len() > 10_000
    }

    fn state(&self, state: WireState) {
        *self.up.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
        self.changed.notify_one();
    }

    fn delivered(&self, _: Delivery) {}
}

/// Runs the twins of a home against a broker until it is interrupted. With a recorded day, what tells (motion, doors, warmth) tells
/// what was recorded; what obeys goes on obeying, in the day's time.
///
/// # Errors
/// The home has no twins, or one of an unknown kind; a day that cannot be read, or has nothing of them.
pub async fn run(home: &Home, host: &str, port: u16, day: &DayArgs) -> Result<(), String> {
    let mut twins = lares_sim::twins::make(home, None)?;
    if twins.is_empty() {
        return Err("no device of this home has a twin".to_owned());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let chance: Arc<dyn Chance> = Arc::new(SystemChance::default());
    let mut day = match &day.day {
        Some(path) => Some(Day::open(path, day.speed, &twins, home.household.zone.clone(), clock.now())?),
        None => None,
    };
    let inbox = Arc::new(Inbox::default());
    let options = MqttOptions {
        key: "twins".to_owned(),
        host: host.to_owned(),
        port,
        client_id: format!("lares-twins-{:08x}", chance.next_u64() >> 32),
        credentials: None,
        keep_alive: Duration::from_secs(10),
        birth: None,
        will: None,
        queue: 10_000,
    };
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    let runtime = tokio::runtime::Handle::current();
    let gateway = mqtt::start(options, clock.clone(), chance.clone(), journal, inbox.clone(), &runtime);
    gateway
        .subscribe(twins.values().flat_map(|t| t.subscriptions()).map(|f| (f, Qos::AtLeastOnce)).collect());
    tracing::info!(twins = twins.len(), host, port, "simulated devices");
    loop {
        tokio::select! {
            biased;
            () = inbox.changed.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            _ = tokio::signal::ctrl_c() => break,
        }
        let real = clock.now();
        let now = day.as_ref().map_or(real, |day| day.time(real));
        if inbox.up.lock().unwrap_or_else(PoisonError::into_inner).take() == Some(WireState::Up) {
            twins.values().for_each(|t| send(&gateway, t.announce()));
            day.iter().for_each(|day| send(&gateway, day.last()));
        }
        if let Some(day) = &mut day {
            send(&gateway, day.due(real));
        }
        let messages = std::mem::take(&mut *inbox.messages.lock().unwrap_or_else(PoisonError::into_inner));
        for message in messages {
            for twin in twins.values_mut() {
                send(&gateway, twin.on_message(&message.address, &message.bytes, now));
            }
        }
        let hour = lares_sim::twins::local_hour(home, now);
        let played = |name: &str| day.as_ref().is_some_and(|day| day.plays(name));
        for twin in twins.values_mut().filter(|t| t.next_tick() <= now && !played(t.name())) {
            send(&gateway, twin.tick(now, hour, &mut || chance.next_u64()));
        }
    }
    // In order they say themselves that they go.
    for twin in twins.values() {
        let (topic, payload) = twin.will();
        gateway.send(outbound(topic, payload, true));
    }
    gateway.stop().await;
    Ok(())
}

fn send(gateway: &Arc<MqttGateway>, messages: Vec<lares_devices::Send>) {
    for message in messages {
        gateway.send(outbound(message.topic, message.payload, message.retain));
    }
}

fn outbound(topic: String, payload: Vec<u8>, retain: bool) -> Outbound {
    Outbound {
        address: topic.into(),
        bytes: Bytes::from(payload),
        retain,
        qos: Qos::AtLeastOnce,
        expires: None,
        key: None,
    }
}
