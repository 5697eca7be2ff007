//! What the tests share.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use lares_graph::{Graph, GraphOptions, Mode, Opened};
use lares_kernel::Clock;
use lares_model::{
    Body, Draft, EventId, Missed, Node, NodeId, NodeKind, Origin, Property, Timer, Timestamp, Value,
};

/// One second a look.
#[derive(Default)]
pub struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1_000_000, Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

pub fn threaded(path: &Path) -> GraphOptions {
    // A window longer than any test: only those who wait, and numbers, close it.
    let mode = Mode::Threaded { idle_window: Duration::from_secs(600) };
    GraphOptions { mode, map_size: 1 << 20, ..GraphOptions::new(path, Arc::new(Ticking::default())) }
}

pub fn inline(path: &Path) -> GraphOptions {
    GraphOptions::inline(path, Arc::new(Ticking::default()))
}

pub fn open(options: GraphOptions) -> (Graph, Opened) {
    Graph::open(options).unwrap()
}

pub fn lamp() -> NodeId {
    NodeId::entity("z2m/lamp")
}

pub fn notice(text: &str) -> Draft {
    Draft::new(lamp(), Origin::System, Body::Notice { text: text.to_owned() })
}

pub fn reading(entity: NodeId, value: f64) -> Draft {
    let body = Body::Reading { property: Property::State, value: Some(value.into()) };
    Draft::new(entity, Origin::Link("z2m".into()), body)
}

/// All ids of the journal, in order.
pub fn ids(graph: &Graph) -> Vec<EventId> {
    use std::ops::Bound::Unbounded;
    let all = graph.reader().journal(Unbounded, Unbounded, false, usize::MAX).unwrap();
    all.into_iter().map(|s| s.event.id).collect()
}

pub fn assert_whole(graph: &Graph) {
    let report = graph.reader().check().unwrap();
    assert!(report.is_good(), "{report:?}");
}

pub fn room(key: &str, name: &str) -> Node {
    Node {
        id: NodeId::room(key),
        kind: NodeKind::Room,
        key: key.into(),
        name: name.to_owned(),
        props: [("floor".to_owned(), Value::from("ground"))].into(),
        detail: vec![1, 2],
    }
}

pub fn timer(name: &str, due: i64) -> Timer {
    Timer {
        owner: "rule:hall".into(),
        name: name.into(),
        due: Timestamp(due),
        length: Duration::from_secs(60),
        missed: Missed::RunIfWithin(Duration::from_secs(5)),
        cause: EventId::new(1, 1),
    }
}

/// A library in front of the C library that is a disk which loses what was not synced, or fails (`tests/shim/faults.c`).
#[allow(clippy::disallowed_methods, clippy::expect_used, reason = "it is built here")]
pub fn shim() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = BUILT.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let library = dir.path().join("faults.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/shim/faults.c");
        let mut cc = Command::new("cc");
        cc.args(["-O2", "-shared", "-fPIC", "-o"]).arg(&library).arg(source).args(["-ldl", "-lpthread"]);
        assert!(cc.status().expect("cc is needed: apt install gcc").success());
        (dir, library)
    });
    library
}
