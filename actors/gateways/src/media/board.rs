//! What is known of players and streams, and what of it was told to the link: only what is new is told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use lares_kernel::Clock;
use lares_kernel::wire::{Delivery, Inbound, Outbound, Sink};

use super::server::Server;

/// What plays on a stream.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Playing {
    /// `playing`, `paused`, `idle`.
    pub state: String,
    pub title: String,
    pub artist: String,
}

/// A stream as it is wired.
pub struct StreamOf {
    /// Its name at the server.
    pub id: String,
    /// Another one tells what plays on it than the server.
    pub has_mpd: bool,
    /// Where a renderer finds it.
    pub url: Option<String>,
}

/// A renderer, or a player of Music Assistant, as it says it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Rendered {
    /// The addresses that it says of what it plays; none: nothing is on it.
    pub addresses: Vec<String>,
    /// What of it is known, if it is none of ours.
    pub title: String,
    pub artist: String,
    /// `playing`, `paused`, `idle`.
    pub state: &'static str,
    /// Percent.
    pub volume: f64,
    pub muted: bool,
}

pub struct Board {
    sink: Arc<dyn Sink>,
    /// Players of Music Assistant are told to a link of their own.
    assistant: Arc<dyn Sink>,
    clock: Arc<dyn Clock>,
    /// By player: its client at the server.
    clients: BTreeMap<String, String>,
    /// By player: what it is called by Music Assistant.
    assisted: BTreeMap<String, String>,
    streams: BTreeMap<String, StreamOf>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    told: BTreeMap<String, String>,
    playing: BTreeMap<String, Playing>,
    /// By player: the stream it is on.
    on: BTreeMap<String, String>,
    /// By renderer: the stream whose address it has.
    renders: BTreeMap<String, String>,
    /// By renderer: what it does, as it said last.
    does: BTreeMap<String, &'static str>,
}

impl Board {
    pub fn new(
        (sink, assistant): (Arc<dyn Sink>, Arc<dyn Sink>),
        clock: Arc<dyn Clock>,
        clients: BTreeMap<String, String>,
        assisted: BTreeMap<String, String>,
        streams: BTreeMap<String, StreamOf>,
    ) -> Self {
        Self { sink, assistant, clock, clients, assisted, streams, known: Mutex::default() }
    }

    /// The players of Music Assistant, by what they are called there.
    pub fn assisted(&self) -> &BTreeMap<String, String> {
        &self.assisted
    }

    pub fn client(&self, player: &str) -> Option<String> {
        self.clients.get(player).cloned()
    }

    /// What a stream of the home is called at the server.
    pub fn stream_id(&self, key: &str) -> Result<String, String> {
        self.streams.get(key).map(|s| s.id.clone()).ok_or_else(|| format!("there is no stream {key:?}"))
    }

    /// The stream that a player is on.
    pub fn on(&self, player: &str) -> Option<String> {
        let known = self.known();
        known.on.get(player).or_else(|| known.renders.get(player)).cloned()
    }

    /// Where a renderer finds a stream.
    pub fn url(&self, stream: &str) -> Result<String, String> {
        let of = self.streams.get(stream).ok_or_else(|| format!("there is no stream {stream:?}"))?;
        of.url.clone().ok_or_else(|| format!("the stream {stream:?} has no `url` that a renderer could play"))
    }

    /// Since this process began.
    pub fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// Whether something plays on a stream, as far as somebody tells.
    pub fn is_playing(&self, stream: &str) -> Option<bool> {
        self.known().playing.get(stream).map(|playing| playing.state == "playing")
    }

