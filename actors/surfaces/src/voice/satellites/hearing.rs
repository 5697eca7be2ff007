//! How a session listens: what is said to the house, also while the house itself speaks.

use std::time::Duration;

use tokio::time::Instant;

use super::connection::Line;
use super::conversation::{House, Next, Stage};
use super::dialog::Tell;
use super::interrupt::Interrupt;
use super::microphone::Spoken;
use super::session::Session;
use super::turn;
use crate::voice::ears::{Heard, NoEars};

/// Whoever called and then says nothing, milliseconds.
const SILENT: usize = 8_000;
/// Said when nothing can be recognised, at most so often.
const DEAF_AGAIN: Duration = Duration::from_secs(60);

impl Session<'_> {
    /// All of what was being heard is gone.
    pub fn forget(&mut self) {
        self.utterance = None;
        self.microphone.clear();
        self.interrupt = Interrupt::default();
        self.look = None;
        self.was_interrupted = false;
    }

    pub async fn sound(&mut self, rate: u32, samples: Vec<i16>) -> Result<(), String> {
        let Some(stage) = self.stage else { return Ok(()) };
        // Muted, what comes all the same is thrown away before anything looks at it.
        if *self.line.muted.borrow() || (self.turn.is_some() && self.caller.is_none()) {
            return Ok(());
        }
        let samples = self.microphone.at_16k(rate, samples);
        if self.caller.is_some() {
            self.caller_hears(&samples);
            return Ok(());
        }
        if self.saying.is_some() || Instant::now() < self.echo_until {
            self.overhear(&samples);
            return Ok(());
        }
        self.listen(&samples).await?;
        if stage == Stage::Command && self.utterance.is_none() && self.microphone.quiet_ms() > SILENT {
            self.forget();
            self.stage = None;
            self.tell(Tell::Heard(String::new())).await?;
        }
        Ok(())
    }

    /// The house speaks: it is only looked whether somebody calls it.
    pub fn overhear(&mut self, samples: &[i16]) {
        let Some(window) = self.interrupt.push(samples) else { return };
        if self.look.is_some() {
            return;
        }
        let Ok(ears) = self.line.asked.setup.hearing.now() else { return };
        let begun = ears.begin(self.grammar.clone()).and_then(|mut utterance| {
            utterance.push(window)?;
            Ok(utterance)
        });
        // Where all recognisers are busy there is another look soon.
        if let Ok(utterance) = begun {
            self.interrupt.looks();
            self.look = Some(Box::pin(utterance.finish()));
        }
    }

    /// Whoever called is let speak, and what they said so far is heard.
    pub async fn looked(&mut self, heard: Result<Heard, NoEars>) -> Result<(), String> {
        if self.caller.is_some() {
            return match heard {
                Ok(heard) => self.looked_at_talk(&heard.text).await,
                Err(_) => Ok(()),
            };
        }
        let speaks = self.saying.is_some() || Instant::now() < self.echo_until;
        let house = if self.ring.is_some() { House::Rings } else { House::Spoke };
        let calls = heard.is_ok_and(|heard| self.conversation.interrupts(&heard.text, house));
        if !speaks || !calls {
            return Ok(());
        }
        let said = self.interrupt.take();
        self.hush().await?;
        self.echo_until = Instant::now();
        self.microphone.clear();
        self.was_interrupted = true;
        self.listen(&said).await
    }

    async fn listen(&mut self, samples: &[i16]) -> Result<(), String> {
        for spoken in self.microphone.push(samples) {
            match spoken {
                Spoken::Begins(samples) => self.begins(samples).await?,
                Spoken::Goes(samples) => {
                    let pushed = self.utterance.as_mut().map(|utterance| utterance.push(samples));
                    if let Some(Err(why)) = pushed {
                        tracing::warn!(satellite = self.line.key, %why, "what was said is lost");
                        self.utterance = None;
                    }
                }
                Spoken::Ends => return self.over().await,
            }
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
                return self.tell(Tell::Deaf(why.to_string())).await;
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
        self.tell(Tell::SpeechBegins).await
    }

    /// Nobody speaks any more.
    pub async fn over(&mut self) -> Result<(), String> {
        self.microphone.clear();
        let Some(utterance) = self.utterance.take() else {
            // Who sends no more and said nothing waits for nothing.
            if self.stage == Some(Stage::Command) && self.turn.is_none() {
                self.stage = None;
                return self.tell(Tell::Heard(String::new())).await;
            }
            return Ok(());
        };
        self.turn = Some(turn::recognise(utterance));
        self.tell(Tell::SpeechEnds).await
    }

    pub async fn heard(&mut self, text: &str) -> Result<(), String> {
        let stage = self.stage.unwrap_or(Stage::Wake);
        let now = self.line.asked.world.clock().now();
        let next = self.conversation.heard(text, stage, self.house(), now);
        self.was_interrupted = false;
        let said = matches!(&next, Next::Say { .. });
        let called = matches!(&next, Next::Called) || (said && stage == Stage::Wake && self.wake.is_some());
        // One that waits for our word goes back to its own wake word by it.
        let is_for_us = !matches!(next, Next::Nothing | Next::Called);
        if stage == Stage::Command {
            self.stage = None;
        }
        // What was said is done first, whatever becomes of the connection as it is told that it was heard.
        let mut answer = None;
        match next {
            Next::Nothing | Next::Called => {}
            Next::Stop => self.stop(),
            Next::Answer(text) => answer = Some(text),
            Next::Reply { question, yes } => {
                self.turn = Some(turn::reply(&self.line.asked, &self.line.key, question, yes));
            }
            next @ Next::Say { .. } => {
                let Line { asked, key, config, .. } = &*self.line;
                self.turn = turn::ask(asked, key, config, &self.language, next);
            }
        }
        if called {
            self.tell(Tell::Called(self.wake.clone().unwrap_or_default())).await?;
        }
        if stage == Stage::Command || is_for_us {
            self.tell(Tell::Heard(text.to_owned())).await?;
        }
        match answer {
            Some(text) => self.speak(text, false),
            None if self.turn.is_none() => self.tell(Tell::Nothing).await?,
            None => {}
        }
        Ok(())
    }
}
