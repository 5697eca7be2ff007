//! One connection to a satellite, from its first word to its last.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::BufReader;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use super::SatelliteMessage;
use super::calls::{Call, STALE, What};
use super::connection::Line;
use super::conversation::{Conversation, Next, Stage};
use super::microphone::{Microphone, Spoken};
use super::turn::{self, Turn, Turned};
use crate::voice::ears::Utterance;
use crate::voice::wyoming::{Event, read, write};

/// Events that may wait to be looked at; a satellite that sends more waits.
const WAITING: usize = 64;
/// How often it is asked whether it is there: a satellite whose plug was pulled does not say so.
const PING: Duration = Duration::from_secs(20);
/// Whoever called and then says nothing, milliseconds.
const SILENT: usize = 8_000;
/// Samples that are sent at once.
const PIECE: usize = 1_024;
/// The room rings on after the loudspeaker.
const ECHO: Duration = Duration::from_millis(300);
/// A satellite that takes nothing for so long is gone.
const WRITE: Duration = Duration::from_secs(10);
/// Said when nothing can be recognised, at most so often.
const DEAF_AGAIN: Duration = Duration::from_secs(60);

/// Runs until the connection ends; the error says why.
pub async fn session(stream: TcpStream, line: &mut Line) -> Result<(), String> {
    let (from, to) = stream.into_split();
    let (events, taken) = mpsc::channel(WAITING);
    let reader = Reader(tokio::spawn(pump(from, events)));
    let voice = (line.asked.setup.in_force)().voice.clone();
    let home = (line.asked.setup.in_force)();
    let language = line.config.language.clone().or_else(|| voice.as_ref().and_then(|v| v.language.clone()));
    let language = language.unwrap_or_else(|| home.household.language.clone());
    let wake = voice.and_then(|voice| voice.wake);
    let mut session = Session {
        line,
        to,
        conversation: Conversation::new(wake.clone(), language.clone()),
        language,
        wake,
        stage: None,
        microphone: Microphone::default(),
        utterance: None,
        grammar: None,
        turn: None,
        deaf_until: Instant::now(),
        told_deaf: None,
        unanswered: None,
        calls: VecDeque::new(),
    };
    let ended = session.run(taken).await;
    drop(reader);
    ended
}

/// Ends with the session.
struct Reader(JoinHandle<()>);

impl Drop for Reader {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn pump(from: OwnedReadHalf, events: mpsc::Sender<Result<Event, String>>) {
    let mut from = BufReader::new(from);
    loop {
        let event = match read(&mut from).await {
            Ok(Some(event)) => Ok(event),
            Ok(None) => return,
            Err(e) => Err(e.to_string()),
        };
        let last = event.is_err();
        if events.send(event).await.is_err() || last {
            return;
        }
    }
}

struct Session<'l> {
    line: &'l mut Line,
    to: OwnedWriteHalf,
    conversation: Conversation,
    language: String,
    wake: Option<String>,
    stage: Option<Stage>,
    microphone: Microphone,
    utterance: Option<Utterance>,
    grammar: Option<Arc<str>>,
    turn: Option<Turn>,
    /// Until then its own loudspeaker is all that the microphone hears.
    deaf_until: Instant,
    told_deaf: Option<Instant>,
    /// Pings that were not answered; `None`: it never answered one.
    unanswered: Option<u32>,
    /// What is to be said once nobody is being answered.
    calls: VecDeque<String>,
}

