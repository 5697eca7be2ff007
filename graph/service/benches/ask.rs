//! The questions of the public graph benchmark, asked as text of the store through the query layer, one thread, CPU time.
//!
//! `LARES_GRAPH_BENCH=DIR` names a folder with `persons.csv` (id,name,age), `edges.csv` (from,to) and perhaps `people.txt` (ids to ask
//! about). What is printed has the form of the script that asks the peers; `make graph` asks all of them. Follows are `member_of` edges between persons: the store has closed
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

/// The scheduler accounts in ticks: only a long run is measured well.
const ROUNDS: u32 = 100;

fn main() {
    let Ok(folder) = std::env::var("LARES_GRAPH_BENCH") else {
        println!("LARES_GRAPH_BENCH names no folder with persons.csv and edges.csv: nothing is measured");
        return;
    };
    let folder = Path::new(&folder);
    let data = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let graph = fill(folder, data.path());
    println!("lares: loaded in {:.1} s", began.elapsed().as_secs_f64());
    let reader = graph.reader();
    let counts = reader.counts().unwrap();
    println!("  {} nodes, {} edges, {} MB", counts.nodes, counts.edges, counts.file_bytes >> 20);
    let (_, took) = timed(|| ask(&reader, "MATCH (a:person {key: '1'}) RETURN a.years"));
    println!("  the first question reads the shape: {:.0} ms of CPU", took.cpu * 1e3);
    let people = people(folder);
    let few = people.get(..50).unwrap_or(&people);
    hops(&reader, &people, "1hop", "-[:member_of]->(b)", "count(b)");
    hops(&reader, few, "2hop", "-[:member_of]->()-[:member_of]->(c)", "count(DISTINCT c)");
    for (name, question) in [("q1", Q1), ("q8", Q8), ("q9", Q9)] {
        let answer = ask(&reader, question);
        let ((), took) = timed(|| (0..ROUNDS / 10).for_each(|_| drop(ask(&reader, question))));
        let (wall, cpu) = (took.wall * 1e4 / f64::from(ROUNDS), took.cpu * 1e4 / f64::from(ROUNDS));
        println!(
            "  {name:4} {wall:9.1} ms wall {cpu:9.1} ms cpu   [{}]",
            answer.rows.iter().map(|r| row(r)).collect::<Vec<_>>().join(", ")
        );
    }
    graph.close().unwrap();
}

/// A row as the script of the peers prints it.
fn row(row: &[Datum]) -> String {
    let cells: Vec<String> = row
        .iter()
        .map(|d| match d {
            Datum::Text(key) => key.to_string(),
            Datum::Number(n) => n.to_string(),
            other => format!("{other:?}"),
        })
        .collect();
    if let [one] = &*cells { format!("({one},)") } else { format!("({})", cells.join(", ")) }
}

/// Whom to ask about: those of `people.txt`, a line each, if it is there.
fn people(folder: &Path) -> Vec<String> {
    match std::fs::read_to_string(folder.join("people.txt")) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(_) => (0..200_u32).map(|n| (n * 7_919 % 100_000).to_string()).collect(),
    }
}

/// Persons, each asked for as text.
fn hops(reader: &Reader, people: &[String], name: &str, pattern: &str, told: &str) {
    let sum = || {
        let mut sum = 0.0;
        for person in people {
            let question = format!("MATCH (a:person {{key: '{person}'}}){pattern} RETURN {told}");
            if let Some(Datum::Number(n)) = ask(reader, &question).rows.first().and_then(|r| r.first()) {
                sum += n;
            }
        }
        sum
    };
    let answer = sum();
    let ((), took) = timed(|| (0..ROUNDS).for_each(|_| assert_eq!(sum(), answer)));
    let each = 1e6 / f64::from(ROUNDS) / people.len() as f64;
    println!("  {name:4} {:9.1} us wall {:9.1} us cpu   {answer}", took.wall * each, took.cpu * each);
}

/// From the text to the answer, on what is committed.
fn ask(reader: &Reader, question: &str) -> Answer {
    let none = || Duration::ZERO;
    let picture = Picture::of(reader, Timestamp(0)).unwrap();
    let limits = Limits { expansions: u64::MAX, rows: usize::MAX, ..Limits::new(&none) };
    Query::parse(question).unwrap().run(&picture, &limits).unwrap()
}

/// Seconds.
struct Took {
    wall: f64,
    /// Of this thread: nanoseconds of the scheduler's own account.
    cpu: f64,
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Took) {
    let cpu = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
    };
    let (began, before) = (Instant::now(), cpu());
    let done = work();
    (done, Took { wall: began.elapsed().as_secs_f64(), cpu: cpu() - before })
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
