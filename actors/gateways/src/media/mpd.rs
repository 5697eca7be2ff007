//! The Music Player Daemon's protocol, as far as pausing and skipping go: lines that end with `OK` or `ACK`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use lares_kernel::wire::{Delivery, Outbound};
use lares_model::EventId;

use super::board::{Board, Playing, told};
use super::talk::{Say, Talk};

/// A daemon and whose stream it feeds.
#[derive(Clone)]
pub struct MpdOptions {
    pub host: String,
    pub port: u16,
    pub password: Option<String>,
}

/// Fields of one answer that are kept.
const MOST_FIELDS: usize = 200;
/// Looks without an answer after which the daemon counts as gone.
const PATIENCE: u8 = 3;

/// What an answer is for.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Awaits {
    Greeting,
    Password,
    Status,
    Song,
    /// It tells when something changes; until then it takes nothing but `noidle`.
    Idle,
    Command(Option<EventId>),
}

pub struct Mpd {
    board: Arc<Board>,
    stream: String,
    password: Option<String>,
    awaits: VecDeque<Awaits>,
    fields: BTreeMap<String, String>,
    state: String,
    /// Commands that wait for `idle` to end.
    jobs: VecDeque<(String, String, Option<EventId>)>,
    leaving_idle: bool,
    silent: u8,
}

impl Mpd {
    pub fn new(board: Arc<Board>, stream: &str, password: Option<String>) -> Self {
        Self {
            board,
            stream: stream.to_owned(),
            password,
            awaits: VecDeque::new(),
            fields: BTreeMap::new(),
            state: "idle".to_owned(),
            jobs: VecDeque::new(),
            leaving_idle: false,
            silent: 0,
        }
    }

    fn send(&mut self, line: &str, awaits: Awaits, say: &mut Say) {
        say.bytes.extend_from_slice(line.as_bytes());
        say.bytes.push(b'\n');
        self.awaits.push_back(awaits);
    }

    /// Looks how it is, after what there is to do; then waits for changes.
    fn look_again(&mut self, say: &mut Say) {
        self.leaving_idle = false;
        for (what, value, key) in std::mem::take(&mut self.jobs) {
            match command(&what, &value, &self.state) {
                Ok(line) => self.send(line, Awaits::Command(key), say),
                Err(why) => say.deliveries.extend(key.map(|key| Delivery::Failed(key, why))),
            }
        }
        self.send("status", Awaits::Status, say);
        self.send("currentsong", Awaits::Song, say);
        self.send("idle player", Awaits::Idle, say);
    }

    fn leave_idle(&mut self, say: &mut Say) {
        if self.awaits.front() == Some(&Awaits::Idle) && !self.leaving_idle {
            self.leaving_idle = true;
            say.bytes.extend_from_slice(b"noidle\n");
        }
    }

    fn ok(&mut self, awaited: Awaits, say: &mut Say) {
        let fields = std::mem::take(&mut self.fields);
        let field = |key: &str| fields.get(key).cloned().unwrap_or_default();
        match awaited {
            Awaits::Greeting => match self.password.clone() {
                Some(password) => {
                    self.send(&format!("password {}", quoted(&password)), Awaits::Password, say)
                }
                None => self.look_again(say),
            },
            Awaits::Password | Awaits::Idle => self.look_again(say),
            Awaits::Status => {
                self.state = match field("state").as_str() {
                    "play" => "playing",
                    "pause" => "paused",
                    _ => "idle",
                }
                .to_owned();
            }
            Awaits::Song => {
                let title = match field("Title") {
                    // A file without a title is told by its name.
                    title if title.is_empty() => {
                        let file = field("file");
                        file.rsplit('/').next().unwrap_or_default().to_owned()
                    }
                    title => title,
                };
                let state = self.state.clone();
                self.board.plays(&self.stream, Playing { state, title, artist: field("Artist") });
                self.board.tell(&format!("stream/{}/available", self.stream), "online", false);
                say.ready = true;
            }
            Awaits::Command(key) => say.deliveries.extend(key.map(Delivery::Sent)),
        }
    }
}

