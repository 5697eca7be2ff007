//! Wishes and what comes of them. Nothing is shown as done before the device says so.

use lares_model::Receipt;
use serde_json::Value as Json;

use crate::control::{Request, Told, View};
use crate::terminal::look::Tone;
use crate::terminal::rows::{Order, Wish};
use crate::terminal::text::safe;
use crate::tongue::say;
use crate::views::Came;

use super::{Ask, State};

/// What is told with a wish where the thing asks for it.
const CODE: &str = "code";

/// A wish that is not answered yet.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::terminal) struct Pending {
    pub id: u64,
    pub wish: Wish,
}

impl State {
    /// Asks for it, unless the same thing is being asked for already: nobody knows then what a second press means.
    pub(super) fn wish(&mut self, wish: Wish) -> Vec<Ask> {
        if !self.is_up() {
            self.say(Tone::Bad, self.said().not_asked);
            return Vec::new();
        }
        if let Some(open) = self.pending_for(&wish.target, &wish.property) {
            let words = say!(self.said().still_waiting, wish = self.wish_words(open));
            self.say(Tone::Warn, words);
            return Vec::new();
        }
        if wish.coded {
            self.ask_code(wish);
            return Vec::new();
        }
        self.send(wish, None)
    }

    /// Sends it, with the code that was typed for it: that stands in nothing but what is sent.
    pub(super) fn send(&mut self, wish: Wish, code: Option<String>) -> Vec<Ask> {
        self.wishes += 1;
        let words = say!(self.said().asks_for, wish = self.wish_words(&wish));
        self.say(Tone::Warn, words);
        let target = wish.target.clone();
        let request = match wish.order {
            Order::Answer => {
                Request::Answer { question: target, yes: wish.value == Json::Bool(true), person: None }
            }
            Order::Stop => Request::StopRing { ring: target, person: None },
            Order::Set => Request::Set {
                target,
                values: std::iter::once((wish.property.clone(), wish.value.clone()))
                    .chain(code.map(|code| (CODE.to_owned(), code.into())))
                    .collect(),
                hold_ms: None,
                until_released: false,
                transition_ms: None,
                person: None,
            },
        };
        self.pending.push(Pending { id: self.wishes, wish });
        vec![Ask::Wish(self.wishes, request)]
    }

    pub(in crate::terminal) fn pending_for(&self, target: &str, property: &str) -> Option<&Wish> {
        let all = self.pending.iter().map(|p| &p.wish);
        all.into_iter().find(|w| w.target == target && w.property == property)
    }

    /// What was answered to a question, and is not on record yet.
    pub(in crate::terminal) fn answer_to(&self, question: &str) -> Option<bool> {
        let mut all = self.pending.iter().map(|p| &p.wish);
        let found = all.find(|w| w.order == Order::Answer && w.target == question);
        found.map(|w| w.value == Json::Bool(true))
    }

    pub(super) fn came(&mut self, id: u64, came: Result<(Told, View), String>) {
        let Some(at) = self.pending.iter().position(|p| p.id == id) else { return };
        let wish = self.pending.remove(at).wish;
        let (tone, text) = match came {
            Ok((_, View::Answers(answers))) => self.answer_words(&wish, &answers),
            Ok(_) => (Tone::Bad, say!(self.said().other_answer, wish = self.wish_words(&wish))),
            Err(why) => (Tone::Bad, format!("{}: {}", self.wish_words(&wish), self.tongue().reason(&why))),
        };
        self.say(tone, text);
        self.polls.hurry();
    }
}

fn is_done(came: &Came) -> bool {
    matches!(came.answer.receipt, Receipt::Sent | Receipt::Confirmed)
}

impl State {
    /// The receipts in one line; of many, what went wrong.
    fn answer_words(&self, wish: &Wish, answers: &[Came]) -> (Tone, String) {
        let (said, asked) = (self.said(), self.wish_words(wish));
        let one = |came: &Came| safe(&came.words());
        let wrong: Vec<&Came> = answers.iter().filter(|came| !is_done(came)).collect();
        match (answers, wrong.as_slice()) {
            ([], _) => (Tone::Warn, say!(said.nothing_to_do, wish = asked)),
            ([answer], []) => (Tone::Good, format!("{asked}; {}", one(answer))),
            ([answer], _) => (Tone::Bad, format!("{asked}; {}", one(answer))),
            (all, []) => (Tone::Good, say!(said.all_did, wish = asked, n = all.len())),
            (all, [first, ..]) => {
                let done = all.len() - wrong.len();
                (Tone::Bad, say!(said.some_did, wish = asked, done = done, n = all.len(), first = one(first)))
            }
        }
    }
}
