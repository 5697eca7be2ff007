//! What a satellite is told without having been asked: that a timer is over, what is announced in its room, how timers are. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use lares_config::Home;
use lares_kernel::CountdownId;
use lares_model::{Body, Event as Happened, EventId, NodeId, Origin, Timer, Timestamp};

use super::dialog::{TimerNow, TimerTold};
use crate::views::CountdownView;

/// What was to be said that long ago is no news any more.
pub const STALE: Duration = Duration::from_secs(120);
/// Events that are kept in mind, so that none is told twice.
const REMEMBERED: usize = 64;

/// Something for one satellite.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub at: Timestamp,
    pub event: EventId,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Aloud, in the household's language.
    Say(String),
    /// The same, until somebody stops it.
    Ring(String),
    /// It is asked whether a call is taken: the question's id, and until when.
    Ask(String, Timestamp),
    /// That question is over.
    Over(String),
    /// To the satellite's own program.
    Timer(TimerTold),
}

/// What one satellite was told.
#[derive(Default)]
pub struct Calls {
    told: BTreeSet<EventId>,
    /// Timers that it knows, and how many seconds all of each is.
    timers: BTreeMap<CountdownId, (Timer, u64)>,
}

impl Calls {
    /// What an event means for a satellite in a room; each event once.
    pub fn of(&mut self, event: &Happened, home: &Home, room: &str) -> Option<Call> {
        if !concerns(event, home, room) || !self.told.insert(event.id) {
            return None;
        }
        while self.told.len() > REMEMBERED {
            self.told.pop_first();
        }
        let what = match &event.body {
            Body::Notice { text } if event.origin == Origin::Timer => What::Ring(text.clone()),
            Body::Notice { text } => What::Say(text.clone()),
            Body::Asked(question) => What::Ask(question.id.to_string(), question.until),
            Body::Replied { question, .. } => What::Over(question.id.to_string()),
            Body::TimerSet { timer } => What::Timer(self.set(timer)?),
            Body::TimerFired { owner, name, .. } => {
                let id = rings(owner, name)?;
                let total = self.timers.remove(&id).map_or(0, |(_, total)| total);
                What::Timer(told(&id, TimerNow::Finished, total, 0))
            }
            Body::TimerCancelled { owner, name, reason } => {
                let id = rings(owner, name)?;
                What::Timer(match self.timers.get(&id) {
                    Some((timer, total)) if reason == "paused" => {
                        told(&id, TimerNow::Paused, *total, timer.due.since(event.at).as_secs())
                    }
                    known => {
                        let total = known.map_or(0, |(_, total)| *total);
                        self.timers.remove(&id);
                        told(&id, TimerNow::Cancelled, total, 0)
                    }
                })
            }
            _ => return None,
        };
        Some(Call { at: event.at, event: event.id, what })
    }

    fn set(&mut self, timer: &Timer) -> Option<TimerTold> {
        let id = rings(&timer.owner, &timer.name)?;
        let left = timer.length.as_secs();
        let known = self.timers.get(&id).map(|(_, total)| *total);
        let total = known.unwrap_or(0).max(left);
        self.timers.insert(id.clone(), (timer.clone(), total));
        let now = if known.is_some() { TimerNow::Runs } else { TimerNow::Started };
        Some(told(&id, now, total, left))
    }
}

/// What a satellite is told once it is there (again): how each timer that it shows is now.
pub fn timers_now(all: &[CountdownView], home: &Home, room: &str) -> Vec<TimerTold> {
    let has_none = |key: &String| !home.satellites.values().any(|satellite| satellite.room == *key);
    let here = |timer: &&CountdownView| {
        timer.does.is_none() && timer.room.as_ref().is_none_or(|key| *key == room || has_none(key))
    };
    let both = all.iter().filter(here).flat_map(|timer| {
        let id = CountdownId::parse(&timer.id);
        let seconds = |s: f64| s.max(0.0).ceil() as u64;
        let (total, left) = (seconds(timer.length_s), seconds(timer.left_s));
        let now = if timer.due.is_some() { TimerNow::Runs } else { TimerNow::Paused };
        // One that it does not know begins first, whatever is left of it.
        [told(&id, TimerNow::Started, total.max(left), left), told(&id, now, total.max(left), left)]
    });
    both.collect()
}

