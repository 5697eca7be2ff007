//! What is kept, read back.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use common::*;
use lares_graph::{Graph, GraphOptions, Reader};
use lares_model::{Edge, EdgeKind, EventId, Node, NodeId, NodeKind, Property, Timer, Timestamp, Write};

fn appended(graph: &Graph, writes: Vec<Write>) -> EventId {
    let id = graph.journal().append(notice("it changes"), writes).id;
    graph.sync_blocking().unwrap();
    id
}

#[test]
fn a_reading_becomes_a_journal_entry_when_it_becomes_a_cause() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(threaded(dir.path()));
    let journal = graph.journal();
    let meter = NodeId::entity("z2m/meter");
    let first = journal.append(reading(meter, 1.0), vec![]);
    let sample = journal.append(reading(meter, 2.0).to_series(), vec![]);
    let unnamed = journal.append(reading(meter, 3.0).to_series(), vec![]);
    graph.sync_blocking().unwrap();
    assert_eq!(ids(&graph), [first.id]);
    let later = journal.append(reading(meter, 4.0), vec![]);
    let effect = journal.append(notice("so").caused_by([sample.id]), vec![]);
    let again = journal.append(notice("and so").caused_by([sample.id, effect.id]), vec![]);
    graph.sync_blocking().unwrap();

    let reader = graph.reader();
    assert_eq!(ids(&graph), [first.id, sample.id, later.id, effect.id, again.id]);
    assert_eq!(reader.effects(sample.id).unwrap(), [effect.id, again.id]);
    assert_eq!(reader.effects(effect.id).unwrap(), [again.id]);
    assert!(reader.event(unnamed.id).unwrap().is_none());
    assert_eq!(reader.event(sample.id).unwrap().unwrap().event, *sample);
    let history = |before, limit| -> Vec<_> {
        reader.history(meter, before, limit).unwrap().iter().map(|s| s.event.id).collect()
    };
    assert_eq!(history(None, 9), [sample.id, later.id, first.id], "in the order of writing");
    assert_eq!(history(Some(sample.id), 1), [later.id]);
    assert_eq!(history(Some(later.id), 9), [first.id]);
    let samples = reader.samples(meter, Property::State, Timestamp::MIN, Timestamp::MAX).unwrap();
    assert_eq!(samples.iter().map(|s| s.id).collect::<Vec<_>>(), [first.id, sample.id, unnamed.id, later.id]);
    let last = reader.last(meter).unwrap();
    assert_eq!(last[0].1.value, Some(4.0.into()));
    assert_eq!((last[0].1.event, last[0].1.seen), (later.id, later.seen));
    assert_whole(&graph);
}

#[test]
fn nodes_and_edges_have_their_past() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(inline(dir.path()));
    let (hall, lamp) = (room("hall", "Hall"), lamp());
    let edge = Edge { from: lamp, kind: EdgeKind::LocatedIn, to: hall.id };
    let made = appended(&graph, vec![Write::PutNode(hall.clone()), Write::PutEdge(edge)]);
    let same = appended(&graph, vec![Write::PutNode(hall.clone()), Write::PutEdge(edge)]);
    let named = Node { name: "Entrance".to_owned(), ..hall.clone() };
    let renamed = appended(&graph, vec![Write::PutNode(named.clone())]);
    let reader = graph.reader();
    assert_eq!(reader.node(hall.id).unwrap(), Some(named.clone()));
    assert_eq!(reader.nodes(NodeKind::Room).unwrap(), std::slice::from_ref(&named));
    assert_eq!(reader.nodes(NodeKind::Person).unwrap(), []);
    assert_eq!(reader.edges_from(lamp).unwrap(), [(edge, made)]);
    assert_eq!(reader.edges_to(hall.id).unwrap(), [(edge, made)]);
    assert_eq!(reader.node_versions(hall.id).unwrap(), [made, renamed], "what did not change is no version");
    assert_eq!(reader.node_as_of(hall.id, EventId(0)).unwrap(), None);
    assert_eq!(reader.node_as_of(hall.id, same).unwrap(), Some(hall.clone()));

    let gone = appended(&graph, vec![Write::RemoveNode(hall.id), Write::RemoveNode(NodeId(3))]);
    assert_eq!(reader.node(hall.id).unwrap(), None);
    assert_eq!(reader.node_as_of(hall.id, renamed).unwrap(), Some(named));
    assert_eq!(reader.node_as_of(hall.id, gone).unwrap(), None);
    assert_eq!(reader.edges_from(lamp).unwrap(), [], "its edges go with it");
    let counts = reader.counts().unwrap();
    assert_eq!((counts.events, counts.nodes, counts.edges), (4, 0, 0));
    assert_whole(&graph);
}

#[test]
fn another_thing_with_the_same_id_is_refused_and_the_rest_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(inline(dir.path()));
    let hall = room("hall", "Hall");
    let other = Node { key: "bath".into(), ..hall.clone() };
    let long = Timer { owner: "x".repeat(600).into(), ..timer("t", 1) };
    appended(&graph, vec![Write::PutNode(hall.clone())]);
    appended(&graph, vec![Write::PutNode(other), Write::SetTimer(long), Write::SetTimer(timer("t", 1))]);
    assert_eq!(graph.reader().node(hall.id).unwrap(), Some(hall));
    assert_eq!(graph.reader().timers().unwrap(), [timer("t", 1)]);
    assert_eq!(graph.health().refused, 2);
    assert_whole(&graph);
}

