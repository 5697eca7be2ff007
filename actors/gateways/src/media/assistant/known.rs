//! What is known of the server's players and queues, and what of it is told of those that are ours.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::super::board::{Board, Rendered};
use super::said::{Player, Queue};

/// So long a player may take from what it was told to play until its queue says so. Meanwhile it says all kinds of things, of which
/// none is somebody's hand.
const TUNES: Duration = Duration::from_secs(15);

pub struct Known {
    board: Arc<Board>,
    players: BTreeMap<String, Player>,
    queues: BTreeMap<String, Queue>,
    /// As each of ours was told last.
    rendered: BTreeMap<String, Rendered>,
    /// By player: the stream that it was told to play, and until when it is waited for.
    wished: BTreeMap<String, (String, Duration)>,
    /// What played ours when the connection ended: a server that begins anew plays nothing.
    resumes: BTreeSet<String>,
}

impl Known {
    pub fn new(board: Arc<Board>) -> Self {
        let (players, queues) = (BTreeMap::new(), BTreeMap::new());
        let (rendered, wished) = (BTreeMap::new(), BTreeMap::new());
        Self { board, players, queues, rendered, wished, resumes: BTreeSet::new() }
    }

    pub fn keys(&self) -> Vec<String> {
        self.board.assisted().keys().cloned().collect()
    }

    /// Nothing of the connection before counts.
    pub fn begin(&mut self) {
        self.players.clear();
        self.queues.clear();
        self.wished.clear();
        let plays = |now: &Rendered| now.state == "playing" && self.board.on_by(&now.addresses).is_some();
        let playing = self.rendered.iter().filter(|(_, now)| plays(now)).map(|(key, _)| key.clone());
        self.resumes.extend(playing.collect::<Vec<_>>());
        for key in self.keys() {
            self.board.again(&format!("player/{key}/"));
        }
    }

    pub fn end(&self) {
        for key in self.keys() {
            self.board.tell(&format!("player/{key}/available"), "offline", false);
        }
    }

    pub fn players(&mut self, result: &Value) {
        self.players = all(result, Player::read);
    }

    pub fn queues(&mut self, result: &Value) {
        self.queues = all(result, Queue::read);
    }

    /// Something changed; whether that is of interest.
    pub fn event(&mut self, event: &str, said: &Value) -> bool {
        let data = said.get("data").unwrap_or(&Value::Null);
        match event {
            "player_added" | "player_updated" => self.players.extend(Player::read(data)),
            "queue_added" | "queue_updated" => self.queues.extend(Queue::read(data)),
            "player_removed" => {
                let id = said.get("object_id").and_then(Value::as_str).unwrap_or_default();
                self.players.remove(id);
            }
            _ => return false,
        }
        true
    }

    /// Where a player of ours is among those of the server: by its id, or by its name.
    pub fn find(&self, key: &str) -> Result<(String, &Player), String> {
        let called =
            self.board.assisted().get(key).ok_or_else(|| format!("there is no player {key:?} of it"))?;
        if let Some(player) = self.players.get(called) {
            return Ok((called.clone(), player));
        }
        let mut named = self.players.iter().filter(|(_, player)| player.name.eq_ignore_ascii_case(called));
        match (named.next(), named.next()) {
            (Some((id, player)), None) => Ok((id.clone(), player)),
            (Some(_), Some(_)) => {
                Err(format!("Music Assistant has several players {called:?}: write its id"))
            }
            _ => {
                let names: Vec<&str> = self.players.values().map(|p| p.name.as_str()).collect();
                let has = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                Err(format!("Music Assistant has no player {called:?}; it has {has}"))
            }
        }
    }

    /// It was told to play this.
    pub fn wish(&mut self, key: &str, stream: &str) {
        let until = self.board.elapsed() + TUNES;
        self.wished.insert(key.to_owned(), (stream.to_owned(), until));
    }

    /// It refused.
    pub fn unwish(&mut self, key: &str) {
        if self.wished.remove(key).is_some() {
            self.tell(key);
        }
    }

    /// Says how one of ours is.
    pub fn tell(&mut self, key: &str) {
        match self.as_told(key) {
            Some(rendered) => {
                self.board.renderer(key, &rendered);
                self.rendered.insert(key.to_owned(), rendered);
            }
            None => self.board.tell(&format!("player/{key}/available"), "offline", false),
        }
    }

    pub fn tell_all(&mut self) {
        self.keys().iter().for_each(|key| self.tell(key));
    }

    /// How one of ours is to be told; `None`: it is away.
    fn as_told(&mut self, key: &str) -> Option<Rendered> {
        let (id, player) = self.find(key).ok().filter(|(_, player)| player.available)?;
        let (announces, now) = (player.announces, player.rendered(self.queues.get(player.queue(&id))));
        let Some(before) = self.rendered.get(key).cloned() else { return Some(now) };
        let plays = self.board.on_by(&now.addresses);
        // While it says something, what plays is what plays after it.
        if announces {
            let Rendered { addresses, title, artist, state, .. } = before;
            return Some(Rendered { addresses, title, artist, state, ..now });
        }
        if let Some((stream, until)) = self.wished.get(key) {
            if plays.as_ref() != Some(stream) && self.board.elapsed() < *until {
                return Some(Rendered { addresses: before.addresses, ..now });
            }
            self.wished.remove(key);
        }
        // A queue that came to the end of a stream which was paused is empty. It is told again when the stream plays on.
        let paused = |stream: String| self.board.is_playing(&stream) == Some(false);
        if now.addresses.is_empty() && self.board.on_by(&before.addresses).is_some_and(paused) {
            return Some(Rendered { addresses: before.addresses, ..now });
        }
        Some(now)
    }

    /// Whether something was waited for that did not come: then it is told how it is.
    pub fn overdue(&mut self) {
        let now = self.board.elapsed();
        let late: Vec<String> =
            self.wished.iter().filter(|(_, (_, until))| now >= *until).map(|(key, _)| key.clone()).collect();
        late.iter().for_each(|key| self.tell(key));
    }

    /// Whether it is to play on what it is at: it did before its server began anew, and is back now.
    pub fn resumes(&mut self, key: &str) -> bool {
        let is_back = self.find(key).is_ok_and(|(_, player)| player.available);
        let is_at = self.rendered.get(key).is_some_and(|now| self.board.on_by(&now.addresses).is_some());
        is_back && self.resumes.remove(key) && is_at
    }

    /// Whether a wish is so, as far as it was told.
    pub fn is_so(&self, key: &str, what: &str, value: &str) -> bool {
        match (what, self.rendered.get(key)) {
            ("volume", Some(now)) => {
                value.parse::<f64>().is_ok_and(|wanted| (now.volume - wanted).abs() < 1.0)
            }
            ("muted", Some(now)) => now.muted == (value == "ON"),
            ("source", Some(now)) => self.board.on_by(&now.addresses).as_deref() == Some(value),
            ("state", Some(now)) => now.state == value,
            _ => false,
        }
    }
}

fn all<T>(result: &Value, read: fn(&Value) -> Option<(String, T)>) -> BTreeMap<String, T> {
    /// Most players or queues of a server.
    const MOST: usize = 1_000;
    result.as_array().into_iter().flatten().take(MOST).filter_map(read).collect()
}