/// Whose durable timer it is, if it is a timer that rings: what only does something at its end is not shown there.
fn rings(owner: &str, name: &str) -> Option<CountdownId> {
    CountdownId::of(owner, name).filter(|id| !id.does())
}

fn told(id: &CountdownId, now: TimerNow, total_s: u64, left_s: u64) -> TimerTold {
    TimerTold { id: id.to_string(), name: id.name.clone(), now, total_s, left_s }
}

/// Whether something is for the satellite of a room. What is of no room is for all, and so is the timer of a room that has none.
fn concerns(event: &Happened, home: &Home, room: &str) -> bool {
    let here = event.subject == NodeId::room(room);
    match (&event.body, &event.origin) {
        // What somebody was heard to say is no announcement.
        (Body::Notice { .. }, Origin::Person(_) | Origin::Console | Origin::System | Origin::Rule(_)) => here,
        (Body::Notice { .. }, Origin::Timer) | (Body::TimerSet { .. }, _) => {
            here || nobody_there(event, home)
        }
        // Wherever somebody hears that a call cannot wait they may say yes.
        (Body::Asked(question) | Body::Replied { question, .. }, _) => question.rule.starts_with("phone:"),
        (Body::TimerFired { .. } | Body::TimerCancelled { .. }, _) => here || nobody_there(event, home),
        _ => false,
    }
}