impl Session<'_> {
    async fn run(&mut self, mut events: mpsc::Receiver<Result<Event, String>>) -> Result<(), String> {
        self.send(&Event::new("describe")).await?;
        self.line.satellite.tell(SatelliteMessage::Connected);
        self.grammar = turn::grammar(&self.line.asked, &self.language, self.wake.as_deref()).await;
        let muted = *self.line.muted.borrow_and_update();
        self.told_to_run(!muted).await?;
        let mut ping = Instant::now() + PING;
        loop {
            tokio::select! {
                biased;
                changed = self.line.muted.changed() => {
                    changed.map_err(|_| "its actor ended".to_owned())?;
                    let muted = *self.line.muted.borrow_and_update();
                    self.forget();
                    self.told_to_run(!muted).await?;
                }
                turned = done(&mut self.turn) => {
                    self.turn = None;
                    self.turned(turned).await?;
                    self.next_call();
                }
                Some(call) = self.line.calls.recv() => self.called(call).await?,
                event = events.recv() => match event {
                    Some(event) => self.event(event?).await?,
                    None => return Ok(()),
                },
                () = sleep_until(ping) => {
                    ping = Instant::now() + PING;
                    self.ping().await?;
                    self.next_call();
                }
            }
        }
    }

    async fn called(&mut self, call: Call) -> Result<(), String> {
        match call.what {
            What::Send(event) => self.send(&event).await,
            What::Say(text) => {
                if self.line.asked.world.clock().now().since(call.at) < STALE {
                    self.calls.push_back(text);
                    self.next_call();
                }
                Ok(())
            }
        }
    }

    /// One answer at a time: what is to be said waits for it.
    fn next_call(&mut self) {
        if self.turn.is_none()
            && self.utterance.is_none()
            && let Some(text) = self.calls.pop_front()
        {
            let language = (self.line.asked.setup.in_force)().household.language.clone();
            let hears = (self.language.as_str(), self.wake.as_deref());
            self.turn = Some(turn::voice(&self.line.asked, text, &language, hears));
        }
    }

    async fn send(&mut self, event: &Event) -> Result<(), String> {
        match tokio::time::timeout(WRITE, write(&mut self.to, event)).await {
            Ok(sent) => sent.map_err(|e| e.to_string()),
            Err(_) => Err("it does not take what is sent to it".to_owned()),
        }
    }

    async fn told_to_run(&mut self, run: bool) -> Result<(), String> {
        self.send(&Event::new(if run { "run-satellite" } else { "pause-satellite" })).await
    }

    async fn ping(&mut self) -> Result<(), String> {
        if let Some(count) = &mut self.unanswered {
            *count += 1;
            if *count > 2 {
                return Err("it answers no more".to_owned());
            }
        }
        self.send(&Event::with("ping", json!({ "text": "lares" }))).await
    }

    /// All of what was being heard is gone.
    fn forget(&mut self) {
        self.utterance = None;
        self.microphone.clear();
    }

    async fn event(&mut self, event: Event) -> Result<(), String> {
        match event.kind.as_str() {
            "audio-chunk" => self.sound(&event).await?,
            "run-pipeline" => {
                let stage =
                    if event.text("start_stage") == Some("asr") { Stage::Command } else { Stage::Wake };
                self.stage = Some(stage);
                self.forget();
            }
            // A satellite that looks for speech itself heard the end of it.
            "audio-stop" => self.over().await?,
            "played" => self.deaf_until = Instant::now(),
            "ping" => {
                let text = event.text("text").unwrap_or_default();
                self.send(&Event::with("pong", json!({ "text": text }))).await?;
            }
            "pong" => self.unanswered = Some(0),
            "error" => {
                let why = event.text("text").unwrap_or("it does not say why").to_owned();
                tracing::warn!(satellite = self.line.key, why, "a satellite is in trouble");
            }
            // The protocol grows: what is not known is no trouble.
            _ => {}
        }
        Ok(())
    }

    async fn sound(&mut self, chunk: &Event) -> Result<(), String> {
        let Some(stage) = self.stage else { return Ok(()) };
        // Muted, what comes all the same is thrown away before anything looks at it.
        if *self.line.muted.borrow() || self.turn.is_some() || Instant::now() < self.deaf_until {
            return Ok(());
        }
        let (rate, samples) = chunk.samples()?;
        for spoken in self.microphone.push(rate, &samples) {
            match spoken {
                Spoken::Begins(samples) => self.begins(samples).await?,
                Spoken::Goes(samples) => {
                    let pushed = self.utterance.as_mut().map(|utterance| utterance.push(samples));
                    if let Some(Err(why)) = pushed {
                        tracing::warn!(satellite = self.line.key, %why, "what was said is lost");
                        self.utterance = None;
                    }
                }
                Spoken::Ends => {
                    self.over().await?;
                    return Ok(());
                }
            }
        }
        if stage == Stage::Command && self.utterance.is_none() && self.microphone.quiet_ms() > SILENT {
            self.forget();
            self.stage = None;
            self.send(&Event::with("transcript", json!({ "text": "" }))).await?;
        }
        Ok(())
    }

    async fn begins(&mut self, samples: Vec<i16>) -> Result<(), String> {
        let ears = match self.line.asked.setup.hearing.now() {
            Ok(ears) => ears,
            Err(why) => {
                let now = Instant::now();
                if self.told_deaf.is_none_or(|told| now > told + DEAF_AGAIN) {
                    tracing::warn!(satellite = self.line.key, %why, "somebody speaks, and nobody can hear it");
                    self.told_deaf = Some(now);
                }
                return Ok(());
            }
        };
        let begun = ears.begin(self.grammar.clone()).and_then(|mut utterance| {
            utterance.push(samples)?;
            Ok(utterance)
        });
        match begun {
            Ok(utterance) => self.utterance = Some(utterance),
            Err(why) => tracing::warn!(satellite = self.line.key, %why, "what was said is lost"),
        }
        self.send(&Event::with("voice-started", json!({ "timestamp": 0 }))).await
    }

    /// Nobody speaks any more.
    async fn over(&mut self) -> Result<(), String> {
        self.microphone.clear();
        let Some(utterance) = self.utterance.take() else { return Ok(()) };
        self.turn = Some(turn::recognise(utterance));
        self.send(&Event::with("voice-stopped", json!({ "timestamp": 0 }))).await
    }

    async fn turned(&mut self, turned: Turned) -> Result<(), String> {
        match turned {
            Turned::Heard(Err(why)) => {
                tracing::warn!(satellite = self.line.key, %why, "what was said is lost");
                Ok(())
            }
            Turned::Heard(Ok(heard)) => self.heard(&heard.text).await,
            Turned::Answered { sentence, addressed, spoken } => {
                let now = self.line.asked.world.clock().now();
                self.conversation.answered(&sentence, &spoken, now);
                // Nobody asked the house, and it meant nothing.
                if !addressed && spoken.intent.is_none() {
                    return Ok(());
                }
                self.speak(spoken.answer);
                Ok(())
            }
            Turned::Sound { text, sound, grammar } => {
                self.grammar = grammar.or_else(|| self.grammar.take());
                self.send(&Event::with("synthesize", json!({ "text": text }))).await?;
                match sound {
                    Ok(sound) => self.play(&sound.samples, sound.rate).await,
                    Err(why) => {
                        tracing::warn!(satellite = self.line.key, why, "the answer has no voice");
                        Ok(())
                    }
                }
            }
        }
    }

    async fn heard(&mut self, text: &str) -> Result<(), String> {
        let stage = self.stage.unwrap_or(Stage::Wake);
        let now = self.line.asked.world.clock().now();
        let next = self.conversation.heard(text, stage, now);
        if matches!(&next, Next::Called)
            || matches!((&next, stage, &self.wake), (Next::Say { .. }, Stage::Wake, Some(_)))
        {
            let name = self.wake.clone().unwrap_or_default();
            self.send(&Event::with("detection", json!({ "name": name, "timestamp": 0 }))).await?;
        }
        // One that waits for our word goes back to its own wake word by it.
        let is_for_us = !matches!(next, Next::Nothing | Next::Called);
        if stage == Stage::Command || is_for_us {
            self.send(&Event::with("transcript", json!({ "text": text }))).await?;
        }
        if stage == Stage::Command {
            self.stage = None;
        }
        match next {
            Next::Nothing | Next::Called => {}
            Next::Answer(text) => self.speak(text),
            next @ Next::Say { .. } => {
                let Line { asked, key, config, .. } = &*self.line;
                self.turn = turn::ask(asked, key, config, &self.language, next);
            }
        }
        Ok(())
    }

    fn speak(&mut self, text: String) {
        let hears = (self.language.as_str(), self.wake.as_deref());
        self.turn = Some(turn::voice(&self.line.asked, text, &self.language, hears));
    }

    async fn play(&mut self, samples: &[i16], rate: u32) -> Result<(), String> {
        self.send(&Event::sound("audio-start", rate)).await?;
        for piece in samples.chunks(PIECE) {
            self.send(&Event::chunk(piece, rate)).await?;
        }
        self.send(&Event::sound("audio-stop", rate)).await?;
        let length = Duration::from_millis(samples.len() as u64 * 1_000 / u64::from(rate.max(1)));
        self.deaf_until = Instant::now() + length + ECHO;
        self.microphone.clear();
        Ok(())
    }
}

/// Waits for a turn; for ever where there is none.
async fn done(turn: &mut Option<Turn>) -> Turned {
    match turn {
        Some(turn) => turn.await,
        None => std::future::pending().await,
    }
}
