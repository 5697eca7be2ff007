//! A hundred real models announce themselves: they are there with their entities, by name, over restarts, until removed.
//!
//! Meant to fail it (not tried): announcements not kept in the graph, removal by an empty payload ignored, an unknown
//! component that ends the message.

use std::collections::{BTreeMap, BTreeSet};

use lares_tests::{Lares, Mosquitto, Wire, home_head, read_shared, wait_for};
use serde_json::Value;

use super::place;

const MODELS: usize = 100;
const TYPED: [&str; 4] = ["sensor", "binary_sensor", "light", "switch"];

#[test]
fn discovery() {
    let Some(corpus) = read_shared("corpora/z2m-discovery/devices.open.jsonl.zst") else { return };
    let place = place("discovery");
    let mut broker = Mosquitto::start(&place, true);
    place.write("home.toml", &home_head(broker.port));
    let world = Wire::connect(broker.port, "world");
    // Every thirtieth: all kinds of things.
    let models: Vec<Value> =
        corpus.lines().step_by(30).take(MODELS).map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut expected: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    let mut messages = Vec::new();
    for model in &models {
        for message in model["discovery"].as_array().unwrap() {
            let (topic, payload) = (message["topic"].as_str().unwrap(), &message["payload"]);
            if topic.contains(['+', '#']) {
                continue;
            }
            let kind = topic.split('/').nth(1).unwrap().to_owned();
            let identifier = payload["device"]["identifiers"][0].as_str().unwrap().to_owned();
            let of_device = expected.entry(identifier).or_default();
            if TYPED.contains(&kind.as_str()) {
                of_device.insert((kind, payload["unique_id"].as_str().unwrap().to_owned()));
            }
            messages.push((topic.to_owned(), payload.clone()));
        }
    }
    for (n, (topic, payload)) in messages.iter().enumerate() {
        world.retain(topic, payload.to_string());
        if n % 50 == 0 {
            // A component that nobody knows.
            let odd = payload.to_string();
            world.retain(&format!("homeassistant/holodeck/odd{n}/config"), odd);
        }
    }
    world.settle();
    let mut lares = Lares::start(&place);
    let found = |lares: &Lares| -> BTreeMap<String, BTreeSet<(String, String)>> {
        let typed = |e: &Value| {
            let kind = e["component"].as_str().unwrap().to_owned();
            TYPED.contains(&kind.as_str()).then(|| (kind, e["unique_id"].as_str().unwrap().to_owned()))
        };
        let device = |d: &Value| {
            let id = d["identifiers"][0].as_str().unwrap().to_owned();
            (id, d["entities"].as_array().unwrap().iter().filter_map(typed).collect())
        };
        lares.ask(&["devices"]).as_array().unwrap().iter().map(device).collect()
    };
    let all_there = |lares: &Lares, expected: &BTreeMap<String, BTreeSet<(String, String)>>| {
        let found = found(lares);
        expected.iter().all(|(id, entities)| found.get(id).is_some_and(|f| f.is_superset(entities)))
    };
    wait_for("all models with all their entities", || all_there(&lares, &expected));
    let count: usize = expected.values().map(BTreeSet::len).sum();
    let (restarts, paths) = lares.restarts();
    assert_eq!(restarts, 0, "{paths:?}");

    // States arrive, typed. They are said again: who subscribes a moment later misses the first.
    let named = |m: &&Value| !m["friendly_name"].as_str().unwrap().contains(['+', '#']);
    let stated: Vec<&Value> = models.iter().filter(named).collect();
    let mut with_state = 0;
    let since = std::time::Instant::now();
    while with_state < stated.len() * 9 / 10 {
        assert!(since.elapsed() < lares_tests::DEADLINE, "{with_state} of {} have a state", stated.len());
        for model in &stated {
            let topic = format!("zigbee2mqtt/{}", model["friendly_name"].as_str().unwrap());
            world.publish(&topic, model["state"].to_string());
        }
        world.settle();
        std::thread::sleep(std::time::Duration::from_millis(300));
        let devices = lares.ask(&["devices"]);
        let has = |d: &&Value| d["entities"].as_array().unwrap().iter().any(|e| !e["state"].is_null());
        with_state = devices.as_array().unwrap().iter().filter(has).count();
    }

    // A new announcement of the same thing: it is called otherwise now.
    let (topic, payload) = messages[0].clone();
    let id = payload["device"]["identifiers"][0].as_str().unwrap().to_owned();
    let mut renamed = payload.clone();
    renamed["device"]["name"] = "A new name".into();
    world.retain(&topic, renamed.to_string());
    let device = |lares: &Lares, id: &str| {
        let all = lares.ask(&["devices"]);
        all.as_array().unwrap().iter().find(|d| d["identifiers"][0] == *id).cloned()
    };
    wait_for("the new name", || device(&lares, &id).is_some_and(|d| d["name"] == "A new name"));

    // Removed by empty payloads: the device goes with its last entity.
    let gone = messages.last().unwrap().1["device"]["identifiers"][0].as_str().unwrap().to_owned();
    for (topic, payload) in messages.iter().filter(|(_, p)| p["device"]["identifiers"][0] == *gone) {
        assert!(!payload.is_null());
        world.retain(topic, "");
    }
    wait_for("the removal", || device(&lares, &gone).is_none());

    // The broker forgets everything; the graph does not.
    lares.stop();
    drop(world);
    broker.kill();
    broker.forget();
    broker.run();
    lares.run();
    expected.remove(&gone);
    assert!(all_there(&lares, &expected), "what was announced is there at once after a restart");
    assert!(device(&lares, &gone).is_none(), "what was removed stays away");
    assert!(device(&lares, &id).is_some_and(|d| d["name"] == "A new name"));
    eprintln!(
        "discovery: {} models, {count} typed entities, after a restart without retained messages: all",
        expected.len()
    );
}
