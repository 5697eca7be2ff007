//! One harness for every codec: real messages of every protocol, bent, in any order, to one home that keeps its state.
//! Whatever comes, nothing panics, what is refused says where and why, what one message makes is bounded, and whoever
//! sent nothing wrong goes on as before.
//!
//! Each seed is a home of its own. `LARES_FUZZ_INPUTS=5000000` makes a drill of it (`make drill`); a failure prints its
//! seed, and `LARES_FUZZ_SEED=n` plays that home again. `LARES_FUZZ_PRINT=1` shows each message before it is taken, for
//! what ends the process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail"
)]

mod bend;
mod chance;
#[path = "../common/mod.rs"]
mod common;
mod home;
mod limits;
mod stories;
mod words;

use chance::Chance;
use home::{Count, Home};
use lares_devices::Observation;
use lares_model::Value;
use stories::Story;

/// Messages of a plain `make test`: some ten seconds on one core.
const INPUTS: usize = 120_000;
/// Messages to one home.
const SPAN: usize = 60;

fn number(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|n| n.parse().unwrap_or_else(|_| panic!("{name} is `{n}`; allowed: a number")))
}

#[test]
fn whatever_comes_is_taken_or_told() {
    let stories = stories::all();
    let inputs = number("LARES_FUZZ_INPUTS").map_or(INPUTS, |n| n as usize);
    let seeds = match number("LARES_FUZZ_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..inputs.div_ceil(SPAN) as u64,
    };
    let mut all = Count::default();
    for seed in seeds.clone() {
        let played = std::panic::catch_unwind(|| play(seed, &stories));
        let count = match played {
            Ok(Ok(count)) => count,
            Ok(Err(why)) => panic!(
                "seed {seed}: {why}\nagain: LARES_FUZZ_SEED={seed} cargo test --release -p lares-devices --test fuzz whatever"
            ),
            Err(_) => panic!(
                "seed {seed}: panicked\nagain: LARES_FUZZ_SEED={seed} cargo test --release -p lares-devices --test fuzz whatever"
            ),
        };
        all.inputs += count.inputs;
        all.announced += count.announced;
        all.removed += count.removed;
        all.readings += count.readings;
        all.problems += count.problems;
        all.sent += count.sent;
        all.refused += count.refused;
    }
    eprintln!("{} homes, {all:?}", seeds.end - seeds.start);
    // A harness that reaches nothing shows nothing.
    if all.inputs > INPUTS / 2 {
        for (what, n) in [
            ("announced", all.announced),
            ("removed", all.removed),
            ("readings", all.readings),
            ("problems", all.problems),
            ("sent", all.sent),
            ("refused", all.refused),
        ] {
            assert!(n > 200, "only {n} {what}");
        }
    }
}

/// One home: a few stories, bent and mixed; between them somebody who does nothing wrong.
fn play(seed: u64, stories: &[Story]) -> Result<Count, String> {
    let mut chance = Chance::new(seed);
    let mut home = Home::new();
    home.hear("homeassistant/sensor/canary/config", CANARY)?;
    let chosen: Vec<&Story> = (0..=chance.below(4)).map(|_| chance.pick(stories)).collect();
    let print = number("LARES_FUZZ_PRINT").is_some();
    for step in 0..SPAN {
        let story = *chance.pick(&chosen);
        let (topic, payload) = chance.pick(story);
        let (topic, payload) = (bend::topic(topic, &mut chance), bend::payload(payload, &mut chance));
        if print {
            eprintln!("{step}: {topic:?} {:?}", String::from_utf8_lossy(&payload));
        }
        let said = |why: String| {
            let payload: String = String::from_utf8_lossy(&payload).chars().take(2_000).collect();
            format!("message {step} on {topic:.200}: {why}\n{payload}")
        };
        home.hear(&topic, &payload).map_err(said)?;
        home.wish(&mut chance)?;
        if step % 10 == 9 {
            sings(&mut home, step as f64)?;
        }
    }
    for (topic, payload) in chosen.into_iter().flatten() {
        home.hear(topic, payload)?;
    }
    sings(&mut home, -1.5)?;
    Ok(home.count)
}

const CANARY: &[u8] =
    br#"{"uniq_id":"canary","stat_t":"canary/state","unit_of_meas":"W","dev":{"ids":["canary"],"name":"Canary"}}"#;

/// A device that sent nothing wrong is still there, and read.
fn sings(home: &mut Home, number: f64) -> Result<(), String> {
    let (_, driver) = home.devices.get_mut("m/canary").ok_or("another one's message removed the canary")?;
    let mut out = Vec::new();
    driver.on_message("canary/state", number.to_string().as_bytes(), &mut out).map_err(|p| p.to_string())?;
    match &out[..] {
        [Observation::Reading { value: Some(Value::Number(n)), .. }] if *n == number => Ok(()),
        other => Err(format!("the canary says {number} and is heard as {other:?}")),
    }
}

#[test]
fn every_story_says_something_as_it_is() {
    for story in stories::all() {
        let mut home = Home::new();
        for (topic, payload) in &story {
            home.hear(topic, payload).unwrap_or_else(|why| panic!("{topic}: {why}"));
        }
        // Commands to twins and recorded lines announce nothing; the corpus has announcements that are broken.
        let silent = story[0].0.starts_with("lares/") || story[0].0 == "a/b" || home.count.problems > 0;
        let removal = story[0].1.is_empty();
        assert!(home.count.announced > 0 || silent || removal, "{story:?}");
    }
}
