//! Series over days: roll-ups, late samples, corrections, what is let go, and what that frees.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use common::{assert_whole, lamp};
use lares_graph::{
    Change, Correction, Graph, GraphOptions, KeepFor, Keeping, Resolution, Retention, RolledBucket,
};
use lares_kernel::Clock;
use lares_model::{Body, Draft, NodeId, Origin, Property, Timestamp, Value, Write};

const S: i64 = 1_000_000;
const DAY: i64 = 86_400 * S;
/// A midnight of 2023.
const START: i64 = 19_675 * DAY;

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_micros((self.now().0 - START) as u64)
    }
}

fn open(path: &Path, clock: &Arc<Hands>) -> Graph {
    Graph::open(GraphOptions::inline(path, clock.clone())).unwrap().0
}

fn sensor(n: u64) -> NodeId {
    NodeId::entity(&format!("z2m/{n}"))
}

fn say(graph: &Graph, entity: NodeId, at: i64, value: f64) {
    let body = Body::Reading { property: Property::State, value: Some(value.into()) };
    let draft = Draft::new(entity, Origin::Link("z2m".into()), body).at(Timestamp(at)).to_series();
    graph.journal().append(draft, vec![]);
}

fn rolled(graph: &Graph, entity: NodeId, days: (i64, i64), resolution: Resolution) -> Vec<RolledBucket> {
    let instant = |day: i64| Timestamp(START + day * DAY);
    graph.reader().rolled(entity, Property::State, instant(days.0), instant(days.1), resolution).unwrap()
}

/// A wave with a sample every five minutes, a little late now and then.
fn fill(graph: &Graph, clock: &Hands, entities: u64, days: std::ops::Range<i64>) {
    for n in days.start * 288..days.end * 288 {
        let at = START + n * 300 * S + n * 7919 % 40_000;
        clock.0.store(at, Ordering::Relaxed);
        for entity in 0..entities {
            say(graph, sensor(entity), at, f64::from((n as i32 * 7 + entity as i32) % 200) / 10.0);
        }
    }
    graph.sync_blocking().unwrap();
}

const ALL: [Resolution; 3] = [Resolution::Minutes5, Resolution::Hours, Resolution::Days];

#[test]
fn roll_ups_are_what_the_samples_told_before_and_after_they_were_made() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let graph = open(dir.path(), &clock);
    fill(&graph, &clock, 3, 0..5);
    let told = |graph: &Graph| ALL.map(|r| rolled(graph, sensor(1), (0, 5), r));
    let before = told(&graph);
    assert_eq!(before.each_ref().map(Vec::len), [5 * 288, 5 * 24, 5]);
    let day = before[2][1].bucket;
    assert_eq!((day.at.0, day.count), (START + DAY, 288));
    graph.look_after();
    assert_eq!(graph.health().last_error, None);
    assert_eq!(graph.health().upkeep.rolled, 3 * 4, "the fifth day is not over");
    assert_eq!(told(&graph), before);
    assert_whole(&graph);
    assert!(graph.reader().check().unwrap().rolled_days >= 9);

    // A late sample makes its day anew, and the day that goes on from it.
    let late = START + 2 * DAY - 10 * S;
    say(&graph, sensor(1), late, 500.0);
    graph.sync_blocking().unwrap();
    let computed = told(&graph);
    assert_eq!(computed[2][1].bucket.max, 500.0);
    assert_ne!(
        computed[0][2 * 288].bucket.mean,
        before[0][2 * 288].bucket.mean,
        "it was held into the next day"
    );
    // Another day is over, so there is something to look after.
    fill(&graph, &clock, 3, 5..7);
    graph.look_after();
    assert_eq!(told(&graph)[2][..4], computed[2][..4]);
    assert_eq!(told(&graph)[0][..4 * 288], computed[0][..4 * 288]);
    assert_whole(&graph);
    graph.close().unwrap();
    drop(graph);
    assert_whole(&open(dir.path(), &clock));
}

