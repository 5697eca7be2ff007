//! One connection to a satellite, from its first word to its last. How it listens stands in [`super::hearing`], how it speaks in
//! [`super::speaking`].

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use lares_model::EventId;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};

use super::SatelliteMessage;
use super::caller::{self, Caller};
use super::connection::Line;
use super::conversation::{Conversation, House, Stage};
use super::dialog::{Ends, Said, Speech, Tell};
use super::duck::Ducked;
use super::interrupt::Interrupt;
use super::microphone::Microphone;
use super::ring::Ring;
use super::saying::{Saying, Step};
use super::turn::{self, Turn, Turned};
use crate::voice::ears::{Heard, NoEars, Utterance};

/// How often it is asked whether it is there: a satellite whose plug was pulled does not say so.
const PING: Duration = Duration::from_secs(20);
/// A satellite that takes nothing for so long is gone.
const WRITE: Duration = Duration::from_secs(10);

/// Runs until the connection ends; the error says why.
pub async fn session(ends: Ends, line: &mut Line) -> Result<(), String> {
    let home = (line.asked.setup.in_force)();
    let voice = home.voice.as_ref();
    let language = line.config.language.clone().or_else(|| voice.and_then(|v| v.language.clone()));
    let language = language.unwrap_or_else(|| home.household.language.clone());
    let wake = voice.and_then(|voice| voice.wake.clone());
    let mut session = Session {
        line,
        ends,
        conversation: Conversation::new(wake.clone(), language.clone()),
        language,
        wake,
        stage: None,
        microphone: Microphone::default(),
        utterance: None,
        grammar: None,
        turn: None,
        saying: None,
        saying_at: None,
        ducked: None,
        duck_until: None,
        echo_until: Instant::now(),
        interrupt: Interrupt::default(),
        look: None,
        was_interrupted: false,
        ring: None,
        told_deaf: None,
        unanswered: None,
        calls: VecDeque::new(),
        caller: None,
    };
    let ended = session.run().await;
    session.left();
    ended
}

/// What is looked at while the house speaks.
pub(super) type Look = Pin<Box<dyn Future<Output = Result<Heard, NoEars>> + Send>>;

/// Something that is to be said once nobody is being answered.
pub(super) struct Waiting {
    pub text: String,
    pub language: String,
    /// It rings: until it is stopped.
    pub ring: Option<Ring>,
}

pub(super) struct Session<'l> {
    pub line: &'l mut Line,
    pub ends: Ends,
    pub conversation: Conversation,
    pub language: String,
    pub wake: Option<String>,
    pub stage: Option<Stage>,
    pub microphone: Microphone,
    pub utterance: Option<Utterance>,
    pub grammar: Option<Arc<str>>,
    pub turn: Option<Turn>,
    pub saying: Option<Saying>,
    /// Samples a second of what is being sent.
    pub saying_at: Option<u32>,
    /// Music of the room, while it is low.
    pub ducked: Option<Ducked>,
    /// When its claims are renewed, or end.
    pub duck_until: Option<Instant>,
    /// Until then its own loudspeaker is most of what the microphone hears.
    pub echo_until: Instant,
    pub interrupt: Interrupt,
    pub look: Option<Look>,
    /// What is being heard began while the house spoke.
    pub was_interrupted: bool,
    pub ring: Option<Ring>,
    pub told_deaf: Option<Instant>,
    /// Pings that were not answered; `None`: it never answered one.
    unanswered: Option<u32>,
    pub calls: VecDeque<Waiting>,
    /// Who is spoken with there by telephone.
    pub caller: Option<Caller>,
}

