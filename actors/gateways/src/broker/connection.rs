//! One client's task: bytes in and out, no decisions.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::Instant;

use super::codec::{self, ConnAck, Connect, Packet, Reason, Version, Writer};
use super::core::{Accepted, End, Place, Wake};
use super::server::Shared;

/// A stranger has this long to say who it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// Guessing passwords shall take time.
const REFUSAL: Duration = Duration::from_millis(300);

/// Bytes that wait for the socket before more is taken from the session's queue.
const ENOUGH: usize = 64 * 1024;

const FAREWELL: Duration = Duration::from_millis(500);

pub async fn serve(shared: Arc<Shared>, mut socket: TcpStream, mut stopping: watch::Receiver<bool>) {
    let mut input = BytesMut::with_capacity(8 * 1024);
    let first = tokio::select! {
        biased;
        _ = stopping.changed() => return,
        first = tokio::time::timeout(PATIENCE, first_packet(&shared, &mut socket, &mut input)) => first,
    };
    let Ok(Some(connect)) = first else { return };
    let (version, keep_alive) = (connect.version, connect.keep_alive);
    let wake = Arc::new(Wake::default());
    let mut output = BytesMut::new();
    let place = match let_in(&shared, connect, wake.clone(), &mut output) {
        Ok(place) => place,
        Err(reason) => {
            tokio::time::sleep(REFUSAL).await;
            refuse(version, reason, &mut output);
            let _ = tokio::time::timeout(FAREWELL, socket.write_all(&output)).await;
            return;
        }
    };
    // MQTT 3.1.1 section 3.1.2.10: half as long again as the client promised.
    let silence = Duration::from_secs(u64::from(keep_alive)).mul_f32(1.5);
    let mut connection = Connection { shared, place, version, wake, input, output, silence };
    let (end, word) = connection.run(&mut socket, &mut stopping).await;
    if connection.shared.with(|core, now| core.disconnect(place, end, now)).is_err() {
        tracing::error!("the end of a connection could not be kept");
    }
    if let Some(reason) = word {
        Writer { out: &mut connection.output, version }.disconnect(reason);
    }
    let _ = tokio::time::timeout(FAREWELL, async {
        socket.write_all(&connection.output).await?;
        socket.shutdown().await
    })
    .await;
}

async fn first_packet(shared: &Shared, socket: &mut TcpStream, input: &mut BytesMut) -> Option<Connect> {
    /// A connect is short; a stranger shall not make us wait for megabytes.
    const LONGEST_CONNECT: usize = 256 * 1024;
    loop {
        let longest = shared.options.max_packet.min(LONGEST_CONNECT);
        match codec::read(input, Version::Three, longest) {
            Ok(Some(Packet::Connect(connect))) => return Some(*connect),
            Ok(None) => {}
            Ok(Some(_)) | Err(_) => return None,
        }
        if socket.read_buf(input).await.ok()? == 0 {
            return None;
        }
    }
}

fn let_in(
    shared: &Shared,
    connect: Connect,
    wake: Arc<Wake>,
    output: &mut BytesMut,
) -> Result<Place, Reason> {
    if connect.wants_auth {
        return Err(Reason::BadAuthMethod);
    }
    let user = shared.options.login(connect.user.as_deref(), connect.password.as_deref()).map_err(|()| {
        tracing::warn!(client = %connect.client_id, user = connect.user, "a client was refused: wrong credentials");
        Reason::BadLogin
    })?;
    let (version, unnamed) = (connect.version, connect.client_id.is_empty());
    let mut following = BytesMut::new();
    let (accepted, _) = shared
        .with(|core, now| core.connect(connect, user, wake.clone(), now, &mut following))
        .map_err(|_| Reason::Unspecified)?;
    let Accepted { place, session_present, client_id, session_expiry } = accepted?;
    Writer { out: output, version }.connack(&ConnAck {
        session_present,
        reason: Reason::Success,
        assigned_id: unnamed.then_some(&client_id),
        session_expiry,
        receive_max: u16::MAX,
        max_packet: u32::try_from(shared.options.max_packet).unwrap_or(u32::MAX),
    });
    output.unsplit(following);
    wake.pending.store(true, Ordering::Release); // what waited for it
    Ok(place)
}

