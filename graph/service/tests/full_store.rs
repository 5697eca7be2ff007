//! R08, R09 and R10 on a store that is full: kills, power cuts and flipped bits in the made-up household of the benchmark. A few days of
//! it in `make test`; as a drill on five years:
//!
//! `LARES_FULL_DAYS=1826 LARES_FULL_ROUNDS=10 cargo test --release -p lares-graph --test full_store -- --nocapture`
//!
//! `LARES_FULL_FLIPS` tells how many bits are flipped (each is a check of the whole store: minutes, at five years); with
//! `LARES_FULL_ROUNDS=0` nothing else is done.
//!
//! Meant to fail it: acknowledging before the sync, a check that does not read what it counts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    dead_code,
    reason = "a test, and what it shares with the benchmark"
)]

mod common;
#[path = "../benches/household/fill.rs"]
mod fill;

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use common::*;
use fill::{Dice, Size, fill};
use lares_graph::{GraphOptions, Mode, Reader};
use lares_kernel::SystemClock;
use lares_model::EventId;

const DIR: &str = "LARES_FULL_TEST_DIR";
/// Groups that a child writes before it ends by itself.
const GROUPS: u64 = 400;

fn told(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

fn options(dir: &Path) -> GraphOptions {
    let mode = Mode::Threaded { idle_window: Duration::from_millis(2) };
    let key = Some(dir.with_extension("key"));
    GraphOptions { mode, map_size: 1 << 30, key, ..GraphOptions::new(dir, Arc::new(SystemClock::default())) }
}

/// The child: lives on in the full household, and says what is synced.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let (graph, _) = open(options(Path::new(&dir)));
    let journal = graph.journal();
    let mut out = std::io::stdout();
    for n in 0..GROUPS {
        let sample = journal.append(reading(fill::lamp(n % fill::DEVICES), n as f64).to_series(), vec![]);
        let event = journal.append(notice(&format!("{n}")).caused_by([sample.id]), vec![]);
        graph.sync_blocking().unwrap();
        writeln!(out, "\nsynced {}", event.id).unwrap();
        out.flush().unwrap();
    }
}

fn start(dir: &Path, more: &[(&str, String)]) -> std::process::Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(DIR, dir).envs(more.iter().map(|(k, v)| (*k, v)));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

fn synced(lines: &[String]) -> Vec<EventId> {
    lines.iter().filter_map(|l| l.strip_prefix("synced ")?.parse().ok()).collect()
}

fn assert_kept(what: &str, dir: &Path, all: &[EventId]) {
    let (graph, _) = open(options(dir));
    for id in all {
        assert!(graph.reader().event(*id).unwrap().is_some(), "{what}: {id} was synced and is not there");
    }
    graph.close().unwrap();
}

fn assert_good(what: &str, dir: &Path) {
    let report = Reader::open_read_only(dir).unwrap().check().unwrap();
    assert!(report.is_good(), "{what}: {:?}", report.problems);
}

#[test]
fn a_full_store_is_killed_cut_off_and_damaged() {
    let (days, rounds) = (told("LARES_FULL_DAYS", 4), told("LARES_FULL_ROUNDS", 3));
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("data");
    let size = if days > 100 { Size::WHOLE } else { Size { days: 0, switched: 60, samples: 2_000 } };
    let (graph, _) = fill(&data, Size { days: days as i64, ..size }, 7);
    let counts = graph.reader().counts().unwrap();
    eprintln!("{} entries, {} samples, {} MB", counts.events, counts.samples, counts.file_bytes >> 20);
    graph.close().unwrap();
    drop(graph);
    if rounds > 0 {
        kills(&data, rounds);
        cuts(scratch.path(), &data, rounds);
    }
    flips(&data, told("LARES_FULL_FLIPS", rounds * 2));
}

/// R08: `kill -9` at any instant.
fn kills(data: &Path, rounds: u64) {
    let mut kept = Vec::new();
    for n in 0..rounds {
        let mut child = start(data, &[]);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut said: Vec<String> = lines.by_ref().take(20 + (n * 53 % 200) as usize).collect();
        child.kill().unwrap();
        said.extend(lines);
        child.wait().unwrap();
        kept.extend(synced(&said));
        assert_kept("kill", data, &kept);
    }
    assert_good("kills", data);
    eprintln!("{rounds} kills: {} acknowledged, lost 0", kept.len());
    assert!(kept.len() > 10);
}

/// R09: the power goes; what was not synced is lost, some of it torn.
fn cuts(scratch: &Path, data: &Path, rounds: u64) {
    let mut acknowledged = 0;
    for n in 0..rounds {
        // What the household writes to, and what of it the disk holds.
        let (live, disk) = (scratch.join("live"), scratch.join("disk"));
        for dir in [&live, &disk] {
            std::fs::create_dir(dir).unwrap();
            std::fs::copy(data.join("data.mdb"), dir.join("data.mdb")).unwrap();
            std::fs::copy(data.with_extension("key"), dir.with_extension("key")).unwrap();
        }
        let mut faults = vec![
            ("LD_PRELOAD", shim().display().to_string()),
            ("FAULT_DIR", live.display().to_string()),
            ("FAULT_DISK", disk.display().to_string()),
            ("FAULT_CUT", (60 + n * 211 % 900).to_string()),
        ];
        if n % 3 > 0 {
            faults.push(("FAULT_TORN", (n + 1).to_string()));
        }
        let child = start(&live, &faults).wait_with_output().unwrap();
        assert!(!child.status.success(), "cut {n}: the power did not go");
        let said: Vec<String> = String::from_utf8_lossy(&child.stdout).lines().map(str::to_owned).collect();
        let all = synced(&said);
        acknowledged += all.len();
        assert_kept("cut", &disk, &all);
        assert_good("cut", &disk);
        for dir in [&live, &disk] {
            std::fs::remove_dir_all(dir).unwrap();
            std::fs::remove_file(dir.with_extension("key")).unwrap();
        }
    }
    eprintln!("{rounds} power cuts: {acknowledged} acknowledged, lost 0");
}

/// R10: bits flip in the file. Either the check tells, or the journal is what it was.
fn flips(data: &Path, rounds: u64) {
    let reader = || Reader::open_read_only(data);
    let (hash, counts) = {
        let reader = reader().unwrap();
        (reader.journal_hash().unwrap(), reader.counts().unwrap())
    };
    let mut dice = Dice(99);
    let (mut noticed, mut nothing) = (0, 0);
    for n in 0..rounds {
        let mut file = std::fs::File::options().read(true).write(true).open(data.join("data.mdb")).unwrap();
        let at = dice.below(file.metadata().unwrap().len());
        let mut byte = [0];
        file.seek(SeekFrom::Start(at)).unwrap();
        file.read_exact(&mut byte).unwrap();
        let mut put = |value: u8| {
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(&[value]).unwrap();
            file.sync_all().unwrap();
        };
        put(byte[0] ^ (1 << (n % 8)));
        match reader().map(|r| r.check().map(|report| (report, r))) {
            Ok(Ok((report, reader))) if report.is_good() => {
                assert_eq!(
                    reader.journal_hash().unwrap(),
                    hash,
                    "flip {n} at {at} is read as something else"
                );
                assert_eq!(reader.counts().unwrap(), counts, "flip {n} at {at}");
                nothing += 1;
            }
            _ => noticed += 1,
        }
        eprintln!("flip {n} at {at}: {noticed} noticed, {nothing} hit nothing");
        put(byte[0]);
    }
    eprintln!("{rounds} flipped bits: {noticed} noticed, {nothing} hit nothing, silent wrong reads 0");
}
