//! The task of a gateway: connect, serve the connection, wait, again.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use lares_kernel::wire::{Ack, Inbound, Outbound, Qos, WireState};
use lares_model::Timestamp;
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, LastWill, NetworkOptions, Outgoing, Packet, Publish, QoS,
    SubscribeReasonCode,
};

use super::backoff::Backoff;
use super::connection::{CHANNEL, Connection};
use super::gateway::Shared;
use super::reason::{self, Login};

/// How many of our messages the broker may owe an acknowledgement.
const IN_FLIGHT: u16 = 512;

/// MQTT's own limit. A smaller one would end the connection again and again over one large retained message.
const LARGEST_PACKET: usize = 268_435_455;

/// While the mailbox behind is pressed the wire is looked at only this often, so that pings and commands still leave.
const LOOK_WHILE_PRESSED: Duration = Duration::from_millis(250);
/// With something to send it is looked at more often. `rumqttc` writes when the dice fall for it and not for reading,
/// and reads ten packets at a time: a command leaves after some twenty looks.
const LOOK_TO_SEND: Duration = Duration::from_millis(5);
const PRESSED: Duration = Duration::from_millis(1);

enum End {
    Stopped,
    Lost { up: Duration, error: ConnectionError },
}

pub async fn run(shared: Arc<Shared>) {
    let mut backoff = Backoff::default();
    let mut number = 0;
    shared.tell(WireState::Connecting);
    loop {
        number += 1;
        let end = one_connection(&shared, number).await;
        shared.sending().disconnected();
        let End::Lost { up, error } = end else { return };
        let login = if shared.options.credentials.is_some() { Login::Given } else { Login::Anonymous };
        let reason = reason::of(&error, login);
        tracing::debug!(link = %shared.options.key, %error, "no connection");
        shared.tell(WireState::Down(reason));
        backoff.ended_after(up);
        let wait = backoff.next(shared.chance.as_ref());
        if while_down(&shared, tokio::time::sleep(wait)).await.is_none() {
            return;
        }
    }
}

/// Runs `work` while messages that wait expire in time; `None` when it is time to stop.
async fn while_down<T>(shared: &Shared, work: impl Future<Output = T>) -> Option<T> {
    const NOTHING_EXPIRES: Duration = Duration::from_secs(3600);
    let mut work = pin!(work);
    loop {
        if shared.stopping() {
            return None;
        }
        let now = shared.clock.now();
        let (expired, next) = {
            let mut sending = shared.sending();
            (sending.outbox.expire(now), sending.outbox.next_expiry())
        };
        shared.report(expired);
        let until_next = next.map_or(NOTHING_EXPIRES, |at| at.since(now) + Duration::from_millis(1));
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            () = shared.changed.notified() => {}
            () = tokio::time::sleep(until_next) => {}
        }
    }
}

async fn one_connection(shared: &Arc<Shared>, number: u64) -> End {
    let (client, mut events) = client(shared);
    match while_down(shared, events.poll()).await {
        None => return End::Stopped,
        Some(Err(error)) => return End::Lost { up: Duration::ZERO, error },
        Some(Ok(_)) => {}
    }
    let since = shared.clock.elapsed();
    greet(shared, Connection::new(number, client));
    shared.tell(WireState::Up);
    loop {
        wait_while_pressed(shared).await;
        match events.poll().await {
            Ok(Event::Incoming(Packet::Publish(publish))) => take(shared, number, publish),
            Ok(Event::Incoming(Packet::PubAck(ack))) => {
                if let Some(connection) = &mut shared.sending().connection {
                    connection.acknowledged(ack.pkid);
                }
            }
            Ok(Event::Incoming(Packet::SubAck(ack))) => {
                if ack.return_codes.contains(&SubscribeReasonCode::Failure) {
                    tracing::warn!(link = %shared.options.key, "the broker refused a subscription");
                }
            }
            Ok(Event::Outgoing(Outgoing::Disconnect)) => return End::Stopped,
            Ok(Event::Outgoing(Outgoing::Publish(packet))) => written(shared, Some(packet)),
            Ok(Event::Outgoing(_)) => written(shared, None),
            Ok(Event::Incoming(_)) => {}
            Err(error) => {
                let up = shared.clock.elapsed().saturating_sub(since);
                return if shared.stopping() { End::Stopped } else { End::Lost { up, error } };
            }
        }
    }
}

