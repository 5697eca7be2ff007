//! R17: a device that announces ten thousand entities, and names that nobody would give, over a real broker, from paho: what is too
//! much is left out and told, memory is bounded, and nobody else notices.
//!
//! Meant to fail it (not tried): no limit of entities, a slug that keeps `/`, a name that reaches a topic.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use lares_tests::{Lares, Mosquitto, Thing, Used, Wire, home_head, wait_for, wait_up_to};
use serde_json::Value;

use super::place;

const ENTITIES: usize = 10_000;
/// Most that one device has.
const KEPT: usize = 2_000;

/// Publishes what no program should: one device with far too many entities, one with names of every awkward kind.
const PUBLISHER: &str = r##"
import json, sys
import paho.mqtt.client as mqtt

port, many = int(sys.argv[1]), int(sys.argv[2])
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="runaway", protocol=mqtt.MQTTv5)
client.max_inflight_messages_set(500)
client.max_queued_messages_set(0)
client.connect("127.0.0.1", port)
client.loop_start()
last = None
for n in range(many):
    config = {"name": f"value {n}", "unique_id": f"runaway_{n}", "state_topic": f"runaway/{n}",
              "device": {"identifiers": ["runaway"], "name": "Runaway"}}
    last = client.publish(f"homeassistant/sensor/runaway/v{n}/config", json.dumps(config), qos=1, retain=True)
last.wait_for_publish(120)
odd = ["nul\u0000inside", "a/b/c", "#", "+", "+/#", "🦊 fox", "x" * 10_000, "../../etc/passwd", "$SYS", "\u202eright to left",
       "<script>alert(1)</script>", "new\nline", " ", "homeassistant/sensor/x/config"]
for n, name in enumerate(odd):
    config = {"name": name, "unique_id": name, "state_topic": f"odd/{n}",
              "device": {"identifiers": [f"odd-{n}", name], "name": name, "suggested_area": name}}
    last = client.publish(f"homeassistant/sensor/odd/o{n}/config", json.dumps(config), qos=1, retain=True)
for topic in ["homeassistant/sensor/🦊/config", "homeassistant/sensor/" + "y" * 10_000 + "/config", "homeassistant/sensor//config"]:
    config = {"name": "t", "unique_id": topic, "state_topic": "odd/topic"}
    last = client.publish(topic, json.dumps(config), qos=1, retain=True)
for topic in ["odd/nul\u0000", "odd/\ud800"]:
    try:
        client.publish(topic, b"x")
    except (ValueError, UnicodeError):
        pass
last.wait_for_publish(120)
client.disconnect()
client.loop_stop()
"##;

fn device(lares: &Lares, id: &str) -> Option<Value> {
    let all = lares.ask(&["devices"]);
    all.as_array().unwrap().iter().find(|d| d["identifiers"][0] == id).cloned()
}

/// Somebody else's rule still acts.
fn reacts(hall: &Thing, world: &Wire, lares: &Lares) {
    hall.motion(world, false, "nobody");
    assert_eq!(lares.say(&["set", "hall.lamp", "on=false"]).code, 0);
    world.forget();
    hall.motion(world, true, "somebody");
    wait_for("the reaction", || world.on("home/hall/lamp/set").iter().any(|t| t.contains("ON")));
}

#[test]
fn ten_thousand_entities_and_odd_names() {
    let place = place("many");
    let broker = Mosquitto::start(&place, false);
    let hall = Thing::new("hall");
    let rule = "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n";
    place.write("home.toml", &(home_head(broker.port) + &hall.sections() + rule));
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let mut lares = Lares::start(&place);
    wait_for("the device", || lares.entity("hall.lamp").is_some());
    hall.reach(&world, &lares);
    let before = Used::by(lares.pid()).resident / 1024;

    let python = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/venv/bin/python");
    assert!(python.is_file(), "{} is missing: tests/setup.sh makes it", python.display());
    let mut publisher = Command::new(python)
        .args(["-c", PUBLISHER, &broker.port.to_string(), &ENTITIES.to_string()])
        .spawn()
        .unwrap();
    // Somebody walks through the hall meanwhile.
    let mut walks = 0;
    let published = loop {
        hall.motion(&world, walks % 2 == 1, &format!("walk {walks}"));
        walks += 1;
        std::thread::sleep(Duration::from_millis(100));
        if let Some(ended) = publisher.try_wait().unwrap() {
            break ended;
        }
    };
    assert!(published.success());
    let patience = Duration::from_secs(180);
    let entities =
        |lares: &Lares| device(lares, "runaway").map_or(0, |d| d["entities"].as_array().unwrap().len());
    wait_up_to(patience, "as many as one device has", || entities(&lares) == KEPT);
    // The last one said: what came before it was taken or refused.
    wait_up_to(patience, "the fox", || device(&lares, "odd-5").is_some());
    assert_eq!(entities(&lares), KEPT);
    reacts(&hall, &world, &lares);
    let after = Used::by(lares.pid()).resident / 1024;
    assert!(after < before + 400, "{before} MB before, {after} MB after");

    // What was left out is told, where it is looked for.
    let told = lares.entries(&["--kind", "problem"]);
    let says = |word: &str| told.iter().any(|p| p.to_string().contains(word));
    assert!(says("2000 entities already"), "{told:?}");
    let status = lares.say(&["status"]).out;
    assert!(status.contains("left out") && status.contains("Runaway"), "{status}");

    // References are plain whatever the names are, and no name became a topic.
    let devices = lares.ask(&["devices"]);
    let odd: Vec<&Value> = devices
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["identifiers"][0].as_str().is_some_and(|i| i.starts_with("odd-")))
        .collect();
    assert!(odd.len() >= 12, "{}", odd.len());
    for id in odd.iter().flat_map(|d| [&d["id"], &d["entities"][0]["id"]]) {
        let id = id.as_str().unwrap();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        assert!(id.chars().all(plain) && id.len() < 200, "{id}");
    }
    for n in [0, 5, 9] {
        world.retain(&format!("odd/{n}"), "7");
    }
    let heard =
        |n: usize| device(&lares, &format!("odd-{n}")).is_some_and(|d| d["entities"][0]["state"] == "7");
    wait_for("their values", || [0, 5, 9].into_iter().all(heard));
    let (restarts, paths) = lares.restarts();
    assert_eq!(restarts, 0, "{paths:?}");

    // And again after a kill: it is ready, and no larger.
    lares.kill();
    lares.run();
    assert_eq!(entities(&lares), KEPT);
    hall.reach(&world, &lares);
    reacts(&hall, &world, &lares);
    eprintln!(
        "R17: {ENTITIES} entities of one device: {KEPT} kept, {before} MB before, {after} MB after, {} MB after a kill, \
         ready after {:?}; {} odd names",
        Used::by(lares.pid()).resident / 1024,
        lares.ready_after,
        odd.len()
    );
}
