//! R12: everything as JSON Lines, and back: the same journal, graph, series and timers, sealed with another key.
//!
//! Meant to fail it: leaving a table out of the dump, reading numbers to 15 digits only, taking lines before the last one
//! was seen, not looking at the hash of the lines.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use common::{assert_whole, ids, lamp, notice, room, timer};
use lares_graph::{
    Change, Correction, DumpError, Graph, GraphOptions, KeepFor, Keeping, Owners, Reader, Resolution,
    Retention, forget, key_file, load,
};
use lares_kernel::Clock;
use lares_model::{
    Body, Draft, Edge, EdgeInfo, EdgeKind, EventId, Node, NodeId, NodeKind, Origin, Property, Timestamp,
    Value, Write,
};

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

fn options(data: &Path, clock: &Arc<Hands>) -> GraphOptions {
    GraphOptions { key: Some(key_file(data)), ..GraphOptions::inline(data, clock.clone()) }
}

fn anna() -> NodeId {
    NodeId::person("anna")
}

fn owners() -> Owners {
    [("person:anna".to_owned(), vec![anna()]), ("person:ben".to_owned(), vec![NodeId::person("ben")])].into()
}

fn reading(entity: NodeId, at: i64, value: impl Into<Option<Value>>) -> Draft {
    let body = Body::Reading { property: Property::State, value: value.into() };
    Draft::new(entity, Origin::Link("z2m".into()), body).at(Timestamp(at))
}

/// A household of a few days that has one of everything; gives its data folder.
fn household(dir: &Path) -> PathBuf {
    let data = dir.join("data");
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let (graph, _) = Graph::open(options(&data, &clock)).unwrap();
    graph.set_owners(&owners()).unwrap();
    let ben = NodeId::person("ben");
    let person = |id, key: &str| Node { id, kind: NodeKind::Person, ..room(key, key) };
    let edge = |from, kind, to| Edge { from, kind, to };
    let info = EdgeInfo { valid: vec![], props: [("note".to_owned(), "school".into())].into() };
    graph.journal().append(
        notice("begin"),
        vec![
            Write::PutNode(room("hall", "Hall")),
            Write::PutNode(room("attic", "Attic")),
            Write::PutNode(person(anna(), "anna")),
            Write::PutNode(person(ben, "ben")),
            Write::PutEdge(edge(lamp(), EdgeKind::LocatedIn, NodeId::room("hall"))),
            Write::PutFact { edge: edge(anna(), EdgeKind::Knows, ben), info: info.clone() },
            Write::PutFact { edge: edge(ben, EdgeKind::Knows, NodeId::room("hall")), info },
            Write::SetTimer(timer("for", START + DAY)),
            Write::SetTimer(timer("gone", START + DAY)),
            Write::PutState { owner: "o".into(), key: "k".into(), value: Some(vec![0, 159, 255]) },
        ],
    );
    graph.journal().append(
        notice("then"),
        vec![
            Write::RemoveNode(NodeId::room("attic")),
            Write::RemoveEdge(edge(ben, EdgeKind::Knows, NodeId::room("hall"))),
            Write::ClearTimer { owner: "rule:hall".into(), name: "gone".into() },
        ],
    );
    graph.journal().append(Draft { subject: ben, ..notice("of ben") }, vec![]);
    graph
        .map("sessions")
        .write(vec![(vec![7, 255], Some(vec![1, 0, 200])), (b"a".to_vec(), Some(b"b".to_vec()))])
        .unwrap();
    for n in 0..4 * 288_i64 {
        let at = START + n * 300 * S;
        clock.0.store(at, Ordering::Relaxed);
        let third = f64::from(n as i32) / 3.0;
        let cause = graph.journal().append(reading(lamp(), at, Value::from(third)).to_series(), vec![]).id;
        graph.journal().append(reading(anna(), at, Value::from(n % 2 == 0)), vec![]);
        if n % 50 == 0 {
            graph.journal().append(reading(NodeId::room("hall"), at, None), vec![]);
            graph.journal().append(notice("because").caused_by([cause]), vec![]);
        }
    }
    graph.sync_blocking().unwrap();
    graph.look_after();
    let (from, to) = (Timestamp(START + DAY), Timestamp(START + DAY + 3600 * S));
    let told = Correction { property: Property::State, from, to, change: Change::Add(0.1) };
    graph.journal().append(Draft::new(lamp(), Origin::System, told.body().unwrap()), vec![]);
    graph.set_retention(Retention {
        series: Keeping { all: KeepFor { raw: Some(2), ..KeepFor::default() }, ..Keeping::default() },
        ..Retention::default()
    });
    graph.sync_blocking().unwrap();
    graph.look_after();
    // These stay in the tail.
    for n in 0..20 {
        let at = START + 4 * DAY + n * S;
        clock.0.store(at, Ordering::Relaxed);
        graph.journal().append(reading(lamp(), at, Value::from("text")).to_series(), vec![]);
    }
    graph.close().unwrap();
    drop(graph);
    forget(&data, "person:ben").unwrap();
    data
}

