//! What is left after the process is gone without a word.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::*;
use lares_graph::{GraphOptions, OpenError, Reader};
use lares_model::EventId;

#[test]
fn what_was_flushed_is_there_and_what_was_not_leaves_a_prefix() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, opened) = open(threaded(dir.path()));
    assert_eq!((opened.epoch, opened.after_crash, opened.recovered), (1, false, 0));
    let journal = graph.journal();
    let mut given = Vec::new();
    let mut last = None;
    for n in 0..100 {
        let event = journal.append(notice(&format!("{n}")).caused_by(last), vec![]);
        last = Some(event.id);
        given.push(event.id);
    }
    journal.flush();
    for n in 0..50 {
        last = Some(journal.append(notice(&format!("late {n}")).caused_by(last), vec![]).id);
    }
    assert_eq!(graph.pending(), 150);
    drop((graph, journal));

    let (graph, opened) = open(threaded(dir.path()));
    assert_eq!((opened.epoch, opened.after_crash, opened.recovered, opened.torn), (2, true, 100, false));
    assert_eq!(ids(&graph), given);
    assert_whole(&graph);
    let next = graph.journal().append(notice("again"), vec![]);
    assert_eq!(next.id, EventId::new(2, 1));
    graph.close().unwrap();
    drop(graph);

    let (graph, opened) = open(threaded(dir.path()));
    assert_eq!((opened.epoch, opened.after_crash, opened.recovered), (3, false, 0));
    let newest = graph.reader().history(lamp(), None, 2).unwrap();
    assert_eq!(newest[0].event.id, next.id);
    assert_eq!(newest[0].previous, given.last().copied(), "the chain goes on over a restart");
}

#[test]
fn a_torn_tail_is_cut_and_told() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(threaded(dir.path()));
    let journal = graph.journal();
    for n in 0..10 {
        journal.append(notice(&format!("{n}")), vec![]);
        journal.flush();
    }
    drop((graph, journal));
    let spool = dir.path().join("spool-a");
    let bytes = std::fs::read(&spool).unwrap();
    std::fs::write(&spool, &bytes[..bytes.len() - 3]).unwrap();
    assert_eq!(Reader::open_read_only(dir.path()).unwrap().unseen(), 9);

    let (graph, opened) = open(threaded(dir.path()));
    assert_eq!((opened.recovered, opened.torn), (9, true));
    assert_eq!(ids(&graph).len(), 9);
    assert_whole(&graph);
    graph.close().unwrap();
    assert_eq!(std::fs::metadata(&spool).unwrap().len(), 0);
}

#[test]
fn an_entry_in_both_spool_and_tables_is_taken_once() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(threaded(dir.path()));
    let journal = graph.journal();
    journal.append(notice("one"), vec![]);
    graph.sync_blocking().unwrap();
    assert!(graph.health().spool_bytes > 0, "a small spool is not emptied at each commit");
    journal.append(notice("two"), vec![]);
    journal.flush();
    drop((graph, journal));
    let (graph, opened) = open(threaded(dir.path()));
    assert_eq!(opened.recovered, 1);
    assert_eq!(graph.reader().counts().unwrap().events, 2);
    assert_whole(&graph);
}

#[test]
fn newer_data_is_refused_in_words() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(inline(dir.path()));
    graph.close().unwrap();
    drop(graph);
    // The format stands bare behind its key: raise it where it lies.
    let file = dir.path().join("data.mdb");
    let mut bytes = std::fs::read(&file).unwrap();
    let places: Vec<_> = bytes.windows(10).enumerate().filter(|(_, w)| w == b"format\0\0\0\x05").collect();
    let places: Vec<usize> = places.into_iter().map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at + 9] = 7;
    }
    std::fs::write(&file, bytes).unwrap();
    let refused = lares_graph::Graph::open(inline(dir.path())).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found: 7, known: 5, .. }), "{refused}");
    let words = refused.to_string();
    assert!(words.contains("format 7") && words.contains("newer Lares"), "{words}");
}

#[test]
fn a_full_store_keeps_its_entries_says_so_and_recovers() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(GraphOptions { map_limit: 1 << 20, ..threaded(dir.path()) });
    let journal = graph.journal();
    let mut error = None;
    for n in 0..40_u32 {
        for m in 0..200 {
            journal.append(notice(&format!("{n} {m} {}", "x".repeat(100))), vec![]);
        }
        if let Err(e) = graph.sync_blocking() {
            error = Some(e);
            break;
        }
    }
    assert!(error.unwrap().contains("limit of 1048576 bytes"));
    let health = graph.health();
    assert!(!health.ok && health.pending >= 200, "{health:?}");
    let appended = ids(&graph).len() + graph.pending();
    // Reading goes on, appending goes on, and room makes it whole again.
    journal.append(notice("while it is full"), vec![]);
    journal.flush();
    graph.set_map_limit(usize::MAX);
    graph.sync_blocking().or_else(|_| graph.sync_blocking()).unwrap();
    assert!(graph.health().ok);
    assert_eq!(ids(&graph).len(), appended + 1);
    assert_whole(&graph);
}

#[test]
fn a_full_store_that_dies_has_all_in_its_spool() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(GraphOptions { map_limit: 1 << 20, ..threaded(dir.path()) });
    let journal = graph.journal();
    for n in 0..9000 {
        journal.append(notice(&format!("{n} {}", "x".repeat(100))), vec![]);
    }
    assert!(graph.sync_blocking().is_err());
    journal.flush();
    drop((graph, journal));
    let (graph, opened) = open(threaded(dir.path()));
    assert!(opened.recovered > 0);
    assert_eq!(ids(&graph).len(), 9000);
    assert_whole(&graph);
}