fn refuse(version: Version, reason: Reason, output: &mut BytesMut) {
    output.clear();
    Writer { out: output, version }.connack(&ConnAck {
        session_present: false,
        reason,
        assigned_id: None,
        session_expiry: 0,
        receive_max: 0,
        max_packet: 0,
    });
}

struct Connection {
    shared: Arc<Shared>,
    place: Place,
    version: Version,
    wake: Arc<Wake>,
    input: BytesMut,
    output: BytesMut,
    /// Zero: the client promised nothing.
    silence: Duration,
}

/// How it ended, and the word of MQTT 5 for it.
type Ended = (End, Option<Reason>);

impl Connection {
    /// Reading and writing go on side by side: a client that sends without reading must not block us both.
    async fn run(&mut self, socket: &mut TcpStream, stopping: &mut watch::Receiver<bool>) -> Ended {
        let (mut reading, mut writing) = socket.split();
        let mut heard = Instant::now();
        loop {
            // Packets may have come with the connect already.
            if let Some(ended) = self.take_packets() {
                return ended;
            }
            if self.output.len() < ENOUGH && self.wake.pending.swap(false, Ordering::AcqRel) {
                let (place, output) = (self.place, &mut self.output);
                match self.shared.with(|core, now| core.fill(place, output, ENOUGH, now)) {
                    Ok((true, _)) => {}
                    Ok((false, _)) => return (End::Lost, Some(Reason::TakenOver)),
                    Err(_) => return (End::Lost, Some(Reason::Unspecified)),
                }
                if self.output.len() >= ENOUGH {
                    self.wake.pending.store(true, Ordering::Release); // there may be more
                }
            }
            let full = self.output.len() >= ENOUGH;
            tokio::select! {
                biased;
                _ = stopping.changed() => return (End::Stopping, Some(Reason::ShuttingDown)),
                wrote = writing.write_buf(&mut self.output), if !self.output.is_empty() => {
                    if !matches!(wrote, Ok(count) if count > 0) {
                        return (End::Lost, None);
                    }
                    // What the client sends shall not wait until all is written.
                    if let Ok(count) = reading.try_read_buf(&mut self.input) {
                        if count == 0 {
                            return (End::Lost, None);
                        }
                        heard = Instant::now();
                    }
                }
                read = reading.read_buf(&mut self.input) => {
                    if !matches!(read, Ok(count) if count > 0) {
                        return (End::Lost, None);
                    }
                    heard = Instant::now();
                }
                () = self.wake.notify.notified() => {
                    let place = self.place;
                    if full && !matches!(self.shared.with(|core, _| core.has(place)), Ok((true, _))) {
                        return (End::Lost, Some(Reason::TakenOver));
                    }
                }
                () = tokio::time::sleep_until(heard + self.silence), if !self.silence.is_zero() => {
                    return (End::Lost, Some(Reason::KeepAlive));
                }
            }
        }
    }

    /// Handles all complete packets that have come, under one lock.
    fn take_packets(&mut self) -> Option<Ended> {
        let mut packets = Vec::new();
        let malformed = loop {
            match codec::read(&mut self.input, self.version, self.shared.options.max_packet) {
                Ok(Some(packet)) => packets.push(packet),
                Ok(None) => break None,
                Err(malformed) => break Some(malformed),
            }
        };
        if packets.is_empty() && malformed.is_none() {
            return None;
        }
        let (place, output) = (self.place, &mut self.output);
        let handled = self.shared.with(|core, now| {
            let outcome = core.handle(place, packets, now, output);
            // Acknowledgements that need no disk must not overtake those that do.
            let waits = !outcome.acks.is_empty() && (!core.changes.is_empty() || core.has_deferred(place));
            if waits {
                core.defer(place);
            }
            (outcome, waits)
        });
        let Ok(((outcome, waits), _)) = handled else {
            return Some((End::Lost, Some(Reason::Unspecified)));
        };
        if waits {
            self.shared.after_sync(place, outcome.acks);
        } else {
            self.output.unsplit(outcome.acks);
        }
        self.wake.pending.store(true, Ordering::Release); // the window may have opened
        match (outcome.end, malformed) {
            (Some(end), _) => Some((end, None)),
            (None, Some(malformed)) => {
                tracing::warn!(%malformed, "a client is disconnected");
                Some((End::Lost, Some(Reason::Malformed)))
            }
            (None, None) => None,
        }
    }
}
