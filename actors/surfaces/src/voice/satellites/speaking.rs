//! How a session speaks: answers, announcements, what rings; and how it stops.

use std::time::Duration;

use lares_config::{RING, SpeechConfig};
use tokio::time::Instant;

use super::calls::{Call, STALE, What, timers_now};
use super::dialog::{Speech, Tell};
use super::duck::{RENEW, duck};
use super::interrupt::Interrupt;
use super::ring::{Ring, chime};
use super::saying::{Saying, Step, Words};
use super::session::{Session, Waiting};
use super::turn;
use crate::control::Trouble;
use crate::views::{self, Source, Telling};

/// The room rings on after the loudspeaker.
const ECHO: Duration = Duration::from_millis(300);

impl Session<'_> {
    pub async fn called(&mut self, call: Call) -> Result<(), String> {
        let now = self.line.asked.world.clock().now();
        let home = (self.line.asked.setup.in_force)();
        let language = home.household.language.clone();
        let (text, ring) = match call.what {
            What::Timer(timer) => return self.tell(Tell::Timer(timer)).await,
            What::Ask(question, until) => {
                self.conversation.calls(question, until);
                return Ok(());
            }
            What::Over(question) => {
                self.conversation.calls_no_more(&question);
                return Ok(());
            }
            _ if now.since(call.at) >= STALE => return Ok(()),
            What::Say(text) => (text, None),
            // Twice at once would be a noise.
            What::Ring(text) if self.ends.rings => (text, None),
            What::Ring(text) => {
                let length = home.voice.as_ref().map_or(RING, |voice| voice.ring);
                // It is told now in any case: what rings counts from when it can be heard.
                (text.clone(), Ring::new(call.event, text, now, length, now))
            }
        };
        self.calls.push_back(Waiting { text, language, ring });
        self.next_call();
        Ok(())
    }

    /// How timers are, to one that is there again: what waited for it first, as it happened.
    pub async fn tell_timers(&mut self) -> Result<(), String> {
        while let Ok(call) = self.line.calls.try_recv() {
            self.called(call).await?;
        }
        let read = |source: &dyn Source, told: &views::Telling| {
            views::countdowns(source, told).map_err(Trouble::failed)
        };
        match self.line.asked.read_as_it_is(read).await {
            Ok(all) => {
                let home = (self.line.asked.setup.in_force)();
                for timer in timers_now(&all, &home, &self.line.config.room) {
                    self.tell(Tell::Timer(timer)).await?;
                }
            }
            Err(trouble) => {
                tracing::warn!(why = trouble.message, "a satellite is not told which timers run");
            }
        }
        Ok(())
    }

    fn is_busy(&self) -> bool {
        let speaks = self.saying.is_some() || self.caller.is_some();
        self.turn.is_some() || self.utterance.is_some() || speaks
    }

    /// One answer at a time: what is to be said waits for it.
    pub fn next_call(&mut self) {
        let busy = self.is_busy();
        if !busy && let Some(Waiting { text, language, ring }) = self.calls.pop_front() {
            let rings = ring.is_some();
            if rings {
                self.ring = ring;
            }
            self.say(text, language, rings, Speech::Call);
        }
    }

    /// Says it in the language of those who speak there, and finds out what may be answered.
    pub fn speak(&mut self, text: String, asks: bool) {
        let language = self.language.clone();
        self.say(text, language, false, Speech::Answer { asks });
    }

    fn say(&mut self, text: String, language: String, rings: bool, kind: Speech) {
        let asked = &self.line.asked;
        let home = (asked.setup.in_force)();
        let speech = home.voice.as_ref().map_or_else(SpeechConfig::default, |voice| voice.speech.clone());
        let told = Telling::in_zone(&home.household.time_zone, asked.world.clock().now(), true);
        let volume = speech.volume_at(told.time_of_day(), self.line.config.volume);
        let chime = rings.then(chime);
        let words = Words { text, kind, language, speech, volume, chime };
        self.saying = Some(Saying::new(asked, words, self.ends.whole));
        self.turn = Some(turn::look(asked, &self.language, self.wake.as_deref()));
        self.utterance = None;
        self.interrupt = Interrupt::default();
    }

    /// A step of what is being said.
    pub async fn said(&mut self, step: Step) -> Result<(), String> {
        match step {
            Step::Begins(rate) => {
                let words = self.saying.as_ref().map(|saying| (saying.text.clone(), saying.speech));
                self.lower().await;
                self.microphone.clear();
                if let Some((text, speech)) = words {
                    self.tell(Tell::Speaks(text, speech)).await?;
                }
                self.tell(Tell::SoundBegins(rate)).await?;
                self.saying_at = Some(rate);
            }
            Step::Goes(piece, rate) => self.tell(Tell::Sound(piece, rate)).await?,
            Step::Sent => self.sound_ends().await?,
            Step::Mute(why) => {
                tracing::warn!(satellite = self.line.key, why, "what was to be said has no voice");
            }
            Step::Ends(heard) => {
                self.saying = None;
                self.ended(heard + ECHO).await?;
                self.tell(Tell::Nothing).await?;
                let now = self.line.asked.world.clock().now();
                if self.ring.as_mut().is_some_and(|ring| !ring.rang(now)) {
                    self.ring = None;
                }
                self.next_call();
            }
        }
        Ok(())
    }

    /// In the middle of a word.
    pub async fn hush(&mut self) -> Result<(), String> {
        self.saying = None;
        self.ended(Instant::now()).await
    }

    async fn ended(&mut self, echo_until: Instant) -> Result<(), String> {
        self.sound_ends().await?;
        self.echo_until = echo_until;
        self.duck_until = self.ducked.as_ref().map(|_| echo_until);
        Ok(())
    }

    async fn sound_ends(&mut self) -> Result<(), String> {
        match self.saying_at.take() {
            Some(rate) => self.tell(Tell::SoundEnds(rate)).await,
            None => Ok(()),
        }
    }

    /// Enough of what rings, in all rooms.
    pub fn stop(&mut self) {
        if let Some(ring) = self.ring.take() {
            let _ = self.line.stopped.send(ring.event);
        }
    }

    /// When it rings again, if it does.
    pub fn ring_at(&self) -> Option<Instant> {
        let busy = self.is_busy();
        let ring = self.ring.as_ref().filter(|_| !busy)?;
        let wait = ring.next.since(self.line.asked.world.clock().now());
        Some(Instant::now() + wait)
    }

    pub fn rings(&mut self) {
        let language = (self.line.asked.setup.in_force)().household.language.clone();
        if let Some(text) = self.ring.as_ref().map(|ring| ring.text.clone()) {
            self.say(text, language, true, Speech::Call);
        }
    }

    /// Music of the room, before the first word.
    pub async fn lower(&mut self) {
        let home = (self.line.asked.setup.in_force)();
        let percent = home.voice.as_ref().map_or(SpeechConfig::default().duck, |voice| voice.speech.duck);
        if let Some(ducked) = &self.ducked {
            ducked.renew();
        } else {
            self.ducked = duck(&self.line.asked, &self.line.ducks, &self.line.config.room, percent).await;
        }
        self.duck_until = self.ducked.as_ref().map(|_| Instant::now() + RENEW);
    }

    /// Its time is over: it is renewed, or music is as before.
    pub fn duck_over(&mut self) {
        self.duck_until = None;
        if self.saying.is_none() && self.caller.is_none() {
            self.ducked = None;
        } else if let Some(ducked) = &self.ducked {
            ducked.renew();
            self.duck_until = Some(Instant::now() + RENEW);
        }
    }
}
