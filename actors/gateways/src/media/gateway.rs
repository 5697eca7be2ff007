//! The gateway as its link sees it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use lares_kernel::wire::{Delivery, DurableMap, Gateway, Outbound, Qos, Sink, WireState};
use lares_kernel::{Chance, Clock};
use tokio::sync::mpsc::{Sender, channel};
use tokio::task::JoinHandle;

use super::assistant::{self, Assistant, AssistantOptions};
use super::board::{Board, StreamOf, told};
use super::dlna::{self, RendererOptions};
use super::mpd::{Mpd, MpdOptions};
use super::snapcast::Snapcast;
use super::talk::{Ends, Form, Line, Talk, run};

/// Commands on their way to a connection.
const QUEUE: usize = 256;

/// A loudspeaker: its key, and where it is.
pub struct PlayerWire {
    pub key: String,
    pub at: PlayerAt,
}

pub enum PlayerAt {
    /// A client of the server, by its name there.
    Client(String),
    /// A renderer of UPnP AV, by the address of its description.
    Renderer(String),
    /// A player of Music Assistant, by its id or name there.
    Assistant(String),
}

/// A stream: its key, its name at the server, where a renderer finds it, and the daemon that feeds it.
pub struct StreamWire {
    pub key: String,
    pub id: String,
    pub url: Option<String>,
    pub mpd: Option<MpdOptions>,
}

pub struct MediaOptions {
    /// Host and control port. `None`: streams alone.
    pub server: Option<(String, u16)>,
    pub assistant: Option<AssistantOptions>,
    pub players: Vec<PlayerWire>,
    pub streams: Vec<StreamWire>,
}

/// All connections of a household's music. Dropping it ends them.
pub struct MediaGateway {
    board: Arc<Board>,
    /// Whether streams follow is kept here: no server knows of it.
    kept: Arc<dyn DurableMap>,
    server: Option<Sender<Outbound>>,
    daemons: BTreeMap<String, Sender<Outbound>>,
    /// And players of Music Assistant: they answer for themselves.
    renderers: BTreeMap<String, Sender<Outbound>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// Connects, and stays connected until it is dropped. `assistant`: where players of Music Assistant are told.
pub fn start(
    options: MediaOptions,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    (sink, assistant): (Arc<dyn Sink>, Arc<dyn Sink>),
    kept: Arc<dyn DurableMap>,
    runtime: &tokio::runtime::Handle,
) -> Arc<MediaGateway> {
    let (mut clients, mut assisted, mut found) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for player in options.players {
        match player.at {
            PlayerAt::Client(client) => drop(clients.insert(player.key, client)),
            PlayerAt::Assistant(called) => drop(assisted.insert(player.key, called)),
            PlayerAt::Renderer(description) => {
                found.push(RendererOptions { player: player.key, description });
            }
        }
    }
    let of = |s: &StreamWire| StreamOf { id: s.id.clone(), has_mpd: s.mpd.is_some(), url: s.url.clone() };
    let streams: BTreeMap<String, StreamOf> =
        options.streams.iter().map(|s| (s.key.clone(), of(s))).collect();
    let board = Arc::new(Board::new(
        (sink.clone(), assistant.clone()),
        clock.clone(),
        clients,
        assisted.clone(),
        streams,
    ));
    let mut tasks = Vec::new();
    let mut connect = |((host, port), form): ((String, u16), Form),
                       talk: Box<dyn Talk>,
                       tell: Box<dyn Fn(Line) + Send + Sync>| {
        let (sender, receiver) = channel(QUEUE);
        let deliver = board.clone();
        let deliver = Box::new(move |delivery| deliver.delivered(delivery));
        let ends = Ends { host, port, form, clock: clock.clone(), chance: chance.clone(), tell, deliver };
        tasks.push(runtime.spawn(run(ends, talk, receiver)));
        sender
    };
    let states = |of: &Arc<dyn Sink>| {
        let of = of.clone();
        Box::new(move |line: Line| {
            of.state(match line {
                Line::Connecting => WireState::Connecting,
                Line::Up => WireState::Up,
                Line::Down(why) => WireState::Down(why),
            });
        })
    };
    let server = options
        .server
        .map(|at| connect((at, Form::Lines), Box::new(Snapcast::new(board.clone())), states(&sink)));
    if server.is_none() {
        sink.state(WireState::Up);
    }
    let mut daemons = BTreeMap::new();
    for stream in &options.streams {
        let Some(mpd) = &stream.mpd else { continue };
        let (of, key) = (board.clone(), stream.key.clone());
        let tell = move |line: Line| {
            if let Line::Down(why) = line {
                tracing::warn!(stream = %key, why, "the Music Player Daemon cannot be reached");
                of.tell(&format!("stream/{key}/available"), "offline", false);
            }
        };
        let talk = Box::new(Mpd::new(board.clone(), &stream.key, mpd.password.clone()));
        daemons.insert(
            stream.key.clone(),
            connect(((mpd.host.clone(), mpd.port), Form::Lines), talk, Box::new(tell)),
        );
    }
    let mut renderers = BTreeMap::new();
    if let Some(server) = options.assistant.filter(|_| !assisted.is_empty()) {
        let talk = Box::new(Assistant::new(board.clone(), server.token));
        let at = ((server.host, server.port), Form::Texts(assistant::PATH));
        let sender = connect(at, talk, states(&assistant));
        renderers.extend(assisted.into_keys().map(|player| (player, sender.clone())));
    }
    for renderer in found {
        let (sender, receiver) = channel(QUEUE);
        renderers.insert(renderer.player.clone(), sender);
        let (clock, chance) = (clock.clone(), chance.clone());
        tasks.push(runtime.spawn(dlna::run(renderer, board.clone(), clock, chance, receiver)));
    }
    let gateway = MediaGateway { board, kept, server, daemons, renderers, tasks: Mutex::new(tasks) };
    for stream in &options.streams {
        gateway.tell_follow(&stream.key);
    }
    Arc::new(gateway)
}

impl MediaGateway {
    /// Ends all connections.
    pub fn stop(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).drain(..).for_each(|task| task.abort());
    }

