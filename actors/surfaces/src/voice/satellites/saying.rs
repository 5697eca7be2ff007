//! What is being said: sentence by sentence, the first is heard while the others are made; and only a little ahead of what is heard, so that
//! it can be stopped in the middle of a word.

use std::collections::VecDeque;
use std::time::Duration;

use lares_config::SpeechConfig;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::dialog::Speech;
use crate::control::Asked;
use crate::voice::sound::{Resampler, Sound};
use crate::voice::tts::sentences;

/// Samples that are sent at once.
const PIECE: usize = 1_024;
/// How far ahead of what is heard it is sent: a wire that stumbles is not heard.
const AHEAD: Duration = Duration::from_millis(400);
/// Who plays what was sent whole says when it is over, or is late by this at most.
const LATE: Duration = Duration::from_secs(4);

/// Sentences on their way.
pub struct Saying {
    sounds: mpsc::Receiver<Result<Sound, String>>,
    _task: Task,
    pub text: String,
    pub speech: Speech,
    /// It is sent as fast as it is made.
    whole: bool,
    sent: bool,
    /// Of all that is said, once the first sentence is there.
    rate: Option<u32>,
    waiting: VecDeque<i16>,
    /// Until then it is heard what was sent.
    plays_until: Instant,
    all_made: bool,
}

struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What is next.
pub enum Step {
    /// The first of it: so many samples a second.
    Begins(u32),
    /// One piece.
    Goes(Vec<i16>, u32),
    /// All was sent, and is heard for a while yet.
    Sent,
    /// That was all; it is heard until then.
    Ends(Instant),
    /// A sentence could not be made: why. The others go on.
    Mute(String),
}

/// Words, and how they are said.
pub struct Words {
    pub text: String,
    pub kind: Speech,
    pub language: String,
    pub speech: SpeechConfig,
    /// Percent.
    pub volume: u8,
    /// Goes before them.
    pub chime: Option<Sound>,
}

impl Saying {
    /// `whole`: it is played by somebody who takes all of it at once.
    pub fn new(asked: &Asked, words: Words, whole: bool) -> Self {
        let (made, sounds) = mpsc::channel(2);
        let (speaking, data) = (asked.setup.speaking.clone(), asked.setup.data.clone());
        let Words { text, kind, language, speech, volume, chime } = words;
        let all = sentences(&text);
        let task = tokio::spawn(async move {
            if let Some(chime) = chime
                && made.send(Ok(chime.at_volume(volume))).await.is_err()
            {
                return;
            }
            for sentence in all {
                let sound = speaking.say(&sentence, &language, &speech, &data).await;
                if made.send(sound.map(|sound| sound.at_volume(volume))).await.is_err() {
                    return;
                }
            }
        });
        let plays_until = Instant::now();
        let waiting = VecDeque::new();
        Self {
            sounds,
            _task: Task(task),
            text,
            speech: kind,
            whole,
            sent: false,
            rate: None,
            waiting,
            plays_until,
            all_made: false,
        }
    }

    /// All of it was sent, and is played by somebody else.
    pub fn was_sent(&self) -> bool {
        self.sent
    }

    /// Waits for what is next. Dropped while it waits, nothing is lost.
    pub async fn next(&mut self) -> Step {
        loop {
            if let Some(rate) = self.rate
                && !self.waiting.is_empty()
            {
                if let Some(due) = self.plays_until.checked_sub(AHEAD)
                    && !self.whole
                {
                    tokio::time::sleep_until(due).await;
                }
                let piece: Vec<i16> = self.waiting.drain(..PIECE.min(self.waiting.len())).collect();
                let length = Duration::from_micros(piece.len() as u64 * 1_000_000 / u64::from(rate));
                self.plays_until = self.plays_until.max(Instant::now()) + length;
                return Step::Goes(piece, rate);
            }
            if self.all_made && self.whole && self.rate.is_some() {
                if !self.sent {
                    self.sent = true;
                    return Step::Sent;
                }
                tokio::time::sleep_until(self.plays_until + LATE).await;
            }
            if self.all_made {
                return Step::Ends(self.plays_until);
            }
            match self.sounds.recv().await {
                None => self.all_made = true,
                Some(Ok(sound)) => {
                    let begins = self.rate.is_none();
                    let rate = *self.rate.get_or_insert(sound.rate);
                    self.waiting.extend(at_rate(sound, rate));
                    if begins {
                        return Step::Begins(rate);
                    }
                }
                Some(Err(why)) => return Step::Mute(why),
            }
        }
    }
}

/// Engines may change within an answer.
fn at_rate(sound: Sound, rate: u32) -> Vec<i16> {
    if sound.rate == rate {
        return sound.samples;
    }
    let mut to = Resampler::new(sound.rate, rate);
    let mut samples = to.push(&sound.samples);
    samples.extend(to.finish());
    samples
}
