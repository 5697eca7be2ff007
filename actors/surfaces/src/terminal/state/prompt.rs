//! A line that is typed.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Ask, Slot, State, Tab};
use crate::terminal::look::Tone;
use crate::terminal::rows::Wish;
use crate::tongue::say;

/// What is typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::terminal) enum Purpose {
    Devices,
    Journal,
    Why,
    /// The code that goes with a wish.
    Code,
}

/// Longest line: nobody types more by hand.
const LONGEST: usize = 200;

#[derive(Clone, PartialEq)]
pub(in crate::terminal) struct Prompt {
    pub purpose: Purpose,
    pub text: String,
    /// What there was before, for Esc.
    before: String,
    /// What a code is typed for.
    wish: Option<Wish>,
}

impl Prompt {
    /// What is asked for, in the line where it is typed.
    pub fn asked(&self, state: &State) -> String {
        let said = state.said();
        match (self.purpose, &self.wish) {
            (Purpose::Devices, _) => said.ask_devices.to_owned(),
            (Purpose::Journal, _) => said.ask_journal.to_owned(),
            (Purpose::Why, _) => said.ask_why.to_owned(),
            (Purpose::Code, wish) => {
                let wish = wish.as_ref().map_or_else(String::new, |wish| state.wish_words(wish));
                say!(said.ask_code, wish = wish)
            }
        }
    }

    /// What may be seen of what was typed: of a code, how long it is.
    pub fn shown(&self) -> String {
        match self.purpose {
            Purpose::Code => "*".repeat(self.text.chars().count()),
            _ => crate::terminal::text::safe(&self.text),
        }
    }
}

/// A code is in no log.
impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.purpose, self.shown())
    }
}

impl State {
    pub(super) fn open_prompt(&mut self) {
        let (purpose, text) = match self.tab {
            Tab::Journal => (Purpose::Journal, self.journal.filter.clone()),
            Tab::Why => (Purpose::Why, String::new()),
            _ => (Purpose::Devices, self.filter.clone()),
        };
        if purpose == Purpose::Devices {
            self.go(Tab::Devices);
            self.device = None;
        }
        self.prompt = Some(Prompt { purpose, before: text.clone(), text, wish: None });
    }

    /// Asks for the code that goes with a wish.
    pub(super) fn ask_code(&mut self, wish: Wish) {
        self.say(Tone::Warn, self.said().code_hint);
        let (text, before) = (String::new(), String::new());
        self.prompt = Some(Prompt { purpose: Purpose::Code, text, before, wish: Some(wish) });
    }

    pub(super) fn type_key(&mut self, key: KeyEvent) -> Vec<Ask> {
        let Some(mut prompt) = self.prompt.take() else { return Vec::new() };
        match key.code {
            KeyCode::Enter => return self.typed(&prompt, true),
            KeyCode::Esc => {
                prompt.text.clone_from(&prompt.before);
                if prompt.purpose == Purpose::Code {
                    self.say(Tone::Warn, self.said().left);
                }
                if matches!(prompt.purpose, Purpose::Why | Purpose::Code) {
                    return Vec::new();
                }
                return self.typed(&prompt, true);
            }
            KeyCode::Backspace => drop(prompt.text.pop()),
            KeyCode::Char('u' | 'w') if key.modifiers.contains(KeyModifiers::CONTROL) => prompt.text.clear(),
            KeyCode::Char(c) if !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                let fits = prompt.text.chars().count() < LONGEST;
                if fits && !c.is_control() {
                    prompt.text.push(c);
                }
            }
            _ => {}
        }
        let asks = self.typed(&prompt, false);
        self.prompt = Some(prompt);
        asks
    }

    /// A part of a name narrows as it is typed; what the household is to find waits for Enter.
    fn typed(&mut self, prompt: &Prompt, done: bool) -> Vec<Ask> {
        let text = prompt.text.trim().to_owned();
        match prompt.purpose {
            Purpose::Devices if done || !super::polls::is_asked(&text) => self.filter_devices(&text),
            Purpose::Journal if done => return self.filter_journal(&text),
            Purpose::Why if done && !text.is_empty() => self.ask_why(&text),
            Purpose::Code if done => {
                let Some(wish) = prompt.wish.clone() else { return Vec::new() };
                // As it was typed: a space may be a part of it.
                return self.send(wish, Some(prompt.text.clone()).filter(|code| !code.is_empty()));
            }
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn filter_devices(&mut self, text: &str) {
        if self.filter != text {
            self.troubles.retain(|slot, _| !matches!(slot, Slot::Find(_)));
            text.clone_into(&mut self.filter);
            self.found = None;
            if super::polls::is_asked(text) {
                self.polls.hurry();
            }
        }
    }

    fn filter_journal(&mut self, text: &str) -> Vec<Ask> {
        let before = self.journal.asked();
        text.clone_into(&mut self.journal.filter);
        self.journal.follow = true;
        let asked = self.journal.asked();
        if asked == before { Vec::new() } else { vec![Ask::Follow(asked)] }
    }
}