    fn tell_follow(&self, stream: &str) {
        let stays = self.kept.get(format!("stays/{stream}").as_bytes());
        let stays = stays.unwrap_or_else(|why| {
            tracing::error!(why, "whether a stream follows cannot be read");
            None
        });
        let word = if stays.is_some() { "OFF" } else { "ON" };
        self.board.tell(&format!("stream/{stream}/follow"), word, false);
    }

    fn set_follow(&self, stream: &str, value: &str) -> Result<(), String> {
        let stays = match value {
            "ON" => None,
            "OFF" => Some(b"1".to_vec()),
            other => return Err(format!("following is ON or OFF, not {other:?}")),
        };
        self.kept.write(vec![(format!("stays/{stream}").into_bytes(), stays)])
    }

    /// Where a command goes. What plays in a room is paused and skipped at its stream.
    fn way(&self, message: &Outbound) -> Result<Option<&Sender<Outbound>>, String> {
        let (key, what, value) = told(message)?;
        let is_player = message.address.starts_with("player/");
        let renderer = self.renderers.get(&key).filter(|_| is_player);
        if is_player && matches!(what.as_str(), "volume" | "muted" | "source") {
            if renderer.is_some() {
                return Ok(renderer);
            }
            return self.server.as_ref().map(Some).ok_or_else(|| "there is no Snapcast server".to_owned());
        }
        if what == "follow" && !is_player {
            self.set_follow(&key, &value)?;
            return Ok(None);
        }
        let stream = if is_player { self.board.on(&key).unwrap_or_default() } else { key };
        // What nobody feeds is paused at the renderer itself.
        let daemon = self.daemons.get(&stream).or(renderer).map(Some);
        daemon
            .ok_or_else(|| format!("no Music Player Daemon feeds {stream:?}: it cannot be paused or skipped"))
    }
}

impl Gateway for MediaGateway {
    fn send(&self, message: Outbound) {
        let key = message.key;
        let came = self.way(&message).and_then(|way| match way {
            Some(sender) => sender.try_send(message).map_err(|_| "too many commands wait".to_owned()),
            None => {
                if let Some(key) = key {
                    self.board.delivered(Delivery::Sent(key));
                }
                let (stream, ..) = told(&message)?;
                self.board.forget(&format!("stream/{stream}/follow"));
                self.tell_follow(&stream);
                Ok(())
            }
        });
        if let (Err(why), Some(key)) = (came, key) {
            self.board.delivered(Delivery::Failed(key, why));
        }
    }

    /// All that is said here is for the link.
    fn subscribe(&self, _: Vec<(String, Qos)>) {}
}

impl Drop for MediaGateway {
    fn drop(&mut self) {
        self.stop();
    }
}
