//! The living house of `make run`: its simulated sensors live a recorded day at a chosen speed, beside lamps that obey the household;
//! and it is run as a copy, so that what the tour writes is no change of the sources.
//!
//! Meant to fail it (not tried): the day's sensors left to chance, lamps set by what was recorded, the sources given as the home.

use std::process::Command;

use lares_tests::{Lares, wait_for};
use serde_json::Value;

use super::{place, sample};

/// What the day has of a sensor, by the field of its reports.
fn recorded(device: &str, field: &str) -> Vec<f64> {
    let day = std::fs::read_to_string(sample::cottage().join("days/tuesday.jsonl")).unwrap();
    let of = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let payload: Value = serde_json::from_str(line["payload"].as_str()?).unwrap();
        (line["topic"] == format!("lares-twins/{device}")).then(|| payload[field].as_f64().unwrap())
    };
    day.lines().filter_map(of).collect()
}

#[test]
fn a_recorded_day_passes_at_a_chosen_speed() {
    let place = place("day");
    sample::write(&place, |text| text, "");
    let lares = Lares::start(&place);
    let day = sample::cottage().join("days/tuesday.jsonl").display().to_string();
    let _twins = sample::living(&place, &lares, &["--day", &day, "--speed", "1800"]);
    let told = recorded("bedroom-air", "temperature");
    assert!(told.len() > 90, "{told:?}");
    let now = || lares.entity("bedroom-air.temperature").and_then(|e| e["state"].as_f64());
    // An hour of the day is two seconds: it goes on and on, and says nothing but what was recorded.
    let mut heard: Vec<f64> = Vec::new();
    wait_for("the day to pass", || {
        if let Some(value) = now().filter(|v| heard.last() != Some(v)) {
            assert!(told.contains(&value), "{value} was never recorded");
            heard.push(value);
        }
        heard.len() >= 12
    });
    // Lamps are of today: they obey.
    let said = lares.say(&["set", "bedroom-lamp", "on=true", "--as", "anna"]);
    assert_eq!(said.code, 0, "{said:?}");
    let said = lares.say(&["run", "--day", &day]);
    assert!(said.code == 2 && said.err.contains("--demo"), "{said:?}");
}

#[test]
fn make_run_runs_a_copy_of_the_sample_home() {
    let told = |more: &[&str]| {
        let mut make = Command::new("make");
        make.current_dir(sample::root()).args(["-n", "run"]).args(more);
        let done = make.env_remove("LARES_HOME").output().expect("make is missing");
        String::from_utf8_lossy(&done.stdout).into_owned()
    };
    let said = told(&[]);
    let run = said.lines().find(|l| l.contains(" run --watch")).unwrap_or_else(|| panic!("{said}"));
    assert!(run.contains("--home \".lares/home\"") && run.contains("--day"), "{run}");
    assert!(!run.contains("config/examples"), "{run}");
    assert!(said.contains("init \".lares/home\""), "{said}");
    let ignored = std::fs::read_to_string(sample::root().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|l| l == "/.lares"), "{ignored}");
    let own = told(&["HOME_DIR=elsewhere"]);
    assert!(own.contains("--home \"elsewhere\"") && !own.contains("--day"), "{own}");
}
