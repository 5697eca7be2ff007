//! Calls by telephone, at two heights. Between the gateway and whoever speaks on a line: sound, in bounded channels
//! ([`Call`]). Between that one and the household: what happens, and what is to be done ([`CallSign`], [`CallStep`]), as
//! messages of a link, so that a call is recorded and replayed like everything else, without its sound.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{Receiver, Sender};

/// Samples a second of a call, of one channel.
pub const CALL_RATE: u32 = 8_000;
/// Milliseconds of sound that go over the wire at once.
pub const FRAME_MS: u64 = 20;
/// Number of the kind of event that a piece of a call's sound is (mu-law, [`CALL_RATE`]).
pub const SOUND_KIND: u16 = 3_100;

/// A call that came in and was not answered yet. Dropping it turns it away.
pub struct Call {
    /// Ours; no other call has it.
    pub id: Arc<str>,
    /// What the caller's exchange says who calls: nobody's proof of anything. Empty: it says nothing.
    pub number: String,
    pub name: String,
    /// Whom they called.
    pub called: String,
    pub heard: Receiver<CallHeard>,
    pub orders: Sender<CallOrder>,
    /// Frames for the caller; they are sent at the pace of speech.
    pub sound: Sender<Vec<i16>>,
}

/// What comes from a caller.
#[derive(Debug)]
pub enum CallHeard {
    Sound(Vec<i16>),
    /// `0` to `9`, `*`, `#`.
    Key(char),
    /// What came of handing the call on.
    Handed(Result<(), String>),
    /// It is over; nothing comes after this. In words.
    Ended(String),
}

/// What is done with a call.
#[derive(Debug)]
pub enum CallOrder {
    /// It is not wanted (603).
    Decline,
    Answer,
    /// To an extension of the exchange.
    Hand(String),
    HangUp,
}

/// Takes calls.
pub trait Callee: Send + Sync {
    /// At once: what takes its time is done beside.
    fn call(&self, call: Call);
}

/// What happens on a line.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "sign", rename_all = "snake_case")]
pub enum CallSign {
    Ringing {
        number: String,
        name: String,
        called: String,
    },
    Answered,
    /// What was to be said has been said, or could not be.
    Said,
    Key {
        key: char,
    },
    /// What was listened for.
    Heard {
        /// `None`: it could not be understood, as `remark` says.
        text: Option<String>,
        remark: String,
        /// Seconds of sound that are kept.
        kept: f64,
    },
    Handed {
        /// Empty: it was.
        why_not: String,
    },
    /// The caller speaks with whoever is in a room.
    Talking {
        /// Its key.
        room: String,
    },
    /// They do not any more, and the line stands.
    Talked {
        why: String,
    },
    Ended {
        why: String,
    },
}

/// What is to be done on a line. The next one ends what is under way.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum CallStep {
    Decline,
    Answer,
    Say {
        text: String,
        language: String,
    },
    /// Until somebody who spoke is silent, or a key, or so long.
    Listen {
        seconds: u64,
        /// A tone comes first.
        tone: bool,
        /// Its sound is kept.
        keep: bool,
    },
    /// Nothing is said or listened to; keys are heard.
    Hold,
    Hand {
        to: String,
    },
    /// With whoever is in the first of these rooms that takes it, by what speaks and hears there. Nothing of it is listened to or kept.
    Talk {
        rooms: Vec<String>,
    },
    HangUp,
}

/// Where a call is on its link.
pub fn call_address(id: &str) -> String {
    format!("call/{id}")
}

/// The call of an address.
pub fn call_of(address: &str) -> Option<&str> {
    address.strip_prefix("call/").filter(|id| !id.is_empty() && !id.contains('/'))
}
