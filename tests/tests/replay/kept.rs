//! What a household keeps of its own past is replayed: nobody had to record it.
//!
//! Meant to fail it: taking the answers of then for a hand, leaving out what was so before, reading past the end.

use lares_model::Timestamp;
use lares_sim::ReplayError;
use lares_sim::recording::Span;

use super::*;

fn instant(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

fn lived(recording: &Path, home: &Arc<Home>, data: &Path) -> Summary {
    let (source, home) = (Source::Recording(recording.to_path_buf()), home.clone());
    let data = Some(data.to_path_buf());
    replay(&Options { source, home, seed: 1, reports: Reports::Manual, data, version: "test".to_owned() })
        .unwrap()
}

fn again(
    data: &Path,
    home: &Arc<Home>,
    from: &str,
    to: &str,
    reports: Reports,
) -> Result<Summary, ReplayError> {
    let span = Span { data: data.to_path_buf(), from: instant(from), to: instant(to) };
    let (source, home) = (Source::Kept(span), home.clone());
    replay(&Options { source, home, seed: 1, reports, data: None, version: "test".to_owned() })
}

fn deeds(told: &Summary) -> Vec<String> {
    let deed = |d: &lares_sim::Deed| {
        let at = jiff::Timestamp::from_microsecond(d.at.0).unwrap();
        format!("{at:.0} {} {}", d.entity.as_deref().unwrap_or("-"), d.what)
    };
    told.deeds.iter().map(deed).collect()
}

const WIRE: &str = "[household]\nname = \"Hall\"\ntime_zone = \"UTC\"\n[mqtt.mqtt]\nembedded = true\n\
    [device.motion]\nidentifiers = [\"motion-1\"]\n[device.lamp]\nidentifiers = [\"lamp-1\"]\n\
    [device.window]\nidentifiers = [\"window-1\"]\n[device.heater]\nidentifiers = [\"heater-1\"]\n";
const LIGHT: &str = "[rule.light]\nwhen = [{ entity = \"motion.motion\", to = true }]\nthen = [{ set = \"lamp\", on = true }]\n";
const HEAT: &str = "[rule.heat]\nwhen = [{ entity = \"motion.motion\", to = true }]\n\
    if = [{ entity = \"window.window\", is = false }]\nthen = [{ set = \"heater\", on = true }]\n";

/// Devices that announced themselves, over an evening: motion thrice, the lamp put out by hand, a window open since noon.
fn evening() -> (tempfile::TempDir, PathBuf) {
    let announced = |component: &str, id: &str, more: Value| {
        let mut config = json!({ "unique_id": id, "state_topic": id, "device": { "identifiers": [format!("{id}-1")], "name": id } });
        more.as_object().unwrap().iter().for_each(|(k, v)| config[k] = v.clone());
        (format!("homeassistant/{component}/{id}/config"), config.to_string())
    };
    let message = |at: &str, topic: &str, payload: &str, retained: bool| {
        let at = format!("2026-03-01T{at}Z");
        json!({ "t": at, "link": "mqtt", "topic": topic, "payload": payload, "retained": retained })
            .to_string()
    };
    let light = json!({ "schema": "json", "command_topic": "lamp/set", "brightness": true });
    let mut lines = vec![r#"{"lares_recording":1,"zone":"UTC"}"#.to_owned()];
    for (topic, config) in [
        announced("binary_sensor", "motion", json!({ "device_class": "motion" })),
        announced("binary_sensor", "window", json!({ "device_class": "window" })),
        announced("light", "lamp", light),
        announced("switch", "heater", json!({ "command_topic": "heater/set" })),
    ] {
        lines.push(message("11:00:00", &topic, &config, true));
    }
    for (at, topic, payload) in [
        ("11:00:01", "lamp", r#"{"state":"OFF"}"#),
        ("11:00:01", "heater", "OFF"),
        ("11:00:01", "motion", "OFF"),
        ("11:00:01", "window", "OFF"),
        ("12:00:00", "window", "ON"),
        ("17:00:00", "motion", "ON"),
        ("17:01:00", "motion", "OFF"),
        ("17:30:00", "lamp", r#"{"state":"OFF"}"#),
        // Its hand is over by then.
        ("20:00:00", "motion", "ON"),
        ("20:01:00", "motion", "OFF"),
        ("20:30:00", "window", "OFF"),
        ("21:00:00", "motion", "ON"),
        ("21:01:00", "motion", "OFF"),
    ] {
        lines.push(message(at, topic, payload, at == "11:00:01"));
    }
    recording(&lines)
}

#[test]
fn the_same_home_does_the_same_again() {
    let (_folder, file) = evening();
    let home = home(&format!("{WIRE}{LIGHT}{HEAT}"));
    let data = tempfile::tempdir().unwrap();
    let first = lived(&file, &home, data.path());
    assert_eq!(deeds(&first).len(), 3, "{:?}", deeds(&first));
    let whole =
        again(data.path(), &home, "2026-03-01T11:30:00Z", "2026-03-01T23:00:00Z", Reports::Manual).unwrap();
    assert_eq!(deeds(&whole), deeds(&first));
    // The lamp was told twice and put out once: only the hand is fed.
    assert_eq!((whole.manual, whole.answers, whole.unbound, whole.problems), (1, 3, 0, 0), "{whole:?}");
    let twice =
        again(data.path(), &home, "2026-03-01T11:30:00Z", "2026-03-01T23:00:00Z", Reports::Manual).unwrap();
    assert_eq!(twice.journal_hash, whole.journal_hash);
    // A part of it: what was so before counts, and what comes after does not.
    let late =
        again(data.path(), &home, "2026-03-01T19:00:00Z", "2026-03-01T20:45:00Z", Reports::Ignore).unwrap();
    assert_eq!(deeds(&late), [deeds(&first)[1].clone()], "the window was open by then");
}

#[test]
fn a_change_is_tried_on_days_that_were() {
    let (_folder, file) = evening();
    let before = home(&format!("{WIRE}{LIGHT}{HEAT}"));
    let data = tempfile::tempdir().unwrap();
    let first = lived(&file, &before, data.path());
    let after = home(&format!("{WIRE}{}{HEAT}", LIGHT.replace("on = true", "brightness = \"40 %\"")));
    let told =
        again(data.path(), &after, "2026-03-01T11:30:00Z", "2026-03-01T23:00:00Z", Reports::Manual).unwrap();
    let (lamp, heat): (Vec<String>, Vec<String>) = deeds(&told).into_iter().partition(|d| d.contains("lamp"));
    // It is as bright as before when it comes on again.
    let wanted = ["on=on", "brightness=40", "on=on"];
    assert!(lamp.iter().zip(wanted).all(|(d, w)| d.contains(w)) && lamp.len() == 3, "{lamp:?}");
    assert_eq!(heat, deeds(&first).into_iter().filter(|d| d.contains("heater")).collect::<Vec<_>>());
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let (_folder, file) = evening();
    let home = home(&format!("{WIRE}{LIGHT}"));
    let data = tempfile::tempdir().unwrap();
    lived(&file, &home, data.path());
    let told =
        |from: &str, to: &str| again(data.path(), &home, from, to, Reports::Manual).unwrap_err().to_string();
    let nothing = told("2026-04-01T00:00:00Z", "2026-04-02T00:00:00Z");
    assert!(nothing.contains("from 2026-03-01T11:00:00Z to 2026-03-01T21:0"), "{nothing}");
    assert!(told("2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z").contains("not after"));
    assert!(told("2025-03-01T00:00:00Z", "2026-03-02T00:00:00Z").contains("92 days"));
}

/// Devices of the home's own making are there too.
#[test]
fn neutral_recordings_are_lived_through_again() {
    let rule = "[rule.light]\nwhen = [{ entity = \"motion.motion\", to = true }]\nthen = [{ set = \"lamp\", on = true }]\n";
    let home = home(&format!("{HALL}{rule}"));
    let at = |time: &str, on: bool| line(&format!("2026-03-01T{time}+01:00"), "Motion", "motion", on);
    let (_folder, file) = recording(&[at("18:00:00", false), at("18:00:10", true), at("18:01:00", false)]);
    let data = tempfile::tempdir().unwrap();
    let first = lived(&file, &home, data.path());
    let told =
        again(data.path(), &home, "2026-03-01T17:00:05Z", "2026-03-01T18:00:00Z", Reports::Manual).unwrap();
    assert_eq!(deeds(&told), deeds(&first));
    assert_eq!(deeds(&told).len(), 1);
}

/// What was due then is due again, since the life graph is as it was.
#[test]
fn what_is_due_sets_off_in_a_replay_of_days_that_were() {
    let (_folder, file) = evening();
    let before = home(&format!("{WIRE}{LIGHT}"));
    let data = tempfile::tempdir().unwrap();
    lived(&file, &before, data.path());
    // Said in the morning of that day, by the clock of the store.
    let (graph, _) = lares_graph::Graph::open(lares_graph::GraphOptions::inline(
        data.path(),
        Arc::new(lares_kernel::VirtualClock::starting_at(instant("2026-03-01T23:30:00Z"))),
    ))
    .unwrap();
    let task = lares_model::Node {
        id: lares_model::NodeId::derive("task", "bins"),
        kind: lares_model::NodeKind::Task,
        key: "bins".into(),
        name: "Bins".to_owned(),
        props: [("due", "2026-03-02T07:00"), ("status", "open"), ("labels", "bins")]
            .map(|(k, v)| (k.to_owned(), lares_model::Value::text(v)))
            .into(),
        detail: Vec::new(),
    };
    let body = lares_model::Body::Notice { text: "said".to_owned() };
    let draft = lares_model::Draft::new(task.id, lares_model::Origin::System, body);
    graph.journal().append(draft, vec![lares_model::Write::PutNode(task)]);
    let (motion, at) = (lares_model::NodeId::entity("mqtt/motion"), instant("2026-03-01T23:40:00Z"));
    let reading =
        lares_model::Body::Reading { property: lares_model::Property::State, value: Some(false.into()) };
    graph
        .journal()
        .append(lares_model::Draft::new(motion, lares_model::Origin::System, reading).at(at), vec![]);
    graph.close().unwrap();
    drop(graph);
    let rule = "[rule.bins]\nwhen = [{ calendar = \"label:bins\", offset = \"-6h\" }]\nthen = [{ notify = \"bins\" }]\n";
    let after = home(&format!("{WIRE}{rule}"));
    let told =
        again(data.path(), &after, "2026-03-01T23:35:00Z", "2026-03-02T03:00:00Z", Reports::Manual).unwrap();
    assert_eq!(deeds(&told), ["2026-03-02T01:00:00Z - bins"]);
}
