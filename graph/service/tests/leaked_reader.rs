//! R11: somebody else reads and never ends (a copy to a disk that does not answer). The household goes on; once they are gone, what
//! they held is used again.
//!
//! Meant to fail it: never clearing readers that died.
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
use std::process::{Command, Stdio};

use common::*;
use lares_graph::{Graph, Reader};

const DIR: &str = "LARES_LEAKED_TEST_DIR";
const ENTRIES: usize = 6_000;

/// Takes the first bytes, then nothing ever again.
struct Dead(bool);

impl Write for Dead {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0 {
            loop {
                std::thread::park();
            }
        }
        self.0 = true;
        println!("\nreads");
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The child: a dump that hangs in the middle.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let reader = Reader::open_beside(Path::new(&dir)).unwrap();
    reader.dump(&mut Dead(false), "0.1.0", 0).unwrap();
}

fn live(graph: &Graph) {
    for n in 0..ENTRIES {
        // The same state over and over: without a reader its pages are used again.
        let put = lares_model::Write::PutState {
            owner: "o".into(),
            key: format!("{}", n % 50).into(),
            value: Some(vec![n as u8; 900]),
        };
        graph.journal().append(reading(lamp(), n as f64).to_series(), vec![put]);
        if n % 20 == 0 {
            graph.sync_blocking().unwrap();
        }
    }
    graph.sync_blocking().unwrap();
}

#[test]
fn a_reader_that_never_ends_costs_space_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let size = |graph: &Graph| graph.reader().counts().unwrap().file_bytes;
    let (graph, _) = open(inline(dir.path()));
    live(&graph);
    let calm = size(&graph);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "child", "--nocapture"]).env(DIR, dir.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|l| l == "reads"));
    live(&graph);
    let held = size(&graph);
    assert!(held > 2 * calm, "it holds {} of {calm} bytes back: nothing is shown", held - calm);
    assert!(graph.health().ok && graph.health().refused == 0, "{:?}", graph.health());
    child.kill().unwrap();
    child.wait().unwrap();
    graph.close().unwrap();
    drop(graph);
    let (graph, _) = open(inline(dir.path()));
    live(&graph);
    live(&graph);
    let after = size(&graph);
    assert!(after < held + (held - calm) / 4, "{calm} calm, {held} held, {after} after it was gone");
    assert_whole(&graph);
}