impl Session<'_> {
    async fn run(&mut self) -> Result<(), String> {
        self.tell(Tell::Hello).await?;
        self.line.satellite.tell(SatelliteMessage::Connected);
        self.grammar = turn::grammar(&self.line.asked, &self.language, self.wake.as_deref()).await;
        let muted = *self.line.muted.borrow_and_update();
        self.tell(Tell::Listen(!muted)).await?;
        self.tell_timers().await?;
        let mut stopped = self.line.stopped.subscribe();
        let mut ping = Instant::now() + PING;
        loop {
            let (ring_at, duck_at) = (self.ring_at(), self.duck_until);
            tokio::select! {
                biased;
                changed = self.line.muted.changed() => {
                    changed.map_err(|_| "its actor ended".to_owned())?;
                    let muted = *self.line.muted.borrow_and_update();
                    self.forget();
                    self.tell(Tell::Listen(!muted)).await?;
                }
                turned = waited(&mut self.turn) => {
                    self.turn = None;
                    self.turned(turned).await?;
                    self.next_call();
                }
                heard = waited(&mut self.look) => {
                    self.look = None;
                    self.looked(heard).await?;
                }
                step = next_step(&mut self.saying) => self.said(step).await?,
                Some(call) = self.line.calls.recv() => self.called(call).await?,
                Some(talk) = self.line.talks.recv() => self.take_caller(talk).await?,
                frame = caller::says(&mut self.caller) => self.caller_says(frame).await?,
                id = stopped.recv() => match id {
                    Ok(id) => self.stopped(id).await?,
                    // More was stopped than could wait: whatever rings here is among it.
                    Err(RecvError::Lagged(_)) => self.ring = None,
                    Err(RecvError::Closed) => return Err("its wire ended".to_owned()),
                },
                () = until(ring_at) => self.rings(),
                () = until(duck_at) => self.duck_over(),
                said = self.ends.said.recv() => match said {
                    Some(said) => self.takes(said?).await?,
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

    /// The connection is gone. What was being understood was said to the house all the same.
    fn left(self) {
        let (stage, house) = (self.stage.unwrap_or(Stage::Wake), self.house());
        let Line { asked, key, config, stopped, .. } = &*self.line;
        let rings = self.ring.map(|ring| (ring.event, stopped.clone()));
        if let Some(turn) = self.turn {
            let last = turn::Last { turn, conversation: self.conversation, stage, house, rings };
            turn::finish(last, asked.clone(), key.clone(), config.clone(), self.language);
        }
    }

    pub async fn tell(&mut self, tell: Tell) -> Result<(), String> {
        match tokio::time::timeout(WRITE, self.ends.to.tell(tell)).await {
            Ok(told) => told,
            Err(_) => Err("it does not take what is sent to it".to_owned()),
        }
    }

    async fn ping(&mut self) -> Result<(), String> {
        if let Some(count) = &mut self.unanswered {
            *count += 1;
            if *count > 2 {
                return Err("it answers no more".to_owned());
            }
        }
        self.tell(Tell::Ping).await
    }

    /// What the house does, to whoever speaks.
    pub fn house(&self) -> House {
        match (&self.ring, self.was_interrupted) {
            (Some(_), _) => House::Rings,
            (None, true) => House::Spoke,
            (None, false) => House::Silent,
        }
    }

    async fn stopped(&mut self, id: EventId) -> Result<(), String> {
        self.calls.retain(|call| call.ring.as_ref().is_none_or(|ring| ring.event != id));
        if self.ring.as_ref().is_some_and(|ring| ring.event == id) {
            self.ring = None;
            self.hush().await?;
        }
        Ok(())
    }

    async fn takes(&mut self, said: Said) -> Result<(), String> {
        match said {
            Said::Sound(rate, samples) => self.sound(rate, samples).await?,
            Said::Runs(stage) => {
                self.stage = Some(stage);
                self.forget();
                // It heard its own wake word: whoever calls is not talked over.
                if stage == Stage::Command {
                    if self.saying.is_some() {
                        self.hush().await?;
                    }
                    self.echo_until = Instant::now();
                }
            }
            Said::SpeechOver => self.over().await?,
            Said::Broken => {
                self.stage = None;
                self.forget();
                if self.saying.as_ref().is_some_and(|saying| saying.speech != Speech::Call) {
                    self.hush().await?;
                }
            }
            Said::Played => {
                if self.saying.as_ref().is_some_and(Saying::was_sent) {
                    self.said(Step::Ends(Instant::now())).await?;
                }
                self.echo_until = Instant::now();
            }
            Said::Ping(text) => self.tell(Tell::Pong(text)).await?,
            Said::Pong => self.unanswered = Some(0),
            Said::Trouble(why) => {
                let why = if why.is_empty() { "it does not say why".to_owned() } else { why };
                tracing::warn!(satellite = self.line.key, why, "a satellite is in trouble");
            }
        }
        Ok(())
    }

    async fn turned(&mut self, turned: Turned) -> Result<(), String> {
        match turned {
            Turned::Heard(Err(why)) => {
                tracing::warn!(satellite = self.line.key, %why, "what was said is lost");
                self.was_interrupted = false;
                self.tell(Tell::Nothing).await
            }
            Turned::Heard(Ok(heard)) => self.heard(&heard.text).await,
            Turned::Answered { sentence, addressed, spoken } => {
                let now = self.line.asked.world.clock().now();
                self.conversation.answered(&sentence, &spoken, now);
                // Nobody asked the house, and it meant nothing; or somebody speaks with a caller by now.
                if (!addressed && spoken.intent.is_none()) || self.caller.is_some() {
                    return self.tell(Tell::Nothing).await;
                }
                self.speak(spoken.answer, spoken.asks);
                Ok(())
            }
            Turned::Replied(Ok(())) => self.tell(Tell::Nothing).await,
            Turned::Replied(Err(why)) => {
                self.speak(why, false);
                Ok(())
            }
            Turned::Grammar(grammar) => {
                self.grammar = grammar.or_else(|| self.grammar.take());
                Ok(())
            }
        }
    }
}

/// Waits for what takes its time; for ever where there is nothing.
async fn waited<T>(on: &mut Option<Pin<Box<dyn Future<Output = T> + Send>>>) -> T {
    match on {
        Some(on) => on.await,
        None => std::future::pending().await,
    }
}

async fn next_step(saying: &mut Option<Saying>) -> Step {
    match saying {
        Some(saying) => saying.next().await,
        None => std::future::pending().await,
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
