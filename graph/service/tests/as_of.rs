//! The graph as it was: at every past moment what a naive replay gives.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use common::{inline, notice, open, reading};
use lares_graph::ask::{Datum, Field, Limits, Picture, Query};
use lares_model::{
    Body, Detail, Draft, Edge, EdgeKind, Event, EventId, Node, NodeId, NodeKind, Origin, Property, Status,
    Timestamp, Write,
};
use proptest::prelude::*;

/// What is done at each event: to a node, to an edge, or nothing.
#[derive(Clone, Debug)]
enum Change {
    Put(u8, u8),
    Remove(u8),
    Link(u8, bool, u8),
    Unlink(u8, bool, u8),
    Nothing,
}

#[derive(Clone, Default, PartialEq, Debug)]
struct Naive {
    nodes: BTreeMap<NodeId, String>,
    edges: BTreeSet<(NodeId, EdgeKind, NodeId)>,
}

fn id(key: u8) -> NodeId {
    NodeId::room(&key.to_string())
}

fn put(key: u8, name: u8) -> Node {
    let (key, name) = (key.to_string(), format!("name {name}"));
    Node {
        id: NodeId::room(&key),
        kind: NodeKind::Room,
        key: key.into(),
        name,
        props: [].into(),
        detail: vec![],
    }
}

fn kind(part: bool) -> EdgeKind {
    if part { EdgeKind::PartOf } else { EdgeKind::MemberOf }
}

impl Change {
    fn write(&self) -> Vec<Write> {
        let edge = |a: u8, part: bool, b: u8| Edge { from: id(a), kind: kind(part), to: id(b) };
        match *self {
            Self::Put(key, name) => vec![Write::PutNode(put(key, name))],
            Self::Remove(key) => vec![Write::RemoveNode(id(key))],
            Self::Link(a, part, b) => vec![Write::PutEdge(edge(a, part, b))],
            Self::Unlink(a, part, b) => vec![Write::RemoveEdge(edge(a, part, b))],
            Self::Nothing => vec![],
        }
    }

    fn replay(&self, naive: &mut Naive) {
        match *self {
            Self::Put(key, name) => drop(naive.nodes.insert(id(key), format!("name {name}"))),
            Self::Remove(key) => {
                naive.nodes.remove(&id(key));
                naive.edges.retain(|(a, _, b)| *a != id(key) && *b != id(key));
            }
            Self::Link(a, part, b) => drop(naive.edges.insert((id(a), kind(part), id(b)))),
            Self::Unlink(a, part, b) => drop(naive.edges.remove(&(id(a), kind(part), id(b)))),
            Self::Nothing => {}
        }
    }
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        3 => (0..4_u8, 0..3_u8).prop_map(|(k, n)| Change::Put(k, n)),
        1 => (0..4_u8).prop_map(Change::Remove),
        3 => (0..4_u8, any::<bool>(), 0..4_u8).prop_map(|(a, k, b)| Change::Link(a, k, b)),
        2 => (0..4_u8, any::<bool>(), 0..4_u8).prop_map(|(a, k, b)| Change::Unlink(a, k, b)),
        1 => Just(Change::Nothing),
    ];
    prop::collection::vec(change, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_past_moment_is_as_a_replay_gives_it(changes in changes()) {
        let dir = tempfile::tempdir().unwrap();
        let (graph, _) = open(inline(dir.path()));
        let journal = graph.journal();
        let mut naive = Naive::default();
        let mut moments: Vec<(EventId, Timestamp, Naive)> = Vec::new();
        for change in &changes {
            let event = journal.append(notice("x"), change.write());
            change.replay(&mut naive);
            moments.push((event.id, event.seen, naive.clone()));
        }
        graph.sync_blocking().unwrap();
        let reader = graph.reader();
        let found = |parts: lares_store::Parts| Naive {
            nodes: parts.nodes.into_iter().map(|n| (n.id, n.name)).collect(),
            edges: parts.edges.into_iter().map(|(e, _)| (e.from, e.kind, e.to)).collect(),
        };
        prop_assert_eq!(&found(reader.parts().unwrap()), &naive);
        for (id, seen, wanted) in moments {
            prop_assert_eq!(&found(reader.parts_as_of(id).unwrap()), &wanted);
            // The clock ticks once a look: nothing else was seen at that instant.
            prop_assert_eq!(&found(reader.parts_as_of(reader.moment(seen).unwrap()).unwrap()), &wanted);
        }
        let before = reader.parts_as_of(reader.moment(Timestamp(-1)).unwrap()).unwrap();
        prop_assert!(before.nodes.is_empty() && before.edges.is_empty());
        graph.close().unwrap();
    }
}

