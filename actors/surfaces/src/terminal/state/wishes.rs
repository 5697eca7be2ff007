//! Wishes and what comes of them. Nothing is shown as done before the device says so.

use lares_kernel::Answer;
use lares_model::Receipt;
use serde_json::Value as Json;

use crate::control::{Request, Told, View};
use crate::terminal::look::Tone;
use crate::terminal::rows::{Order, Wish};

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
            self.say(Tone::Bad, "no household answers: nothing was asked for");
            return Vec::new();
        }
        if let Some(open) = self.pending_for(&wish.target, &wish.property) {
            let words = format!("still waiting for {}", open.words());
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
        self.say(Tone::Warn, format!("asked: {}; waiting for the receipt", wish.words()));
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
            Ok((_, View::Answers(answers))) => words(&wish, &answers),
            Ok(_) => (Tone::Bad, format!("{}: the household answered something else", wish.words())),
            Err(why) => (Tone::Bad, format!("{}: {why}", wish.words())),
        };
        self.say(tone, text);
        self.polls.hurry();
    }
}

fn is_done(answer: &Answer) -> bool {
    matches!(answer.receipt, Receipt::Sent | Receipt::Confirmed)
}

/// The receipts in one line; of many, what went wrong.
fn words(wish: &Wish, answers: &[Answer]) -> (Tone, String) {
    let one = |a: &Answer| {
        let event = a.event.map(|e| format!(" ({e})")).unwrap_or_default();
        let what = if a.property == "on" { String::new() } else { format!(" {}", a.property) };
        let name = if a.entity.is_empty() { &wish.target } else { &a.entity };
        format!("{name}{what}: {}{event}", a.receipt)
    };
    let wrong: Vec<&Answer> = answers.iter().filter(|a| !is_done(a)).collect();
    match (answers, wrong.as_slice()) {
        ([], _) => (Tone::Warn, format!("{}: nothing to do", wish.words())),
        ([answer], []) => (Tone::Good, format!("{}; {}", wish.words(), one(answer))),
        ([answer], _) => (Tone::Bad, format!("{}; {}", wish.words(), one(answer))),
        (all, []) => (Tone::Good, format!("{}: all {} did it", wish.words(), all.len())),
        (all, [first, ..]) => {
            let done = all.len() - wrong.len();
            (Tone::Bad, format!("{}: {done} of {} did it; {}", wish.words(), all.len(), one(first)))
        }
    }
}
