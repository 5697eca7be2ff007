//! JSON-RPC with a Snapcast server. A wish is carried out step by step: what is, is read, and the next call is what leads from
//! there to the wish; so it does not matter what groups somebody left behind.

use std::collections::VecDeque;
use std::sync::Arc;

use lares_kernel::wire::{Delivery, Outbound};
use lares_model::EventId;
use serde_json::{Value, json};

use super::board::{Board, told};
use super::server::Server;
use super::talk::{Say, Talk};

/// Calls for one wish at most: out of a group, onto a stream, group on, client on; twice, if somebody meddles.
const MOST_STEPS: u8 = 8;
/// Looks without an answer after which the server counts as gone.
const PATIENCE: u8 = 3;

/// What a loudspeaker shall be.
#[derive(Clone, PartialEq, Debug)]
enum Want {
    Source(String),
    Muted(bool),
    Volume(f64),
}

/// A wish under way.
struct Job {
    player: String,
    client: String,
    want: Want,
    key: Option<EventId>,
    steps: u8,
    /// It left a group that was muted. Its own group is not, and the server does not tell it so: it stays as silent as it was
    /// until somebody says otherwise.
    hushed: bool,
}

/// What an answer is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaits {
    Nothing,
    Status,
    Step,
}

pub struct Snapcast {
    board: Arc<Board>,
    number: u64,
    awaits: Awaits,
    /// It changed since it was read.
    changed: bool,
    silent: u8,
    server: Option<Server>,
    jobs: VecDeque<Job>,
}

impl Snapcast {
    pub fn new(board: Arc<Board>) -> Self {
        Self {
            board,
            number: 0,
            awaits: Awaits::Nothing,
            changed: false,
            silent: 0,
            server: None,
            jobs: VecDeque::new(),
        }
    }

    fn call(&mut self, method: &str, params: Option<&Value>, awaits: Awaits, say: &mut Say) {
        self.number += 1;
        let mut call = json!({ "jsonrpc": "2.0", "id": self.number, "method": method });
        if let Some(params) = params {
            call["params"] = params.clone();
        }
        say.bytes.extend_from_slice(call.to_string().as_bytes());
        say.bytes.extend_from_slice(b"\r\n");
        self.awaits = awaits;
    }

    fn read(&mut self, say: &mut Say) {
        self.changed = false;
        self.call("Server.GetStatus", None, Awaits::Status, say);
    }

    /// The next call of the wish that is under way, or the next wish; else what changed is read.
    fn go_on(&mut self, say: &mut Say) {
        if self.awaits != Awaits::Nothing {
            return;
        }
        if self.changed || self.server.is_none() {
            return self.read(say);
        }
        while let (Some(server), Some(job)) = (&self.server, self.jobs.front_mut()) {
            let next = match job.steps {
                MOST_STEPS => Err("the server does not keep what it is told".to_owned()),
                _ if std::mem::take(&mut job.hushed) => Ok(Some(silence(&job.client))),
                _ => next(server, &job.client, &job.want),
            };
            job.steps += 1;
            let leaves = matches!(&next, Ok(Some(("Group.SetClients", _))));
            job.hushed = leaves && server.of(&job.client).is_some_and(|(group, _)| group.muted);
            match next {
                Ok(Some((method, params))) => return self.call(method, Some(&params), Awaits::Step, say),
                Ok(None) => self.done(Ok(()), say),
                Err(why) => self.done(Err(why), say),
            }
        }
    }

    fn done(&mut self, came: Result<(), String>, say: &mut Say) {
        let Some(job) = self.jobs.pop_front() else { return };
        let failed = came.is_err();
        say.deliveries.extend(job.key.map(|key| match came {
            Ok(()) => Delivery::Sent(key),
            Err(why) => Delivery::Failed(key, why),
        }));
        if !failed {
            // What was asked for is told again, though it may have been so before.
            let what = match job.want {
                Want::Source(_) => "source",
                Want::Muted(_) => "muted",
                Want::Volume(_) => "volume",
            };
            self.board.forget(&format!("player/{}/{what}", job.player));
            if let Some(server) = &self.server {
                say.deliveries.drain(..).for_each(|delivery| self.board.delivered(delivery));
                self.board.server(server);
            }
        }
    }
}

