//! "In ten minutes turn off the light", "open the blinds at seven": a wish for a later time is understood at once, and kept by a timer.

use super::errands::until;
use super::follow::{Last, Listener, Part};
use super::fragments::TIMER;
use super::meaning::Said;
use super::talk::{One, answer};
use super::timer_words::TimerWords;
use super::timers;
use super::understand::Understood;
use super::which_music::MUSIC;
use super::words::{Words, fill};

/// Its slot holds what is to be done then; that of an infix verb ("mach das Licht in zehn Minuten aus") how it ends.
const COMMAND: &str = "conversation_command";
const END: &str = "command_end";
/// What an answer to "which do you mean" tells: of a wish for later it is about what is done then.
const TOLD: [&str; 3] = ["name", TIMER, MUSIC];

/// What is wished for a later time, in words; `None`: it is no such wish.
pub(super) fn command(understood: &Understood) -> Option<String> {
    let command = understood.text(COMMAND)?.trim();
    let end = understood.text(END).map(|end| format!(" {end}")).unwrap_or_default();
    Some(format!("{command}{end}"))
}

impl Listener<'_> {
    /// A wish, with what is to be done later if it is of that kind. A delay within a delay is none.
    pub(super) fn part(&self, found: Vec<Understood>, corrects: bool) -> Part {
        let inner =
            found.first().and_then(|best| Some(self.inner(best, &command(best)?))).unwrap_or_default();
        let nested = inner.iter().any(|part| !part.later.is_empty());
        Part { later: if nested { Vec::new() } else { inner }, found, corrects }
    }

    /// What is to be done then. An answer is one to the whole sentence, and never to what is within it.
    fn inner(&self, of: &Understood, command: &str) -> Vec<Part> {
        let last = self.last.map(|last| Last { asked: Vec::new(), ..last.clone() });
        let mut parts = Listener { last: last.as_ref(), ..*self }.parts(command);
        let told = |slot: &&str| Some(((*slot).to_owned(), of.slots.get(*slot)?.clone()));
        let told: Vec<_> = TOLD.iter().filter_map(told).collect();
        if let ([part], false) = (parts.as_mut_slice(), told.is_empty())
            && let Some(best) = part.found.first()
        {
            let slots = best.slots.clone().into_iter().chain(told).collect();
            part.found = vec![Understood::of(&best.intent, slots)];
        }
        parts
    }

    /// The whole sentence as one wish for later: "in ten minutes turn off the lamp and close the blinds" is both of them then.
    pub(super) fn whole_later(&self, whole: &[Understood]) -> Option<Part> {
        command(whole.first()?)?;
        Some(self.part(whole.to_vec(), false)).filter(|part| !part.later.is_empty())
    }
}

/// What is kept until then, if all of it is something that may be done while nobody looks.
pub(super) fn delayed(understood: &Understood, command: &str, later: &[Part], said: &Said<'_>) -> One {
    let words = Words::of(said.language);
    if later.is_empty() {
        return One::plain(fill(words.not_understood, command), false);
    }
    let number = |slot| understood.number(slot);
    let length_s = match number("clock") {
        Some(hour) => {
            let minute = number("clock_minute").unwrap_or(0.0);
            until(said.told, hour, minute, number("half_day"), number("day")).unwrap_or(0.0)
        }
        None => timers::seconds(understood, ""),
    };
    let (mut sets, mut calls) = (Vec::new(), Vec::new());
    for part in later {
        let one = answer(&part.found, said, words);
        let view = one.view;
        if !view.ok {
            // Only what was wished alone is done by an answer.
            let asked = if later.len() == 1 { one.asked } else { Vec::new() };
            return One::asks(asked, view.answer);
        }
        if !one.dangerous.is_empty() {
            return One::plain(fill(words.not_later, &words.list(&one.dangerous)), false);
        }
        let other = !view.timers.is_empty() || !view.tasks.is_empty();
        if other || (view.sets.is_empty() && view.calls.is_empty()) || length_s <= 0.0 {
            return One::plain(fill(words.unable, command), false);
        }
        sets.extend(view.sets);
        calls.extend(view.calls);
    }
    let timer = timers::later(said.here, command, length_s, (sets, calls), TimerWords::of(said.language));
    One::timers(vec![timer])
}
