//! What the household says.

use crate::control::{Told, View};
use crate::terminal::look::Tone;
use crate::tongue::say;

use super::{Ask, Input, Link, Slot, State};

impl State {
    pub(super) fn answer(&mut self, input: Input) -> Vec<Ask> {
        match input {
            Input::Answered(slot, answered) => self.answered(slot, answered),
            Input::Came(wish, came) => self.came(wish, came),
            Input::Up(greeting) => {
                if matches!(self.link, Link::Down(_)) {
                    let words = say!(self.said().answers_again, version = greeting.lares);
                    self.say(Tone::Good, words);
                }
                self.link = Link::Up(greeting);
                self.polls.hurry();
            }
            Input::Down(why) => {
                let why = self.tongue().reason(&why);
                self.link = Link::Down(super::super::text::safe(&why));
            }
            Input::Past(told, page) => {
                self.hear(told);
                self.troubles.remove(&Slot::Find("journal".to_owned()));
                self.journal.begin(page.events);
            }
            Input::Line(told, line) => {
                self.hear(told);
                self.journal.add(*line);
                self.polls.stir();
            }
            Input::NoJournal(why) => {
                self.say(Tone::Bad, why);
                // A wrong word must not end the journal. Without one it is asked for again by itself, in a while.
                if !self.journal.filter.is_empty() {
                    self.journal.filter.clear();
                    return vec![Ask::Follow(self.journal.asked())];
                }
            }
            Input::Key(_) | Input::Mouse(_) | Input::Resize(..) | Input::Tick => {}
        }
        Vec::new()
    }

    fn hear(&mut self, told: Told) {
        self.told = Some((told, self.now));
    }

    fn answered(&mut self, slot: Slot, answered: Result<(Told, View), String>) {
        self.polls.answered(&slot, self.now);
        let (told, view) = match answered {
            Ok(answered) => answered,
            Err(why) => return self.failed(slot, why),
        };
        self.troubles.remove(&slot);
        self.hear(told.clone());
        match (slot, view) {
            (_, View::Home(home)) => self.home = Some(*home),
            (Slot::Calls, View::Calls(calls)) => self.calls = calls,
            (_, View::Devices(devices)) => self.devices = Some(devices),
            (_, View::Tree(tree)) => self.tree = Some(tree),
            (_, View::Plan(plan)) => self.plan = Some(plan),
            (_, View::Status(status)) => self.status = Some(*status),
            (Slot::Find(filter), View::Found(found)) if filter == self.filter => {
                self.found = Some(found.nodes.into_iter().map(|n| n.reference).collect());
            }
            (Slot::Why(what), View::Why(answer)) => self.tell(&what, Ok((told, answer))),
            // Of a filter that is not wanted any more.
            _ => {}
        }
    }

    fn failed(&mut self, slot: Slot, why: String) {
        match &slot {
            Slot::Why(what) => self.tell(&what.clone(), Err(why)),
            _ => drop(self.troubles.insert(slot, super::super::text::safe(&why))),
        }
    }

    fn tell(&mut self, what: &str, answer: Result<(Told, crate::views::WhyAnswer), String>) {
        for story in self.stories.iter_mut().filter(|s| s.what == what) {
            story.answer = Some(answer.clone());
        }
    }
}