#[test]
fn values_and_statuses_are_as_they_were_by_then() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(inline(dir.path()));
    let journal = graph.journal();
    let key = "z2m/plug";
    let (device, entity) = (NodeId::device(key), NodeId::entity(key));
    let node =
        |id, kind| Node { id, kind, key: key.into(), name: "Plug".into(), props: [].into(), detail: vec![] };
    let edge = Edge { from: entity, kind: EdgeKind::PartOf, to: device };
    let status = |status: Status| {
        let kept = serde_json_bytes(&status);
        let write =
            Write::PutState { owner: "status".into(), key: device.to_string().into(), value: Some(kept) };
        journal.append(Draft::new(device, Origin::System, Body::StatusChanged { status }), vec![write])
    };
    let nodes = vec![
        Write::PutNode(node(device, NodeKind::Device)),
        Write::PutNode(node(entity, NodeKind::Entity)),
        Write::PutEdge(edge),
    ];
    journal.append(notice("there it is"), nodes);
    let online = status(Status::Online);
    // More than one chunk of samples, so that both chunks and the tail are asked.
    let events: Vec<_> = (0..700)
        .map(|n| journal.append(reading(entity, f64::from(n)).at(Timestamp(n.into())), vec![]))
        .collect();
    let offline = status(Status::Offline(Detail::Silent));
    graph.sync_blocking().unwrap();
    let reader = graph.reader();
    let query = Query::parse("MATCH (d:device)-[:has]->(e) RETURN d.status, e.value").unwrap();
    let none = || Duration::ZERO;
    let ask = |at: Option<Timestamp>| {
        let picture = match at {
            Some(at) => Picture::as_of(&reader, at),
            None => Picture::of(&reader, Timestamp(1 << 40)),
        };
        let answer = query.run(&picture.unwrap(), &Limits::new(&none)).unwrap();
        answer.rows.into_iter().next()
    };
    let row = |status: &str, value| Some(vec![Datum::text(status), value]);
    assert_eq!(ask(None), row("offline", Datum::Null), "what cannot be reached has no value");
    assert_eq!(ask(Some(offline.seen)), row("offline", Datum::Null));
    // Readings say when they were measured: all of them before the first event was seen but one.
    assert_eq!(ask(Some(online.seen)), row("online", Datum::Number(699.0)));
    let seen = |e: &Event| e.seen;
    assert_eq!(ask(Some(seen(&events[300]))), row("online", Datum::Number(699.0)));
    for n in [0, 1, 255, 256, 257, 511, 512, 600, 699] {
        let sample = reader.sample_at(entity, Property::State, Timestamp(n)).unwrap().unwrap();
        assert_eq!(sample.at, Timestamp(n));
    }
    assert!(reader.sample_at(entity, Property::State, Timestamp(-1)).unwrap().is_none());
    assert_eq!(ask(Some(Timestamp(-1))), None);
    let picture = Picture::of(&reader, Timestamp(1 << 40)).unwrap();
    assert!(Field::parse("value", &picture.shape).is_some());
    graph.close().unwrap();
}

/// A status as the household keeps it.
fn serde_json_bytes(status: &Status) -> Vec<u8> {
    match status {
        Status::Online => b"\"Online\"".to_vec(),
        _ => b"{\"Offline\":\"Silent\"}".to_vec(),
    }
}
