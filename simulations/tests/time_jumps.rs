//! R21: the clock is set forward or back while the household runs, the machine sleeps, a leap day comes. Times of day follow their
//! rule for what was missed, once; what lasts goes on for as long as it would have.
//!
//! Meant to fail it (each was tried): durations by civil time, a clock that stands still when it is put back, times of day that
//! do not wait for it, nobody who looks after a sleep.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as tests do")]

#[path = "every_instant/outside.rs"]
mod outside;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use lares_graph::{Graph, GraphOptions};
use lares_kernel::{
    Act, Aim, Clock, Delayed, HoldFor, InlineBlocking, Intent, Ports, SeededChance, Steady, TimerAct,
};
use lares_model::{Body, Causes, Level, Origin, Outcome, Property, Timestamp, Value};
use lares_tree::{Household, Parts, SpawnTable};
use outside::{Outside, Wire, port};

const HOME: &str = r#"
    [household]
    time_zone = "UTC"
    [broker]
    enabled = false
    [mqtt.main]
    host = "localhost"
    [room.hall]
    occupancy_timeout = "20m"
    [device.s]
    identifiers = ["s"]
    room = "hall"
    [device.four]
    identifiers = ["four"]
    default = { on = false }
    [device.five]
    identifiers = ["five"]

    [rule.half-past]
    when = [{ time = "12:30" }]
    then = [{ notify = "half past" }]
    [rule.quarter]
    when = [{ every = "15m" }]
    then = [{ notify = "quarter" }]
    [rule.strict]
    when = [{ time = "12:45" }]
    missed = { within = "5m" }
    then = [{ notify = "strict" }]
    [rule.lasts]
    when = [{ entity = "s.knob", to = true, for = "20m" }]
    then = [{ notify = "lasted" }]
    [rule.delays]
    when = [{ entity = "s.knob", to = true }]
    then = [{ delay = "40m" }, { notify = "delayed" }]
    [rule.holds]
    when = [{ entity = "s.knob", to = true }]
    then = [{ set = "four", on = true, hold = "30m" }, { set = "five", on = true }]
    [rule.empty]
    when = [{ room = "hall", occupied = false }]
    then = [{ notify = "empty" }]

    [interlock.five]
    of = "five"
    safe = { on = false }
    max_on = "25m"
    min_off = "2h"
"#;

const MINUTE: i64 = 60_000_000;
/// Noon, UTC, 2026-11-23.
const NOON: i64 = 1_795_435_200_000_000;

/// Tokio's clock, which somebody sets to another time; and a machine that sleeps.
struct Jumping {
    start: i64,
    began: tokio::time::Instant,
    ahead: AtomicI64,
    slept: AtomicI64,
    steady: Steady,
}

impl Jumping {
    fn elapsed_micros(&self) -> i64 {
        i64::try_from(self.began.elapsed().as_micros()).unwrap() + self.slept.load(Ordering::SeqCst)
    }

    fn told(&self) -> i64 {
        self.start + self.elapsed_micros() + self.ahead.load(Ordering::SeqCst)
    }
}

fn micros(n: i64) -> Duration {
    Duration::from_micros(u64::try_from(n).unwrap())
}

impl Clock for Jumping {
    fn now(&self) -> Timestamp {
        Timestamp(self.steady.now(self.told(), || self.elapsed_micros()))
    }

    fn elapsed(&self) -> Duration {
        micros(self.elapsed_micros())
    }

    fn behind(&self) -> Option<Duration> {
        self.steady.behind(self.told(), || self.elapsed_micros())
    }

    fn slept(&self) -> Duration {
        micros(self.slept.load(Ordering::SeqCst))
    }

    fn jumps(&self) -> bool {
        true
    }
}

/// What happens to the clock, at a minute after the start.
#[derive(Clone, Copy)]
enum Clocked {
    Set(i64),
    Sleeps(i64),
    Nothing,
}

/// What came of it: minutes of elapsed time, by what was said or done, rounded; and what was missed for good.
type Came = BTreeMap<String, Vec<i64>>;

