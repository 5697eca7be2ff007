//! Replay speed (targets S1): three weeks of one flat through all actors. `cargo bench -p lares-sim`.
#![allow(clippy::print_stdout, reason = "a bench speaks to whoever runs it")]

use std::path::PathBuf;

use lares_sim::{Options, Reports, replay};

const RUNS: u64 = 1;

fn main() -> Result<(), String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let shared = std::env::var_os("LARES_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let recording =
        std::env::var_os("REC").map_or(shared.join("recordings/casas-hh-labelled"), PathBuf::from);
    if !recording.exists() {
        println!("left out: {} is not there", recording.display());
        return Ok(());
    }
    let home = lares_config::load(&root.join("config/examples/casas"), &[], std::iter::empty());
    let home = home.map_err(|problems| lares_config::render(&problems, false))?.home;
    for seed in 1..=RUNS {
        let options = Options {
            recording: recording.clone(),
            home: home.clone(),
            seed,
            reports: Reports::Manual,
            data: None,
            version: "bench".to_owned(),
        };
        let s = replay(&options).map_err(|e| e.to_string())?;
        println!(
            "{} events, {} entries, {:.1} days in {:.2} s: {:.0} events/s, {:.0} x, {}",
            s.events,
            s.journal_entries,
            s.virtual_seconds / 86_400.0,
            s.wall_seconds,
            s.events_per_second,
            s.virtual_seconds / s.wall_seconds,
            s.journal_hash,
        );
        if std::env::var_os("FULL").is_some() {
            println!("{s:#?}");
        }
    }
    Ok(())
}
