//! What is meant of timers: which one, and what becomes of it. Pure.

use lares_kernel::{CountdownId, Delayed, TimerAct};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::errands::SpokenCall;
use super::fragments::TIMER;
use super::meaning::{Meaning, Said};
use super::talk::SpokenSet;
use super::timer_words::TimerWords;
use super::understand::{SlotValue, Understood, fold};
use crate::views::CountdownView;

/// What a reference begins with that is a timer's.
pub(super) const A_TIMER: &str = "timer:";

/// A timer, and what is wished of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpokenTimer {
    /// Its id; of a new one: a room's key and `/`, if it is in a room, and its name, if it has one.
    pub timer: String,
    /// `set`, `later`, `add`, `take`, `pause`, `resume` or `cancel`.
    pub act: String,
    /// How long it is, or how much is added or taken.
    pub seconds: f64,
    /// A reminder: what of.
    pub says: Option<String>,
    /// What is said when it is done.
    pub answer: String,
    /// Of one that does something at its end: what, as it was said.
    #[serde(default)]
    pub does: Option<String>,
    /// The same, as it is wished.
    #[serde(default)]
    pub sets: Vec<SpokenSet>,
    /// What is said aloud then.
    #[serde(default)]
    pub calls: Vec<SpokenCall>,
}

impl SpokenTimer {
    /// `wishes`: what it does, for the door. None: no timer is that long.
    pub(crate) fn act(&self, wishes: Vec<Delayed>) -> Option<TimerAct> {
        let length = std::time::Duration::try_from_secs_f64(self.seconds).ok()?;
        Some(match self.act.as_str() {
            "later" => TimerAct::Later { length, words: self.does.clone().unwrap_or_default(), wishes },
            "set" => TimerAct::Set { length, says: self.says.clone() },
            "add" => TimerAct::Add(length),
            "take" => TimerAct::Take(length),
            "pause" => TimerAct::Pause,
            "resume" => TimerAct::Resume,
            "cancel" => TimerAct::Cancel,
            _ => return None,
        })
    }
}

/// What a sentence about timers means; `None`: it is not about timers.
pub(super) fn timers(said: &Said<'_>, understood: &Understood, words: &TimerWords) -> Option<Meaning> {
    let act = match understood.intent.as_str() {
        "HassStartTimer" => return Some(start(said, understood, words)),
        "HassTimerStatus" => return Some(status(said, understood, words)),
        "HassCancelAllTimers" => {
            let mut all = fitting(said, understood);
            // "All timers", said in a room, are all of the house.
            if !understood.slots.contains_key("area") {
                all = said.timers.iter().collect();
            }
            let cancel = |timer: &&CountdownView| change("cancel", timer, 0.0, words);
            return Some(match all.as_slice() {
                [] => Meaning::Answer(words.none.to_owned(), true),
                all => Meaning::Timers(all.iter().map(cancel).collect()),
            });
        }
        "HassCancelTimer" => "cancel",
        "HassPauseTimer" => "pause",
        "HassUnpauseTimer" => "resume",
        "HassIncreaseTimer" => "add",
        "HassDecreaseTimer" => "take",
        _ => return None,
    };
    let mut all = fitting(said, understood);
    let can = |timer: &&CountdownView| match act {
        "pause" => timer.due.is_some(),
        "resume" => timer.due.is_none(),
        _ => true,
    };
    if all.len() > 1 && all.iter().any(can) {
        all.retain(can);
    }
    Some(match all.as_slice() {
        [] if said.timers.is_empty() => Meaning::Answer(words.none.to_owned(), false),
        [] => Meaning::Answer(words.no_such.to_owned(), false),
        [one] => Meaning::Timers(vec![change(act, one, seconds(understood, ""), words)]),
        some => {
            let which = |timer: &&CountdownView| (format!("{A_TIMER}{}", timer.id), words.called(timer));
            Meaning::Which(some.iter().map(which).collect())
        }
    })
}

fn start(said: &Said<'_>, understood: &Understood, words: &TimerWords) -> Meaning {
    let length_s = seconds(understood, "");
    if length_s <= 0.0 {
        return Meaning::Answer(words.no_such.to_owned(), false);
    }
    new(said.here, understood.text("name"), None, length_s, words)
}

