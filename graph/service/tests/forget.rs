//! Forgetting: erased here, unreadable in copies of before, and the journal's order and chain still hold.
//!
//! Meant to fail it: sealing what is somebody's with the household's key (`seal_for` without owner),
//! not erasing the key, leaving the entry's hash out of what is left of it, taking the name away before the key.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test fails by panicking"
)]

mod common;

use std::path::Path;

use common::*;
use lares_graph::{Graph, GraphOptions, Owners, Reader, forget, private_file};
use lares_model::{
    Body, Draft, Edge, EdgeInfo, EdgeKind, EventId, Node, NodeId, NodeKind, Origin, Presence, Property,
    Timestamp, Value, Write,
};

fn anna() -> NodeId {
    NodeId::person("anna")
}

fn phone() -> NodeId {
    NodeId::entity("z2m/phone")
}

fn scale() -> NodeId {
    NodeId::entity("z2m/scale")
}

fn owners() -> Owners {
    [("person:anna".to_owned(), vec![anna(), phone()]), ("domain:health".to_owned(), vec![scale()])].into()
}

fn options(dir: &Path) -> GraphOptions {
    GraphOptions { key: Some(dir.join("data.key")), ..inline(&dir.join("data")) }
}

fn moved() -> Draft {
    let body = Body::PersonMoved { presence: Presence::Home, room: Some("hall".into()) };
    Draft::new(anna(), Origin::System, body)
}

fn of_anna(reader: &Reader) -> (usize, usize, bool) {
    let samples = reader.samples(phone(), Property::State, Timestamp::MIN, Timestamp::MAX).unwrap().len();
    (reader.history(anna(), None, 1000).unwrap().len(), samples, reader.node(anna()).unwrap().is_some())
}

fn weights(reader: &Reader) -> usize {
    reader.samples(scale(), Property::State, Timestamp::MIN, Timestamp::MAX).unwrap().len()
}

/// Where a child forgets somebody until it is killed.
const DIR: &str = "LARES_FORGET_DIR";
const KILLS: u64 = 12;

#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    println!("\nbegins");
    forget(&Path::new(&dir).join("data"), "person:anna").unwrap();
    println!("\nended");
}

/// Cut short wherever it is, it can be done again, and then all of it is done.
#[test]
fn forgetting_that_was_killed_is_done_again_and_then_whole() {
    let made = tempfile::tempdir().unwrap();
    let (graph, _) = open(options(made.path()));
    graph.set_owners(&owners()).unwrap();
    for n in 0..3_000 {
        graph.journal().append(reading(phone(), f64::from(n)).to_series(), vec![]);
        graph.journal().append(moved(), vec![]);
        graph.journal().append(notice("by itself"), vec![]);
    }
    graph.sync_blocking().unwrap();
    let backup = made.path().join("backup");
    std::fs::create_dir(&backup).unwrap();
    graph.reader().copy_to(&backup.join("data.mdb")).unwrap();
    graph.close().unwrap();
    drop(graph);
    let (mut again, mut whole, mut took) = (0, 0, std::time::Duration::from_millis(200));
    for n in 0..=KILLS {
        let dir = tempfile::tempdir().unwrap();
        let from = made.path().join(".");
        let copied = std::process::Command::new("cp").arg("-a").arg(from).arg(dir.path()).status();
        assert!(copied.unwrap().success());
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child", "--nocapture"]).env(DIR, dir.path());
        let output = (std::process::Stdio::piped(), std::process::Stdio::null());
        let mut child = command.stdout(output.0).stderr(output.1).spawn().unwrap();
        use std::io::BufRead;
        let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.any(|l| l == "begins"));
        let began = std::time::Instant::now();
        if n == 0 {
            // How long it takes where nobody kills it.
            assert!(lines.any(|l| l == "ended"));
            took = began.elapsed();
        } else {
            std::thread::sleep(took * n as u32 / KILLS as u32);
            child.kill().unwrap();
        }
        child.wait().unwrap();
        match forget(&dir.path().join("data"), "person:anna") {
            Ok(_) => again += 1,
            Err(e) => {
                assert!(e.to_string().contains("nothing is kept of"), "{e}");
                whole += 1;
            }
        }
        let (graph, _) = open(options(dir.path()));
        assert_eq!(of_anna(&graph.reader()), (0, 0, false));
        let report = graph.reader().check().unwrap();
        assert!(report.is_good() && report.gone == 3_000 && report.chained == 6_000, "{report:?}");
        graph.close().unwrap();
        drop(graph);
        // Of what was copied before nothing of hers can be read with the keys of after.
        let old = Reader::open_copy(&dir.path().join("backup"), &dir.path().join("data.key")).unwrap();
        assert_eq!(of_anna(&old), (0, 0, false));
    }
    eprintln!("{KILLS} kills of a forgetting: {again} begun again, {whole} were whole, half forgotten 0");
    assert!(again > 0 && whole > 0, "{again} {whole}");
}

