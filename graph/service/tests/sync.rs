//! Waiting for a commit, and the same journal for the same input.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use common::*;
use lares_graph::GraphOptions;
use lares_model::{Body, Draft, NodeId, Origin, Timestamp, Write};

/// A day in small, with everything in it.
fn run(every: usize) -> ([u8; 32], usize) {
    let dir = tempfile::tempdir().unwrap();
    let mode = lares_graph::Mode::Inline { every };
    let (graph, _) = open(GraphOptions { mode, ..inline(dir.path()) });
    let journal = graph.journal();
    for n in 0..2_000_u64 {
        let sample = journal.append(reading(NodeId(n % 9), n as f64).to_series(), vec![]);
        if n % 4 == 0 {
            let draft = Draft::new(NodeId(n % 3), Origin::Timer, Body::Notice { text: n.to_string() });
            journal.append(draft.caused_by([sample.id]), vec![Write::SetTimer(timer("t", n as i64))]);
        }
    }
    graph.close().unwrap();
    let reader = graph.reader();
    (reader.journal_hash().unwrap(), reader.counts().unwrap().events as usize)
}

#[test]
fn the_same_input_gives_the_same_journal_whatever_the_groups() {
    let once = run(512);
    assert_eq!(once.1, 1_000);
    assert_eq!(run(512), once);
    assert_eq!(run(7), once);
}

#[tokio::test]
async fn sync_can_be_awaited_and_ends_with_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(threaded(dir.path()));
    graph.sync().await.unwrap();
    graph.journal().append(notice("one"), vec![]);
    graph.sync().await.unwrap();
    assert_eq!(graph.health().commits, 1);
    graph.close().unwrap();
    graph.close().unwrap();
    graph.journal().append(notice("too late"), vec![]);
    assert!(graph.sync().await.is_err());
}

#[test]
#[allow(clippy::panic, reason = "that is what is tested")]
fn a_waiter_that_panics_takes_nobody_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(threaded(dir.path()));
    let journal = graph.journal();
    for _ in 0..2 {
        journal.append(notice("x"), vec![]);
        journal.after_sync(Box::new(|_| panic!("a waiter fails")));
        graph.sync_blocking().unwrap();
    }
    assert_eq!(ids(&graph).len(), 2);
}

#[test]
fn a_waiter_may_append_and_wait_again() {
    for options in [threaded, inline] {
        let dir = tempfile::tempdir().unwrap();
        let (graph, _) = open(options(dir.path()));
        let journal = graph.journal();
        let (told, outcome) = std::sync::mpsc::sync_channel(1);
        journal.append(notice("one"), vec![]);
        let again = journal.clone();
        journal.after_sync(Box::new(move |first| {
            let effect = again.append(notice("two"), vec![]);
            again.after_sync(Box::new(move |second| told.send((first, second, effect.id)).unwrap()));
        }));
        let (first, second, id) = outcome.recv().unwrap();
        assert_eq!((first, second), (Ok(()), Ok(())));
        assert!(graph.reader().event(id).unwrap().is_some(), "told means committed");
    }
}

#[test]
fn seen_never_goes_back() {
    struct Backwards(std::sync::atomic::AtomicI64);
    impl lares_kernel::Clock for Backwards {
        fn now(&self) -> Timestamp {
            Timestamp(self.0.fetch_sub(5, Ordering::SeqCst))
        }
        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Backwards(100.into()));
    let (graph, _) = open(GraphOptions { clock, ..inline(dir.path()) });
    let seen: Vec<i64> = (0..3).map(|_| graph.journal().append(notice("x"), vec![]).seen.0).collect();
    assert_eq!(seen, [100, 100, 100]);
}
