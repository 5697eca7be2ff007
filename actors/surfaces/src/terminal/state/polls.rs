//! When to ask again: one question at a time, about what is shown; rarely where nothing happens, and the more rarely the longer
//! an answer takes, so that looking never becomes the household's load.

use std::collections::VecDeque;
use std::time::Duration;

use crate::control::{Named, Request};

use super::{Ask, Slot, State, Tab};

/// Where nothing happens: readings that are no entries of the journal are seen so soon.
const RARELY: Duration = Duration::from_secs(2);
/// After something happened.
const SOON: Duration = Duration::from_millis(400);
/// Nodes of an answer to a filter; more do not fit any screen.
const FOUND: usize = 10_000;

#[derive(Debug, Default)]
pub(in crate::terminal) struct Polls {
    waiting: VecDeque<Slot>,
    /// What was asked and is not answered, and since when.
    asked: Option<(Slot, Duration)>,
    /// When the last round began, and how long its slowest answer took.
    round: Option<Duration>,
    took: Duration,
    /// Something happened since.
    stirred: bool,
    at_once: bool,
}

impl Polls {
    /// All that is shown is asked for at once.
    pub fn hurry(&mut self) {
        self.at_once = true;
    }

    pub fn stir(&mut self) {
        self.stirred = true;
    }

    pub fn answered(&mut self, slot: &Slot, now: Duration) {
        if let Some((asked, since)) = &self.asked
            && asked == slot
        {
            self.took = self.took.max(now.saturating_sub(*since));
            self.asked = None;
        }
    }

    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

impl State {
    /// What the shown page is made of.
    fn needed(&self) -> Vec<Slot> {
        match self.tab {
            Tab::Now => vec![Slot::Home, Slot::Calls],
            Tab::Devices => {
                let mut slots = vec![Slot::Devices];
                if self.device.is_some() {
                    slots.push(Slot::Plan);
                } else if is_asked(&self.filter) {
                    slots.push(Slot::Find(self.filter.clone()));
                }
                slots
            }
            Tab::Tree => vec![Slot::Tree],
            Tab::Plan => vec![Slot::Plan],
            Tab::House => vec![Slot::Status],
            Tab::Journal => Vec::new(),
            Tab::Why => {
                let open = self.stories.last().filter(|s| s.answer.is_none());
                open.map(|s| Slot::Why(s.what.clone())).into_iter().collect()
            }
        }
    }

    pub(super) fn poll(&mut self) -> Option<Ask> {
        if !self.is_up() {
            self.polls.forget();
            return None;
        }
        let needed = self.needed();
        let polls = &mut self.polls;
        let least = if polls.stirred { SOON } else { RARELY };
        let pause = least.max(polls.took * 5);
        let due = polls.round.is_none_or(|began| began + pause <= self.now);
        if polls.at_once || (due && polls.waiting.is_empty() && polls.asked.is_none()) {
            polls.waiting = needed.iter().cloned().collect();
            (polls.at_once, polls.stirred) = (false, false);
            (polls.round, polls.took) = (Some(self.now), Duration::ZERO);
        }
        if polls.asked.is_some() {
            return None;
        }
        // What was needed for a page that was left is not.
        let next = std::iter::from_fn(|| polls.waiting.pop_front()).find(|slot| needed.contains(slot))?;
        polls.asked = Some((next.clone(), self.now));
        let request = request(&next);
        Some(Ask::View(next, request))
    }
}

/// Whether what was typed is for the household to find, not only a part of a name.
pub(in crate::terminal) fn is_asked(filter: &str) -> bool {
    filter.split_whitespace().any(|word| word.contains(':') || word.contains('<') || word.contains('>'))
}

fn request(slot: &Slot) -> Request {
    match slot {
        Slot::Home => Request::Home,
        Slot::Calls => Request::CallsNow,
        Slot::Devices => Request::Devices { all: false },
        Slot::Find(filter) => Request::Find { filter: filter.clone(), limit: FOUND, at: Named::default() },
        Slot::Tree => Request::Tree,
        Slot::Plan => Request::Plan,
        Slot::Status => Request::Status,
        Slot::Why(what) => Request::Why { what: what.clone() },
    }
}
