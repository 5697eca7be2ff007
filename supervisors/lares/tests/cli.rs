//! The command as a person or a script meets it: exit codes, words, JSON, with no household running.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use lares_graph::{Graph, GraphOptions};
use lares_kernel::SystemClock;
use lares_model::*;
use serde_json::{Value as Json, json};

fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lares"));
    command.args(args).current_dir(dir);
    for variable in ["LARES_HOME", "LARES_DATA", "LARES_LOG"] {
        command.env_remove(variable);
    }
    command
        .env("HOME", dir)
        .env("XDG_CONFIG_HOME", dir.join("config"))
        .env("XDG_DATA_HOME", dir.join("data"));
    command
}

fn lares(dir: &Path, args: &[&str]) -> Output {
    command(dir, args).output().unwrap()
}

fn ok(dir: &Path, args: &[&str]) -> String {
    let out = lares(dir, args);
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn json_of(dir: &Path, args: &[&str]) -> Json {
    serde_json::from_str(&ok(dir, args)).unwrap()
}

fn refused(dir: &Path, args: &[&str], code: i32) -> String {
    let out = lares(dir, args);
    let err = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(code), "{args:?}: {err}");
    err
}

/// What a household left behind: one switch that was on.
fn leave_behind(data: &Path) {
    let mut options = GraphOptions::new(data, Arc::new(SystemClock::default()));
    options.map_size = 1 << 24;
    let (graph, _) = Graph::open(options).unwrap();
    let info = EntityInfo {
        key: "mqtt/plug-1".into(),
        unique_id: "plug-1".into(),
        component: Component::Switch,
        name: None,
        slug: "plug".into(),
        device_class: None,
        state_class: None,
        unit: None,
        category: None,
        enabled_by_default: true,
        expire_after: None,
        assumed: false,
        properties: vec![],
    };
    let (device, entity) = (NodeId::device("mqtt/plug"), info.id());
    let node = |kind, id, key: &str, reference: &str, detail: Vec<u8>| {
        let props = BTreeMap::from([("ref".to_owned(), Value::text(reference))]);
        Write::PutNode(Node { id, kind, key: key.into(), name: "Plug".into(), props, detail })
    };
    let writes = vec![
        node(NodeKind::Device, device, "mqtt/plug", "plug", vec![]),
        node(NodeKind::Entity, entity, &info.key, "plug.plug", serde_json::to_vec(&info).unwrap()),
        Write::PutEdge(Edge { from: entity, kind: EdgeKind::PartOf, to: device }),
        Write::PutState {
            owner: "status".into(),
            key: device.to_string().into(),
            value: Some(serde_json::to_vec(&Status::Online).unwrap()),
        },
    ];
    let journal = graph.journal();
    let boot = Body::Boot { version: "0.1.0".into(), epoch: 1, after_crash: false };
    journal.append(Draft::new(NodeId::household(), Origin::System, boot), writes);
    for n in 0..600 {
        let body = Body::Reading { property: Property::On, value: Some((n % 2 == 1).into()) };
        journal.append(Draft::new(entity, Origin::Link("mqtt".into()), body), vec![]);
    }
    graph.close().unwrap();
}

#[test]
fn what_a_household_left_behind_can_be_read_without_it() {
    let dir = tempfile::tempdir().unwrap();
    leave_behind(&dir.path().join("data/lares"));
    let devices = json_of(dir.path(), &["devices", "--json"]);
    assert_eq!(devices[0]["id"], "plug");
    assert_eq!(devices[0]["running"], json!(false));
    assert_eq!(devices[0]["identifiers"], json!(["plug"]));
    assert_eq!(devices[0]["entities"][0]["state"], json!(true));
    assert!(devices[0]["entities"][0]["age_s"].is_number());
    let status = json_of(dir.path(), &["status", "--json"]);
    assert_eq!((&status["running"], &status["events"]), (&json!(false), &json!(601)));
    let why = json_of(dir.path(), &["why", "plug", "--json"]);
    assert_eq!((&why["running"], &why["of"]), (&json!(false), &json!("plug.plug")));
    assert!(ok(dir.path(), &["why", "plug", "--line"]).starts_with("Plug is on since"));
    assert!(ok(dir.path(), &["timers"]).starts_with("(no household answers"));
    assert_eq!(json_of(dir.path(), &["graph", "nodes", "device", "--json"])["nodes"][0]["key"], "mqtt/plug");
    assert_eq!(json_of(dir.path(), &["tree", "--json"])["running"], json!(false));
    let lines = ok(dir.path(), &["log", "--json", "-n", "3"]);
    let lines: Vec<Json> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[2]["kind"], &lines[2]["running"]), (&json!("reading"), &json!(false)));
    assert!(refused(dir.path(), &["log", "-f"], 1).contains("no household runs"));
}

