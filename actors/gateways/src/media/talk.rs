//! One connection that speaks in lines or texts: connect, speak, wait, again. What is said is a [`Talk`]'s, which is pure.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use lares_kernel::wire::{Delivery, Outbound};
use lares_kernel::{Chance, Clock};
use tokio::sync::mpsc::Receiver;

use super::lines::Lines;
use super::socket::Socket;
use crate::mqtt::{Backoff, Outbox, Put};

/// Commands that may wait for a connection.
const WAITING: usize = 256;
/// How long a connection may take to come about.
const CONNECTS: Duration = Duration::from_secs(5);
/// How often a talk is asked whether it has something to say by itself.
const LOOKS: Duration = Duration::from_secs(5);

/// What is to be done after something was heard or asked.
#[derive(Default)]
pub struct Say {
    /// For the wire.
    pub bytes: Vec<u8>,
    /// What came of commands.
    pub deliveries: Vec<Delivery>,
    /// It is known how things are at the other end.
    pub ready: bool,
}

/// What is spoken over a connection. A reason that it gives ends the connection.
pub trait Talk: Send {
    /// The connection is up.
    fn begin(&mut self, say: &mut Say);
    fn heard(&mut self, line: &str, say: &mut Say) -> Result<(), String>;
    fn asked(&mut self, message: Outbound, say: &mut Say);
    /// Time has passed.
    fn look(&mut self, say: &mut Say) -> Result<(), String>;
    /// The connection is gone; what was under way may or may not have come about.
    fn ended(&mut self, say: &mut Say);
}

/// How a connection is, for whoever shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    Connecting,
    Up,
    Down(String),
}

/// What is spoken in.
#[derive(Clone, Copy)]
pub enum Form {
    Lines,
    /// Texts of a WebSocket at this path.
    Texts(&'static str),
}

/// A connection of either form.
enum Wire {
    Lines(Lines),
    Texts(Box<Socket>),
}

impl Wire {
    async fn connect(ends: &Ends) -> io::Result<Self> {
        Ok(match ends.form {
            Form::Lines => Self::Lines(Lines::connect(&ends.host, ends.port).await?),
            Form::Texts(path) => Self::Texts(Box::new(Socket::connect(&ends.host, ends.port, path).await?)),
        })
    }

    async fn next(&mut self) -> io::Result<String> {
        match self {
            Self::Lines(lines) => lines.next().await,
            Self::Texts(socket) => socket.next().await,
        }
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Lines(lines) => lines.write(bytes).await,
            Self::Texts(socket) => socket.write(bytes).await,
        }
    }
}

pub struct Ends {
    pub host: String,
    pub port: u16,
    pub form: Form,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub tell: Box<dyn Fn(Line) + Send + Sync>,
    pub deliver: Box<dyn Fn(Delivery) + Send + Sync>,
}

/// Runs until the senders of commands are gone.
pub async fn run(ends: Ends, mut talk: Box<dyn Talk>, mut commands: Receiver<Outbound>) {
    let mut backoff = Backoff::default();
    let mut outbox = Outbox::new(WAITING);
    loop {
        (ends.tell)(Line::Connecting);
        let connected = {
            let connect = tokio::time::timeout(CONNECTS, Wire::connect(&ends));
            while_down(&*ends.clock, &ends.deliver, &mut outbox, &mut commands, connect).await
        };
        let Some(connected) = connected else { return };
        let reason = match connected {
            Err(_) => "no answer".to_owned(),
            Ok(Err(error)) => reason(&error),
            Ok(Ok(wire)) => {
                let since = ends.clock.elapsed();
                let why = serve(&ends, talk.as_mut(), wire, &mut outbox, &mut commands).await;
                let mut say = Say::default();
                talk.ended(&mut say);
                say.deliveries.into_iter().for_each(&ends.deliver);
                let Some(why) = why else { return };
                backoff.ended_after(ends.clock.elapsed().saturating_sub(since));
                why
            }
        };
        (ends.tell)(Line::Down(reason));
        let wait = backoff.next(ends.chance.as_ref());
        let wait = tokio::time::sleep(wait);
        if while_down(&*ends.clock, &ends.deliver, &mut outbox, &mut commands, wait).await.is_none() {
            return;
        }
    }
}

/// Waits for `work` and keeps what is asked meanwhile, until it is worth nothing any more. `None`: it is over.
pub async fn while_down<T>(
    clock: &dyn Clock,
    deliver: &(dyn Fn(Delivery) + Send + Sync),
    outbox: &mut Outbox,
    commands: &mut Receiver<Outbound>,
    work: impl Future<Output = T>,
) -> Option<T> {
    const OFTEN: Duration = Duration::from_secs(1);
    let mut work = std::pin::pin!(work);
    loop {
        outbox.expire(clock.now()).into_iter().for_each(deliver);
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            message = commands.recv() => {
                if let Put::Refused(Some(refused)) = outbox.put(message?) {
                    deliver(refused);
                }
            }
            () = tokio::time::sleep(OFTEN), if !outbox.is_empty() => {}
        }
    }
}

/// One connection, to its end. `None`: nobody asks for anything any more.
async fn serve(
    ends: &Ends,
    talk: &mut dyn Talk,
    mut wire: Wire,
    outbox: &mut Outbox,
    commands: &mut Receiver<Outbound>,
) -> Option<String> {
    let mut say = Say::default();
    let mut up = false;
    talk.begin(&mut say);
    loop {
        if !say.bytes.is_empty()
            && let Err(error) = wire.write(&say.bytes).await
        {
            return Some(reason(&error));
        }
        say.bytes.clear();
        say.deliveries.drain(..).for_each(&ends.deliver);
        if say.ready && !up {
            up = true;
            (ends.tell)(Line::Up);
        }
        let mut expired = Vec::new();
        let next = if up { outbox.next(ends.clock.now(), &mut expired) } else { None };
        expired.into_iter().for_each(&ends.deliver);
        if let Some(message) = next {
            talk.asked(message, &mut say);
            continue;
        }
        let heard = tokio::select! {
            biased;
            line = wire.next() => match line {
                Ok(line) => talk.heard(&line, &mut say),
                Err(error) => return Some(reason(&error)),
            },
            message = commands.recv() => {
                if let Put::Refused(Some(refused)) = outbox.put(message?) {
                    (ends.deliver)(refused);
                }
                Ok(())
            }
            () = tokio::time::sleep(LOOKS) => talk.look(&mut say),
        };
        if let Err(why) = heard {
            return Some(why);
        }
    }
}

fn reason(error: &io::Error) -> String {
    crate::reason::of(error, "the server")
}
