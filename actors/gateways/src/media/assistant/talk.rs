//! What is spoken with the server: it greets, is told the token, says how all is, and then what changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_kernel::wire::{Delivery, Outbound};
use lares_model::EventId;
use serde_json::{Value, json};

use super::super::board::{Board, told};
use super::super::talk::{Say, Talk};
use super::calls::{Call, calls, play};
use super::known::Known;

/// The newest form of the protocol that is known here.
const NEWEST: u64 = 46;
/// From this one on it wants a token.
const WANTS_TOKEN: u64 = 28;
/// What it answers to a token that it does not take: none, wrong, without the right, run out.
const NOT_TAKEN: std::ops::RangeInclusive<u64> = 20..=23;
/// Looks without an answer after which the server counts as gone.
const PATIENCE: u8 = 3;
const NO_SERVER: &str = "what answers there is no Music Assistant server";

/// What an answer is for.
enum Awaits {
    Token,
    Players,
    Queues,
    /// Whether it is still there.
    Sign,
    Command(Job),
}

/// A wish under way.
struct Job {
    player: String,
    what: String,
    value: String,
    key: Option<EventId>,
    /// What is called after this.
    then: Option<Call>,
}

pub struct Assistant {
    board: Arc<Board>,
    token: Option<String>,
    known: Known,
    greeted: bool,
    /// It has said how all is.
    ready: bool,
    number: u64,
    awaits: BTreeMap<u64, Awaits>,
    /// Answers of which there is more to come.
    begun: BTreeMap<u64, Vec<Value>>,
    /// By player: whether its stream played when it was last looked at.
    plays: BTreeMap<String, Option<bool>>,
    silent: u8,
}

impl Assistant {
    pub fn new(board: Arc<Board>, token: Option<String>) -> Self {
        Self {
            known: Known::new(board.clone()),
            board,
            token,
            greeted: false,
            ready: false,
            number: 0,
            awaits: BTreeMap::new(),
            begun: BTreeMap::new(),
            plays: BTreeMap::new(),
            silent: 0,
        }
    }

    fn call(&mut self, (command, args): &Call, awaits: Awaits, say: &mut Say) {
        self.number += 1;
        let call = json!({ "message_id": self.number.to_string(), "command": command, "args": args });
        say.bytes.extend_from_slice(call.to_string().as_bytes());
        say.bytes.push(b'\n');
        self.awaits.insert(self.number, awaits);
    }

    /// The first that it says: who it is.
    fn greeting(&mut self, said: &Value, say: &mut Say) -> Result<(), String> {
        let number = |key: &str| said.get(key).and_then(Value::as_u64);
        let form = number("schema_version").ok_or(NO_SERVER)?;
        let oldest = number("min_supported_schema_version").unwrap_or(0);
        if oldest > NEWEST {
            return Err(format!(
                "this Music Assistant is too new: it speaks form {oldest}, known is {NEWEST}"
            ));
        }
        self.greeted = true;
        match self.token.clone() {
            Some(token) if form >= WANTS_TOKEN => {
                self.call(&("auth", json!({ "token": token })), Awaits::Token, say);
            }
            None if form >= WANTS_TOKEN => {
                return Err("Music Assistant wants a token: music_assistant_token_file".to_owned());
            }
            _ => self.read(say),
        }
        Ok(())
    }

    fn read(&mut self, say: &mut Say) {
        self.call(&("players/all", json!({})), Awaits::Players, say);
        self.call(&("player_queues/all", json!({})), Awaits::Queues, say);
    }

    /// A stream that was paused plays again, or the server has begun anew: its players have given up on it.
    fn go_on(&mut self, say: &mut Say) {
        for key in self.known.keys() {
            let stream = self.board.on(&key);
            let plays = stream.as_ref().and_then(|stream| self.board.is_playing(stream));
            let before = self.plays.insert(key.clone(), plays).flatten();
            let again = before == Some(false) || (self.ready && self.known.resumes(&key));
            let Ok((id, player)) = self.known.find(&key) else { continue };
            if again && plays == Some(true) && player.state != "playing" {
                let url = stream.and_then(|stream| self.board.url(&stream).ok());
                let Some(url) = url else { continue };
                self.call(&play(&id, &url), Awaits::Sign, say);
            }
        }
    }

    /// The server has done it. What it says of it may have come before: it is told again then.
    fn done(&mut self, mut job: Job, say: &mut Say) {
        if let Some(call) = job.then.take() {
            return self.call(&call, Awaits::Command(job), say);
        }
        say.deliveries.extend(job.key.map(Delivery::Sent));
        say.deliveries.drain(..).for_each(|delivery| self.board.delivered(delivery));
        if self.known.is_so(&job.player, &job.what, &job.value) {
            self.board.forget(&format!("player/{}/{}", job.player, job.what));
            self.known.tell(&job.player);
        }
    }

    fn answered(&mut self, awaited: Awaits, result: &Value, say: &mut Say) {
        match awaited {
            Awaits::Sign => {}
            Awaits::Token => self.read(say),
            Awaits::Players => self.known.players(result),
            Awaits::Queues => {
                self.known.queues(result);
                self.known.tell_all();
                (self.ready, say.ready) = (true, true);
            }
            Awaits::Command(job) => self.done(job, say),
        }
    }

