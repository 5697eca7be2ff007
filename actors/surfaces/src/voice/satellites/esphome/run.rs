//! One connection to a device: opened, greeted, and then what either side says is brought to the other.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use lares_config::{EsphomeAt, Secret};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::greeting::{greet, time};
use super::lend::{listen, serve};
use super::messages::{FromDevice, ToDevice};
use super::noise::Shared;
use super::sounds::Sounds;
use super::state::{Bridge, Effect};
use super::wire::{Incoming, Outgoing, WireError, open};
use crate::away::away;
use crate::voice::satellites::connection::Line;
use crate::voice::satellites::dialog::{Ends, Mouth, Said, Tell};

/// A device has done its first words within this; one that is busy takes a second or two.
const PATIENCE: Duration = Duration::from_secs(10);
/// A device that takes nothing for so long is gone.
const WRITE: Duration = Duration::from_secs(10);
/// What may wait on either way.
const WAITING: usize = 64;

/// Opens the connection, and keeps it until either side ends it.
///
/// # Errors
/// In words: why there is none.
pub async fn ends(stream: TcpStream, at: &EsphomeAt, line: &Line) -> Result<Ends, String> {
    let key = match &at.encryption_key {
        None => None,
        Some(secret) => {
            let text = read(secret, line).await?;
            // Not a word of it in a log.
            let wrong = "the encryption key is not 32 bytes in base64, as ESPHome writes it";
            Some(Shared::parse(&text).ok_or(wrong)?)
        }
    };
    let password = match &at.password {
        None => String::new(),
        Some(secret) => read(secret, line).await?,
    };
    let local = stream.local_addr().map_err(|e| e.to_string())?;
    let peer = stream.peer_addr().map_err(|e| e.to_string())?.ip().to_canonical();
    let (from, to) = stream.into_split();
    let opening = async {
        let (mut incoming, mut outgoing) = open(from, to, key.as_ref()).await.map_err(|e| e.to_string())?;
        let device = greet(&mut incoming, &mut outgoing, password, &line.asked.world).await?;
        Ok::<_, String>((incoming, outgoing, device))
    };
    let told = |why: String| format!("{}:{}: {why}", at.host, at.port);
    let (incoming, outgoing, device) = match timeout(PATIENCE, opening).await {
        Ok(opened) => opened.map_err(told)?,
        Err(_) => return Err(told(format!("no word within {} s", PATIENCE.as_secs()))),
    };
    let (listener, lends) = listen(local.ip(), at.answers_port).await?;
    tracing::info!(
        satellite = line.key,
        name = device.name,
        model = device.model,
        version = device.version,
        "a voice device of ESPHome is there"
    );
    let (said, taken) = mpsc::channel(WAITING);
    let (to, tells) = mpsc::channel(WAITING);
    let (frames_in, frames) = mpsc::channel(WAITING);
    let sounds = Sounds::default();
    let tasks = vec![
        Task(tokio::spawn(pump(incoming, frames_in))),
        Task(tokio::spawn(serve(listener, peer, sounds.clone()))),
    ];
    let connection = Connection {
        satellite: line.key.clone(),
        bridge: Bridge::new(device.features, device.form),
        outgoing,
        sounds,
        lends,
        clock: line.asked.world.clone(),
        said,
        waiting: VecDeque::new(),
        _tasks: tasks,
    };
    // It ends by itself when the session does, with a good-bye.
    drop(tokio::spawn(connection.keep(tells, frames)));
    let (whole, rings) = (!device.features.speaker(), device.features.timers());
    Ok(Ends { said: taken, to: Mouth::Esphome(to), whole, rings })
}

async fn read(secret: &Secret, line: &Line) -> Result<String, String> {
    let (secret, read) = (secret.clone(), line.secret);
    away(&line.asked.world, move || read(&secret)).await?
}

/// Ends with its owner.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Frame = Result<FromDevice, WireError>;

async fn pump(mut incoming: Incoming<impl AsyncRead + Unpin + Send>, to: mpsc::Sender<Frame>) {
    loop {
        let frame = incoming.next().await;
        let last = frame.is_err();
        if to.send(frame).await.is_err() || last {
            return;
        }
    }
}

struct Connection<W = OwnedWriteHalf> {
    satellite: String,
    bridge: Bridge,
    outgoing: Outgoing<W>,
    sounds: Sounds,
    /// Where sounds are fetched.
    lends: SocketAddr,
    clock: lares_kernel::World,
    /// To the session.
    said: mpsc::Sender<Result<Said, String>>,
    /// What the session has not taken yet. It may be telling us something at this moment, so that we must not wait for it.
    waiting: VecDeque<Said>,
    _tasks: Vec<Task>,
}

impl<W: AsyncWrite + Unpin + Send> Connection<W> {
    async fn keep(mut self, mut tells: mpsc::Receiver<Tell>, mut frames: mpsc::Receiver<Frame>) {
        let said = self.said.clone();
        let why = loop {
            let done = tokio::select! {
                biased;
                tell = tells.recv() => match tell {
                    Some(tell) => self.tell(tell).await,
                    None => {
                        let _ = timeout(WRITE, self.outgoing.send(&ToDevice::Disconnect)).await;
                        return;
                    }
                },
                permit = said.reserve(), if !self.waiting.is_empty() => match permit {
                    Ok(permit) => {
                        if let Some(said) = self.waiting.pop_front() {
                            permit.send(Ok(said));
                        }
                        Ok(())
                    }
                    Err(_) => return,
                },
                frame = frames.recv(), if self.waiting.len() < WAITING => match frame {
                    Some(Ok(frame)) => self.frame(frame).await,
                    Some(Err(e)) => Err(e.to_string()),
                    None => Err(WireError::Ended.to_string()),
                },
            };
            if let Err(why) = done {
                break why;
            }
        };
        let _ = said.send(Err(why)).await;
    }

    async fn frame(&mut self, frame: FromDevice) -> Result<(), String> {
        match frame {
            FromDevice::AsksTime => self.send(&time(self.clock.clock().now())).await,
            FromDevice::Disconnects => {
                self.send(&ToDevice::Disconnected).await?;
                Err(WireError::Ended.to_string())
            }
            frame => {
                let effects = self.bridge.said(frame);
                self.carry_out(effects).await
            }
        }
    }

    async fn tell(&mut self, tell: Tell) -> Result<(), String> {
        let begins = match &tell {
            Tell::SoundBegins(rate) => self.bridge.lends(*rate).map(|form| (*rate, form)),
            _ => None,
        };
        let effects = match begins {
            Some((rate, form)) => {
                let name = self.sounds.begin(form)?;
                self.bridge.begins(format!("http://{}/{name}", self.lends), rate)
            }
            None => self.bridge.told(tell),
        };
        self.carry_out(effects).await
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) -> Result<(), String> {
        for effect in effects {
            match effect {
                Effect::Device(message) => self.send(&message).await?,
                Effect::Session(said) => self.waiting.push_back(said),
                Effect::Lend(samples) => self.sounds.push(&samples),
                Effect::Lent => self.sounds.end(),
                Effect::Untold(text) => tracing::warn!(
                    satellite = self.satellite,
                    text,
                    "the device has no media player: it says answers, and nothing else"
                ),
            }
        }
        Ok(())
    }

    async fn send(&mut self, message: &ToDevice) -> Result<(), String> {
        match timeout(WRITE, self.outgoing.send(message)).await {
            Ok(sent) => sent.map_err(|e| e.to_string()),
            Err(_) => Err("it does not take what is sent to it".to_owned()),
        }
    }
}
