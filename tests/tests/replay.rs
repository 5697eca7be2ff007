//! Replay: recorded days through the very same actors, in virtual time.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]
#![allow(clippy::disallowed_methods, reason = "these tests start real processes")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use lares_config::Home;
use lares_sim::{Options, Reports, Summary, replay};
use serde_json::{Value, json};

/// Lines of each recording that are replayed where the recording itself is not what is tested.
const SOME: usize = 3_000;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Data that is no part of the repository. Without it tests fail under `CI=true`; elsewhere they say that they were skipped.
fn shared(path: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("LARES_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let found = folder.join(path);
    if found.exists() {
        return Some(found);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", found.display());
    eprintln!("skipped: {} is missing", found.display());
    None
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
    let (recording, home) = (recording.to_path_buf(), home.clone());
    replay(&Options { recording, home, seed, reports, data: None, version: "test".to_owned() }).unwrap()
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

/// R20: the same recording, home and seed give the same bytes.
#[test]
fn same_seed_same_day() {
    let Some(recording) = shared("recordings/casas-hh-labelled") else { return };
    let home = casas();
    for seed in [1, 77] {
        let (one, two) =
            (run(&recording, &home, seed, Reports::Manual), run(&recording, &home, seed, Reports::Manual));
        assert_eq!(one.journal_hash, two.journal_hash, "seed {seed}");
        assert_eq!((one.events, one.unbound, one.broken, one.restarts), (41_061, 0, 0, 0));
        assert_eq!(one.deeds, two.deeds);
        assert!(
            one.commands > 100 && one.receipts.get("confirmed") == Some(&one.commands),
            "{:?}",
            one.receipts
        );
        for rule in home.rules.keys() {
            assert!(one.rules.get(rule).is_some_and(|r| r.fired > 0), "{rule} never fired");
        }
    }
}

/// R20 with every recorded day that there is: each in a home that is bound to all that its lines name.
#[test]
fn every_recorded_day_is_the_same_twice() {
    let Some(all) = shared("recordings") else { return };
    let mut found: Vec<PathBuf> = fs::read_dir(all)
        .unwrap()
        .map(|e| e.unwrap().path().join("events.jsonl.gz"))
        .filter(|p| p.is_file())
        .collect();
    found.sort();
    assert!(found.len() >= 8, "{found:?}");
    for path in found {
        let file = BufReader::new(flate2::read::MultiGzDecoder::new(fs::File::open(&path).unwrap()));
        let lines: Vec<String> = file.lines().take(SOME).map(Result::unwrap).collect();
        let home = bound_to(&lines);
        let (_folder, some) = recording(&lines);
        let (one, two) = (run(&some, &home, 5, Reports::Manual), run(&some, &home, 5, Reports::Manual));
        assert_eq!(one.journal_hash, two.journal_hash, "{}", path.display());
        assert_eq!((one.events + one.unbound, one.broken), (lines.len() as u64, 0), "{}", path.display());
        assert!(one.events > one.unbound, "{}", path.display());
        assert_eq!((one.problems, one.restarts), (0, 0), "{}: {one:?}", path.display());
    }
}

/// A home with a device for each room, device and kind that occurs.
fn bound_to(lines: &[String]) -> Arc<Home> {
    let mut bound = std::collections::BTreeSet::new();
    for line in lines {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        // Annotations belong to no room: nothing can be bound to them.
        if !line["room"].is_null() {
            bound.insert((text("room"), text("device"), text("kind")));
        }
    }
    let mut text = "[household]\nname = \"Any\"\ntime_zone = \"UTC\"\n".to_owned();
    for (n, (room, device, kind)) in bound.iter().enumerate() {
        let (room, device, kind) = (json!(room), json!(device), json!(kind));
        text.push_str(&format!(
            "[device.thing-{n}]\nrecording = {{ room = {room}, device = {device}, kind = {kind} }}\n"
        ));
    }
    home(&text)
}

#[test]
fn a_made_up_evening_gives_the_expected_command() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = true }}]\n"
    ));
    let lines = [
        line("2026-03-01T18:00:00+01:00", "Motion", "motion", false),
        line("2026-03-01T18:00:10.5+01:00", "Motion", "motion", true),
        line("2026-03-01T18:05:00+01:00", "Motion", "motion", false),
    ];
    let (_folder, file) = recording(&lines);
    let told = run(&file, &home, 1, Reports::Manual);
    assert_eq!((told.events, told.commands, told.virtual_seconds), (3, 1, 360.0));
    assert_eq!(told.receipts, [("confirmed".to_owned(), 1)].into());
    let deed = &told.deeds[0];
    assert_eq!((deed.entity.as_deref(), &*deed.what, &*deed.by), (Some("lamp.light"), "on=on", "rule:light"));
    // At the instant of the line: virtual time steps by a millisecond, and nothing else passes.
    assert_eq!(deed.at.0, 1_772_384_410_500_000);
}