fn live(start: i64, at: i64, clocked: Clocked, minutes: i64) -> Came {
    let folder = tempfile::tempdir().unwrap();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let clock = Arc::new(Jumping {
            start,
            began: tokio::time::Instant::now(),
            ahead: AtomicI64::new(0),
            slept: AtomicI64::new(0),
            steady: Steady::default(),
        });
        let port_clock: Arc<dyn Clock> = clock.clone();
        let (graph, opened) = Graph::open(GraphOptions::inline(folder.path(), port_clock.clone())).unwrap();
        let outside = Outside::new();
        let alive = Arc::new(AtomicBool::new(false));
        let ports = Ports {
            clock: port_clock,
            chance: Arc::new(SeededChance::new(1)),
            blocking: Arc::new(InlineBlocking),
            journal: graph.journal(),
        };
        let mut spawn = SpawnTable::new();
        let (around, end) = (outside.clone(), alive.clone());
        spawn.insert("gateways", Box::new(move |house| vec![port(&around, &end, house)]));
        let files = vec![("home.toml".to_owned(), HOME.to_owned())];
        let home = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
        let home = home.unwrap_or_else(|problems| panic!("{}", lares_config::render(&problems, false))).home;
        let parts = Parts { ports, graph: graph.clone(), opened, home, spawn, version: "test".into() };
        let (household, _fatal) = Household::start(parts).await.unwrap();
        let wire = Wire::new(&outside, &alive, household.house());
        // By the machine's own clock, as somebody with a watch beside it would tell.
        let mut came = Came::new();
        let mut seen = 0;
        let mut look = |clock: &Jumping, graph: &Graph| {
            graph.sync_blocking().unwrap();
            let all = graph.reader().journal(Bound::Unbounded, Bound::Unbounded, false, usize::MAX).unwrap();
            let minute = (clock.elapsed_micros() + MINUTE / 2) / MINUTE;
            for stored in &all[seen..] {
                let what = match &stored.event.body {
                    // What somebody wished is its cause.
                    Body::Notice { .. } if stored.event.origin == Origin::Console => continue,
                    Body::Notice { text } => text.split(" That was").next().unwrap_or(text).to_owned(),
                    Body::TimerCancelled { name, reason, .. } if reason.starts_with("missed") => {
                        format!("missed {name}")
                    }
                    Body::HoldEnded { source, .. } => format!("end of {source}"),
                    Body::InterlockTripped { interlock, .. } => format!("tripped {interlock}"),
                    Body::StatusChanged { status } if !status.is_online() => format!("{status}"),
                    Body::Decision(v) if matches!(v.outcome, Outcome::Not(_)) => "not".to_owned(),
                    Body::Problem { place, reason } if place != "clock" => reason.clone(),
                    _ => continue,
                };
                came.entry(what).or_default().push(minute);
            }
            seen = all.len();
        };
        tokio::time::sleep(Duration::from_secs(50)).await;
        for (topic, payload) in [("s/knob", "OFF"), ("s/motion", "OFF")] {
            wire.says(topic, payload, false);
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
        for (topic, payload) in [("s/knob", "ON"), ("s/motion", "ON"), ("s/motion", "OFF")] {
            wire.says(topic, payload, false);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        household.house().door().tell(tea());
        household.house().door().tell(dark());
        let mut done = false;
        while clock.elapsed_micros() < minutes * MINUTE {
            if !done && clock.elapsed_micros() >= at * MINUTE {
                match clocked {
                    Clocked::Set(by) => drop(clock.ahead.fetch_add(by * MINUTE, Ordering::SeqCst)),
                    Clocked::Sleeps(by) => drop(clock.slept.fetch_add(by * MINUTE, Ordering::SeqCst)),
                    Clocked::Nothing => {}
                }
                done = true;
            }
            tokio::time::sleep(Duration::from_secs(10)).await;
            look(&clock, &graph);
        }
        came
    })
}

/// Somebody sets a timer of half an hour.
fn tea() -> Intent {
    Intent {
        source: "console".into(),
        origin: Origin::Console,
        level: Level::Person,
        target: Aim::Timer("hall/tea".into()),
        act: Act::Timer(TimerAct::Set { length: Duration::from_secs(1_800), says: None }),
        reason: "".into(),
        causes: Causes::new(),
        basis: None,
        reply: None,
        again: false,
        token: None,
    }
}