fn dumped(data: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    Reader::open_beside(data).unwrap().dump(&mut bytes, "0.1.0", 5).unwrap();
    bytes
}

/// All that a reader tells, in words.
fn told(data: &Path) -> String {
    use std::ops::Bound::Unbounded;
    let reader = Reader::open_beside(data).unwrap();
    let parts = reader.parts().unwrap();
    let then = reader.parts_as_of(EventId::new(1, 1)).unwrap();
    let all = (Timestamp::MIN, Timestamp(START + 9 * DAY));
    let entities = [lamp(), anna(), NodeId::room("hall")];
    let series = entities.map(|e| reader.samples(e, Property::State, all.0, all.1).unwrap());
    let rolled = [Resolution::Minutes5, Resolution::Hours, Resolution::Days]
        .map(|r| reader.rolled(lamp(), Property::State, all.0, all.1, r).unwrap());
    let counts = lares_graph::Counts { file_bytes: 0, ..reader.counts().unwrap() };
    format!(
        "{:?}",
        (
            (reader.journal_hash().unwrap(), counts, parts.nodes, parts.edges, parts.facts),
            (then.nodes, then.edges, then.facts, reader.edge_changes(anna()).unwrap()),
            (
                series,
                rolled,
                reader.all_last().unwrap(),
                reader.timers().unwrap(),
                reader.states("o").unwrap()
            ),
            (reader.space_scan("sessions", &[], || ()).unwrap(), reader.history(lamp(), None, 99).unwrap()),
            reader.journal(Unbounded, Unbounded, false, usize::MAX).unwrap(),
        )
    )
}

#[test]
fn what_was_dumped_is_loaded_bit_by_bit_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let data = household(dir.path());
    let dump = dumped(&data);
    let text = std::str::from_utf8(&dump).unwrap();
    for word in ["owners", "event", "gone", "head", "node_version", "edge_version", "last", "timer", "state"]
        .into_iter()
        .chain(["space", "tail", "samples", "series", "rolled", "correction", "end", "boot", "progress"])
    {
        assert!(text.contains(&format!("{{\"{word}\":")), "there is no {word}");
    }
    let loaded = dir.path().join("loaded");
    let done = load(&mut dump.as_slice(), &loaded, &key_file(&loaded)).unwrap();
    assert_eq!(done.lines as usize, text.lines().count());
    assert_eq!(told(&loaded), told(&data));
    // Another household's key: none of it is plain.
    assert_ne!(std::fs::read(key_file(&loaded)).unwrap(), std::fs::read(key_file(&data)).unwrap());
    let stored = std::fs::read(loaded.join("data.mdb")).unwrap();
    assert!(!stored.windows(6).any(|w| w == b"school"));
    // What is dumped of it is the same but for the head, which says when.
    let again = dumped(&loaded);
    assert!(again == dump, "a second dump differs");
    // It goes on where it was, under the next boot.
    let clock = Arc::new(Hands(AtomicI64::new(START + 5 * DAY)));
    let (graph, opened) = Graph::open(options(&loaded, &clock)).unwrap();
    assert!(!opened.after_crash);
    let before = ids(&graph);
    graph.journal().append(notice("after"), vec![]);
    graph.sync_blocking().unwrap();
    let after = ids(&graph);
    // Forgetting opened it twice before.
    assert_eq!((after.len(), after.last().unwrap().epoch()), (before.len() + 1, 4));
    graph.look_after();
    assert_whole(&graph);
    graph.close().unwrap();
    drop(graph);
    // A person's own key goes with it: they can be forgotten there too.
    assert!(forget(&loaded, "person:anna").unwrap().had_key);
}