#[test]
fn exit_codes_tell_whose_fault_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let err = refused(dir.path(), &["devices"], 1);
    assert!(err.contains("no household has run on") && err.contains("lares run"), "{err}");
    leave_behind(&dir.path().join("data/lares"));
    for act in [&["set", "plug", "on=true"][..], &["release", "plug"], &["reload"], &["stop"]] {
        assert!(refused(dir.path(), act, 1).contains("start it with `lares run`"), "{act:?}");
    }
    assert!(refused(dir.path(), &["why", "plgu"], 2).contains("did you mean plug"));
    refused(dir.path(), &["why", "e9-9"], 2);
    refused(dir.path(), &["log", "--kind", "readings"], 2);
    refused(dir.path(), &["log", "--since", "soon"], 2);
    refused(dir.path(), &["graph", "nodes", "things"], 2);
    refused(dir.path(), &["nonsense"], 2);
    refused(dir.path(), &[], 2);
    ok(dir.path(), &["--version"]);
    ok(dir.path(), &["help", "why"]);
    ok(dir.path(), &["completions", "zsh"]);
}

#[test]
fn a_home_is_begun_checked_broken_and_mended() {
    let dir = tempfile::tempdir().unwrap();
    ok(dir.path(), &["init", "home"]);
    assert!(refused(dir.path(), &["init", "home"], 2).contains("not empty"));
    let checked = json_of(dir.path(), &["check", "--home", "home", "--json"]);
    assert_eq!((&checked["ok"], &checked["errors"]), (&json!(true), &json!(0)));
    let rules = dir.path().join("home/rules.toml");
    let good = std::fs::read_to_string(&rules).unwrap();
    std::fs::write(&rules, good.replacen("on = true", "onn = true", 1)).unwrap();
    let err = refused(dir.path(), &["check", "--home", "home"], 2);
    assert!(err.contains("rules.toml:") && err.contains("did you mean \"on\"?"), "{err}");
    let out = lares(dir.path(), &["check", "--home", "home", "--json"]);
    assert_eq!(out.status.code(), Some(2));
    let checked: Json = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((&checked["ok"], &checked["errors"]), (&json!(false), &json!(1)));
    std::fs::write(&rules, good).unwrap();
    ok(dir.path(), &["check", "--home", "home", "--set", "household.name=Elsewhere"]);
    refused(dir.path(), &["check", "--home", "home", "--set", "household.nam=Elsewhere"], 2);
    ok(dir.path(), &["rooms", "12", "load"]);
    let summary = ok(dir.path(), &["check", "--home", "load"]);
    assert!(summary.contains("12 rooms") && summary.contains("24 rules"), "{summary}");
    let schema = json_of(dir.path(), &["check", "--schema"]);
    assert!(schema["$defs"].is_object());
    let doctor = lares(dir.path(), &["doctor", "--home", "home", "--json"]);
    let doctor: Json = serde_json::from_slice(&doctor.stdout).unwrap();
    assert_eq!(doctor["findings"][0]["grade"], "ok", "{doctor}");
    assert!(ok(dir.path(), &["doctor", "--unit"]).contains("Type=notify"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let dir = tempfile::tempdir().unwrap();
    leave_behind(&dir.path().join("data/lares"));
    let mut child = command(dir.path(), &["log", "-n", "600", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&out.stderr), "");
}

#[test]
fn a_data_folder_that_is_held_is_named_with_its_process() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data/lares");
    leave_behind(&data);
    let mut options = GraphOptions::new(&data, Arc::new(SystemClock::default()));
    options.map_size = 1 << 24;
    let (_held, _) = Graph::open(options).unwrap();
    let err = refused(dir.path(), &["status"], 1);
    assert!(err.contains(&format!("held by process {}, which does not answer", std::process::id())), "{err}");
    // What it has committed can be read beside it.
    assert_eq!(json_of(dir.path(), &["devices", "--json"])[0]["id"], "plug");
    refused(dir.path(), &["set", "plug", "on=true"], 1);
}
