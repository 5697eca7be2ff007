//! Replay: recorded days through the very same actors, in virtual time.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]
#![allow(clippy::disallowed_methods, reason = "these tests start real processes")]

mod days;
mod households;
mod kept;
mod machines;
mod music;
mod phone;
mod rules;
mod trust;
mod wires;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use lares_config::Home;
use lares_sim::{Options, Reports, Source, Summary, replay};
use lares_tests::shared;
use serde_json::{Value, json};

/// Lines of each recording that are replayed where the recording itself is not what is tested.
const SOME: usize = 3_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn load(folder: &Path) -> Arc<Home> {
    match lares_config::load(folder, &[], std::iter::empty()) {
        Ok(loaded) => loaded.home,
        Err(problems) => panic!("{}", lares_config::render(&problems, false)),
    }
}

fn casas() -> Arc<Home> {
    load(&root().join("config/examples/casas"))
}

/// A home of one file, as this text says.
fn home(text: &str) -> Arc<Home> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("home.toml"), text).unwrap();
    load(folder.path())
}

fn run(recording: &Path, home: &Arc<Home>, seed: u64, reports: Reports) -> Summary {
    let (source, home) = (Source::Recording(recording.to_path_buf()), home.clone());
    replay(&Options { source, home, seed, reports, data: None, version: "test".to_owned() }).unwrap()
}

/// A recording with these lines, in a folder that must be kept.
fn recording(lines: &[String]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("events.jsonl");
    fs::write(&file, lines.join("\n")).unwrap();
    (folder, file)
}

fn line(at: &str, device: &str, kind: &str, value: impl Into<Value>) -> String {
    json!({ "t": at, "room": "Hall", "device": device, "kind": kind, "value": value.into() }).to_string()
}

const HALL: &str = r#"
[household]
name = "Hall"
time_zone = "Europe/Vienna"

[room.hall]
name = "Hall"

[device.motion]
room = "hall"
recording = { room = "Hall", device = "Motion", kind = "motion" }

[device.lamp]
room = "hall"
recording = { room = "Hall", device = "Lamp", kind = "light" }
"#;