    pub fn delivered(&self, delivery: Delivery) {
        // Each link knows what it has sent, and nothing else.
        if !self.assisted.is_empty() {
            self.assistant.delivered(delivery.clone());
        }
        self.sink.delivered(delivery);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells it, if it is new. What was just read for the first time, and what follows from something else, is how things are;
    /// only what changes before our eyes may be somebody's hand.
    pub fn tell(&self, address: &str, value: &str, may_be_a_hand: bool) {
        let first = {
            let mut known = self.known();
            if known.told.get(address).is_some_and(|told| told == value) {
                return;
            }
            known.told.insert(address.to_owned(), value.to_owned()).is_none()
        };
        let player = address.strip_prefix("player/").and_then(|rest| rest.split('/').next());
        let assisted = player.is_some_and(|player| self.assisted.contains_key(player));
        let sink = if assisted { &self.assistant } else { &self.sink };
        sink.inbound(Inbound {
            address: address.into(),
            bytes: Bytes::copy_from_slice(value.as_bytes()),
            at: self.clock.now(),
            retained: first || !may_be_a_hand,
            ack: None,
        });
    }

    /// It is told again when it is next heard.
    pub fn forget(&self, address: &str) {
        if let Some(told) = self.known().told.get_mut(address) {
            told.clear();
        }
    }

    /// All under this is told again, as what is and not what happens.
    pub fn again(&self, under: &str) {
        self.known().told.retain(|address, _| !address.starts_with(under));
    }

    /// The server says how it is.
    pub fn server(&self, server: &Server) {
        for (key, stream) in self.streams.iter().filter(|(_, s)| !s.has_mpd) {
            let Some(found) = server.streams.iter().find(|s| s.id == stream.id) else { continue };
            let state = if found.status == "playing" { "playing" } else { "idle" };
            let (title, artist) = (found.title.clone(), found.artist.clone());
            self.plays(key, Playing { state: state.to_owned(), title, artist });
            self.tell(&format!("stream/{key}/available"), "online", false);
        }
        for (player, client) in &self.clients {
            let at = format!("player/{player}");
            let Some((group, found)) = server.of(client) else {
                self.tell(&format!("{at}/available"), "offline", false);
                continue;
            };
            let key = self.streams.iter().find(|(_, s)| s.id == group.stream).map(|(key, _)| key);
            let source = key.cloned().unwrap_or_else(|| group.stream.clone());
            self.known().on.insert(player.clone(), source.clone());
            let muted = if found.muted || group.muted { "ON" } else { "OFF" };
            self.tell(&format!("{at}/source"), &source, true);
            self.tell(&format!("{at}/volume"), &found.volume.round().to_string(), true);
            self.tell(&format!("{at}/muted"), muted, true);
            self.follow(player);
            let there = if found.connected { "online" } else { "offline" };
            self.tell(&format!("{at}/available"), there, false);
        }
    }

    /// A renderer says how it is. What it plays of ours is told as its stream tells it.
    pub fn renderer(&self, player: &str, found: &Rendered) {
        let at = format!("player/{player}");
        let ours = self.on_by(&found.addresses);
        let source = ours.as_deref().unwrap_or(if found.addresses.is_empty() { "none" } else { "other" });
        let playing = {
            let mut known = self.known();
            known.does.insert(player.to_owned(), found.state);
            match &ours {
                Some(stream) => drop(known.renders.insert(player.to_owned(), stream.clone())),
                None => drop(known.renders.remove(player)),
            }
            ours.as_ref().and_then(|stream| known.playing.get(stream)).cloned()
        };
        let playing = match playing {
            Some(playing) if found.state == "playing" => playing,
            _ if ours.is_some() => Playing { state: found.state.to_owned(), ..Playing::default() },
            _ => Playing {
                state: found.state.to_owned(),
                title: found.title.clone(),
                artist: found.artist.clone(),
            },
        };
        self.tell(&format!("{at}/source"), source, true);
        self.tell(&format!("{at}/volume"), &found.volume.round().to_string(), true);
        self.tell(&format!("{at}/muted"), if found.muted { "ON" } else { "OFF" }, true);
        self.tell_playing(&at, &playing);
        self.tell(&format!("{at}/available"), "online", false);
    }

    /// The stream that is found at one of these addresses, as it is or inside one of Music Assistant's own.
    pub fn on_by(&self, addresses: &[String]) -> Option<String> {
        let is =
            |url: &str, at: &String| at == url || at.strip_suffix(url).is_some_and(|own| own.ends_with('/'));
        let plays = |s: &StreamOf| s.url.as_deref().is_some_and(|url| addresses.iter().any(|at| is(url, at)));
        self.streams.iter().find(|(_, s)| plays(s)).map(|(key, _)| key.clone())
    }

    /// What plays on a stream, and so in every room that is on it.
    pub fn plays(&self, stream: &str, playing: Playing) {
        self.tell_playing(&format!("stream/{stream}"), &playing);
        let (players, renderers): (Vec<String>, Vec<String>) = {
            let mut known = self.known();
            known.playing.insert(stream.to_owned(), playing.clone());
            let of = |all: &BTreeMap<String, String>| -> Vec<String> {
                all.iter().filter(|(_, on)| *on == stream).map(|(player, _)| player.clone()).collect()
            };
            let mut renderers = of(&known.renders);
            renderers.retain(|player| known.does.get(player) == Some(&"playing"));
            (of(&known.on), renderers)
        };
        players.iter().for_each(|player| self.follow(player));
        // What is silent at a renderer is so, whatever its stream does.
        renderers.iter().for_each(|player| self.tell_playing(&format!("player/{player}"), &playing));
    }

    /// A player plays what its stream does.
    fn follow(&self, player: &str) {
        let playing = {
            let known = self.known();
            known.on.get(player).and_then(|stream| known.playing.get(stream)).cloned()
        };
        let nothing = || Playing { state: "idle".to_owned(), ..Playing::default() };
        self.tell_playing(&format!("player/{player}"), &playing.unwrap_or_else(nothing));
    }

    fn tell_playing(&self, at: &str, playing: &Playing) {
        self.tell(&format!("{at}/state"), &playing.state, false);
        self.tell(&format!("{at}/title"), &playing.title, false);
        self.tell(&format!("{at}/artist"), &playing.artist, false);
    }
}

/// Whose, what, and what it shall be: of `player/kitchen/volume/set`.
pub fn told(message: &Outbound) -> Result<(String, String, String), String> {
    let wrong = || format!("nothing listens on {}", message.address);
    let rest = message.address.strip_suffix("/set").ok_or_else(wrong)?;
    let mut parts = rest.split('/').skip(1);
    let (Some(key), Some(what), None) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    Ok((key.to_owned(), what.to_owned(), String::from_utf8_lossy(&message.bytes).into_owned()))
}