#[test]
fn a_correction_is_an_event_from_which_roll_ups_are_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let graph = open(dir.path(), &clock);
    fill(&graph, &clock, 1, 0..4);
    graph.look_after();
    let instant = |hours: i64| Timestamp(START + hours * 3600 * S);
    let correct = |from, to, change| {
        let told = Correction { property: Property::State, from, to, change };
        let event = Draft::new(sensor(0), Origin::Console, told.body().unwrap());
        graph.journal().append(event, vec![]);
        graph.sync_blocking().unwrap();
    };
    let raw = graph.reader().samples(sensor(0), Property::State, Timestamp::MIN, Timestamp::MAX).unwrap();
    correct(instant(24), instant(25), Change::Add(1000.0));
    correct(instant(30), instant(31), Change::LeaveOut);
    correct(instant(32), instant(33), Change::Set(7.0.into()));
    let hours = |graph: &Graph| rolled(graph, sensor(0), (1, 2), Resolution::Hours);
    let told = hours(&graph);
    assert!(told[0].bucket.mean_of_samples() >= 1000.0 && told[2].bucket.max < 1000.0);
    assert_eq!((told[6].bucket.count, told[8].bucket.mean_of_samples(), told[8].bucket.last), (0, 7.0, 7.0));
    fill(&graph, &clock, 1, 4..6);
    graph.look_after();
    assert_eq!(hours(&graph), told);
    let corrected = graph.reader().samples(sensor(0), Property::State, Timestamp::MIN, instant(96)).unwrap();
    assert!(corrected.len() < raw.len());
    assert_whole(&graph);
    graph.close().unwrap();
}

#[test]
fn what_is_old_goes_and_coarser_roll_ups_stay() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let graph = open(dir.path(), &clock);
    let short = KeepFor { raw: Some(5), minutes: Some(10), hours: Some(20), days: None };
    let keeping = Keeping { all: short, of: [(sensor(1), KeepFor { raw: None, ..short })].into() };
    graph.set_retention(Retention { series: keeping, ..Retention::default() });
    for day in 0..60 {
        fill(&graph, &clock, 2, day..day + 1);
        graph.look_after();
    }
    let raw = |n| {
        let all = graph.reader().samples(sensor(n), Property::State, Timestamp::MIN, Timestamp::MAX).unwrap();
        (all.first().unwrap().at.0 - START) / DAY
    };
    assert!((50..=54).contains(&raw(0)), "{}", raw(0));
    assert_eq!(raw(1), 0, "one entity's samples are kept for ever");
    let asked = rolled(&graph, sensor(0), (0, 60), Resolution::Minutes5);
    let span = |width: i64| {
        let own: Vec<i64> =
            asked.iter().filter(|r| r.width == width).map(|r| (r.bucket.at.0 - START) / DAY).collect();
        (own.first().copied(), own.last().copied())
    };
    assert_eq!(span(DAY), (Some(0), Some(38)));
    assert_eq!(span(3600 * S), (Some(39), Some(48)));
    assert_eq!(span(300 * S), (Some(49), Some(59)));
    assert!(asked.windows(2).all(|w| w[0].bucket.at < w[1].bucket.at));
    let days = rolled(&graph, sensor(0), (0, 59), Resolution::Days);
    assert!(days.len() == 59 && days.iter().all(|d| d.bucket.count == 288));
    assert_whole(&graph);

    // What was freed is used again: the file does not grow with the days.
    let before = graph.reader().space().unwrap();
    for day in 60..100 {
        fill(&graph, &clock, 1, day..day + 1);
        graph.look_after();
    }
    let after = graph.reader().space().unwrap();
    assert!(after.file <= before.file + before.file / 8, "{before:?} {after:?}");
    assert!(after.used <= after.file && after.series > 0);
    graph.close().unwrap();
}

#[test]
fn a_budget_lets_old_samples_go_sooner_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let graph = open(dir.path(), &clock);
    fill(&graph, &clock, 40, 0..25);
    graph.look_after();
    let full = graph.reader().space().unwrap();
    assert_eq!(graph.health().squeezed, 0);
    let budget = full.used - 300_000;
    graph.set_retention(Retention { budget: Some(budget), ..Retention::default() });
    graph.look_after();
    let less = graph.reader().space().unwrap();
    assert!(less.used <= budget && graph.health().squeezed > 0 && !graph.health().over_budget, "{less:?}");
    assert!(less.free() > 0 && less.file <= full.file + (1 << 20));
    assert_eq!(rolled(&graph, sensor(3), (0, 24), Resolution::Hours).len(), 24 * 24);
    graph.set_retention(Retention { budget: Some(1), ..Retention::default() });
    graph.look_after();
    assert!(graph.health().over_budget);
    let raw = graph.reader().samples(sensor(0), Property::State, Timestamp::MIN, Timestamp::MAX).unwrap();
    assert!(raw.len() >= 2 * 288, "two days are kept, however full");
    assert_whole(&graph);
    graph.close().unwrap();
}