#[test]
fn a_dump_that_is_not_whole_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dump = dumped(&household(dir.path()));
    let to = dir.path().join("loaded");
    let refused = |bytes: &[u8]| {
        let mut from = bytes;
        let e = load(&mut from, &to, &key_file(&to)).unwrap_err();
        let left = std::fs::read_dir(&to).unwrap().count();
        assert_eq!(left, 0, "{e}");
        e.to_string()
    };
    let lines: Vec<&[u8]> = dump.split_inclusive(|b| *b == b'\n').collect();
    let count = lines.len();
    for n in [0, 1, 2, count / 2, count - 1] {
        let words = refused(&lines[..n].concat());
        assert!(words.contains(if n == 0 { "no dump" } else { "cut off" }), "{n}: {words}");
    }
    assert!(refused(&dump[..dump.len() - 1]).contains("cut off"));
    assert!(refused(&[dump.as_slice(), lines[1]].concat()).contains("nothing follows"));
    // A line left out, one exchanged for another, a digit changed.
    let without = |n: usize| [&lines[..n], &lines[n + 1..]].concat().concat();
    assert!(refused(&without(9)).contains("hash of its lines"));
    let mut swapped = lines.clone();
    swapped.swap(10, 11);
    assert!(refused(&swapped.concat()).contains("line 1") || refused(&swapped.concat()).contains("hash"));
    let at = lines[..6].concat().len() + lines[6].iter().position(u8::is_ascii_digit).unwrap();
    let mut bent = dump.clone();
    bent[at] = if bent[at] == b'7' { b'8' } else { b'7' };
    refused(&bent);
    // Foreign files.
    assert!(refused(b"BEGIN:VCALENDAR\n").contains("line 1"));
    let newer = String::from_utf8(dump.clone()).unwrap().replacen("\"dump\":1", "\"dump\":9", 1);
    assert!(refused(newer.as_bytes()).contains("form 9"));
    let unknown = [lines[0], b"{\"wish\":{}}\n"].concat();
    assert!(refused(&unknown).contains("line 2: unknown variant `wish`"));
    std::fs::write(to.join("there"), "").unwrap();
    let mut from = dump.as_slice();
    assert!(matches!(load(&mut from, &to, &key_file(&to)), Err(DumpError::InTheWay { .. })));
}

/// Written by the Lares of form 1; never made anew.
#[test]
fn a_dump_of_form_1_is_read_for_ever() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/past/dump-1.jsonl.gz");
    let dir = tempfile::tempdir().unwrap();
    let loaded = dir.path().join("loaded");
    let mut text = BufReader::new(flate2::read::GzDecoder::new(std::fs::File::open(&fixture).unwrap()));
    let done = load(&mut text, &loaded, &key_file(&loaded)).unwrap();
    assert!(done.events > 1_000 && done.samples > 500 && done.timers == 1, "{done:?}");
    assert_eq!(Reader::open_beside(&loaded).unwrap().node(anna()).unwrap().unwrap().name, "anna");
}
