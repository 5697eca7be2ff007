//! What the receptionist does. Pure: what happened on a line, what was answered, which timer fired in; steps and records out.

mod urgent;

use std::collections::BTreeMap;
use std::time::Duration;

use lares_config::Recording;
use lares_kernel::wire::{CallSign, CallStep};
use lares_model::Timestamp;

use super::book::is_blocked;
use super::dialogue::{Dialogue, Step};
use super::settings::Settings;
use super::words::{Words, spelled};
use urgent::is_urgent;

/// How long a caller is waited for to agree.
const AGREES: Duration = Duration::from_secs(12);
/// How long after a number was read back another can be asked for.
const CORRECTS: Duration = Duration::from_secs(5);
/// How long a number takes to be entered, and its longest.
const ENTERS: Duration = Duration::from_secs(30);
const NUMBER: usize = 20;
/// How long somebody says who they are.
const REASON: u64 = 20;

/// What comes in about a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    Sign(CallSign),
    /// Of its question.
    Answered {
        yes: bool,
        /// Rooms in which whoever said yes is or may be, the likeliest first.
        rooms: Vec<String>,
    },
    /// It was waited for long enough.
    Fired,
    /// The line went with the process that had it.
    Lost,
    /// The receptionist was started anew, and the line may be there still.
    Again,
}

/// What is to be done about it.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    Line(CallStep),
    /// In words of the household, for the journal.
    Note(String),
    /// Something is waited for.
    Wait(Duration),
    WaitNoMore,
    /// Those who may take it are asked; so long.
    Ask(String, Duration),
    /// The question is over, if there is one.
    Withdraw,
    /// Aloud, where somebody is.
    Announce(String),
    /// All is over: it is put on record, with a task if somebody should call back.
    Close {
        broken_off: bool,
    },
}

/// All calls.
pub struct State {
    pub settings: Settings,
    pub calls: BTreeMap<String, Dialogue>,
}

impl State {
    pub fn new(settings: Settings) -> Self {
        Self { settings, calls: BTreeMap::new() }
    }

    /// What is to be done now. `known`: whom the household knows under a number.
    pub fn step(
        &mut self,
        call: &str,
        input: Input,
        now: Timestamp,
        known: impl Fn(&str) -> Option<String>,
    ) -> Vec<Effect> {
        let mut out = Vec::new();
        if let Input::Sign(CallSign::Ringing { number, name, .. }) = &input {
            if let Some(dialogue) = self.calls.get(call) {
                // It rings until its line has heard what to do.
                out.extend(dialogue.first_step().map(Effect::Line));
                return out;
            }
            let mut dialogue = Dialogue::new(number.clone(), name.clone(), now.0);
            dialogue.known = known(number);
            Turn { of: &self.settings, call: &mut dialogue, out: &mut out }.rings();
            self.calls.insert(call.to_owned(), dialogue);
            return out;
        }
        let Some(dialogue) = self.calls.get_mut(call) else { return out };
        Turn { of: &self.settings, call: dialogue, out: &mut out }.take(input, now);
        out
    }
}

/// One look at one call.
struct Turn<'a> {
    of: &'a Settings,
    call: &'a mut Dialogue,
    out: &'a mut Vec<Effect>,
}