#[test]
fn timers_states_and_blobs_go_with_their_event() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(inline(dir.path()));
    let state = |key: &str, value: Option<&[u8]>| Write::PutState {
        owner: "claims:lamp".into(),
        key: key.into(),
        value: value.map(<[u8]>::to_vec),
    };
    let clear = |name: &str| Write::ClearTimer { owner: "rule:hall".into(), name: name.into() };
    let hash = <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(b"a file"));
    appended(
        &graph,
        vec![
            Write::SetTimer(timer("for", 10)),
            Write::SetTimer(timer("delay", 20)),
            Write::SetTimer(timer("once", 30)),
            clear("once"),
            state("on", Some(b"hold")),
            state("level", Some(b"")),
            state("gone", Some(b"x")),
            state("gone", None),
            Write::PutBlob { hash, bytes: b"a file".to_vec() },
        ],
    );
    let reader = graph.reader();
    assert_eq!(reader.timers().unwrap(), [timer("delay", 20), timer("for", 10)]);
    appended(&graph, vec![clear("for"), clear("for"), Write::SetTimer(timer("delay", 99))]);
    assert_eq!(reader.timers().unwrap(), [timer("delay", 99)]);
    assert_eq!(reader.counts().unwrap().timers, 1);
    let states = reader.states("claims:lamp").unwrap();
    assert_eq!(states, [("level".to_owned(), vec![]), ("on".to_owned(), b"hold".to_vec())]);
    assert_eq!(reader.states("claims").unwrap(), []);
    assert_eq!(reader.blob(hash).unwrap().as_deref(), Some(b"a file".as_slice()));
    assert_eq!(reader.blob([0; 32]).unwrap(), None);
    assert_whole(&graph);
}

#[test]
fn a_map_reads_what_it_wrote_before_and_after_the_commit() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(threaded(dir.path()));
    let (map, other) = (graph.map("broker"), graph.map("broken"));
    let put = |k: &str, v: &str| (k.as_bytes().to_vec(), Some(v.as_bytes().to_vec()));
    let keys = |prefix: &str| -> Vec<String> {
        let found = map.scan(prefix.as_bytes()).unwrap();
        found.into_iter().map(|(k, v)| String::from_utf8([k, v].concat()).unwrap()).collect()
    };
    map.write(vec![put("r/a", "1"), put("r/b", "2"), put("s/a", "3")]).unwrap();
    assert_eq!(keys("r/"), ["r/a1", "r/b2"]);
    graph.sync_blocking().unwrap();
    map.write(vec![put("r/c", "4"), (b"r/a".to_vec(), None), put("r/b", "5")]).unwrap();
    assert_eq!(keys("r/"), ["r/b5", "r/c4"]);
    assert_eq!(map.get(b"r/a").unwrap(), None);
    assert_eq!(map.get(b"r/b").unwrap().as_deref(), Some(b"5".as_slice()));
    assert_eq!(other.scan(b"").unwrap(), []);
    assert!(map.write(vec![(vec![1; 600], None)]).is_err());
    drop((graph, map, other));
    // It was not committed, but it was queued: a kill does not take it.
    let (graph, opened) = open(threaded(dir.path()));
    assert_eq!(opened.recovered, 1);
    let left = graph.map("broker").scan(b"").unwrap();
    assert_eq!(left.len(), 3);
    let synced = Arc::new(AtomicU32::new(0));
    let count = synced.clone();
    graph.map("broker").write(vec![put("x", "y")]).unwrap();
    graph.map("broker").after_sync(Box::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    }));
    graph.sync_blocking().unwrap();
    assert_eq!(synced.load(Ordering::SeqCst), 1);
    assert_eq!(graph.health().pending, 0);
}

#[test]
fn a_small_map_grows_under_readers() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(GraphOptions { map_size: 1, ..threaded(dir.path()) });
    let journal = graph.journal();
    let reader = graph.reader();
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| (0..300).map(|_| reader.counts().unwrap().events).max());
        for n in 0..10_000 {
            journal.append(notice(&format!("{n} {}", "x".repeat(300))), vec![]);
        }
        reading.join().unwrap();
    });
    graph.sync_blocking().unwrap();
    assert_eq!(graph.reader().counts().unwrap().events, 10_000);
    assert!(graph.reader().counts().unwrap().file_bytes > 2 << 20);
    assert_whole(&graph);
}

#[test]
fn samples_move_into_chunks_and_none_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(inline(dir.path()));
    let journal = graph.journal();
    let entity = |n: u64| NodeId(n % 5);
    for n in 0..40_000_u64 {
        // Every hundredth comes late.
        let at = Timestamp((n as i64 - if n % 100 == 0 { 5_000 } else { 0 }) * 1_000);
        journal.append(reading(entity(n), n as f64).at(at).to_series(), vec![]);
    }
    graph.sync_blocking().unwrap();
    let reader = graph.reader();
    let mut total = 0;
    for e in 0..5 {
        let all = reader.samples(NodeId(e), Property::State, Timestamp::MIN, Timestamp::MAX).unwrap();
        assert!(all.is_sorted_by_key(|s| s.at));
        let mut values: Vec<f64> =
            all.iter().map(|s| s.value.as_ref().unwrap().as_number().unwrap()).collect();
        values.sort_by(f64::total_cmp);
        assert!(values.iter().zip(0..).all(|(v, n)| *v == (e + 5 * n) as f64));
        total += all.len();
    }
    assert_eq!(total, 40_000);
    let some =
        reader.samples(NodeId(1), Property::State, Timestamp(1_000_000), Timestamp(2_000_000)).unwrap();
    assert_eq!(some.len(), 200, "1001, 1006 ... 1996; the late ones are of entity 0");
    assert_eq!(reader.counts().unwrap().samples, 40_000);
    assert_whole(&graph);
    graph.close().unwrap();
    drop((graph, journal, reader));
    let reader = Reader::open_read_only(dir.path()).unwrap();
    assert_eq!(reader.unseen(), 0);
    assert_eq!(reader.check().unwrap().samples, 40_000);
}
