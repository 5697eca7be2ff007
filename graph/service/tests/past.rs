//! R12: data of past versions. The fixtures were written by the Lares of their format; none is ever made anew.
//!
//! Meant to fail it: reading chunks of version 1 as those of 2, leaving `chain::make` out of the
//! migration, writing the format's number in a commit of its own before the migration.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use common::*;
use lares_graph::{GraphOptions, Reader, Resolution};
use lares_model::{NodeId, NodeKind, Property, Timestamp};

const DIR: &str = "LARES_PAST_TEST_DIR";
/// `lares replay` of format 2 told this.
const PLAIN_HASH: &str = "127dcc224e851d3e130fe4f7f264825c27b163690163912a8897f170ff60c35b";
const KILLS: u64 = 40;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/past").join(name)
}

fn unpack(name: &str, to: &Path) {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(fixture(name)).unwrap();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    std::fs::write(to, bytes).unwrap();
}

/// Not sealed, ended in order; 19,032 samples, of which 8,192 and more lie in chunks of version 1.
fn plain(dir: &Path) {
    unpack("format-2-plain.mdb.gz", &dir.join("data.mdb"));
}

/// Sealed, killed: entries lie in the spool only.
fn killed(dir: &Path) -> PathBuf {
    let data = dir.join("data");
    std::fs::create_dir(&data).unwrap();
    unpack("format-2-killed.mdb.gz", &data.join("data.mdb"));
    std::fs::copy(fixture("format-2-killed.spool"), data.join("spool-a")).unwrap();
    std::fs::write(data.join("spool-b"), "").unwrap();
    std::fs::copy(fixture("format-2-killed.key.txt"), dir.join("data.key")).unwrap();
    data
}

/// Sealed, with keys of persons, killed. In that of format 3, what edges say of them is sealed with the household's key.
fn sealed_with_persons(dir: &Path, name: &str) -> PathBuf {
    let data = dir.join("data");
    let of = |end: &str| fixture(&format!("{name}.{end}"));
    std::fs::create_dir(&data).unwrap();
    unpack(&format!("{name}.mdb.gz"), &data.join("data.mdb"));
    std::fs::copy(of("spool"), data.join("spool-a")).unwrap();
    std::fs::write(data.join("spool-b"), "").unwrap();
    std::fs::copy(of("key.txt"), dir.join("data.key")).unwrap();
    std::fs::copy(of("private.txt"), dir.join("data.key.private")).unwrap();
    data
}

fn hash(reader: &Reader) -> String {
    reader.journal_hash().unwrap().iter().map(|b| format!("{b:02x}")).collect()
}

fn assert_plain(reader: &Reader) {
    assert_eq!(hash(reader), PLAIN_HASH);
    let meter =
        reader.nodes(NodeKind::Entity).unwrap().into_iter().find(|n| n.key.contains("meter")).unwrap();
    let samples = reader.samples(meter.id, Property::State, Timestamp::MIN, Timestamp::MAX).unwrap();
    assert_eq!(samples.len(), 19_000);
    for (sample, n) in samples.iter().zip(0_i32..) {
        assert_eq!(sample.value, Some((100.0 + f64::from(n % 50) / 2.0).into()), "sample {n}");
    }
    assert!(samples.windows(2).all(|w| w[1].at.0 - w[0].at.0 == 10_000_000));
    let report = reader.check().unwrap();
    assert!(report.is_good() && report.events == 87 && report.samples == 19_032, "{report:?}");
}

#[test]
fn plain_data_of_format_2_is_read_and_brought_to_this_one() {
    let dir = tempfile::tempdir().unwrap();
    plain(dir.path());
    // As it is, without a start: also an old backup can be looked at.
    let old = Reader::open_read_only(dir.path()).unwrap();
    assert_plain(&old);
    assert_eq!(old.check().unwrap().chained, 0);
    drop(old);
    for start in 0..2 {
        let (graph, opened) = open(inline(dir.path()));
        assert!(!opened.after_crash, "start {start}");
        assert_plain(&graph.reader());
        let report = graph.reader().check().unwrap();
        assert_eq!(report.chained, 87, "start {start}");
        let meter = graph
            .reader()
            .nodes(NodeKind::Entity)
            .unwrap()
            .into_iter()
            .find(|n| n.key.contains("meter"))
            .unwrap();
        let hours = graph.reader().rolled(
            meter.id,
            Property::State,
            Timestamp::MIN,
            Timestamp::MAX,
            Resolution::Hours,
        );
        assert!(hours.unwrap().len() > 52);
        graph.close().unwrap();
    }
}

#[test]
fn sealed_data_of_format_2_that_was_killed_has_all_of_its_spool() {
    let dir = tempfile::tempdir().unwrap();
    let data = killed(dir.path());
    let options = || GraphOptions { key: Some(dir.path().join("data.key")), ..inline(&data) };
    let (graph, opened) = open(options());
    assert!(opened.after_crash && opened.recovered == 2, "{opened:?}");
    let before = hash(&graph.reader());
    assert!(ids(&graph).len() >= 4);
    assert_whole(&graph);
    graph.journal().append(notice("after"), vec![]);
    graph.close().unwrap();
    drop(graph);
    let (graph, opened) = open(options());
    assert!(opened.recovered == 0 && hash(&graph.reader()) != before);
    assert_whole(&graph);
}