#[test]
fn recorded_reports_are_a_hand_on_the_switch_or_are_left_out() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = true }}]\n"
    ));
    let lines = [
        line("2026-03-01T17:00:00+01:00", "Lamp", "light", true),
        line("2026-03-01T17:59:00+01:00", "Motion", "motion", false),
        line("2026-03-01T18:00:00+01:00", "Lamp", "light", false),
        line("2026-03-01T18:00:10+01:00", "Motion", "motion", true),
    ];
    let (_folder, file) = recording(&lines);
    let manual = run(&file, &home, 1, Reports::Manual);
    assert_eq!((manual.events, manual.manual, manual.ignored), (4, 2, 0));
    assert_eq!(
        (manual.commands, manual.decisions.get("overridden")),
        (0, Some(&1)),
        "a hand goes before a rule"
    );
    let ignored = run(&file, &home, 1, Reports::Ignore);
    assert_eq!((ignored.events, ignored.manual, ignored.ignored), (2, 0, 2));
    assert_eq!(ignored.commands, 1);
    assert_ne!(manual.journal_hash, ignored.journal_hash);
}

#[test]
fn bad_lines_are_counted_and_named_and_the_rest_is_replayed() {
    let lines = [
        "{\"t\":\"2026-03-01T18:00:00+01:00\"".to_owned(),
        line("2026-03-01T18:00:10+01:00", "Motion", "motion", true),
        line("2026-03-01T18:00:05+01:00", "Motion", "motion", false),
        line("2026-03-01T18:00:20+01:00", "Stranger", "motion", true),
        line("2026-03-01T18:00:30+01:00", "Motion", "motion", "maybe"),
    ];
    let (_folder, file) = recording(&lines);
    let told = run(&file, &home(HALL), 1, Reports::Manual);
    assert_eq!((told.events, told.broken, told.out_of_order, told.unbound, told.problems), (3, 1, 1, 1, 1));
    let named: Vec<u64> = told.troubles.iter().map(|t| t.line).collect();
    assert_eq!(named, [1, 3]);
    assert!(told.troubles[1].reason.contains("5 s older"), "{:?}", told.troubles);
}

