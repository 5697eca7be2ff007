//! Old months of the journal go to the archive by themselves, and nothing of them is lost; kinds that are not kept go.
//!
//! Meant to fail it: folding the month that is not over for long enough, writing what names the parts in a commit of its own.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::BufRead;
use std::ops::Bound::Unbounded;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use common::*;
use lares_graph::{Graph, GraphOptions, KeptEntries, Reader, Retention, load};
use lares_kernel::Clock;
use lares_model::{BodyKind, Timestamp};

const DIR: &str = "LARES_ARCHIVE_TEST_DIR";
const KILLS: u64 = 25;
const DAY: i64 = 86_400_000_000;
/// 2026-01-01, UTC.
const JANUARY: i64 = 1_767_225_600_000_000;
const EACH_DAY: i64 = 40;

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

fn opened(path: &Path, at: i64) -> (Graph, Arc<Hands>) {
    let clock = Arc::new(Hands(AtomicI64::new(at)));
    let options = GraphOptions {
        key: Some(path.join("data.key")),
        ..GraphOptions::inline(path.join("data"), clock.clone())
    };
    (open(options).0, clock)
}

/// January to March: entries of lamps and notices, each day 40.
fn quarter(path: &Path) {
    let (graph, clock) = opened(path, JANUARY);
    for n in 0..90 * EACH_DAY {
        clock.0.store(JANUARY + n * DAY / EACH_DAY, Ordering::Relaxed);
        let cause = graph.journal().append(reading(lamp(), n as f64), vec![]).id;
        if n % 4 == 0 {
            graph.journal().append(notice("because").caused_by([cause]), vec![]);
        }
        if n % 10 == 0 {
            graph.sync_blocking().unwrap();
        }
    }
    graph.close().unwrap();
}

fn april() -> i64 {
    JANUARY + 90 * DAY
}

fn keep(graph: &Graph, kinds: &[(BodyKind, u32)]) {
    let kinds = kinds.iter().map(|(kind, days)| (*kind as u16, *days)).collect();
    graph.set_retention(Retention {
        journal: KeptEntries { archive: Some(30), kinds },
        ..Retention::default()
    });
    graph.look_after();
}

fn all(reader: &Reader) -> Vec<lares_model::Stored> {
    reader.journal(Unbounded, Unbounded, false, usize::MAX).unwrap()
}

#[test]
fn months_that_are_over_are_folded_and_read_as_before() {
    let dir = tempfile::tempdir().unwrap();
    quarter(dir.path());
    let before = all(&Reader::open_beside(&dir.path().join("data")).unwrap());
    // The first of April less thirty days is the second of March: January and February are over.
    let (graph, clock) = opened(dir.path(), april());
    keep(&graph, &[]);
    let over = before.iter().filter(|s| s.event.seen.0 < JANUARY + 59 * DAY).count() as u64;
    let archived = graph.reader().check().unwrap().archived;
    assert!(over > 2_900 && archived > over - 600 && archived <= over, "{archived} of {over}");
    assert_eq!(graph.health().upkeep.archived, archived);
    assert_whole(&graph);
    assert_eq!(all(&graph.reader()), before);
    let at = before[700].event.seen;
    let next = before.iter().find(|s| s.event.seen > at).unwrap().event.id;
    assert_eq!(graph.reader().moment(at).unwrap().counter(), next.counter() - 1);
    // A month later the next one follows; what is appended meanwhile stands behind it.
    graph.journal().append(notice("in April"), vec![]);
    clock.0.store(april() + 31 * DAY, Ordering::Relaxed);
    graph.journal().append(notice("in May"), vec![]);
    graph.close().unwrap();
    drop(graph);
    // A clock that jumps ahead is believed slowly, and a new start believes what was kept.
    let (graph, _) = opened(dir.path(), april() + 32 * DAY);
    keep(&graph, &[]);
    assert!(graph.reader().check().unwrap().archived > archived + 1_000);
    assert_whole(&graph);
    graph.close().unwrap();
    drop(graph);
    // A dump has all of it, and so has what is loaded.
    let data = dir.path().join("data");
    let mut dump = Vec::new();
    let reader = Reader::open_beside(&data).unwrap();
    reader.dump(&mut dump, "0.1.0", 5).unwrap();
    assert_eq!(all(&reader)[..before.len()], before);
    let loaded = dir.path().join("loaded");
    load(&mut dump.as_slice(), &loaded, &dir.path().join("loaded.key")).unwrap();
}

#[test]
fn kinds_that_are_not_kept_go_and_why_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    quarter(dir.path());
    let (graph, _) = opened(dir.path(), april());
    keep(&graph, &[(BodyKind::Notice, 40)]);
    let left = all(&graph.reader());
    let young = april() - 40 * DAY;
    assert!(left.iter().all(|s| s.event.body.kind() != BodyKind::Notice || s.event.seen.0 >= young));
    assert_eq!(
        left.iter().filter(|s| s.event.body.kind() == BodyKind::Notice).count() as i64,
        40 * EACH_DAY / 4
    );
    assert_eq!(
        left.iter().filter(|s| s.event.body.kind() == BodyKind::Reading).count() as i64,
        90 * EACH_DAY
    );
    assert_eq!(graph.health().upkeep.entries as i64, 50 * EACH_DAY / 4);
    // About one thing: the history reaches over what is gone.
    let history = graph.reader().history(lamp(), None, usize::MAX).unwrap();
    assert_eq!(history.len(), left.len());
    assert_whole(&graph);
}

/// The child opens and folds.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let (graph, _) = opened(Path::new(&dir), april());
    println!("\nbegins");
    keep(&graph, &[(BodyKind::Notice, 40)]);
    println!("\nended");
}

#[test]
fn a_kill_while_months_are_folded_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    quarter(dir.path());
    let readings = |reader: &Reader| {
        let all = all(reader).into_iter().filter(|s| s.event.body.kind() == BodyKind::Reading);
        all.map(|s| s.event).collect::<Vec<_>>()
    };
    let whole = readings(&Reader::open_beside(&dir.path().join("data")).unwrap());
    let mut between = 0;
    for n in 0..KILLS {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child", "--nocapture"]).env(DIR, dir.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|l| l == "begins"));
        std::thread::sleep(Duration::from_micros(n * 600));
        child.kill().unwrap();
        child.wait().unwrap();
        let reader = Reader::open_read_only(&dir.path().join("data")).unwrap();
        let report = reader.check().unwrap();
        assert!(report.is_good(), "{:?}", report.problems);
        between += u64::from(
            report.archived > 0 && report.archived < 2_900 || report.gone > 0 && report.archived == 0,
        );
        assert_eq!(readings(&reader), whole, "kill {n}");
    }
    eprintln!("{KILLS} kills while months were folded: {between} in the middle of it, lost 0");
    let (graph, _) = opened(dir.path(), april());
    keep(&graph, &[(BodyKind::Notice, 40)]);
    let report = graph.reader().check().unwrap();
    assert!(report.is_good() && report.archived > 2_300 && report.gone == 500, "{report:?}");
    assert!(between > 0, "the kills hit the middle");
}