#[test]
fn a_person_is_forgotten_and_the_rest_stays() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("data.key");
    let (graph, _) = open(options(dir.path()));
    graph.set_owners(&owners()).unwrap();
    let journal = graph.journal();
    let node = Node { id: anna(), kind: NodeKind::Person, key: "anna".into(), ..room("anna", "Anna") };
    journal.append(moved(), vec![Write::PutNode(node)]);
    for n in 0..300 {
        journal.append(reading(phone(), f64::from(n)).to_series(), vec![]);
        journal.append(reading(scale(), f64::from(n)).to_series(), vec![]);
        journal.append(moved(), vec![]);
        let mut by_anna = notice("anna switched it");
        by_anna.origin = Origin::Person("anna".into());
        journal.append(by_anna, vec![]);
        journal.append(notice("by itself"), vec![]);
    }
    graph.sync_blocking().unwrap();
    graph.look_after();
    assert_eq!(of_anna(&graph.reader()), (301, 300, true));
    let before = ids(&graph);
    let backup = dir.path().join("backup");
    std::fs::create_dir(&backup).unwrap();
    graph.reader().copy_to(&backup.join("data.mdb")).unwrap();
    graph.close().unwrap();
    drop((graph, journal));
    let old_keys = std::fs::read(private_file(&key)).unwrap();

    let done = forget(&dir.path().join("data"), "person:anna").unwrap();
    assert_eq!((done.entries, done.nodes, done.samples, done.had_key), (601, 1, 300, true));
    let again = forget(&dir.path().join("data"), "person:anna").unwrap_err().to_string();
    assert!(again.contains("nothing is kept of `person:anna`") && again.contains("domain:health"), "{again}");

    let (graph, _) = open(options(dir.path()));
    let reader = graph.reader();
    assert_eq!(of_anna(&reader), (0, 0, false));
    assert_eq!((weights(&reader), reader.history(lamp(), None, 1000).unwrap().len()), (300, 300));
    let report = reader.check().unwrap();
    assert!(report.is_good() && report.gone == 601 && report.chained == before.len() as u64, "{report:?}");
    let left = ids(&graph);
    assert!(left.iter().all(|id| before.contains(id)) && left.windows(2).all(|w| w[0] < w[1]));
    // She may come back: then she has a key of her own again.
    graph.set_owners(&owners()).unwrap();
    graph.journal().append(moved(), vec![]);
    graph.sync_blocking().unwrap();
    assert_eq!(reader.history(anna(), None, 10).unwrap().len(), 1);
    assert_whole(&graph);
    graph.close().unwrap();
    drop((graph, reader));

    // A backup of before, with the keys of after: hers cannot be read, all else can.
    let old = Reader::open_copy(&backup, &key).unwrap();
    assert_eq!(of_anna(&old), (0, 0, false));
    assert_eq!((weights(&old), old.event(EventId::new(1, 1)).unwrap()), (300, None));
    let report = old.check().unwrap();
    assert!(report.is_good() && report.forgotten > 600, "{report:?}");
    drop(old);
    // With the keys of before it still can: who keeps those has not forgotten.
    std::fs::write(private_file(&key), old_keys).unwrap();
    assert_eq!(of_anna(&Reader::open_copy(&backup, &key).unwrap()), (301, 300, true));
}

