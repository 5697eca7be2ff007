//! What a satellite is told without having been asked: that a timer is over, what is announced in its room, how timers are. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use lares_config::Home;
use lares_kernel::CountdownId;
use lares_model::{Body, Event as Happened, EventId, NodeId, Origin, Timer, Timestamp};
use serde_json::json;

use crate::voice::wyoming::Event;

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
    /// To the satellite's own program.
    Send(Event),
}

/// What one satellite was told.
#[derive(Default)]
pub struct Calls {
    told: BTreeSet<EventId>,
    /// Timers that it knows.
    timers: BTreeMap<CountdownId, Timer>,
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
            Body::TimerSet { timer } => What::Send(self.set(timer)?),
            Body::TimerFired { owner, name, .. } => {
                let id = rings(owner, name)?;
                self.timers.remove(&id);
                What::Send(Event::with("timer-finished", json!({ "id": id.to_string() })))
            }
            Body::TimerCancelled { owner, name, reason } => {
                let id = rings(owner, name)?;
                What::Send(match self.timers.get(&id) {
                    Some(timer) if reason == "paused" => {
                        let left = timer.due.since(event.at).as_secs();
                        let told = json!({ "id": id.to_string(), "is_active": false, "total_seconds": left });
                        Event::with("timer-updated", told)
                    }
                    _ => {
                        self.timers.remove(&id);
                        Event::with("timer-cancelled", json!({ "id": id.to_string() }))
                    }
                })
            }
            _ => return None,
        };
        Some(Call { at: event.at, event: event.id, what })
    }

    fn set(&mut self, timer: &Timer) -> Option<Event> {
        let id = rings(&timer.owner, &timer.name)?;
        let seconds = timer.length.as_secs();
        let text = id.to_string();
        let known = self.timers.insert(id.clone(), timer.clone());
        if known.is_some() {
            let told = json!({ "id": text, "is_active": true, "total_seconds": seconds });
            return Some(Event::with("timer-updated", told));
        }
        let told = json!({
            "id": text,
            "name": id.name,
            "total_seconds": seconds,
            "start_hours": seconds / 3600,
            "start_minutes": seconds / 60 % 60,
            "start_seconds": seconds % 60,
        });
        Some(Event::with("timer-started", told))
    }
}

/// Whose durable timer it is, if it is a timer that rings: what only does something at its end is not shown there.
fn rings(owner: &str, name: &str) -> Option<CountdownId> {
    CountdownId::of(owner, name).filter(|id| !id.does())
}

/// Whether something is for the satellite of a room. What is of no room is for all, and so is the timer of a room that has none.
fn concerns(event: &Happened, home: &Home, room: &str) -> bool {
    let here = event.subject == NodeId::room(room);
    match (&event.body, &event.origin) {
        // What somebody was heard to say is no announcement.
        (Body::Notice { .. }, Origin::Person(_) | Origin::Console | Origin::System) => here,
        (Body::Notice { .. }, Origin::Timer) | (Body::TimerSet { .. }, _) => {
            here || nobody_there(event, home)
        }
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
        let (mut calls, said) = (Calls::default(), notice(7, kitchen, Origin::Timer));
        assert_eq!(calls.of(&said, &home, "kitchen").unwrap().what, What::Ring("ding".into()));
        assert_eq!(calls.of(&said, &home, "kitchen"), None, "once");
    }

    #[test]
    fn timers_are_told_as_wyoming_tells_them() {
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
            let call = calls.of(&event(id, kitchen, Origin::Console, body), &home, "kitchen");
            call.map(|call| match call.what {
                What::Send(event) => (event.kind.clone(), serde_json::Value::Object(event.data)),
                What::Say(text) | What::Ring(text) => (text, serde_json::Value::Null),
            })
        };
        let (kind, data) = told(1, Body::TimerSet { timer: timer("timer:kitchen", 4_000, 3_661) }).unwrap();
        assert_eq!(kind, "timer-started");
        assert_eq!(
            data,
            json!({ "id": "kitchen/pizza", "name": "pizza", "total_seconds": 3_661, "start_hours": 1,
                "start_minutes": 1, "start_seconds": 1 })
        );
        let ended = |reason: &str| Body::TimerCancelled {
            owner: "timer:kitchen".into(),
            name: "pizza".into(),
            reason: reason.into(),
        };
        let (kind, data) = told(1_000, ended("paused")).unwrap();
        assert_eq!(
            (kind.as_str(), &data["is_active"], &data["total_seconds"]),
            ("timer-updated", &json!(false), &json!(3_000))
        );
        let (kind, data) =
            told(1_001, Body::TimerSet { timer: timer("timer:kitchen", 4_001, 3_000) }).unwrap();
        assert_eq!((kind.as_str(), &data["is_active"]), ("timer-updated", &json!(true)));
        let fired = Body::TimerFired { owner: "timer:kitchen".into(), name: "pizza".into(), late_ms: 0 };
        assert_eq!(told(4_001, fired).unwrap().0, "timer-finished");
        assert_eq!(told(4_002, ended("cancelled")).unwrap().0, "timer-cancelled");
        let does = Body::TimerFired { owner: "timer:kitchen".into(), name: "+1".into(), late_ms: 0 };
        assert_eq!(told(4_004, does), None, "it does something, and does not ring");
        assert_eq!(told(4_003, Body::TimerSet { timer: timer("rule:x", 1, 1) }), None, "a rule's own");
    }
}
