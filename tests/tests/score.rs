//! The scorer on bounded parts of the corpora: shares do not fall below what was measured, and bad files are named.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]
#![allow(clippy::disallowed_methods, reason = "temporary files")]

use lares_tests::{read_shared, score, shared};
use serde_json::Value as Json;

fn at_least(report: &Json, floors: &[(&str, f64)]) {
    for (name, floor) in floors {
        let share = report["shares"][name].as_f64().unwrap();
        assert!(share >= *floor, "{name} is {share}, was {floor}: {:#}", report["first_misses"]);
    }
}

fn run(args: &[&str]) -> Result<Json, score::Bad> {
    score::run(&args.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>())
}

#[test]
fn every_sixteenth_model_scores_as_before() {
    let Some(devices) = read_shared("corpora/z2m-discovery/devices.open.jsonl.zst") else { return };
    let Some(oracle) = shared("corpora/z2m-discovery/oracle.open.jsonl.zst") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("devices.jsonl");
    std::fs::write(&file, devices.lines().step_by(16).collect::<Vec<_>>().join("\n")).unwrap();
    let report = run(&["z2m", file.to_str().unwrap(), oracle.to_str().unwrap()]).unwrap();
    assert_eq!(report["counts"]["models"], 193);
    at_least(
        &report,
        &[
            ("accepted", 0.999),
            ("typed", 0.999),
            ("templates_equal", 0.995),
            ("states_applied", 0.997),
            ("commands_accepted", 0.999),
            ("triggers_heard", 1.0),
        ],
    );
}

#[test]
fn other_announcements_score_as_before() {
    let Some(payloads) = shared("corpora/mqtt-other/payloads.open.jsonl") else { return };
    let report = run(&["other", payloads.to_str().unwrap()]).unwrap();
    at_least(
        &report,
        &[
            ("accepted", 0.990),
            ("typed", 0.962),
            ("states_applied", 0.886),
            ("expected_met", 0.972),
            ("commands_equal", 0.964),
        ],
    );
}

#[test]
fn a_bad_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.jsonl");
    let path = file.to_str().unwrap();
    for (text, wanted) in [
        ("{\"family\":\"x\",\"payload\":{}}\n{\"a\":", "bad.jsonl:2: "),
        ("\n[]", "bad.jsonl:2: is no JSON object"),
        ("{}", "bad.jsonl:1: `family` is missing"),
        ("", "holds no line"),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = run(&["other", path]).unwrap_err().to_string();
        assert!(said.contains(wanted), "{said}");
    }
    std::fs::write(folder.path().join("bad.zst"), b"no frame").unwrap();
    assert!(run(&["other", folder.path().join("bad.zst").to_str().unwrap()]).is_err());
    assert!(run(&["other", "/nowhere.jsonl"]).is_err());
    assert!(run(&["else"]).unwrap_err().to_string().starts_with("usage"));
}

#[test]
fn walks_past_receivers_are_told_room_by_room() {
    let Some(traces) = shared("corpora/presence/trace.open.jsonl.zst") else { return };
    let report = run(&["presence", traces.to_str().unwrap()]).unwrap();
    let wrong = |run: &str| report[run]["wrong_share"].as_f64().unwrap();
    assert_eq!(report["with_plan"]["counts"]["fixes"], 1820);
    assert!(wrong("with_plan") <= 0.105, "{:#}", report["with_plan"]);
    assert!(wrong("without_plan") <= 0.30, "{:#}", report["without_plan"]);
    // No flapping: at most twice as many moves as there were, the first fix of each walk among them.
    let count = |key: &str| report["with_plan"]["counts"][key].as_u64().unwrap();
    assert!(count("moves_told") <= 2 * count("rooms_entered"), "{:#}", report["with_plan"]["counts"]);
}

#[test]
fn rooms_without_a_sensor_are_told_by_their_air() {
    let Some(train) = shared("recordings/office-occupancy/datatraining.jsonl.gz") else { return };
    let Some(test) = shared("recordings/office-occupancy/datatest.jsonl.gz") else { return };
    let report = run(&["occupancy", train.to_str().unwrap(), test.to_str().unwrap()]).unwrap();
    // Published without the light sensor: .871 without the time of day, .959 with it.
    for (run, floor) in [("untrained", 0.90), ("air", 0.93), ("air_and_time", 0.955)] {
        let accuracy = report[run]["files"][0]["accuracy"].as_f64().unwrap();
        assert!(accuracy >= floor, "{run}: {accuracy}");
    }
}