fn silence(client: &str) -> (&'static str, Value) {
    ("Client.SetVolume", json!({ "id": client, "volume": { "muted": true } }))
}

/// The call that leads from what is towards a wish; `None`: it is so.
fn next(server: &Server, client: &str, want: &Want) -> Result<Option<(&'static str, Value)>, String> {
    let (group, found) =
        server.of(client).ok_or_else(|| format!("the server has never seen a client {client:?}"))?;
    let others: Vec<&str> = group.clients.iter().map(|c| c.id.as_str()).filter(|id| *id != client).collect();
    let apart = || Some(("Group.SetClients", json!({ "id": group.id, "clients": others })));
    let volume = |what: Value| Some(("Client.SetVolume", json!({ "id": client, "volume": what })));
    Ok(match want {
        Want::Source(stream) if group.stream != *stream => {
            if !server.streams.iter().any(|s| s.id == *stream) {
                let known: Vec<&str> = server.streams.iter().map(|s| s.id.as_str()).collect();
                return Err(format!("the server has no stream {stream:?}; it has {}", known.join(", ")));
            }
            // Others in its group did not ask for it.
            match others.is_empty() {
                false => apart(),
                true => Some(("Group.SetStream", json!({ "id": group.id, "stream_id": stream }))),
            }
        }
        Want::Muted(false) if group.muted => match others.is_empty() {
            false => apart(),
            true => Some(("Group.SetMute", json!({ "id": group.id, "mute": false }))),
        },
        Want::Muted(muted) if found.muted != *muted && !(*muted && group.muted) => {
            volume(json!({ "muted": muted }))
        }
        Want::Volume(percent) if (found.volume - percent).abs() >= 0.5 => {
            volume(json!({ "percent": percent.round() }))
        }
        _ => None,
    })
}

impl Talk for Snapcast {
    fn begin(&mut self, say: &mut Say) {
        self.server = None;
        self.silent = 0;
        self.awaits = Awaits::Nothing;
        self.board.again("player/");
        self.read(say);
    }

    fn heard(&mut self, line: &str, say: &mut Say) -> Result<(), String> {
        let said: Value =
            serde_json::from_str(line).map_err(|_| "what answers there is no Snapcast server".to_owned())?;
        self.silent = 0;
        if said.get("id").and_then(Value::as_u64) != Some(self.number) || self.awaits == Awaits::Nothing {
            // A notice of a change, of which the whole is read: they do not say all.
            self.changed = true;
            self.go_on(say);
            return Ok(());
        }
        let awaited = std::mem::replace(&mut self.awaits, Awaits::Nothing);
        if let Some(error) = said.get("error") {
            let text = |key| error.get(key).and_then(Value::as_str);
            let why = text("data").or_else(|| text("message")).unwrap_or("the server refused").to_owned();
            if awaited == Awaits::Status {
                return Err(why);
            }
            self.done(Err(why), say);
            self.changed = true;
            self.go_on(say);
            return Ok(());
        }
        match awaited {
            Awaits::Status => {
                let status = said.get("result").and_then(Server::read);
                let status = status.ok_or("what answers there is no Snapcast server")?;
                self.board.server(&status);
                self.server = Some(status);
                say.ready = true;
            }
            Awaits::Step | Awaits::Nothing => self.changed = true,
        }
        self.go_on(say);
        Ok(())
    }

    fn asked(&mut self, message: Outbound, say: &mut Say) {
        match told(&message)
            .and_then(|(player, what, value)| Ok((self.want(&player, &what, &value)?, player)))
        {
            Ok(((client, want), player)) => {
                self.jobs.push_back(Job { player, client, want, key: message.key, steps: 0, hushed: false });
                self.go_on(say);
            }
            Err(why) => say.deliveries.extend(message.key.map(|key| Delivery::Failed(key, why))),
        }
    }