/// R21, the two nights: a rule at an hour that does not exist, and at one that comes twice, fires once.
#[test]
fn both_daylight_saving_nights_fire_once() {
    let home = home(&format!(
        "{HALL}\n[rule.night]\nwhen = [{{ time = \"02:30\" }}]\nthen = [{{ notify = \"half past two\" }}]\n"
    ));
    let firings = |from: &str, to: &str| -> Vec<String> {
        let lines = [line(from, "Motion", "motion", true), line(to, "Motion", "motion", false)];
        let (_folder, file) = recording(&lines);
        let told = run(&file, &home, 1, Reports::Manual);
        assert_eq!(told.rules.get("night").map(|r| r.notices), Some(told.deeds.len() as u64));
        let local = |us: i64| {
            let at = jiff::Timestamp::from_microsecond(us).unwrap();
            at.to_zoned(home.household.zone.clone()).strftime("%m-%d %H:%M %:z").to_string()
        };
        told.deeds.iter().map(|d| local(d.at.0)).collect()
    };
    // In the gap from 02:00 to 03:00 the hour is taken as if the clocks had not been changed yet.
    let spring = firings("2026-03-28T00:00:00+01:00", "2026-03-30T12:00:00+02:00");
    assert_eq!(spring, ["03-28 02:30 +01:00", "03-29 03:30 +02:00", "03-30 02:30 +02:00"]);
    // Of the two hours in autumn it is the first.
    let autumn = firings("2026-10-24T00:00:00+02:00", "2026-10-26T12:00:00+01:00");
    assert_eq!(autumn, ["10-24 02:30 +02:00", "10-25 02:30 +02:00", "10-26 02:30 +01:00"]);
}