#[test]
fn samples_in_any_order_come_back_in_theirs() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let graph = open(dir.path(), &clock);
    let mut seed = 7_u64;
    let mut wanted = Vec::new();
    for n in 0..40_000_u64 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let at = START + ((seed >> 33) % 1_000_000) as i64 * 10 * S;
        say(&graph, lamp(), at, n as f64 / 8.0);
        wanted.push((at, n as f64 / 8.0));
    }
    graph.sync_blocking().unwrap();
    clock.0.store(START + 2 * DAY, Ordering::Relaxed);
    wanted.sort_by(|a, b| a.partial_cmp(b).unwrap());
    let all = graph.reader().samples(lamp(), Property::State, Timestamp::MIN, Timestamp::MAX).unwrap();
    let found: Vec<(i64, f64)> =
        all.iter().map(|s| (s.at.0, s.value.as_ref().unwrap().as_number().unwrap())).collect();
    assert_eq!(found, wanted);
    for n in [0, 5, 999, 20_000, 39_000] {
        let (from, to) = (wanted[n].0, wanted[n + 800].0);
        let some = graph.reader().samples(lamp(), Property::State, Timestamp(from), Timestamp(to)).unwrap();
        assert_eq!(some.len(), wanted.iter().filter(|w| w.0 >= from && w.0 <= to).count());
        let last = graph.reader().sample_at(lamp(), Property::State, Timestamp(to)).unwrap().unwrap();
        assert_eq!(Some(&last), some.last());
    }
    assert_whole(&graph);
    graph.close().unwrap();
}

/// Samples that somebody brings are put in place, told twice they change nothing, and roll-ups are made anew.
#[test]
fn what_is_brought_of_the_past_is_put_where_it_belongs_once() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let graph = open(dir.path(), &clock);
    fill(&graph, &clock, 1, 0..4);
    graph.look_after();
    let (entity, property) = (sensor(0), Property::State);
    let bring = |samples: &[(i64, f64)]| {
        let change = |(at, value): &(i64, f64)| (Timestamp(*at), Some(Value::Number(*value)));
        let write = Write::PutSamples { entity, property, samples: samples.iter().map(change).collect() };
        let draft = Draft::new(entity, Origin::Console, Body::Notice { text: "brought".to_owned() });
        graph.journal().append(draft, vec![write]);
        graph.sync_blocking().unwrap();
    };
    let all =
        |graph: &Graph| graph.reader().samples(entity, property, Timestamp::MIN, Timestamp::MAX).unwrap();
    let before = all(&graph);
    let there = before[300].at.0;
    let last = graph.reader().last(entity).unwrap();
    // A week before the first day, between two samples, and one that was something else.
    let brought = [(START - 7 * DAY + 5, 3.25), (there, 99.5), (there + S, 77.0)];
    bring(&brought);
    let after = all(&graph);
    assert_eq!(after.len(), before.len() + 2);
    for (at, value) in brought {
        let found: Vec<_> = after.iter().filter(|s| s.at.0 == at).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].value, Some(Value::Number(value)));
    }
    assert_eq!(graph.reader().last(entity).unwrap(), last, "what is so now is not what was");
    let counts = graph.reader().counts().unwrap().samples;
    bring(&brought);
    assert_eq!(all(&graph), after, "told twice it changes nothing");
    assert_eq!(graph.reader().counts().unwrap().samples, counts);
    let told = |graph: &Graph| ALL.map(|r| rolled(graph, entity, (-8, 3), r));
    let computed = told(&graph);
    assert_eq!(computed[2].iter().map(|d| d.bucket.max.total_cmp(&99.5)).filter(|o| o.is_eq()).count(), 1);
    fill(&graph, &clock, 1, 4..6);
    graph.look_after();
    assert_eq!(told(&graph), computed, "made from the samples, whenever they are made");
    assert_whole(&graph);

    let series = graph.reader().series().unwrap();
    assert_eq!(series.len(), 1);
    assert_eq!(series[0].first, Some(Timestamp(START - 7 * DAY + 5)));
    assert_eq!(series[0].samples, all(&graph).len() as u64);
    assert!(series[0].bytes > 0);
    assert_eq!(graph.reader().samples_gone_before(entity, property).unwrap(), None);
    // Once samples have gone, nothing is brought before what is left.
    let keeping = Keeping { all: KeepFor { raw: Some(2), ..KeepFor::default() }, ..Keeping::default() };
    graph.set_retention(Retention { series: keeping, ..Retention::default() });
    fill(&graph, &clock, 1, 6..8);
    graph.look_after();
    let gone = graph.reader().samples_gone_before(entity, property).unwrap().unwrap();
    assert!(gone.0 > START + 3 * DAY && all(&graph)[0].at >= gone, "{gone:?}");
    graph.close().unwrap();
    drop(graph);
    assert_whole(&open(dir.path(), &clock));
}
