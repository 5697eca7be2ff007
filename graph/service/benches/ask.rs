//! The questions of the public graph benchmark, asked as text of the store through the query layer, one thread, CPU time.
//!
//! `LARES_GRAPH_BENCH=DIR` names a folder with `persons.csv` (id,name,age) and `edges.csv` (from,to); the order of the questions and
//! their answers are those that peers give on the same files. Follows are `member_of` edges between persons: the store has closed
//! kinds.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark")]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lares_graph::ask::{Answer, Datum, Limits, Picture, Query};
use lares_graph::{Graph, GraphOptions, Reader};
use lares_kernel::SystemClock;
use lares_model::{Body, Draft, Edge, EdgeKind, Node, NodeId, NodeKind, Origin, Timestamp, Value, Write};

const Q1: &str =
    "MATCH (f:person)-[:member_of]->(p:person) RETURN p.key, count(f) AS n ORDER BY n DESC, p.key LIMIT 3";
const Q8: &str = "MATCH (a:person)-[:member_of]->(b:person)-[:member_of]->(c:person) RETURN count(*)";
const Q9: &str = "MATCH (a:person)-[:member_of]->(b:person)-[:member_of]->(c:person) WHERE b.years < 50 AND c.years > 25 \
                  RETURN count(*)";

const ROUNDS: u64 = 20_000;

fn main() {
    let Ok(folder) = std::env::var("LARES_GRAPH_BENCH") else {
        println!("LARES_GRAPH_BENCH names no folder with persons.csv and edges.csv: nothing is measured");
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let graph = fill(Path::new(&folder), data.path());
    let reader = graph.reader();
    let counts = reader.counts().unwrap();
    println!(
        "{} nodes, {} edges, {} MB, written in {:?}",
        counts.nodes,
        counts.edges,
        counts.file_bytes >> 20,
        began.elapsed()
    );
    let (first, cpu) = timed(|| ask(&reader, "MATCH (a:person {key: '1'}) RETURN a.years"));
    println!("first question (reads the shape): {:.0} ms of CPU, {:?}", cpu * 1e3, first.rows);
    hops(&reader, "1hop", "-[:member_of]->(b)", "count(b)");
    hops(&reader, "2hop", "-[:member_of]->()-[:member_of]->(c)", "count(DISTINCT c)");
    for (name, question) in [("q1", Q1), ("q8", Q8), ("q9", Q9)] {
        let mut best = f64::MAX;
        let mut answer = None;
        for _ in 0..5 {
            let (found, cpu) = timed(|| ask(&reader, question));
            best = best.min(cpu);
            answer = Some(found);
        }
        println!("{name}: {:.1} ms of CPU (best of 5), {:?}", best * 1e3, answer.map(|a| a.rows));
    }
    graph.close().unwrap();
}

/// Persons, each asked for as text.
fn hops(reader: &Reader, name: &str, pattern: &str, told: &str) {
    // The scheduler accounts in ticks: only a long run is measured well.
    let (sum, cpu) = timed(|| {
        let mut sum = 0.0;
        for n in 0..ROUNDS {
            let person = n * 7_919 % 100_000;
            let question = format!("MATCH (a:person {{key: '{person}'}}){pattern} RETURN {told}");
            if let Some(Datum::Number(n)) = ask(reader, &question).rows.first().and_then(|r| r.first()) {
                sum += n;
            }
        }
        sum
    });
    println!("{name}: {:.1} us of CPU (mean of {ROUNDS}); sum of answers {sum}", cpu * 1e6 / ROUNDS as f64);
}

/// From the text to the answer, on what is committed.
fn ask(reader: &Reader, question: &str) -> Answer {
    let none = || Duration::ZERO;
    let picture = Picture::of(reader, Timestamp(0)).unwrap();
    let limits = Limits { expansions: u64::MAX, rows: usize::MAX, ..Limits::new(&none) };
    Query::parse(question).unwrap().run(&picture, &limits).unwrap()
}

/// CPU seconds of this thread: nanoseconds of the scheduler's own account.
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let cpu = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
    };
    let before = cpu();
    let done = work();
    (done, cpu() - before)
}

fn fill(folder: &Path, data: &Path) -> Graph {
    let options =
        GraphOptions { map_size: 4 << 30, ..GraphOptions::inline(data, Arc::new(SystemClock::default())) };
    let (graph, _) = Graph::open(options).unwrap();
    let journal = graph.journal();
    let mut batch: Vec<Write> = Vec::new();
    let mut flush = |write: Option<Write>| {
        let full = batch.len() >= 2_000 || write.is_none();
        batch.extend(write);
        if full {
            let body = Body::Notice { text: String::new() };
            let subject = NodeId::household();
            journal.append(Draft::new(subject, Origin::System, body), std::mem::take(&mut batch));
        }
    };
    for line in std::fs::read_to_string(folder.join("persons.csv")).unwrap().lines() {
        let mut cells = line.trim().split(',');
        let (key, name) = (cells.next().unwrap(), cells.next().unwrap());
        let age: f64 = cells.next().unwrap().parse().unwrap();
        let props = BTreeMap::from([("years".to_owned(), Value::Number(age))]);
        let (id, name) = (NodeId::person(key), name.to_owned());
        flush(Some(Write::PutNode(Node {
            id,
            kind: NodeKind::Person,
            key: key.into(),
            name,
            props,
            detail: vec![],
        })));
    }
    for line in std::fs::read_to_string(folder.join("edges.csv")).unwrap().lines() {
        let (from, to) = line.trim().split_once(',').unwrap();
        let (from, to) = (NodeId::person(from), NodeId::person(to));
        flush(Some(Write::PutEdge(Edge { from, kind: EdgeKind::MemberOf, to })));
    }
    flush(None);
    graph.sync_blocking().unwrap();
    graph
}
