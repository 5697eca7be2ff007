//! Five years of a household, and the eleven questions that a planner asks it: wall and CPU time of each, warm. Then reads
//! as of a past moment beside those of now.
//!
//! `LARES_YEARS=0.2` makes less of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "a benchmark"
)]

mod ask;
mod fill;

use std::ops::Bound::Unbounded;
use std::time::Instant;

use ask::{Asked, QUESTIONS};
use fill::{DAY, Dice, Size, fill, lamp};
use lares_graph::{Graph, KeptEntries, Retention};
use lares_model::{EventId, Timestamp};

const ROUNDS: usize = 500;

fn main() {
    let years: f64 = std::env::var("LARES_YEARS").map_or(5.0, |y| y.parse().expect("a number of years"));
    let size = Size { days: ((years * 365.2) as i64).max(1), ..Size::WHOLE };
    let folder = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let (graph, years) = fill(&folder.path().join("data"), size, 42);
    let reader = graph.reader();
    let (counts, space) = (reader.counts().unwrap(), reader.space().unwrap());
    println!(
        "{} days: {} entries of the journal, {} nodes, {} edges, {} samples kept of {}; {} MB on disk, {} MB of it in use; made in {:.0} s",
        size.days,
        counts.events,
        counts.nodes,
        counts.edges,
        counts.samples,
        size.days as u64 * size.samples,
        space.file >> 20,
        space.used >> 20,
        began.elapsed().as_secs_f64(),
    );
    let asked = Asked { reader: &reader, years: &years };
    let (_, first) = timed(|| asked.find("kind:goal"));
    println!("first question (reads the shape): {:.0} ms of CPU", first.1 * 1e3);
    println!("question | rows | wall ms p50 / p99 / max | CPU ms mean");
    for (name, question) in QUESTIONS {
        let mut dice = Dice(7);
        question(&asked, &mut dice);
        let (mut walls, mut rows) = (Vec::new(), 0);
        // The scheduler accounts in ticks: CPU is told of all rounds together.
        let (_, (_, cpu)) = timed(|| {
            for _ in 0..ROUNDS {
                let (told, (wall, _)) = timed(|| question(&asked, &mut dice));
                rows += told;
                walls.push(wall * 1e3);
            }
        });
        walls.sort_by(f64::total_cmp);
        let at = |all: &[f64], share: f64| all[((all.len() - 1) as f64 * share) as usize];
        println!(
            "{name} | {:.1} | {:.3} / {:.3} / {:.3} | {:.3}",
            rows as f64 / ROUNDS as f64,
            at(&walls, 0.5),
            at(&walls, 0.99),
            at(&walls, 1.0),
            cpu * 1e3 / ROUNDS as f64,
        );
    }
    past(&asked, size);
    archive(&asked, &graph);
    graph.close().unwrap();
}

/// What old months take when they are folded, and what asking them costs.
fn archive(asked: &Asked<'_>, graph: &Graph) {
    let reader = asked.reader;
    let hash = reader.journal_hash().unwrap();
    let before = reader.space().unwrap();
    let journal = KeptEntries { archive: Some(400), ..KeptEntries::default() };
    graph.set_retention(Retention { journal, ..Retention::default() });
    let (_, (wall, _)) = timed(|| graph.look_after());
    let after = reader.space().unwrap();
    println!(
        "archive: {} of {} entries folded in {wall:.0} s; the journal took {} MB and takes {}, {} of it archived",
        graph.health().upkeep.archived,
        reader.counts().unwrap().events,
        before.journal >> 20,
        after.journal >> 20,
        after.archived >> 20,
    );
    assert_eq!(reader.journal_hash().unwrap(), hash);
    let last = reader.journal(Unbounded, Unbounded, false, 1).unwrap().remove(0).event.id;
    let mut dice = Dice(11);
    let (mut walls, count) = (Vec::new(), reader.counts().unwrap().events);
    for _ in 0..ROUNDS {
        let id = EventId::new(last.epoch(), dice.below(count / 2) + 1);
        walls.push(timed(|| reader.event(id).unwrap()).1.0);
    }
    walls.sort_by(f64::total_cmp);
    println!(
        "an old entry, anywhere: {:.3} ms p50, {:.3} ms p99",
        walls[ROUNDS / 2] * 1e3,
        walls[ROUNDS * 99 / 100] * 1e3
    );
}

/// G5: the same read, of now and of a past moment.
fn past(asked: &Asked<'_>, size: Size) {
    let reader = asked.reader;
    let moment = reader.moment(Timestamp(asked.years.now.0 - size.days / 2 * DAY)).unwrap();
    let each = |read: &dyn Fn(u64)| {
        let (_, (_, cpu)) = timed(|| (0..20_000).for_each(|n| read(n % fill::DEVICES)));
        cpu * 1e6 / 20_000.0
    };
    let now = each(&|n| assert!(reader.node(lamp(n)).unwrap().is_some()));
    let then = each(&|n| assert!(reader.node_as_of(lamp(n), moment).unwrap().is_some()));
    println!("a node: now {now:.2} us, as of a past moment {then:.2} us: {:.2} x", then / now);
    let at = Timestamp(asked.years.now.0 - size.days / 2 * DAY);
    let question = "MATCH (g:goal {key: 'goal3'})<-[:serves]-(t:task) WHERE t.status = 'open' RETURN t.key";
    let mut told = Vec::new();
    for (name, as_of) in [("now", None), ("as of a past moment", Some(at))] {
        let (_, (_, first)) = timed(|| asked.ask_as_of(question, as_of));
        let (_, (_, cpu)) = timed(|| (0..2_000).for_each(|_| drop(asked.ask_as_of(question, as_of))));
        told.push(cpu);
        println!("a question {name}: first {:.1} ms, then {:.4} ms of CPU", first * 1e3, cpu * 1e3 / 2_000.0);
    }
    println!("as of against now: {:.2} x", told[1] / told[0]);
}

/// Seconds of wall and of this thread's CPU.
fn timed<T>(work: impl FnOnce() -> T) -> (T, (f64, f64)) {
    let cpu = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
    };
    let (wall, before) = (Instant::now(), cpu());
    let done = work();
    (done, (wall.elapsed().as_secs_f64(), cpu() - before))
}
