//! What cannot wait: who is told and asked, and what comes of their answer.

use super::super::dialogue::Step;
use super::{Effect, Turn};

impl Turn<'_> {
    /// Somebody is told at once, and asked if they could take it.
    pub(super) fn urgent(&mut self) {
        self.call.urgent = true;
        let (who, words) = (self.call.who(), self.words());
        let said = [self.call.reason.as_str(), self.call.message.as_str()];
        let said = said.iter().filter(|s| !s.is_empty()).copied().collect::<Vec<_>>().join(", ");
        let text = match (&self.call.door, said.is_empty()) {
            (Some(door), _) => format!("somebody is at {door}"),
            (None, true) => format!("urgent call from {who}"),
            (None, false) => format!("urgent call from {who}: {said}"),
        };
        self.out.push(Effect::Announce(text.clone()));
        if self.of.transfer.is_some() {
            self.out.push(Effect::Ask(format!("{text}. Take the call?"), self.of.ask_for));
            self.out.push(Effect::Wait(self.of.ask_for));
            let first = if self.call.door.is_some() { words.door } else { words.seek };
            self.say(&[first], Step::Seeking);
        } else {
            self.nobody();
        }
    }

    pub(super) fn answered(&mut self, yes: bool) {
        if !matches!(self.call.step, Step::Seeking | Step::Hold) {
            return;
        }
        self.out.push(Effect::WaitNoMore);
        if yes {
            self.note("somebody takes the call");
            self.say(&[self.words().connect], Step::Connecting);
        } else {
            self.note("nobody wants to take the call");
            self.nobody();
        }
    }

    /// What was asked for urgently did not come about: a message is taken, if there is none.
    pub(super) fn nobody(&mut self) {
        let nobody = self.words().nobody;
        if self.call.heard { self.read_back(nobody) } else { self.prompt(nobody) }
    }
}

/// Whole words: `urgently` is one, `insurgent` is none.
pub(super) fn is_urgent(words: &[String], text: &str) -> bool {
    let text = format!(" {} ", text.to_lowercase());
    words.iter().any(|word| text.contains(&format!(" {word}")))
}