impl Turn<'_> {
    fn words(&self) -> &'static Words {
        Words::of(&self.of.language)
    }

    fn line(&mut self, step: CallStep) {
        self.out.push(Effect::Line(step));
    }

    fn note(&mut self, text: impl Into<String>) {
        self.out.push(Effect::Note(text.into()));
    }

    fn say(&mut self, parts: &[&str], then: Step) {
        self.call.step = then;
        let text = parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ");
        self.line(CallStep::Say { text, language: self.of.language.clone() });
    }

    fn rings(&mut self) {
        let who = self.call.number.clone();
        if let Some((_, name)) = self.of.doors.get(&who) {
            self.call.door = Some(name.clone());
        }
        let who = self.call.who();
        if self.call.door.is_none() && is_blocked(&self.of.blocked, &self.call.number) {
            self.call.blocked = true;
            self.call.step = Step::Leaving;
            self.note(format!("{who} calls, and is turned away: the number is blocked"));
            self.out.extend(self.call.first_step().map(Effect::Line));
            return;
        }
        self.note(match &self.call.door {
            Some(door) => format!("somebody rings at {door}"),
            None if self.call.known.is_some() => format!("{who} calls: a known number"),
            None => format!("{who} calls"),
        });
        self.out.extend(self.call.first_step().map(Effect::Line));
    }

    fn take(&mut self, input: Input, now: Timestamp) {
        match input {
            Input::Sign(sign) => self.sign(sign, now),
            Input::Answered { yes, rooms } => self.answered(yes, rooms),
            Input::Fired => self.fired(),
            Input::Lost => {
                self.note("the household ended in the middle of the call");
                // If the line is there all the same, nobody would ever end it.
                self.line(CallStep::HangUp);
                self.close(true);
            }
            Input::Again => self.again(),
        }
    }

    fn sign(&mut self, sign: CallSign, now: Timestamp) {
        match (sign, self.call.step) {
            (CallSign::Answered, Step::Ringing) => {
                self.call.answered = Some(now.0);
                self.greet();
            }
            (CallSign::Said, step) => self.said(step),
            (CallSign::Key { key }, step) => self.key(key, step),
            (CallSign::Heard { text, remark, kept }, step @ (Step::Reason | Step::Message)) => {
                self.heard(text, &remark, kept, step);
            }
            // Something else came in the middle of it: its sound is kept all the same.
            (CallSign::Heard { kept, .. }, _) => self.call.kept += kept,
            (CallSign::Handed { why_not }, Step::Handing) if why_not.is_empty() => {
                self.call.transferred = true;
                self.call.step = Step::Leaving;
                let to = self.of.transfer.clone().unwrap_or_default();
                self.note(format!("the call was handed to {to}"));
                self.line(CallStep::HangUp);
            }
            (CallSign::Handed { why_not }, Step::Handing) => self.not_handed(&why_not),
            (CallSign::Talking { room }, Step::Handing) => {
                self.call.transferred = true;
                self.call.step = Step::Talking;
                self.note(format!("the caller speaks with whoever is in room {room}"));
            }
            (CallSign::Talked { why }, Step::Talking) => {
                self.note(format!("nobody speaks with the caller any more: {why}"));
                self.call.step = Step::Leaving;
                self.line(CallStep::HangUp);
            }
            (CallSign::Ended { why }, _) => {
                self.note(format!("the call ended: {why}"));
                self.close(false);
            }
            _ => {}
        }
    }

    fn greet(&mut self) {
        let words = self.words();
        if self.call.door.is_some() {
            self.urgent();
            return;
        }
        let hello = words.hello.replace("{}", &self.of.name);
        let notice = words.notice(self.of.recording);
        if self.of.recording == Recording::Consent {
            self.call.agreed = false;
            self.say(&[&hello, notice], Step::Greeting);
        } else {
            let ask = if self.call.known.is_some() { words.leave } else { words.who };
            self.say(&[&hello, notice, ask], Step::Asking);
        }
    }

    /// After a greeting, or once they agreed.
    fn ask(&mut self) {
        let words = self.words();
        let ask = if self.call.known.is_some() { words.leave } else { words.who };
        self.say(&[words.thanks, ask], Step::Asking);
    }

    fn said(&mut self, step: Step) {
        match step {
            Step::Greeting => {
                self.call.step = Step::Consent;
                self.line(CallStep::Hold);
                self.out.push(Effect::Wait(AGREES));
            }
            Step::Asking if self.call.known.is_some() => self.listen(Step::Message),
            Step::Asking => self.listen(Step::Reason),
            Step::Prompt => self.listen(Step::Message),
            Step::Seeking => {
                self.call.step = Step::Hold;
                self.line(CallStep::Hold);
            }
            Step::Connecting => {
                self.call.step = Step::Handing;
                let to = self.of.transfer.clone().unwrap_or_default();
                let rooms = self.call.rooms.clone();
                self.line(if rooms.is_empty() { CallStep::Hand { to } } else { CallStep::Talk { rooms } });
            }
            Step::ReadBack => {
                self.line(CallStep::Hold);
                self.out.push(Effect::Wait(CORRECTS));
            }
            Step::Correcting => {
                self.line(CallStep::Hold);
                self.out.push(Effect::Wait(ENTERS));
            }
            Step::Bye => {
                self.call.step = Step::Leaving;
                self.line(CallStep::HangUp);
            }
            _ => {}
        }
    }

    fn listen(&mut self, step: Step) {
        self.call.step = step;
        let message = step == Step::Message;
        let seconds = if message { self.of.message_for.as_secs() } else { REASON };
        let keep = self.of.recording != Recording::Text;
        self.line(CallStep::Listen { seconds, tone: message, keep });
    }

    fn key(&mut self, key: char, step: Step) {
        match (key, step) {
            ('1', Step::Greeting | Step::Consent) => {
                self.call.agreed = true;
                self.out.push(Effect::WaitNoMore);
                self.note("the caller agreed to be recorded");
                self.ask();
            }
            ('9', Step::Asking | Step::Reason | Step::Prompt | Step::Message | Step::ReadBack)
                if !self.call.urgent =>
            {
                self.out.push(Effect::WaitNoMore);
                self.note("the caller says by the key 9 that it is urgent");
                self.urgent();
            }
            ('1', Step::ReadBack) => {
                self.out.push(Effect::WaitNoMore);
                self.enter_number();
            }
            ('#', Step::Correcting) => self.entered(),
            ('0'..='9', Step::Correcting) if self.call.keys.len() < NUMBER => self.call.keys.push(key),
            _ => {}
        }
    }

    fn entered(&mut self) {
        self.out.push(Effect::WaitNoMore);
        let keys = std::mem::take(&mut self.call.keys);
        if !keys.is_empty() {
            self.note(format!("the caller wants to be called at {keys}"));
            self.call.number = keys;
        }
        self.read_back("");
    }

    fn heard(&mut self, text: Option<String>, remark: &str, kept: f64, step: Step) {
        self.call.kept += kept;
        let text = text.unwrap_or_default();
        if !remark.is_empty() {
            self.call.remark = remark.to_owned();
        }
        let quoted =
            if text.is_empty() { "nothing that was understood".to_owned() } else { format!("“{text}”") };
        let sound = if kept > 0.0 { format!(" ({kept:.0} s of sound)") } else { String::new() };
        let remark = if remark.is_empty() { String::new() } else { format!("; {remark}") };
        let urgent = is_urgent(&self.of.urgent, &text) && !self.call.urgent;
        if step == Step::Reason {
            self.note(format!("the caller says who they are and why they call: {quoted}{sound}{remark}"));
            self.call.reason = text;
            match urgent {
                true => self.urgent(),
                false => self.prompt(self.words().thanks),
            }
        } else {
            self.note(format!("the caller leaves a message: {quoted}{sound}{remark}"));
            self.call.message = text;
            self.call.heard = true;
            match urgent {
                true => self.urgent(),
                false => self.read_back(self.words().thanks),
            }
        }
    }

    fn prompt(&mut self, before: &str) {
        let leave = self.words().leave;
        self.say(&[before, leave], Step::Prompt);
    }

    fn read_back(&mut self, before: &str) {
        let words = self.words();
        if self.call.door.is_some() {
            self.say(&[before, words.bye], Step::Bye);
        } else if self.call.number.chars().any(|c| c.is_ascii_digit()) {
            let back = words.call_back.replace("{}", &spelled(&self.call.number));
            self.say(&[before, &back, words.other_number], Step::ReadBack);
        } else {
            self.enter_number();
        }
    }

    fn enter_number(&mut self) {
        self.call.keys.clear();
        let give = self.words().give_number;
        self.say(&[give], Step::Correcting);
    }

    fn fired(&mut self) {
        let words = self.words();
        match self.call.step {
            Step::Consent | Step::Greeting => {
                self.note("the caller did not agree to be recorded: nothing is listened to");
                self.read_back(words.nothing_kept);
            }
            Step::Seeking | Step::Hold => {
                self.out.push(Effect::Withdraw);
                self.note("nobody answered whether they take the call");
                self.nobody();
            }
            Step::ReadBack => self.say(&[words.bye], Step::Bye),
            Step::Correcting if self.call.keys.is_empty() => self.say(&[words.bye], Step::Bye),
            Step::Correcting => self.entered(),
            _ => {}
        }
    }

    fn close(&mut self, broken_off: bool) {
        self.out.push(Effect::Withdraw);
        self.out.push(Effect::WaitNoMore);
        self.out.push(Effect::Close { broken_off });
    }

    /// What was under way is begun again; a line that is gone answers that it is.
    fn again(&mut self) {
        let words = self.words();
        match self.call.step {
            Step::Ringing => self.line(CallStep::Answer),
            Step::Greeting | Step::Consent => self.greet(),
            Step::Asking | Step::Reason => self.ask(),
            Step::Prompt | Step::Message => self.prompt(""),
            Step::Seeking | Step::Hold => self.say(&[words.seek], Step::Seeking),
            Step::Connecting | Step::Handing => self.say(&[words.connect], Step::Connecting),
            Step::ReadBack | Step::Correcting => self.read_back(""),
            Step::Bye | Step::Leaving | Step::Talking => self.line(CallStep::HangUp),
        }
    }
}