#[test]
fn edges_of_format_3_are_sealed_for_those_they_are_about() {
    let dir = tempfile::tempdir().unwrap();
    let data = sealed_with_persons(dir.path(), "format-3-people");
    let (anna, private) = (NodeId::person("anna"), dir.path().join("data.key.private"));
    let keys = std::fs::read(&private).unwrap();
    let known = |reader: &Reader| {
        let facts = reader.parts().unwrap().facts.len();
        (facts, reader.edges_from(anna).unwrap().len() + reader.edges_to(anna).unwrap().len())
    };
    // Without the keys of persons: as it was, and as it is.
    std::fs::remove_file(&private).unwrap();
    assert_eq!(known(&Reader::open_beside(&data).unwrap()), (2, 3));
    std::fs::write(&private, &keys).unwrap();
    let options = || GraphOptions { key: Some(dir.path().join("data.key")), ..inline(&data) };
    for start in 0..2 {
        let (graph, _) = open(options());
        assert_eq!(known(&graph.reader()), (2, 3), "start {start}");
        assert_eq!(graph.reader().edge_changes(anna).unwrap().len(), 3);
        assert_whole(&graph);
        graph.close().unwrap();
    }
    std::fs::remove_file(&private).unwrap();
    let reader = Reader::open_beside(&data).unwrap();
    assert_eq!(known(&reader), (0, 0));
    assert_eq!(reader.edge_changes(anna).unwrap().len(), 0);
}

#[test]
fn data_of_format_4_that_was_killed_has_all_of_its_spool() {
    let dir = tempfile::tempdir().unwrap();
    let data = sealed_with_persons(dir.path(), "format-4-killed");
    let options = || GraphOptions { key: Some(dir.path().join("data.key")), ..inline(&data) };
    let phone = |graph: &lares_graph::Graph| {
        let anna = graph.reader().node(NodeId::person("anna")).unwrap().unwrap();
        anna.props.get("phone").and_then(|v| v.as_text().map(str::to_owned))
    };
    let (graph, opened) = open(options());
    assert!(opened.after_crash, "{opened:?}");
    assert_eq!(phone(&graph).as_deref(), Some("+4314"));
    let before = hash(&graph.reader());
    assert_whole(&graph);
    graph.close().unwrap();
    drop(graph);
    let (graph, opened) = open(options());
    assert_eq!((opened.recovered, hash(&graph.reader())), (0, before));
    assert_whole(&graph);
}

#[test]
fn plain_data_is_sealed_at_the_next_start_that_has_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    std::fs::create_dir(&data).unwrap();
    plain(&data);
    let canary = |path: &Path| std::fs::read(path).unwrap().windows(8).any(|w| w == b"somebody");
    assert!(canary(&data.join("data.mdb")));
    let options = || GraphOptions { key: Some(dir.path().join("data.key")), ..threaded(&data) };
    for start in 0..2 {
        let (graph, opened) = open(options());
        assert!(!opened.after_crash, "start {start}: {opened:?}");
        assert_plain(&graph.reader());
        assert_eq!(graph.reader().check().unwrap().chained, 87);
        graph.close().unwrap();
        drop(graph);
        assert!(!canary(&data.join("data.mdb")), "start {start}");
    }
    let left: Vec<_> = std::fs::read_dir(&data).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|n| n == "sealing"), "{left:?}");
    std::fs::remove_file(dir.path().join("data.key")).unwrap();
    assert!(lares_graph::Graph::open(options()).is_err());
}

/// The child opens, and with it migrates.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    println!("\nbegins");
    drop(open(inline(Path::new(&dir))));
    println!("\nended");
}

#[test]
fn a_kill_inside_a_migration_leaves_the_old_or_the_new() {
    let (mut old, mut new) = (0, 0);
    for n in 0..KILLS {
        let dir = tempfile::tempdir().unwrap();
        plain(dir.path());
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child", "--nocapture"]).env(DIR, dir.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        use std::io::BufRead;
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|l| l == "begins"));
        std::thread::sleep(Duration::from_micros(n * 400));
        child.kill().unwrap();
        child.wait().unwrap();
        let reader = Reader::open_read_only(dir.path()).unwrap();
        assert_plain(&reader);
        match reader.check().unwrap().chained {
            0 => old += 1,
            87 => new += 1,
            other => panic!("{other} entries are chained"),
        }
        drop(reader);
        let (graph, _) = open(inline(dir.path()));
        assert_plain(&graph.reader());
        assert_eq!(graph.reader().check().unwrap().chained, 87);
    }
    eprintln!("{KILLS} kills inside a migration: {old} left the old, {new} the new, mixed 0");
    assert!(old > 0 && new > 0, "the kills hit both sides: {old} {new}");
}
