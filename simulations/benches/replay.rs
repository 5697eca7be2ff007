//! Replay speed (targets S1): three weeks of one flat through all actors, and an idle month of twelve rooms.
//! `cargo bench -p lares-sim`.
#![allow(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lares_config::Home;
use lares_sim::{Options, Reports, Source, replay};

const RUNS: u64 = 3;

fn main() -> Result<(), String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let shared = std::env::var_os("LARES_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let casas = shared.join("recordings/casas-hh-labelled");
    if casas.exists() {
        run("casas", &casas, &load(&root.join("config/examples/casas"))?)?;
    } else {
        println!("casas: left out, {} is not there", casas.display());
    }
    let failed = |e: std::io::Error| e.to_string();
    let folder = tempfile::tempdir().map_err(failed)?;
    for (name, text) in lares_config::rooms::generate(12) {
        std::fs::write(folder.path().join(name), text).map_err(failed)?;
    }
    // Nothing is bound to the lines: they say when the month begins and ends.
    let line =
        |day: &str| format!("{{\"t\":\"{day}T00:00:00Z\",\"device\":\"d\",\"kind\":\"k\",\"value\":1}}\n");
    let month = folder.path().join("events.jsonl");
    std::fs::write(&month, line("2026-03-01") + &line("2026-03-31")).map_err(failed)?;
    run("idle month", &month, &load(folder.path())?)
}

fn load(folder: &Path) -> Result<Arc<Home>, String> {
    let loaded = lares_config::load(folder, &[], std::iter::empty());
    Ok(loaded.map_err(|problems| lares_config::render(&problems, false))?.home)
}

fn run(name: &str, recording: &Path, home: &Arc<Home>) -> Result<(), String> {
    for seed in 1..=RUNS {
        let options = Options {
            source: Source::Recording(recording.to_path_buf()),
            home: home.clone(),
            seed,
            reports: Reports::Manual,
            data: None,
            version: "bench".to_owned(),
        };
        let s = replay(&options).map_err(|e| e.to_string())?;
        println!(
            "{name}: {} events, {} entries, {:.1} days in {:.2} s: {:.0} events/s, {:.0} x, {}",
            s.events,
            s.journal_entries,
            s.virtual_seconds / 86_400.0,
            s.wall_seconds,
            s.events_per_second,
            s.virtual_seconds / s.wall_seconds,
            s.journal_hash,
        );
    }
    Ok(())
}