    fn look(&mut self, say: &mut Say) -> Result<(), String> {
        self.silent += 1;
        if self.silent > PATIENCE {
            return Err("the server stopped answering".to_owned());
        }
        self.changed = true;
        self.go_on(say);
        Ok(())
    }

    fn ended(&mut self, say: &mut Say) {
        for job in self.jobs.drain(..) {
            let why = "the server went away meanwhile".to_owned();
            say.deliveries.extend(job.key.map(|key| Delivery::Failed(key, why)));
        }
    }
}

impl Snapcast {
    /// The client and what is wanted of it.
    fn want(&self, player: &str, what: &str, value: &str) -> Result<(String, Want), String> {
        let client = self.board.client(player).ok_or_else(|| format!("there is no player {player}"))?;
        let want = match (what, value) {
            ("muted", "ON") => Want::Muted(true),
            ("muted", "OFF") => Want::Muted(false),
            ("volume", percent) => match percent.parse::<f64>() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Want::Volume(percent),
                _ => return Err(format!("{percent:?} is no volume from 0 to 100")),
            },
            ("source", stream) => Want::Source(self.board.stream_id(stream)?),
            (what, value) => return Err(format!("a player's {what} cannot be {value:?}")),
        };
        Ok((client, want))
    }
}

#[cfg(test)]
mod tests {
    use super::super::server::{Client, Group, Stream};
    use super::*;

    fn client(id: &str, muted: bool) -> Client {
        Client { id: id.into(), connected: true, muted, volume: 40.0 }
    }

    fn server(muted: bool) -> Server {
        let group = |id: &str, clients| Group { id: id.into(), muted, stream: "bob".into(), clients };
        let stream = |id: &str| Stream {
            id: id.into(),
            status: "playing".into(),
            title: String::new(),
            artist: String::new(),
        };
        Server {
            groups: vec![
                group("one", vec![client("kitchen", true), client("bath", false)]),
                group("two", vec![client("bedroom", false)]),
            ],
            streams: vec![stream("alice"), stream("bob")],
        }
    }

    fn method(server: &Server, client: &str, want: &Want) -> Option<&'static str> {
        next(server, client, want).unwrap().map(|(method, _)| method)
    }

    #[test]
    fn a_room_leaves_the_group_of_yesterday_before_it_plays_something_else() {
        let server = server(false);
        let alice = Want::Source("alice".into());
        assert_eq!(
            next(&server, "kitchen", &alice),
            Ok(Some(("Group.SetClients", json!({ "id": "one", "clients": ["bath"] }))))
        );
        assert_eq!(method(&server, "bedroom", &alice), Some("Group.SetStream"));
        assert_eq!(method(&server, "kitchen", &Want::Source("bob".into())), None, "it is so");
        assert!(next(&server, "hall", &alice).unwrap_err().contains("never seen"));
        let gone = next(&server, "kitchen", &Want::Source("carol".into()));
        assert!(gone.unwrap_err().contains("it has alice, bob"));
    }

    #[test]
    fn a_group_that_was_muted_does_not_keep_a_room_silent() {
        let (quiet, loud) = (server(true), server(false));
        assert_eq!(method(&quiet, "kitchen", &Want::Muted(false)), Some("Group.SetClients"));
        assert_eq!(method(&quiet, "bedroom", &Want::Muted(false)), Some("Group.SetMute"));
        assert_eq!(method(&quiet, "bedroom", &Want::Muted(true)), None, "its group is");
        assert_eq!(method(&loud, "kitchen", &Want::Muted(false)), Some("Client.SetVolume"));
        assert_eq!(method(&loud, "bedroom", &Want::Muted(true)), Some("Client.SetVolume"));
        assert_eq!(method(&loud, "bedroom", &Want::Volume(40.2)), None);
        assert_eq!(method(&loud, "bedroom", &Want::Volume(20.0)), Some("Client.SetVolume"));
    }
}