fn client(shared: &Shared) -> (AsyncClient, EventLoop) {
    let options = &shared.options;
    // An IPv6 address needs brackets before its port.
    let host = if options.host.contains(':') && !options.host.starts_with('[') {
        format!("[{}]", options.host)
    } else {
        options.host.clone()
    };
    let mut mqtt = rumqttc::MqttOptions::new(options.client_id.trim(), host, options.port);
    mqtt.set_keep_alive(options.keep_alive.max(Duration::from_secs(1)))
        .set_clean_session(false)
        .set_manual_acks(true)
        .set_inflight(IN_FLIGHT)
        .set_max_packet_size(LARGEST_PACKET, LARGEST_PACKET);
    if let Some((user, password)) = &options.credentials {
        mqtt.set_credentials(user, password);
    }
    if let Some((topic, payload)) = &options.will {
        mqtt.set_last_will(LastWill::new(topic, payload.clone(), QoS::AtLeastOnce, true));
    }
    let (client, mut events) = AsyncClient::new(mqtt, CHANNEL);
    let mut network = NetworkOptions::new();
    // Else Nagle's algorithm and delayed acknowledgement cost up to 40 ms a reaction.
    network.set_tcp_nodelay(true);
    events.set_network_options(network);
    (client, events)
}

/// A word about ourselves. It belongs to its moment: it has expired when a connection is lost, so that it is never
/// sent again from the outbox.
pub fn greeting((topic, payload): &(String, Vec<u8>)) -> Outbound {
    Outbound {
        address: topic.as_str().into(),
        bytes: payload.clone().into(),
        retain: true,
        qos: Qos::AtMostOnce,
        expires: Some(Timestamp::MIN),
        key: None,
    }
}

/// Subscriptions, the birth, then what waited.
fn greet(shared: &Shared, mut connection: Connection) {
    let expired = {
        let mut sending = shared.sending();
        connection.subscribe(sending.subscriptions.iter().map(|(filter, qos)| (filter.clone(), *qos)));
        if let Some(birth) = &shared.options.birth {
            let _ = connection.hand(greeting(birth));
        }
        sending.connection = Some(connection);
        sending.hand_over(|| shared.clock.now())
    };
    shared.report(expired);
}

/// Something left: there may be room for more.
fn written(shared: &Shared, packet: Option<u16>) {
    let (sent, expired) = {
        let mut sending = shared.sending();
        let sent = packet.and_then(|packet| sending.connection.as_mut().and_then(|c| c.written(packet)));
        (sent, sending.hand_over(|| shared.clock.now()))
    };
    shared.report(sent);
    shared.report(expired);
}

fn take(shared: &Arc<Shared>, number: u64, publish: Publish) {
    let Publish { topic, payload, retain, qos, pkid, dup, .. } = publish;
    let owed = qos != QoS::AtMostOnce;
    let ack = (owed && !retain).then(|| {
        let shared = shared.clone();
        Ack::new(pkid, dup, move || {
            let journal = shared.journal.clone();
            journal.after_sync(Box::new(move |synced| match synced {
                Ok(()) => acknowledge(&shared, number, pkid),
                Err(error) => cannot_keep(&shared, number, pkid, &error),
            }));
        })
    });
    shared.sink.inbound(Inbound {
        address: topic.into(),
        bytes: payload,
        at: shared.clock.now(),
        retained: retain,
        ack,
    });
    if owed && retain {
        acknowledge(shared, number, pkid);
    }
}

fn acknowledge(shared: &Shared, number: u64, packet: u16) {
    if let Some(connection) = &mut shared.sending().connection
        && connection.number == number
    {
        connection.acknowledge(packet);
    }
}

fn cannot_keep(shared: &Shared, number: u64, packet: u16, error: &str) {
    let passed_on = match &mut shared.sending().connection {
        Some(connection) if connection.number == number => connection.cannot_keep(packet),
        _ => false,
    };
    if passed_on {
        tracing::error!(error, "a message is acknowledged and in memory only: the journal cannot be synced");
    } else {
        tracing::error!(error, "not acknowledged: the journal cannot be synced");
    }
}

async fn wait_while_pressed(shared: &Shared) {
    let mut waited = Duration::ZERO;
    while shared.sink.pressed() && !shared.stopping() && waited < LOOK_WHILE_PRESSED {
        if waited >= LOOK_TO_SEND && shared.sending().connection.as_ref().is_some_and(Connection::has_handed)
        {
            return;
        }
        tokio::time::sleep(PRESSED).await;
        waited += PRESSED;
    }
}
