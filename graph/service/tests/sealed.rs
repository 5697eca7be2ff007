//! Sealed data: nothing of it can be read without the key, and nothing of it can be changed unnoticed.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::path::{Path, PathBuf};

use common::{assert_whole, ids, lamp, notice, open, reading, room, threaded, timer};
use lares_graph::{Graph, GraphOptions, HouseholdKey, OpenError, Reader};
use lares_model::Write;

const CANARY: &str = "the-canary-sings";

fn sealed(data: &Path) -> GraphOptions {
    GraphOptions { key: Some(key_of(data)), ..threaded(data) }
}

fn key_of(data: &Path) -> PathBuf {
    data.with_file_name("data.key")
}

/// Something of every kind, in tables and spool, and the canary in each.
fn fill(graph: &Graph) {
    let journal = graph.journal();
    let bytes = CANARY.as_bytes().to_vec();
    let writes = vec![
        Write::PutNode(room(CANARY, CANARY)),
        Write::SetTimer(timer(CANARY, 7)),
        Write::PutState { owner: CANARY.into(), key: "a".into(), value: Some(bytes.clone()) },
        Write::PutState {
            owner: "own".into(),
            key: format!("{CANARY} b").into(),
            value: Some(bytes.clone()),
        },
        Write::PutState {
            owner: "own".into(),
            key: format!("{CANARY} a").into(),
            value: Some(bytes.clone()),
        },
        Write::PutBlob {
            hash: <[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(&bytes)),
            bytes: bytes.clone(),
        },
    ];
    journal.append(notice(CANARY), writes);
    let map = graph.map("broker");
    map.write(vec![(bytes.clone(), Some(bytes.clone())), (b"other".to_vec(), Some(vec![1]))]).unwrap();
    for n in 0..300 {
        journal.append(reading(lamp(), f64::from(n)), vec![]);
    }
    graph.sync_blocking().unwrap();
    journal.append(notice(&format!("{CANARY} in the spool")), vec![]);
    journal.flush();
}

/// Names of files below a folder that hold the canary, as it is.
fn readable(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(readable(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            if bytes.windows(CANARY.len()).any(|w| w == CANARY.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[test]
fn nothing_is_readable_and_all_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (graph, _) = open(sealed(&data));
    fill(&graph);
    let before = ids(&graph);
    drop(graph); // as after a kill: the last entry is in the spool only
    assert_eq!(readable(&data), Vec::<String>::new());

    let (graph, opened) = open(sealed(&data));
    assert_eq!(opened.recovered, 1);
    assert_eq!(ids(&graph).len(), before.len() + 1);
    let reader = graph.reader();
    let names: Vec<String> = reader.states("own").unwrap().into_iter().map(|(k, _)| k).collect();
    assert_eq!(names, [format!("{CANARY} a"), format!("{CANARY} b")], "in the order of their keys");
    assert_eq!(reader.states_with("own", &format!("{CANARY} b")).unwrap().len(), 1);
    assert_eq!(reader.state(CANARY, "a").unwrap().unwrap(), CANARY.as_bytes());
    assert_eq!(reader.timers().unwrap(), [timer(CANARY, 7)]);
    let map = graph.map("broker");
    assert_eq!(map.get(CANARY.as_bytes()).unwrap().unwrap(), CANARY.as_bytes());
    assert_eq!(map.scan(b"the-").unwrap().len(), 1);
    assert_eq!(map.scan(b"").unwrap().len(), 2);
    map.write(vec![(b"other".to_vec(), None)]).unwrap();
    graph.sync_blocking().unwrap();
    assert_eq!(map.scan(b"").unwrap().len(), 1);
    assert_whole(&graph);
    let writes = vec![
        Write::ClearTimer { owner: "rule:hall".into(), name: CANARY.into() },
        Write::PutState { owner: CANARY.into(), key: "a".into(), value: None },
    ];
    graph.journal().append(notice("away"), writes);
    graph.sync_blocking().unwrap();
    assert!(graph.reader().timers().unwrap().is_empty());
    assert_eq!(graph.reader().state(CANARY, "a").unwrap(), None);
    assert_whole(&graph);
    graph.close().unwrap();
    drop((graph, reader, map));
    assert_eq!(readable(&data), Vec::<String>::new());
    let resting = Reader::open_read_only(&data).unwrap();
    assert!(resting.check().unwrap().is_good());
}

#[test]
fn a_wrong_or_missing_key_opens_nothing_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (graph, _) = open(sealed(&data));
    fill(&graph);
    graph.close().unwrap();
    drop(graph);
    let bytes = std::fs::read(data.join("data.mdb")).unwrap();
    let (key, aside) = (key_of(&data), dir.path().join("aside"));

    std::fs::rename(&key, &aside).unwrap();
    let missing = Graph::open(sealed(&data)).err().unwrap();
    assert!(matches!(missing, OpenError::NoKey { .. }), "{missing}");
    assert!(!key.exists(), "no new key for old data");
    assert!(matches!(Reader::open_read_only(&data), Err(OpenError::NoKey { .. })));

    HouseholdKey::generate().unwrap().write_new(&key).unwrap();
    let other = Graph::open(sealed(&data)).err().unwrap();
    assert!(matches!(other, OpenError::OtherKey { .. }), "{other}");
    let without = Graph::open(threaded(&data)).err().unwrap();
    assert!(matches!(without, OpenError::OtherKey { .. }), "{without}");
    assert_eq!(std::fs::read(data.join("data.mdb")).unwrap(), bytes);

    std::fs::rename(&aside, &key).unwrap();
    assert_whole(&open(sealed(&data)).0);
}

#[test]
fn data_that_was_plain_is_sealed_and_stays_readable() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let (graph, _) = open(threaded(&data));
    fill(&graph);
    graph.close().unwrap();
    drop(graph);
    let (graph, _) = open(sealed(&data));
    assert_eq!(graph.reader().states("own").unwrap().len(), 2);
    assert!(key_of(&data).exists());
    assert_whole(&graph);
    drop(graph);
    assert!(matches!(lares_graph::Sealing::of(&data), Ok(lares_graph::Sealing::Sealed(_))));
}