#[test]
fn a_domain_is_forgotten_too_and_an_old_copy_lives_on_without_it() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(options(dir.path()));
    graph.set_owners(&owners()).unwrap();
    for n in 0..50 {
        graph.journal().append(reading(scale(), f64::from(n)), vec![]);
        graph.journal().append(reading(lamp(), f64::from(n)), vec![]);
    }
    graph.sync_blocking().unwrap();
    let copy = dir.path().join("copy.mdb");
    graph.reader().copy_to(&copy).unwrap();
    graph.close().unwrap();
    drop(graph);
    let done = forget(&dir.path().join("data"), "domain:health").unwrap();
    assert_eq!((done.entries, done.samples, done.had_key), (50, 50, true));
    // Restored from before: what was forgotten stays so, and new samples of the scale are taken.
    std::fs::rename(&copy, dir.path().join("data/data.mdb")).unwrap();
    let (graph, _) = open(options(dir.path()));
    assert_eq!(weights(&graph.reader()), 0);
    assert_eq!(graph.reader().history(lamp(), None, 100).unwrap().len(), 50);
    graph.set_owners(&owners()).unwrap();
    graph.journal().append(reading(scale(), 7.0), vec![]);
    graph.sync_blocking().unwrap();
    graph.look_after();
    assert_eq!(weights(&graph.reader()), 1);
    let report = graph.reader().check().unwrap();
    assert!(report.problem_count == 0 && report.forgotten > 0, "{report:?}");
    graph.close().unwrap();
}

/// What edges say of somebody cannot be read once they are forgotten, whichever end they are at: in an old copy neither.
#[test]
fn what_edges_say_of_a_person_goes_with_them() {
    let ben = NodeId::person("ben");
    let between = |from, to| Edge { from, kind: EdgeKind::Knows, to };
    let edges =
        [between(anna(), ben), between(ben, anna()), between(anna(), lamp()), between(lamp(), anna())];
    let info = |text: &str| EdgeInfo { props: [("note".to_owned(), text.into())].into(), valid: vec![] };
    let all = |reader: &Reader| {
        let facts = edges.iter().filter(|e| reader.fact(**e).unwrap().is_some()).count();
        let ends = reader.edges_to(anna()).unwrap().len() + reader.facts_from(anna()).unwrap().len();
        let then = reader.parts_as_of(EventId(u64::MAX)).unwrap().edges.len();
        (facts, ends, then, reader.parts().unwrap().facts.len(), reader.edge_changes(anna()).unwrap().len())
    };
    for forgotten in ["anna", "ben"] {
        let dir = tempfile::tempdir().unwrap();
        let owners: Owners = ["anna", "ben"].map(|p| (format!("person:{p}"), vec![NodeId::person(p)])).into();
        let (graph, _) = open(options(dir.path()));
        graph.set_owners(&owners).unwrap();
        let put = edges.iter().map(|edge| Write::PutFact { edge: *edge, info: info("canary") }).collect();
        graph.journal().append(moved(), put);
        graph.sync_blocking().unwrap();
        assert_eq!(all(&graph.reader()), (4, 4, 4, 4, 4));
        let copy = dir.path().join("copy.mdb");
        graph.reader().copy_to(&copy).unwrap();
        graph.close().unwrap();
        drop(graph);
        forget(&dir.path().join("data"), &format!("person:{forgotten}")).unwrap();
        let left = if forgotten == "anna" { (0, 0, 0, 0, 0) } else { (2, 2, 2, 2, 2) };
        let (graph, _) = open(options(dir.path()));
        assert_eq!(all(&graph.reader()), left);
        assert_whole(&graph);
        graph.close().unwrap();
        drop(graph);
        // Restored from before, with the keys of after; and what is said anew stands.
        std::fs::rename(&copy, dir.path().join("data/data.mdb")).unwrap();
        let (graph, _) = open(options(dir.path()));
        assert_eq!(all(&graph.reader()), left);
        graph.set_owners(&owners).unwrap();
        let put = edges.iter().map(|edge| Write::PutFact { edge: *edge, info: info("anew") }).collect();
        graph.journal().append(moved(), put);
        graph.sync_blocking().unwrap();
        assert_eq!(all(&graph.reader()).0, 4);
        let report = graph.reader().check().unwrap();
        assert!(report.problem_count == 0, "{report:?}");
        graph.close().unwrap();
    }
}

