//! Recordings of our own wires, and the command as a process.

use super::*;

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

/// People, silence and what a rule says of both, from the bytes of the wire.
#[test]
fn people_and_silence_are_replayed() {
    let entity = |name: &str, more: Value| {
        let mut config = json!({ "unique_id": name, "state_topic": name, "device": { "identifiers": [name], "name": name } });
        more.as_object().unwrap().iter().for_each(|(k, v)| config[k] = v.clone());
        config.to_string()
    };
    let message = |at: &str, topic: &str, payload: &str, retained: bool| {
        json!({ "t": at, "link": "mqtt", "topic": topic, "payload": payload, "retained": retained })
            .to_string()
    };
    let start = "2026-03-01T17:00:00Z";
    let probe = json!({ "expire_after": 60, "unit_of_measurement": "°C", "device_class": "temperature" });
    let lines = [
        r#"{"lares_recording":1,"zone":"UTC"}"#.to_owned(),
        message(start, "homeassistant/device_tracker/phone/config", &entity("phone", json!({})), true),
        message(start, "homeassistant/sensor/probe/config", &entity("probe", probe), true),
        message(start, "phone", "home", true),
        message(start, "probe", "21.5", true),
        message("2026-03-01T17:00:10Z", "phone", "not_home", false),
        message("2026-03-01T17:05:00Z", "phone", "home", false),
    ];
    let (_folder, file) = recording(&lines);
    let home = home(
        "[household]\nname = \"Hall\"\ntime_zone = \"UTC\"\n[mqtt.mqtt]\nembedded = true\n\
         [device.phone]\nidentifiers = [\"phone\"]\n[device.probe]\nidentifiers = [\"probe\"]\n\
         [person.anna]\nrole = \"adult\"\ntrackers = [\"phone\"]\n\
         [rule.gone]\nwhen = [{ person = \"anna\", to = \"away\" }]\nthen = [{ notify = \"she left\" }]\n\
         [rule.warm]\nwhen = [{ person = \"anna\", to = \"home\" }]\n\
         if = [{ entity = \"probe.temperature\", above = \"20 °C\" }]\nthen = [{ notify = \"it is warm\" }]\n",
    );
    let told = run(&file, &home, 1, Reports::Manual);
    let words: Vec<&str> = told.deeds.iter().map(|d| d.what.as_str()).collect();
    assert_eq!(words, ["she left"], "the probe is silent when she comes: {told:?}");
    assert_eq!(told.rules["warm"].skipped, 1, "{told:?}");
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
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
