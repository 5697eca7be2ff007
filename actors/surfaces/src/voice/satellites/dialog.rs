//! What a session and its satellite say to each other, whatever wire lies between them.

use tokio::sync::mpsc;

use super::conversation::Stage;
use super::wyoming;

/// What a satellite says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// It begins to listen.
    Runs(Stage),
    /// Samples of one channel, so many a second.
    Sound(u32, Vec<i16>),
    /// It looks for speech itself, and heard the end of it.
    SpeechOver,
    /// Whoever called thought better of it.
    Broken,
    /// What was sent to it was heard to its end.
    Played,
    Ping(String),
    Pong,
    /// In its own words.
    Trouble(String),
}

/// What a satellite is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Tell {
    /// The first word.
    Hello,
    /// To hear, or to hear nothing: it is muted.
    Listen(bool),
    Ping,
    Pong(String),
    /// Somebody speaks.
    SpeechBegins,
    /// Nobody does any more.
    SpeechEnds,
    /// The words were heard that call the house.
    Called(String),
    /// What was said; nothing: nobody said anything.
    Heard(String),
    /// Nobody hears: why.
    Deaf(String),
    /// What is said now.
    Speaks(String, Speech),
    /// Its sound begins: samples a second.
    SoundBegins(u32),
    Sound(Vec<i16>, u32),
    SoundEnds(u32),
    /// No answer follows what was heard, or none any more.
    Nothing,
    Timer(TimerTold),
}

/// Why the house speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    Answer {
        /// It is a question: whoever is there answers next.
        asks: bool,
    },
    /// Nobody asked for it.
    Call,
}

/// A timer, for a satellite that shows them itself.
#[derive(Clone, Debug, PartialEq)]
pub struct TimerTold {
    pub id: String,
    pub name: String,
    pub now: TimerNow,
    /// Of all of it.
    pub total_s: u64,
    pub left_s: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerNow {
    Started,
    Runs,
    Paused,
    Cancelled,
    Finished,
}

/// Both ends of a satellite's wire.
pub struct Ends {
    /// An error says why it ended.
    pub said: mpsc::Receiver<Result<Said, String>>,
    pub to: Mouth,
    /// What is said is taken as fast as it is made, and played from there.
    pub whole: bool,
    /// It rings itself when a timer is over.
    pub rings: bool,
}

/// The way to a satellite.
pub enum Mouth {
    Wyoming(wyoming::Out),
    Esphome(mpsc::Sender<Tell>),
}

impl Mouth {
    /// # Errors
    /// In words: the wire failed.
    pub async fn tell(&mut self, tell: Tell) -> Result<(), String> {
        match self {
            Self::Wyoming(out) => wyoming::put(out, tell).await,
            Self::Esphome(to) => {
                // Who takes nothing any more says why by the other way.
                let _ = to.send(tell).await;
                Ok(())
            }
        }
    }
}
