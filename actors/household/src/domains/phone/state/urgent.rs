//! What cannot wait: who is told and asked, and what comes of their answer.

use super::super::dialogue::Step;
use lares_kernel::wire::CallStep;

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
        if self.of.transfer.is_some() || self.of.rooms {
            // It is said as it is asked: whoever hears it there can say yes.
            let asked = format!("{text}. Take the call?");
            self.out.push(Effect::Announce(asked.clone()));
            self.out.push(Effect::Ask(asked, self.of.ask_for));
            self.out.push(Effect::Wait(self.of.ask_for));
            let first = if self.call.door.is_some() { words.door } else { words.seek };
            self.say(&[first], Step::Seeking);
        } else {
            self.out.push(Effect::Announce(text));
            self.nobody();
        }
    }

    /// Whoever is where a caller can be spoken with speaks from there; else it is handed to the extension.
    pub(super) fn answered(&mut self, yes: bool, rooms: Vec<String>) {
        if !matches!(self.call.step, Step::Seeking | Step::Hold) {
            return;
        }
        self.out.push(Effect::WaitNoMore);
        if yes && (self.of.transfer.is_some() || !rooms.is_empty()) {
            self.note("somebody takes the call");
            self.call.rooms = rooms;
            self.say(&[self.words().connect], Step::Connecting);
        } else if yes {
            self.note("somebody would take the call, and there is no way to them: no `transfer`, and no satellite where they are");
            self.nobody();
        } else {
            self.note("nobody wants to take the call");
            self.nobody();
        }
    }

    /// It could not be brought to where it was taken: the extension is another way, if there is one.
    pub(super) fn not_handed(&mut self, why_not: &str) {
        self.call.remark = format!("it could not be handed on: {why_not}");
        self.note(self.call.remark.clone());
        match self.of.transfer.clone() {
            Some(to) if !std::mem::take(&mut self.call.rooms).is_empty() => self.line(CallStep::Hand { to }),
            _ => self.nobody(),
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
