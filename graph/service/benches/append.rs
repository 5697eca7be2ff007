//! What appending, committing and waiting for a commit cost here. Prints its figures; run it alone on the machine.
//!
//! `cargo bench -p lares-graph --bench append`, with the folder for the data as an optional argument; after the word `groups`, what is durable in
//! groups alone, sealed (beside the peers: `make graph`).
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench measures time and prints")]
#![allow(clippy::unwrap_used, reason = "a bench may stop at the first surprise")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lares_graph::{Graph, GraphOptions, Mode};
use lares_kernel::{Journal, SystemClock};
use lares_model::{
    Basis, Body, Claim, Draft, EventId, Fact, Level, NodeId, Origin, Outcome, Property, RuleRef, Until,
    Verdict,
};

const DEVICES: u64 = 200;

fn open(path: &Path, key: Option<&Path>) -> Graph {
    let mode = Mode::Threaded { idle_window: Duration::from_millis(500) };
    let key = key.map(Path::to_owned);
    let options = GraphOptions { mode, key, ..GraphOptions::new(path, Arc::new(SystemClock::default())) };
    Graph::open(options).unwrap().0
}

fn reading(n: u64) -> Draft {
    let body = Body::Reading { property: Property::State, value: Some((n as f64).into()) };
    Draft::new(NodeId::entity(&format!("z2m/{}", n % DEVICES)), Origin::Link("z2m".into()), body)
}

fn decision(n: u64, cause: EventId) -> Draft {
    let basis = Basis {
        rule: RuleRef { key: "hall-light".into(), snapshot: [7; 32], file: "rules.toml".into(), line: 3 },
        trigger: "hall-motion.occupancy became on".to_owned(),
        conditions: vec![Fact {
            text: "hall-motion.illuminance below 50".to_owned(),
            found: "31 lx".to_owned(),
            met: true,
        }],
    };
    let claim = Claim {
        source: "rule:hall-light".into(),
        level: Level::Rule,
        value: true.into(),
        until: Until::Momentary,
        reason: "motion".into(),
    };
    let verdict = Verdict {
        property: Property::On,
        claim,
        basis: Some(basis.into()),
        rivals: vec![],
        outcome: Outcome::Commanded { value: true.into() },
    };
    let subject = NodeId::entity(&format!("z2m/lamp{}", n % DEVICES));
    Draft::new(subject, Origin::Rule("hall-light".into()), Body::Decision(Box::new(verdict)))
        .caused_by([cause])
}

/// Appends `total` as fast as they are committed, at most `bound` pending, and waits for the last.
fn flood(graph: &Graph, name: &str, total: u64, mut append: impl FnMut(&dyn Journal, u64) -> u64) {
    let journal = graph.journal();
    let before = graph.health();
    let (began, mut spent, mut entries) = (Instant::now(), Duration::ZERO, 0);
    let mut n = 0;
    while n < total {
        let turn = Instant::now();
        for _ in 0..64 {
            entries += append(&*journal, n);
            n += 1;
        }
        journal.flush();
        spent += turn.elapsed();
        while graph.pending() > 16_384 {
            std::thread::yield_now();
        }
    }
    graph.sync_blocking().unwrap();
    let (took, after) = (began.elapsed(), graph.health());
    let commits = after.commits - before.commits;
    println!(
        "{name:<34} {:>9.0} entries/s durable, append+flush {:>5.2} us each, {commits} commits of {:.0}",
        entries as f64 / took.as_secs_f64(),
        spent.as_secs_f64() * 1e6 / entries as f64,
        entries as f64 / commits as f64,
    );
}

/// The cost of `append` alone: no flush, nobody waits.
fn append_alone(graph: &Graph) {
    let journal = graph.journal();
    let mut times: Vec<f64> = Vec::new();
    for round in 0..50_u64 {
        let drafts: Vec<Draft> = (0..400).map(|n| reading(round * 400 + n)).collect();
        let began = Instant::now();
        for draft in drafts {
            journal.append(draft, vec![]);
        }
        times.push(began.elapsed().as_secs_f64() * 1e6 / 400.0);
        graph.sync_blocking().unwrap();
    }
    times.sort_by(f64::total_cmp);
    println!("append alone, batches of 400          p50 {:.2} us, p90 {:.2} us", times[25], times[45]);
}

fn sync_latency(graph: &Graph) {
    let journal = graph.journal();
    let mut times: Vec<f64> = (0..1000)
        .map(|n| {
            journal.append(reading(n), vec![]);
            let began = Instant::now();
            graph.sync_blocking().unwrap();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "one entry until synced                p50 {:.3} ms, p99 {:.3} ms, max {:.3} ms",
        times[500], times[990], times[999]
    );
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("RssAnon")).unwrap_or("RssAnon: unknown");
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Groups of a size, each waited for.
fn groups(graph: &Graph, size: u64) {
    let journal = graph.journal();
    let (before, began, mut count) = (graph.health().commits, Instant::now(), 0);
    while began.elapsed() < Duration::from_secs(3) {
        for n in count..count + size {
            journal.append(reading(n), vec![]);
        }
        graph.sync_blocking().unwrap();
        count += size;
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    println!(
        "durable in groups of {size:<5} {rate:>9.0} entries/s, {} commits",
        graph.health().commits - before
    );
}

fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let alone = words.first().is_some_and(|word| word == "groups");
    let folder = words.drain(usize::from(alone)..).next();
    let dir = match folder {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    if alone {
        let graph = open(&dir.path().join("groups"), Some(&dir.path().join("groups.key")));
        groups(&graph, 512);
        groups(&graph, 4_096);
        return graph.close().unwrap();
    }
    measure("plain", &dir.path().join("plain"), None);
    measure("sealed", &dir.path().join("sealed"), Some(&dir.path().join("sealed.key")));
}

fn measure(name: &str, data: &Path, key: Option<&Path>) {
    let graph = open(data, key);
    println!("== {name}; opened: {}", memory());
    append_alone(&graph);
    sync_latency(&graph);
    flood(&graph, "readings, all journalled", 400_000, |journal, n| {
        journal.append(reading(n), vec![]);
        1
    });
    flood(&graph, "readings to their series", 400_000, |journal, n| {
        journal.append(reading(n).to_series(), vec![]);
        1
    });
    flood(&graph, "reaction: sample, decision, promoted", 100_000, |journal, n| {
        let sample = journal.append(reading(n).to_series(), vec![]);
        journal.append(decision(n, sample.id), vec![]);
        3
    });
    let counts = graph.reader().counts().unwrap();
    println!("after: {}, {counts:?}", memory());
    println!("{:?}", graph.health());
    let began = Instant::now();
    let report = graph.reader().check().unwrap();
    println!("check {:.1} s, good: {}", began.elapsed().as_secs_f64(), report.is_good());
    graph.close().unwrap();
    drop(graph);
    let began = Instant::now();
    drop(open(data, key));
    println!("opened again in {:.2} ms", began.elapsed().as_secs_f64() * 1e3);
}