#[test]
fn who_was_forgotten_and_is_in_an_old_copy_can_be_described_and_spoken_of_again() {
    let dir = tempfile::tempdir().unwrap();
    let (graph, _) = open(options(dir.path()));
    graph.set_owners(&owners()).unwrap();
    let node = Node { id: anna(), kind: NodeKind::Person, key: "anna".into(), ..room("anna", "Anna") };
    graph.journal().append(moved(), vec![Write::Describe(node.clone())]);
    graph.sync_blocking().unwrap();
    let copy = dir.path().join("copy.mdb");
    graph.reader().copy_to(&copy).unwrap();
    graph.close().unwrap();
    drop(graph);
    forget(&dir.path().join("data"), "person:anna").unwrap();
    std::fs::rename(&copy, dir.path().join("data/data.mdb")).unwrap();
    // The home still names her, and somebody says something of her.
    for said in [false, true] {
        let (graph, _) = open(options(dir.path()));
        graph.set_owners(&owners()).unwrap();
        let (key, set) = ("anna".into(), [("labels".to_owned(), Some("back".into()))].into());
        let write = match said {
            false => Write::Describe(node.clone()),
            true => Write::Amend { id: anna(), kind: NodeKind::Person, key, name: None, set },
        };
        graph.journal().append(moved(), vec![write]);
        graph.sync_blocking().unwrap();
        assert_eq!(graph.reader().node(anna()).unwrap().unwrap().name, "Anna");
        let report = graph.reader().check().unwrap();
        assert!(report.problem_count == 0, "{report:?}");
        graph.close().unwrap();
    }
}

/// A call is there because it was put on record: nothing describes it again, so it goes with its domain, and its sound too.
#[test]
fn a_call_is_forgotten_with_its_sound() {
    let dir = tempfile::tempdir().unwrap();
    let (call, task) = (NodeId::derive("call", "1"), NodeId::derive("task", "call-back-1"));
    {
        let (graph, _) = Graph::open(options(dir.path())).unwrap();
        graph.set_owners(&[("domain:phone".to_owned(), vec![call, task])].into()).unwrap();
        let amend = |id, kind, key: &str, name: &str| Write::Amend {
            id,
            kind,
            key: key.into(),
            name: Some(name.to_owned()),
            set: [("body".to_owned(), Some(Value::text("a water leak")))].into(),
        };
        let link = || Origin::Link("phone".into());
        let said = Draft::new(
            call,
            link(),
            Body::Notice { text: "the caller leaves a message: a water leak".into() },
        );
        let writes = vec![
            amend(call, NodeKind::Call, "1", "Call from Sarah"),
            amend(task, NodeKind::Task, "call-back-1", "Call back Sarah"),
            Write::PutEdge(Edge { from: task, kind: EdgeKind::About, to: call }),
        ];
        graph.journal().append(said, writes);
        let sound = Body::Other { kind: 3_100, version: 1, bytes: vec![7; 8_000] };
        graph.journal().append(Draft::new(call, link(), sound), Vec::new());
        graph.close().unwrap();
    }
    forget(&dir.path().join("data"), "domain:phone").unwrap();
    let reader = Reader::open_read_only(&dir.path().join("data")).unwrap();
    assert!(reader.node(call).unwrap().is_none() && reader.node(task).unwrap().is_none());
    assert_eq!(reader.history(call, None, 100).unwrap().len(), 0);
    assert_eq!(reader.edges_to(call).unwrap().len(), 0);
}