fn nobody_there(event: &Happened, home: &Home) -> bool {
    !home.satellites.values().any(|satellite| NodeId::room(&satellite.room) == event.subject)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use lares_model::{Causes, Missed};

    use super::*;

    fn home() -> std::sync::Arc<Home> {
        let text = "[household]\ntime_zone = \"UTC\"\n[room.kitchen]\n[room.hall]\n[room.bath]\n\
            [satellite.one]\nroom = \"kitchen\"\naddress = \"127.0.0.1:1\"\n\
            [satellite.two]\nroom = \"hall\"\naddress = \"127.0.0.1:2\"\n";
        let files = vec![("home.toml".to_owned(), text.to_owned())];
        lares_config::load_from(Path::new("/"), files, &[], std::iter::empty()).unwrap().home
    }

    fn event(id: u64, subject: NodeId, origin: Origin, body: Body) -> Happened {
        let at = Timestamp(id as i64 * 1_000_000);
        Happened { id: EventId(id), at, seen: at, causes: Causes::new(), origin, subject, body }
    }

    fn notice(id: u64, subject: NodeId, origin: Origin) -> Happened {
        event(id, subject, origin, Body::Notice { text: "ding".into() })
    }

    #[test]
    fn what_is_of_a_room_is_said_there_once_and_what_nobody_would_hear_everywhere() {
        let home = home();
        let (kitchen, bath) = (NodeId::room("kitchen"), NodeId::room("bath"));
        let heard = |event: &Happened| {
            ["kitchen", "hall"].map(|room| Calls::default().of(event, &home, room).is_some())
        };
        assert_eq!(heard(&notice(1, kitchen, Origin::Timer)), [true, false]);
        assert_eq!(heard(&notice(1, bath, Origin::Timer)), [true, true]);
        assert_eq!(heard(&notice(1, NodeId::household(), Origin::Timer)), [true, true]);
        assert_eq!(heard(&notice(1, kitchen, Origin::Console)), [true, false]);
        assert_eq!(heard(&notice(1, bath, Origin::Console)), [false, false]);
        assert_eq!(heard(&notice(1, NodeId::household(), Origin::Console)), [false, false]);
        assert_eq!(heard(&notice(1, kitchen, Origin::Voice("one".into()))), [false, false]);
        assert_eq!(heard(&notice(1, NodeId::rule("x"), Origin::Rule("x".into()))), [false, false]);
        assert_eq!(
            heard(&notice(1, kitchen, Origin::Rule("x".into()))),
            [true, false],
            "what a rule says there"
        );
        let (mut calls, said) = (Calls::default(), notice(7, kitchen, Origin::Timer));
        assert_eq!(calls.of(&said, &home, "kitchen").unwrap().what, What::Ring("ding".into()));
        assert_eq!(calls.of(&said, &home, "kitchen"), None, "once");
    }

    #[test]
    fn timers_are_told_as_they_go() {
        let (home, kitchen) = (home(), NodeId::room("kitchen"));
        let mut calls = Calls::default();
        let timer = |owner: &str, due: i64, length: u64| Timer {
            owner: owner.into(),
            name: "pizza".into(),
            due: Timestamp(due * 1_000_000),
            length: Duration::from_secs(length),
            missed: Missed::RunOnce,
            cause: EventId(1),
        };
        let mut told = |id: u64, body: Body| {
            let call = calls.of(&event(id, kitchen, Origin::Console, body), &home, "kitchen")?;
            let What::Timer(TimerTold { id, name, now, total_s, left_s }) = call.what else { panic!() };
            assert_eq!((id.as_str(), name.as_str()), ("kitchen/pizza", "pizza"));
            Some((now, total_s, left_s))
        };
        let set = |due, length| Body::TimerSet { timer: timer("timer:kitchen", due, length) };
        assert_eq!(told(1, set(4_000, 3_661)), Some((TimerNow::Started, 3_661, 3_661)));
        let ended = |reason: &str| Body::TimerCancelled {
            owner: "timer:kitchen".into(),
            name: "pizza".into(),
            reason: reason.into(),
        };
        assert_eq!(told(1_000, ended("paused")), Some((TimerNow::Paused, 3_661, 3_000)));
        assert_eq!(told(1_001, set(4_001, 3_000)), Some((TimerNow::Runs, 3_661, 3_000)));
        let fired = Body::TimerFired { owner: "timer:kitchen".into(), name: "pizza".into(), late_ms: 0 };
        assert_eq!(told(4_001, fired), Some((TimerNow::Finished, 3_661, 0)));
        assert_eq!(told(4_002, ended("cancelled")), Some((TimerNow::Cancelled, 0, 0)));
        let does = Body::TimerFired { owner: "timer:kitchen".into(), name: "+1".into(), late_ms: 0 };
        assert_eq!(told(4_004, does), None, "it does something, and does not ring");
        assert_eq!(told(4_003, Body::TimerSet { timer: timer("rule:x", 1, 1) }), None, "a rule's own");
    }

    #[test]
    fn one_that_comes_back_is_told_of_what_runs_there() {
        let timer = |id: &str, left_s: f64, does: Option<&str>, runs: bool| CountdownView {
            id: id.to_owned(),
            name: None,
            room: id.split_once('/').map(|(room, _)| room.to_owned()),
            room_name: None,
            says: None,
            does: does.map(str::to_owned),
            length_s: 600.0,
            left_s,
            due: runs.then_some(crate::views::Moment(Timestamp(0))),
            cause: None,
        };
        let all = [
            timer("kitchen/pizza", 59.2, None, true),
            timer("hall/tea", 10.0, None, true),
            timer("bath/hair", 30.0, None, false),
            timer("eggs", 5.0, None, true),
            timer("kitchen/+1", 5.0, Some("turn off the light"), true),
        ];
        let told: Vec<(String, TimerNow, u64, u64)> = timers_now(&all, &home(), "kitchen")
            .into_iter()
            .map(|t| (format!("{}:{}", t.id, t.name), t.now, t.total_s, t.left_s))
            .collect();
        let is = |id: &str, now, left| (id.to_owned(), now, 600, left);
        let expected = [
            is("kitchen/pizza:pizza", TimerNow::Started, 60),
            is("kitchen/pizza:pizza", TimerNow::Runs, 60),
            is("bath/hair:hair", TimerNow::Started, 30),
            is("bath/hair:hair", TimerNow::Paused, 30),
            is("eggs:eggs", TimerNow::Started, 5),
            is("eggs:eggs", TimerNow::Runs, 5),
        ];
        assert_eq!(told, expected);
    }
}