/// A new timer or reminder.
pub(super) fn new(
    room: Option<&str>,
    name: Option<&str>,
    says: Option<&str>,
    length_s: f64,
    words: &TimerWords,
) -> Meaning {
    let name = name.unwrap_or_default().trim().replace('/', " ");
    let (room, of) = (room.map(str::to_owned), name.clone());
    let id = CountdownId { room, name }.to_string();
    let name = Some(of).filter(|name| !name.is_empty());
    let timer = CountdownView { name, says: says.map(str::to_owned), ..fresh(id, length_s) };
    Meaning::Timers(vec![change("set", &timer, length_s, words)])
}

/// Something that is done later.
pub(super) fn later(
    room: Option<&str>,
    does: &str,
    length_s: f64,
    (sets, calls): (Vec<SpokenSet>, Vec<SpokenCall>),
    words: &TimerWords,
) -> SpokenTimer {
    let id = CountdownId { room: room.map(str::to_owned), name: String::new() }.to_string();
    let timer = CountdownView { does: Some(does.to_owned()), ..fresh(id, length_s) };
    let set = change("later", &timer, length_s, words);
    SpokenTimer { does: timer.does, sets, calls, ..set }
}

fn fresh(id: String, length_s: f64) -> CountdownView {
    CountdownView {
        id,
        name: None,
        room: None,
        room_name: None,
        says: None,
        does: None,
        length_s,
        left_s: length_s,
        due: None,
        cause: None,
    }
}

pub(super) fn change(act: &str, timer: &CountdownView, seconds: f64, words: &TimerWords) -> SpokenTimer {
    let (phrase, left) = match act {
        "set" => (words.runs, timer.left_s),
        "later" => (words.later, timer.left_s),
        "cancel" => (words.cancelled, timer.left_s),
        "pause" => (words.paused, timer.left_s),
        "take" => (words.left, timer.left_s - seconds),
        _ => (words.left, timer.left_s + seconds),
    };
    SpokenTimer {
        timer: timer.id.clone(),
        act: act.to_owned(),
        seconds,
        says: timer.says.clone(),
        answer: words.tell(phrase, timer, left),
        does: None,
        sets: Vec::new(),
        calls: Vec::new(),
    }
}

fn status(said: &Said<'_>, understood: &Understood, words: &TimerWords) -> Meaning {
    let all = fitting(said, understood);
    if all.is_empty() {
        let none = if said.timers.is_empty() { words.none } else { words.no_such };
        return Meaning::Answer(none.to_owned(), true);
    }
    let tell = |timer: &&CountdownView| {
        words.tell(if timer.due.is_some() { words.left } else { words.paused }, timer, timer.left_s)
    };
    Meaning::Answer(all.iter().map(tell).collect::<Vec<_>>().join(" "), true)
}

/// Those that are meant: by name, room or how long they were; else those of the room it is said in; else all.
fn fitting<'t>(said: &Said<'t>, understood: &Understood) -> Vec<&'t CountdownView> {
    let area = match understood.slots.get("area") {
        Some(SlotValue::Area(n)) => said.house.areas.get(*n).map(|area| area.id.as_str()),
        _ => None,
    };
    let name = understood.text("name").map(|name| fold(name).text);
    let length_s = seconds(understood, "start_");
    let is_called = |timer: &CountdownView| {
        let names = [&timer.name, &timer.says, &timer.does];
        name.as_ref().is_none_or(|name| names.into_iter().flatten().any(|of| fold(of).text == *name))
    };
    if let Some(id) = understood.text(TIMER) {
        return said.timers.iter().filter(|timer| timer.id == id).collect();
    }
    let mut all: Vec<&CountdownView> = said
        .timers
        .iter()
        .filter(|timer| is_called(timer))
        .filter(|timer| area.is_none() || timer.room.as_deref() == area)
        .filter(|timer| length_s <= 0.0 || (timer.length_s - length_s).abs() < 0.5)
        .collect();
    let anything = name.is_none() && area.is_none() && length_s <= 0.0;
    if anything && let Some(here) = said.here {
        let in_here = |timer: &&CountdownView| timer.room.as_deref() == Some(here);
        if all.iter().any(in_here) {
            all.retain(in_here);
        }
    }
    all
}

/// What the slots `hours`, `minutes` and `seconds` come to.
pub(super) fn seconds(understood: &Understood, start: &str) -> f64 {
    let of = |slot: &str| understood.number(&format!("{start}{slot}")).unwrap_or(0.0);
    of("hours") * 3600.0 + of("minutes") * 60.0 + of("seconds")
}
