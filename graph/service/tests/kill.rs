//! `kill -9` at any instant: this test runs itself as a child and kills it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use common::*;
use lares_graph::{Graph, GraphOptions, Mode, OpenError};
use lares_kernel::SystemClock;
use lares_model::{EventId, NodeId};

const DIR: &str = "LARES_KILL_TEST_DIR";

/// Rounds: 20, or what `LARES_KILL_ROUNDS` says for a drill.
fn rounds() -> usize {
    std::env::var("LARES_KILL_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(20)
}

fn options(path: &Path) -> GraphOptions {
    // A short window, so that kills also hit commits.
    let mode = Mode::Threaded { idle_window: Duration::from_millis(2) };
    GraphOptions { mode, map_size: 1 << 20, ..GraphOptions::new(path, Arc::new(SystemClock::default())) }
}

/// The child: appends for ever, and says what it has flushed and what is synced. A plain test otherwise.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let (graph, _) = open(options(Path::new(&dir)));
    let journal = graph.journal();
    let map = graph.map("broker");
    println!("ready");
    let mut out = std::io::stdout();
    for n in 0_u64.. {
        let entity = NodeId(n % 7);
        let sample = journal.append(reading(entity, n as f64).to_series(), vec![]);
        let event = journal.append(notice(&format!("{n}")).caused_by([sample.id]), vec![]);
        if n % 3 == 0 {
            journal.flush();
            writeln!(out, "\nflushed {}", event.id).unwrap();
        }
        if n % 50 == 7 {
            graph.sync_blocking().unwrap();
            writeln!(out, "\nsynced {}", event.id).unwrap();
        }
        if n % 11 == 0 {
            map.write(vec![(b"n".to_vec(), Some(n.to_be_bytes().to_vec()))]).unwrap();
            writeln!(out, "\nmapped {n}").unwrap();
        }
        out.flush().unwrap();
    }
}

fn start(dir: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(DIR, dir);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn nothing_that_was_flushed_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let mut recovered = 0;
    let mut kept: Vec<EventId> = Vec::new();
    for round in 0..rounds() {
        let mut child = start(dir.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut told: Vec<String> = lines.by_ref().take(10 + round * 37 % 400).collect();
        child.kill().unwrap();
        told.extend(lines);
        child.wait().unwrap();

        let (graph, opened) = open(options(dir.path()));
        recovered += opened.recovered;
        let there = ids(&graph);
        // A line that was cut by the kill was not told.
        let told = told.iter().filter_map(|l| l.split_once(' '));
        let mut mapped = None;
        for (word, what) in told {
            match word {
                "flushed" | "synced" => kept.extend(what.parse::<EventId>().ok()),
                "mapped" => mapped = what.parse::<u64>().ok().or(mapped),
                _ => {}
            }
        }
        for id in &kept {
            assert!(there.binary_search(id).is_ok(), "round {round}: {id} was flushed and is not there");
        }
        if let Some(mapped) = mapped {
            let value = graph.map("broker").get(b"n").unwrap().unwrap();
            assert!(u64::from_be_bytes(value.try_into().unwrap()) >= mapped);
        }
        assert_whole(&graph);
    }
    assert!(recovered > 0, "no kill left anything to the spool: the test proves nothing");
    assert!(kept.len() > 100);
}

#[test]
fn a_second_process_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = start(dir.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|l| l.unwrap().contains("ready")));
    let refused = Graph::open(options(dir.path())).err().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    match &refused {
        OpenError::InUse { path, pid } => {
            assert_eq!(path, dir.path());
            assert_eq!(*pid, child.id().to_string());
        }
        other => panic!("{other}"),
    }
    assert!(refused.to_string().contains(&child.id().to_string()));
    drop(open(options(dir.path())));
}
