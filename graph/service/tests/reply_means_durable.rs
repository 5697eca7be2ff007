//! R09 and R11 of the store: a disk that loses what was not synced, fails, or is full. The disk is a library in front of
//! the C library (`tests/shim/faults.c`), built here; the household is this test as a child.
//!
//! Meant to fail it: telling waiters when their entries were spooled (`Shared::wait`), opening LMDB
//! without syncing (`NO_SYNC` in `Core::open`), not opening it anew after its last write failed (`Core::reopen`), writing a group
//! again whose commit counts after all (`Store::apply`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use common::*;
use lares_graph::{Graph, GraphOptions, Mode};
use lares_kernel::SystemClock;
use lares_model::{EventId, NodeId, Write as Put};

const DIR: &str = "FAULT_DIR";
const KEY: &str = "LARES_FAULT_KEY";
const ROUNDS: u64 = 12;
/// Instants at which the power goes, of all there are; and failures.
const CUTS: u64 = 90;
const FAILS: u64 = 40;
/// Of so many of the first commits the last write fails.
const LAST_WRITES: u64 = 16;

fn options(path: &Path, key: &Path) -> GraphOptions {
    let mode = Mode::Threaded { idle_window: Duration::from_millis(5) };
    let key = Some(key.to_owned());
    GraphOptions { mode, map_size: 1 << 20, key, ..GraphOptions::new(path, Arc::new(SystemClock::default())) }
}

/// The child: says what it appended and what it was told is synced, through failures of the disk.
#[test]
fn child() {
    let (Some(dir), Some(key)) = (std::env::var_os(DIR), std::env::var_os(KEY)) else { return };
    let full = std::env::var_os("FAULT_FULL");
    let (graph, _) = match Graph::open(options(Path::new(&dir), Path::new(&key))) {
        Ok(opened) => opened,
        Err(e) => {
            println!("\nrefused {e}");
            return;
        }
    };
    let journal = graph.journal();
    let mut out = std::io::stdout();
    let mut say = |words: String| {
        writeln!(out, "\n{words}").unwrap();
        out.flush().unwrap();
    };
    say("ready".to_owned());
    let mut input = std::io::stdin().lines();
    let mut n = 0_u64;
    for round in 0.. {
        if full.is_some() {
            match input.next() {
                Some(Ok(_)) => {}
                _ => break,
            }
        } else if round >= ROUNDS {
            break;
        }
        for _ in 0..20 {
            n += 1;
            let sample = journal.append(reading(NodeId(n % 7), n as f64).to_series(), vec![]);
            let put = Put::PutNode(room(&format!("r{n}"), &"x".repeat(300)));
            journal.append(notice(&"y".repeat(400)).caused_by([sample.id]), vec![put]);
            journal.flush();
        }
        let last = journal.append(notice("last"), vec![]);
        journal.flush();
        match graph.sync_blocking() {
            Ok(()) => say(format!("synced {} pending {}", last.id, graph.pending())),
            Err(e) => say(format!("failed {} {e}", last.id)),
        }
        // Whatever became of the commit.
        let counted = graph.reader().counts();
        assert!(counted.is_ok(), "{counted:?}");
    }
    let closed = graph.close();
    say(format!("closed {}", closed.is_ok()));
}

struct Ran {
    synced: Vec<EventId>,
    failed: usize,
    /// It was told at its start.
    refused: bool,
    /// It ended by itself.
    ended: bool,
}