/// Somebody says that the fourth lamp is to go off in 36 minutes.
fn dark() -> Intent {
    let values = BTreeMap::from([(Property::On, Value::Bool(false))]);
    let act = Act::set(values, HoldFor::Momentary);
    let wishes = vec![Delayed { target: Aim::Name("four".into()), act }];
    let length = Duration::from_secs(36 * 60);
    let act = Act::Timer(TimerAct::Later { length, words: "four off".into(), wishes });
    Intent { target: Aim::Timer(String::new()), act, ..tea() }
}

fn came(pairs: &[(&str, &[i64])]) -> Came {
    pairs.iter().map(|(what, at)| ((*what).to_owned(), at.to_vec())).collect()
}

#[test]
fn by_itself_everything_comes_once() {
    let wanted = came(&[
        ("half past", &[30]),
        ("quarter", &[15, 30, 45, 60]),
        ("strict", &[45]),
        ("lasted", &[21]),
        ("delayed", &[41]),
        ("empty", &[21]),
        ("The tea timer is over.", &[31]),
        ("As was said: four off.", &[37]),
        ("end of rule:holds", &[31]),
        ("tripped five", &[26]),
    ]);
    assert_eq!(live(NOON, 10, Clocked::Nothing, 65), wanted);
}

/// What lasts is as long; what the clock went over was missed, and each rule's own policy says what becomes of it.
#[test]
fn an_hour_forward() {
    let wanted = came(&[
        // 12:30 is run late, once; 12:15 as well, and then 13:15 and on.
        ("half past", &[10]),
        ("quarter", &[10, 15, 30, 45, 60]),
        ("missed strict#0", &[10]),
        ("lasted", &[21]),
        ("delayed", &[41]),
        ("empty", &[21]),
        ("The tea timer is over.", &[31]),
        ("As was said: four off.", &[37]),
        ("end of rule:holds", &[31]),
        ("tripped five", &[26]),
    ]);
    assert_eq!(live(NOON, 10, Clocked::Set(60), 65), wanted);
}

/// From 12:10 back to 11:10: all that was to come comes when the clock says so, and what lasts does not wait.
#[test]
fn an_hour_back() {
    let wanted = came(&[
        ("half past", &[90]),
        ("quarter", &[75, 90, 105, 120]),
        ("strict", &[105]),
        ("lasted", &[21]),
        ("delayed", &[41]),
        ("empty", &[21]),
        ("The tea timer is over.", &[31]),
        ("As was said: four off.", &[37]),
        ("end of rule:holds", &[31]),
        ("tripped five", &[26]),
    ]);
    assert_eq!(live(NOON, 10, Clocked::Set(-60), 125), wanted);
    // From 12:40 back to 11:40: what was at 12:15 and 12:30 is not once more.
    let twice = live(NOON, 40, Clocked::Set(-60), 125);
    assert_eq!((&twice["half past"], &twice["quarter"]), (&vec![30], &vec![15, 30, 105, 120]));
    assert_eq!((&twice["delayed"], &twice["strict"]), (&vec![41], &vec![105]));
}

/// Nothing ran meanwhile: as after a restart.
#[test]
fn eight_hours_of_sleep() {
    let wake = 490;
    let wanted = came(&[
        ("half past", &[wake]),
        ("quarter", &[wake, 495, 510]),
        ("missed strict#0", &[wake]),
        ("lasted", &[wake]),
        ("delayed", &[wake]),
        ("empty", &[wake]),
        ("The tea timer is over.", &[wake]),
        ("missed +1", &[wake]),
        // In its room, and as a problem that is shown to everybody.
        (
            "\"four off\" was to be done more than an hour ago, while nothing ran. It is left out.",
            &[wake, wake],
        ),
        ("end of rule:holds", &[wake]),
        ("tripped five", &[wake]),
    ]);
    assert_eq!(live(NOON, 10, Clocked::Sleeps(480), 515), wanted);
}

#[test]
fn a_leap_day_is_a_day() {
    // 2028-02-28 12:00 UTC, a Monday.
    let start = 1_835_352_000_000_000;
    let came = live(start, 10, Clocked::Nothing, 2 * 24 * 60 + 60);
    assert_eq!(came["half past"], [30, 24 * 60 + 30, 2 * 24 * 60 + 30]);
    assert_eq!(came["quarter"].len(), 2 * 96 + 4);
}