    fn refused(&mut self, awaited: Awaits, said: &Value, say: &mut Say) -> Result<(), String> {
        let code = said.get("error_code").and_then(Value::as_u64).unwrap_or(0);
        let details = said.get("details").and_then(Value::as_str).filter(|text| !text.is_empty());
        let why = details.unwrap_or("Music Assistant refused, and says no more").to_owned();
        match awaited {
            Awaits::Token if NOT_TAKEN.contains(&code) => {
                Err(format!("Music Assistant does not take the token: {why}"))
            }
            Awaits::Token | Awaits::Players | Awaits::Queues => Err(why),
            Awaits::Sign => Ok(()),
            Awaits::Command(job) => {
                if job.what == "source" {
                    self.known.unwish(&job.player);
                }
                say.deliveries.extend(job.key.map(|key| Delivery::Failed(key, why)));
                Ok(())
            }
        }
    }

    /// All of an answer, once it is all there.
    fn whole(&mut self, id: u64, said: &Value) -> Option<Value> {
        let result = said.get("result").cloned().unwrap_or_default();
        let is_part = said.get("partial") == Some(&Value::Bool(true));
        if !is_part && !self.begun.contains_key(&id) {
            return Some(result);
        }
        let begun = self.begun.entry(id).or_default();
        begun.extend(result.as_array().cloned().unwrap_or_default());
        if is_part { None } else { self.begun.remove(&id).map(Value::Array) }
    }

    /// The calls of a wish, if it is not so already.
    fn wish(
        &mut self,
        player: &str,
        what: &str,
        value: &str,
    ) -> Result<Option<(Call, Option<Call>)>, String> {
        let (id, now) = self.known.find(player)?;
        if what != "source" {
            return calls(&id, now, (what, value), "").map(Some);
        }
        let url = self.board.url(value)?;
        if self.known.is_so(player, what, value) && now.state == "playing" {
            return Ok(None);
        }
        let calls = calls(&id, now, (what, value), &url)?;
        self.known.wish(player, value);
        Ok(Some(calls))
    }
}

impl Talk for Assistant {
    fn begin(&mut self, _: &mut Say) {
        (self.greeted, self.ready, self.silent) = (false, false, 0);
        self.awaits.clear();
        self.begun.clear();
        self.known.begin();
    }

    fn heard(&mut self, line: &str, say: &mut Say) -> Result<(), String> {
        let said: Value = serde_json::from_str(line).map_err(|_| NO_SERVER)?;
        self.silent = 0;
        if !self.greeted {
            return self.greeting(&said, say);
        }
        if let Some(event) = said.get("event").and_then(Value::as_str) {
            if self.known.event(event, &said) && self.ready {
                self.known.tell_all();
            }
            self.known.overdue();
            self.go_on(say);
            return Ok(());
        }
        let id = said.get("message_id").and_then(Value::as_str).unwrap_or_default();
        if id == "connection" {
            let details = said.get("details").and_then(Value::as_str).unwrap_or("it refuses all");
            return Err(format!("Music Assistant is not ready: {details}"));
        }
        let Ok(id) = id.parse::<u64>() else { return Ok(()) };
        if said.get("error_code").is_some() {
            self.begun.remove(&id);
            let Some(awaited) = self.awaits.remove(&id) else { return Ok(()) };
            return self.refused(awaited, &said, say);
        }
        if let Some(result) = self.whole(id, &said)
            && let Some(awaited) = self.awaits.remove(&id)
        {
            self.answered(awaited, &result, say);
        }
        self.go_on(say);
        Ok(())
    }

    fn asked(&mut self, message: Outbound, say: &mut Say) {
        let key = message.key;
        let wish = told(&message).and_then(|(player, what, value)| {
            let calls = self.wish(&player, &what, &value)?;
            Ok((Job { player, what, value, key, then: None }, calls))
        });
        match wish {
            Ok((job, Some((first, then)))) => self.call(&first, Awaits::Command(Job { then, ..job }), say),
            Ok((job, None)) => self.done(job, say),
            Err(why) => say.deliveries.extend(key.map(|key| Delivery::Failed(key, why))),
        }
    }

    fn look(&mut self, say: &mut Say) -> Result<(), String> {
        self.silent += 1;
        if self.silent > PATIENCE {
            return Err("Music Assistant stopped answering".to_owned());
        }
        if self.greeted {
            self.call(&("info", json!({})), Awaits::Sign, say);
        }
        self.known.overdue();
        self.go_on(say);
        Ok(())
    }

    fn ended(&mut self, say: &mut Say) {
        for (_, awaited) in std::mem::take(&mut self.awaits) {
            let Awaits::Command(Job { key: Some(key), .. }) = awaited else { continue };
            say.deliveries.push(Delivery::Failed(key, "Music Assistant went away meanwhile".to_owned()));
        }
        self.known.end();
    }
}
