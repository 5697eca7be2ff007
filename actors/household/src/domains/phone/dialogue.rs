//! What is kept of a call while it lasts: a killed household must not lose what was said by then.

use lares_kernel::wire::CallStep;
use serde::{Deserialize, Serialize};

/// Where a call is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It was turned away, or it is over: only its end is awaited.
    Leaving,
    Ringing,
    Greeting,
    /// They were told what becomes of their words, and are waited for to agree.
    Consent,
    Asking,
    Reason,
    /// They are told to leave a message.
    Prompt,
    Message,
    /// They are told that somebody is looked for.
    Seeking,
    /// Somebody is asked whether they take it.
    Hold,
    Connecting,
    Handing,
    /// They speak with whoever is in a room.
    Talking,
    /// The number is read back.
    ReadBack,
    Correcting,
    Bye,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Dialogue {
    pub step: Step,
    /// As the exchange says; what the caller corrected it to.
    pub number: String,
    /// What the exchange calls them.
    pub called_self: String,
    /// Whom the household knows under that number.
    pub known: Option<String>,
    /// It is a door: what that is called.
    pub door: Option<String>,
    /// Microseconds since 1970.
    pub rang: i64,
    pub answered: Option<i64>,
    /// They may be listened to.
    pub agreed: bool,
    pub reason: String,
    pub message: String,
    /// A message was listened for.
    pub heard: bool,
    /// Seconds of sound that are kept.
    pub kept: f64,
    pub remark: String,
    pub urgent: bool,
    pub transferred: bool,
    /// Keys of rooms in one of which somebody takes it.
    #[serde(default)]
    pub rooms: Vec<String>,
    pub blocked: bool,
    /// Keys that were pressed for a number.
    pub keys: String,
    /// The newest entry of the journal about it.
    pub last: Option<u64>,
}

impl Dialogue {
    pub fn new(number: String, called_self: String, rang: i64) -> Self {
        Self {
            step: Step::Ringing,
            number,
            called_self,
            known: None,
            door: None,
            rang,
            answered: None,
            agreed: true,
            reason: String::new(),
            message: String::new(),
            heard: false,
            kept: 0.0,
            remark: String::new(),
            urgent: false,
            transferred: false,
            rooms: Vec::new(),
            blocked: false,
            keys: String::new(),
            last: None,
        }
    }

    /// `Sarah (+43 1 234)`, for people of the household.
    pub fn who(&self) -> String {
        let name = self.door.as_ref().or(self.known.as_ref()).cloned();
        let name = name.or_else(|| Some(self.called_self.clone()).filter(|name| !name.is_empty()));
        match (name, self.number.as_str()) {
            (Some(name), _) if self.door.is_some() => name,
            (Some(name), "") => name,
            (Some(name), number) => format!("{name} ({number})"),
            (None, "") => "somebody without a number".to_owned(),
            (None, number) => number.to_owned(),
        }
    }

    /// What a line that rings is told; `None`: it has begun.
    pub fn first_step(&self) -> Option<CallStep> {
        match self.step {
            Step::Ringing => Some(CallStep::Answer),
            Step::Leaving if self.blocked => Some(CallStep::Decline),
            _ => None,
        }
    }

    pub fn has_message(&self) -> bool {
        !self.message.is_empty() || !self.reason.is_empty() || self.kept > 0.0
    }

    /// A word of `CALL_OUTCOMES`.
    pub fn outcome(&self, broken_off: bool) -> &'static str {
        match self {
            _ if self.blocked => "blocked",
            _ if self.transferred => "transferred",
            _ if self.has_message() => "message",
            _ if broken_off => "broken_off",
            _ if self.answered.is_none() => "given_up",
            _ => "silent",
        }
    }

    /// Somebody should call back.
    pub fn wants_a_call(&self) -> bool {
        let spoke = self.has_message() || !self.agreed || self.urgent;
        // After a kill its sound says that it was answered.
        let answered = self.answered.is_some() || self.has_message();
        answered && !self.transferred && self.door.is_none() && spoke
    }
}