/// Two households in one process, at once: each gives what it gives alone.
#[test]
fn two_households_do_not_see_each_other() {
    let Some(recording) = shared("recordings/casas-hh-labelled/events.jsonl.gz") else { return };
    let file = BufReader::new(flate2::read::MultiGzDecoder::new(fs::File::open(recording).unwrap()));
    let lines: Vec<String> = file.lines().take(SOME).map(Result::unwrap).collect();
    let (_folder, some) = self::recording(&lines);
    let home = casas();
    let alone = run(&some, &home, 3, Reports::Manual);
    let at_once: Vec<Summary> = std::thread::scope(|scope| {
        let (some, home) = (&some, &home);
        let threads: Vec<_> = [Reports::Manual, Reports::Ignore, Reports::Manual]
            .map(|reports| scope.spawn(move || run(some, home, 3, reports)))
            .into_iter()
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(at_once[0].journal_hash, alone.journal_hash);
    assert_eq!(at_once[2].journal_hash, alone.journal_hash);
    assert_ne!(at_once[1].journal_hash, alone.journal_hash);
}

/// The cottage's twins on a wire in memory: they announce themselves, live their day and obey.
#[test]
fn twins_live_their_day_by_the_seed() {
    let home = load(&root().join("config/examples/cottage"));
    // Nothing in the cottage is bound to the line: it says when the day begins and ends.
    let lines = [
        line("2026-03-01T06:00:00+01:00", "Motion", "motion", true),
        line("2026-03-01T12:00:00+01:00", "Motion", "motion", true),
    ];
    let (_folder, file) = recording(&lines);
    let (one, two) = (run(&file, &home, 1, Reports::Manual), run(&file, &home, 1, Reports::Manual));
    let other = run(&file, &home, 2, Reports::Manual);
    assert_eq!(one.journal_hash, two.journal_hash);
    assert_ne!(one.journal_hash, other.journal_hash, "another seed is another day");
    assert!(one.journal_entries > 1_000 && one.commands > 0, "{one:?}");
    assert_eq!((one.problems, one.restarts, one.unbound), (0, 0, 2), "{one:?}");
    let good = ["confirmed", "overridden"];
    assert!(one.receipts.keys().all(|word| good.contains(&word.as_str())), "{:?}", one.receipts);
}

/// A recording of the wires: discovery and drivers read the very bytes, and a command is mirrored.
#[test]
fn own_recordings_replay_discovery_and_drivers() {
    let config = json!({
        "unique_id": "m1", "state_topic": "home/m1", "device_class": "motion",
        "device": { "identifiers": ["motion-1"], "name": "Hall motion" },
    });
    let lamp = json!({
        "unique_id": "l1", "schema": "json", "state_topic": "home/l1", "command_topic": "home/l1/set",
        "device": { "identifiers": ["lamp-1"], "name": "Hall lamp" },
    });
    let message = |at: &str, topic: &str, payload: &str, retained: bool| {
        json!({ "t": at, "link": "mqtt", "topic": topic, "payload": payload, "retained": retained })
            .to_string()
    };
    let (start, later) = ("2026-03-01T17:00:00Z", "2026-03-01T17:00:10Z");
    let lines = [
        r#"{"lares_recording":1,"zone":"UTC"}"#.to_owned(),
        message(start, "homeassistant/binary_sensor/m1/config", &config.to_string(), true),
        message(start, "homeassistant/light/l1/config", &lamp.to_string(), true),
        message(start, "home/l1", r#"{"state":"OFF"}"#, true),
        message(start, "home/m1", "OFF", true),
        message(later, "home/m1", "ON", false),
        json!({ "t": later, "link": "mqtt", "topic": "home/m1", "hex": "ff00" }).to_string(),
        message("2026-03-01T17:01:00Z", "home/l1", r#"{"state":"OFF"}"#, false),
        json!({ "t": later, "link": "elsewhere", "topic": "x", "payload": "" }).to_string(),
    ];
    let (_folder, file) = recording(&lines);
    let home = home(
        "[household]\nname = \"Hall\"\ntime_zone = \"UTC\"\n[mqtt.mqtt]\nembedded = true\n\
         [device.motion]\nidentifiers = [\"motion-1\"]\n[device.lamp]\nidentifiers = [\"lamp-1\"]\n\
         [rule.light]\nwhen = [{ entity = \"motion.motion\", to = true }]\nthen = [{ set = \"lamp\", on = true }]\n",
    );
    let told = run(&file, &home, 1, Reports::Manual);
    assert_eq!((told.events, told.unbound, told.out_of_order, told.manual), (7, 1, 1, 1), "{told:?}");
    assert_eq!((told.commands, told.receipts.get("confirmed")), (1, Some(&1)), "{told:?}");
    assert_eq!(told.deeds[0].entity.as_deref(), Some("lamp.light"));
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
    let ignored = run(&file, &home, 1, Reports::Ignore);
    assert_eq!((ignored.events, ignored.manual, ignored.ignored), (6, 0, 1));
}

/// What was recorded from a running household gives the same readings again.
#[test]
fn what_was_recorded_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (home, data, day, kept) = (path("home"), path("data"), path("day.jsonl"), path("kept"));
    assert!(lares(&["init", &home]).status.success());
    let mut running = Command::new(env!("CARGO_BIN_EXE_lares-under-test"))
        .args(["run", "--demo", "--home", &home, "--data", &data])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let lamp = |data: &str| -> Value {
        let out = lares(&["devices", "--json", "--data", data]);
        let told: Value = serde_json::from_slice(&out.stdout).unwrap_or_default();
        let devices = if told.is_array() { &told } else { &told["devices"] };
        let devices = devices.as_array().cloned().unwrap_or_default();
        devices
            .iter()
            .find(|d| d["id"] == "hall-lamp")
            .map_or(Value::Null, |d| d["entities"][0]["state"].clone())
    };
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while lamp(&data).is_null() && std::time::Instant::now() < patience {
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let began = lares(&["record", &day, "--data", &data]);
    let again = lares(&["record", &path("other"), "--data", &data]);
    let set = lares(&["set", "hall-lamp", "on=true", "brightness=40", "--data", &data]);
    let ended = lares(&["record", "--stop", "--json", "--data", &data]);
    let live = lamp(&data);
    lares(&["stop", "--data", &data]);
    running.wait().unwrap();
    assert!(began.status.success(), "{}", String::from_utf8_lossy(&began.stderr));
    assert_eq!(again.status.code(), Some(1), "one recording at a time");
    assert!(set.status.success(), "{}", String::from_utf8_lossy(&set.stderr));
    assert_eq!(live, true);

    let ended: Value = serde_json::from_slice(&ended.stdout).unwrap();
    let out = lares(&["replay", &day, "--home", &home, "--json", "--data", &kept]);
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(told["events"], ended["messages"], "{told} {ended}");
    assert_eq!(
        (&told["broken"], &told["unbound"], &told["problems"]),
        (&json!(0), &json!(0), &json!(0)),
        "{told}"
    );
    assert_eq!(lamp(&kept), live);
}

fn lares(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lares-under-test"));
    for variable in ["LARES_HOME", "LARES_DATA", "LARES_LOG"] {
        command.env_remove(variable);
    }
    command.args(args).output().unwrap()
}

/// A home whose broker listens at `port`, and an evening in it.
fn evening(port: u16) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (home, file) = (folder.path().join("home"), folder.path().join("evening.jsonl"));
    fs::create_dir(&home).unwrap();
    let text = format!(
        "{HALL}\n[broker]\nenabled = false\n[mqtt.out]\nhost = \"127.0.0.1\"\nport = {port}\n\
         [rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\nthen = [{{ set = \"lamp\", on = true }}]\n"
    );
    fs::write(home.join("home.toml"), text).unwrap();
    let lines = [
        line("2026-03-01T18:00:00+01:00", "Motion", "motion", false),
        line("2026-03-01T18:00:10+01:00", "Motion", "motion", true),
    ];
    fs::write(&file, lines.join("\n")).unwrap();
    (folder, home, file)
}

/// T03: with its broker alive beside it, a replay opens no socket.
#[test]
fn a_replay_moves_nothing() {
    if Command::new("strace").arg("-V").output().is_err() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "strace is missing: tests/setup.sh installs it"
        );
        eprintln!("skipped: strace is missing");
        return;
    }
    let broker = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    broker.set_nonblocking(true).unwrap();
    let (folder, home, file) = evening(broker.local_addr().unwrap().port());
    let traced = |args: &[&str]| {
        let calls = folder.path().join("calls");
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-e", "trace=%network", "-e", "signal=none", "-o"]).arg(&calls);
        command.arg(env!("CARGO_BIN_EXE_lares-under-test")).args(args).env_remove("LARES_DATA");
        (command.output().unwrap(), fs::read_to_string(calls).unwrap())
    };
    let nowhere = folder.path().join("data");
    let (_, calls) = traced(&["status", "--data", nowhere.to_str().unwrap()]);
    assert!(calls.contains("socket("), "what opens a socket is seen: {calls}");

    let (out, calls) =
        traced(&["replay", file.to_str().unwrap(), "--home", home.to_str().unwrap(), "--json"]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(told["commands"], 1, "there was something to move");
    assert_eq!(calls, "", "no call to the network at all");
    assert!(broker.accept().is_err(), "nobody has come to the broker");
}

#[test]
fn the_command_tells_and_fails_as_it_says() {
    let (folder, home, file) = evening(1);
    let (home, file) = (home.to_str().unwrap(), file.to_str().unwrap());
    let kept = folder.path().join("kept");
    let kept = kept.to_str().unwrap();

    let out = lares(&["replay", file, "--home", home, "--full", "--data", kept]);
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success() && text.contains("18:00:10") && text.contains("rule:light"), "{text}");
    let why = lares(&["why", "lamp", "--data", kept]);
    let text = String::from_utf8(why.stdout).unwrap();
    assert!(why.status.success() && text.contains("light"), "the journal that was kept can be asked: {text}");

    let out = lares(&["replay", file, "--home", home, "--json", "--full"]);
    let text = String::from_utf8(out.stdout).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    for key in ["events", "commands", "virtual_seconds", "wall_seconds", "journal_hash"] {
        assert!(!last[key].is_null(), "{key}: {text}");
    }

    for args in [
        vec!["replay", file, "--home", home, "--data", kept],
        vec!["replay", home, "--home", home],
        vec!["replay", "nowhere.jsonl", "--home", home],
        vec!["replay", file, "--home", kept],
    ] {
        let out = lares(&args);
        assert_eq!(out.status.code(), Some(2), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        assert!(!out.stderr.is_empty(), "{args:?}");
    }
}