/// What the daemon is told, so that what plays becomes so.
fn command(what: &str, value: &str, state: &str) -> Result<&'static str, String> {
    Ok(match (what, value) {
        ("state", "playing") if state == "paused" => "pause 0",
        ("state", "playing") => "play",
        ("state", "paused") => "pause 1",
        ("state", "idle") => "stop",
        ("next", _) => "next",
        ("previous", _) => "previous",
        (what, value) => return Err(format!("what plays cannot have its {what} set to {value:?}")),
    })
}

/// A text as the protocol writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars().filter(|c| !c.is_control()) {
        if c == '"' || c == '\\' {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

impl Talk for Mpd {
    fn begin(&mut self, _: &mut Say) {
        self.awaits.clear();
        self.awaits.push_back(Awaits::Greeting);
        self.fields.clear();
        self.leaving_idle = false;
        self.silent = 0;
        self.board.again(&format!("stream/{}/", self.stream));
    }

    fn heard(&mut self, line: &str, say: &mut Say) -> Result<(), String> {
        self.silent = 0;
        let Some(awaited) = self.awaits.front().cloned() else { return Ok(()) };
        if awaited == Awaits::Greeting && !line.starts_with("OK MPD ") {
            return Err("what answers there is no Music Player Daemon".to_owned());
        }
        if line == "OK" || line.starts_with("OK MPD ") {
            self.awaits.pop_front();
            self.ok(awaited, say);
        } else if let Some(why) = line.strip_prefix("ACK ") {
            self.awaits.pop_front();
            let why = why.rsplit("} ").next().unwrap_or(why).to_owned();
            match awaited {
                Awaits::Command(key) => say.deliveries.extend(key.map(|key| Delivery::Failed(key, why))),
                Awaits::Password => return Err("wrong password".to_owned()),
                _ => return Err(why),
            }
        } else if let Some((key, value)) = line.split_once(": ")
            && self.fields.len() < MOST_FIELDS
        {
            self.fields.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
        Ok(())
    }

    fn asked(&mut self, message: Outbound, say: &mut Say) {
        match told(&message) {
            Ok((_, what, value)) => self.jobs.push_back((what, value, message.key)),
            Err(why) => say.deliveries.extend(message.key.map(|key| Delivery::Failed(key, why))),
        }
        self.leave_idle(say);
    }

    /// Asks how it is now and then, so that one that hangs is found out.
    fn look(&mut self, say: &mut Say) -> Result<(), String> {
        self.silent += 1;
        if self.silent > PATIENCE {
            return Err("it stopped answering".to_owned());
        }
        self.leave_idle(say);
        Ok(())
    }

    fn ended(&mut self, say: &mut Say) {
        let under_way = self.awaits.drain(..).filter_map(|awaited| match awaited {
            Awaits::Command(key) => key,
            _ => None,
        });
        let waiting = self.jobs.drain(..).filter_map(|(_, _, key)| key);
        let failed = |key| Delivery::Failed(key, "it went away meanwhile".to_owned());
        say.deliveries.extend(under_way.chain(waiting).map(failed));
        self.board.tell(&format!("stream/{}/available", self.stream), "offline", false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_depends_on_what_plays() {
        assert_eq!(command("state", "playing", "paused"), Ok("pause 0"));
        assert_eq!(command("state", "playing", "idle"), Ok("play"));
        assert_eq!(command("state", "paused", "playing"), Ok("pause 1"));
        assert_eq!(command("next", "PRESS", "playing"), Ok("next"));
        assert!(command("volume", "30", "playing").is_err());
    }

    #[test]
    fn a_password_is_one_word_whatever_is_in_it() {
        assert_eq!(quoted("a \"b\\\nclear"), "\"a \\\"b\\\\clear\"");
    }
}