fn run(dir: &Path, faults: &[(&str, String)]) -> Ran {
    std::fs::create_dir_all(dir.join("data")).unwrap();
    let mut command = child_in(dir, faults);
    let mut child = command.stdin(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let told: Vec<String> = lines.collect();
    let ended = child.wait().unwrap().success();
    let synced = told.iter().filter_map(|l| l.strip_prefix("synced ")?.split(' ').next()?.parse().ok());
    Ran {
        synced: synced.collect(),
        failed: told.iter().filter(|l| l.starts_with("failed ")).count(),
        refused: told.iter().any(|l| l.starts_with("refused ")),
        ended,
    }
}

fn child_in(dir: &Path, faults: &[(&str, String)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture", "--test-threads", "1"]);
    command.env(DIR, dir.join("data")).env(KEY, dir.join("key")).env("LD_PRELOAD", shim());
    command.envs(faults.iter().map(|(k, v)| (*k, v.as_str())));
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// What a disk that was cut off holds is whole and has all that was told to be synced; what came after is there up to
/// some entry, or not.
fn assert_kept(what: &str, data: &Path, key: &Path, synced: &[EventId]) {
    let (graph, _) = match Graph::open(options(data, key)) {
        Ok(opened) => opened,
        // The key is made before the first byte of data that needs it, so this is never for want of it.
        Err(e) => panic!("{what}: it does not open: {e}"),
    };
    let there = ids(&graph);
    for id in synced {
        assert!(there.binary_search(id).is_ok(), "{what}: {id} was told to be synced, and is not there");
    }
    for stored in graph
        .reader()
        .journal(std::ops::Bound::Unbounded, std::ops::Bound::Unbounded, false, usize::MAX)
        .unwrap()
    {
        for cause in stored.event.causes {
            assert!(there.binary_search(&cause).is_ok(), "{what}: an effect without its cause");
        }
    }
    assert_whole(&graph);
    graph.close().unwrap();
}

fn operations(count: &Path) -> u64 {
    std::fs::read_to_string(count).unwrap().trim().parse().unwrap()
}

#[test]
fn reply_means_durable() {
    let scratch = tempfile::tempdir().unwrap();
    let count = scratch.path().join("count");
    let whole = scratch.path().join("whole");
    let disk = |dir: &Path| ("FAULT_DISK", dir.join("disk").display().to_string());
    std::fs::create_dir_all(whole.join("disk")).unwrap();
    let ran = run(&whole, &[disk(&whole), ("FAULT_COUNT", count.display().to_string())]);
    assert!(ran.ended && ran.failed == 0 && ran.synced.len() == ROUNDS as usize);
    assert_kept("no cut", &whole.join("disk"), &whole.join("key"), &ran.synced);
    let all = operations(&count);
    assert!(all > 100, "{all}");
    let mut acknowledged = 0;
    for n in 0..CUTS {
        let dir = scratch.path().join(format!("cut{n}"));
        std::fs::create_dir_all(dir.join("disk")).unwrap();
        // On a busy machine groups are larger, and a run has fewer operations than the one that was counted.
        let at = 1 + n * (all * 3 / 4) / CUTS;
        let mut faults = vec![disk(&dir), ("FAULT_CUT", at.to_string())];
        if n % 3 > 0 {
            faults.push(("FAULT_TORN", (n + 1).to_string()));
        }
        let ran = run(&dir, &faults);
        assert!(!ran.ended, "the power went at {at}");
        acknowledged += ran.synced.len();
        let what = format!("cut {n} at {at} of {all}");
        assert_kept(&what, &dir.join("disk"), &dir.join("key"), &ran.synced);
        std::fs::remove_dir_all(&dir).unwrap();
    }
    let mut failures = 0;
    // The last write of a commit is one of many, and the one after which LMDB refuses all work.
    let anywhere = (0..FAILS).map(|n| (1 + n * all / FAILS, n % 2, 0));
    let last_writes = (0..LAST_WRITES).map(|n| (1 + n, n % 2, 1));
    for (at, late, meta) in anywhere.chain(last_writes) {
        let what = format!("failure at {at} of {all} (late {late}, last writes only {meta})");
        let dir = scratch.path().join("fail");
        // Those that are late were done all the same, and what LMDB does about it fails too.
        let faults = [("FAULT_FAIL", at), ("FAULT_LATE", late), ("FAULT_META", meta)];
        let ran = run(&dir, &faults.map(|(name, value)| (name, value.to_string())));
        failures += ran.failed + usize::from(ran.refused);
        acknowledged += ran.synced.len();
        assert!(ran.ended, "{what}: it crashed");
        if !ran.refused {
            assert_eq!(ran.failed + ran.synced.len(), ROUNDS as usize, "{what}");
            assert!(ran.failed <= 2, "{what}: {} syncs failed after it", ran.failed);
        }
        assert_kept(&what, &dir.join("data"), &dir.join("key"), &ran.synced);
        std::fs::remove_dir_all(&dir).unwrap();
    }
    assert!(acknowledged > 300 && failures > 0, "{acknowledged} acknowledged, {failures} failures told");
    eprintln!(
        "{CUTS} power cuts at {all} points, {FAILS} failures there and {LAST_WRITES} of last writes: {acknowledged} acknowledged, lost 0, failed opens 0; \
         {failures} failures told"
    );
}

/// R11: full, it goes on in memory and says so; with room it keeps all that came meanwhile, without a restart.
#[test]
fn a_full_disk_is_told_and_got_over() {
    let scratch = tempfile::tempdir().unwrap();
    let full = scratch.path().join("full");
    std::fs::create_dir_all(scratch.path().join("data")).unwrap();
    let mut command = child_in(scratch.path(), &[("FAULT_FULL", full.display().to_string())]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut told =
        |word: &str| lines.find(|l| l.starts_with(word)).unwrap_or_else(|| panic!("it ended before {word}"));
    told("ready");
    let mut go = || {
        writeln!(input).unwrap();
        input.flush().unwrap();
    };
    go();
    told("synced");
    for round in 0..3 {
        std::fs::write(&full, "").unwrap();
        for _ in 0..4 {
            go();
            let words = told("failed");
            assert!(words.contains("No space left") || words.contains("space"), "{words}");
        }
        std::fs::remove_file(&full).unwrap();
        go();
        // The retry of a quarter of a second may come first.
        let words = told("synced");
        assert!(words.ends_with("pending 0"), "round {round}: {words}");
    }
    drop(input);
    told("closed true");
    assert!(child.wait().unwrap().success());
    let (graph, _) = Graph::open(options(&scratch.path().join("data"), &scratch.path().join("key"))).unwrap();
    // 16 rounds, each with 20 samples that became causes, 20 notices, and a last one.
    assert_eq!(ids(&graph).len(), 16 * 41);
    assert_whole(&graph);
}
