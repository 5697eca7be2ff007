//! Every protocol that is spoken natively, over a real broker: its twin appears, is understood and obeys.
//!
//! Meant to fail it (not tried): a protocol left out of the registry, a subscription that is forgotten, a command to the wrong topic.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use lares_devices::twins::{BEACON, Speaks, spoken};
use lares_tests::{Lares, Mosquitto, Wire, home_head, wait_for};
use serde_json::Value;

use super::place;

#[test]
fn every_protocol_appears_and_obeys() {
    let place = place("protocols");
    let broker = Mosquitto::start(&place, false);
    let people = format!(
        "[room.kitchen]\n\n[person.anna]\nrole = \"owner\"\nbeacons = [\"{BEACON}\"]\n\n[device.rusty]\nidentifiers = [\"TwinRobot\"]\n"
    );
    place.write("home.toml", &(home_head(broker.port) + &people));
    let mut lares = Lares::start(&place);
    let twins: Arc<Mutex<Vec<Box<dyn Speaks>>>> = Arc::new(Mutex::new(spoken()));
    let filters: Vec<String> = twins.lock().unwrap().iter().flat_map(|t| t.subscriptions()).collect();
    let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
    let obeying = twins.clone();
    let world = Wire::answering(broker.port, "world", &filters, move |topic, payload| {
        let mut twins = obeying.lock().unwrap();
        let answers = twins.iter_mut().flat_map(|t| t.on_message(topic, payload)).collect::<Vec<_>>();
        answers.into_iter().map(|s| (s.topic, s.payload, s.retain)).collect()
    });
    let announce = || {
        for send in twins.lock().unwrap().iter().flat_map(|t| t.announce()) {
            if send.retain {
                world.retain(&send.topic, send.payload)
            } else {
                world.publish(&send.topic, send.payload)
            }
        }
        world.settle();
    };
    announce();

    // One value of each, in the household's units.
    let expected: BTreeMap<&str, (&str, Value)> = BTreeMap::from([
        ("esphome", ("hall-node.temperature", 21.3.into())),
        ("openhasp", ("plate-twin.temperature", 51.5.into())),
        ("owntracks", ("anna-phone.tracker", "home".into())),
        ("rtl_433 (°F)", ("acurite-tower-a-1234.temperature_f", 5.into())),
        ("shelly (Wh)", ("shelly-plug.energy", 1.2345.into())),
        ("tasmota", ("desk.desk_lamp", false.into())),
        ("theengs", ("thermometer.lywsd03mmc_tempc", 21.4.into())),
        ("valetudo", ("rusty.robot", "docked".into())),
        ("zigbee2mqtt", ("zigbee2mqtt-bridge.joining", false.into())),
        ("a group", ("downstairs.light", false.into())),
        ("zwave-js-ui", ("pump.power", 12.5.into())),
    ]);
    let all = |lares: &Lares| -> BTreeMap<String, Value> {
        let devices = lares.ask(&["devices"]);
        let entities =
            devices.as_array().unwrap().iter().flat_map(|d| d["entities"].as_array().unwrap().clone());
        entities.map(|e| (e["id"].as_str().unwrap().to_owned(), e["state"].clone())).collect()
    };
    let mut rounds = 0;
    wait_for("all of them with their values", || {
        rounds += 1;
        // Who subscribes a moment later misses what goes by.
        if rounds % 50 == 0 {
            announce();
        }
        let there = all(&lares);
        let mute: Vec<_> = expected.values().filter(|(id, value)| there.get(*id) != Some(value)).collect();
        if rounds % 500 == 0 {
            eprintln!("missing {mute:?} of {there:?}");
        }
        mute.is_empty()
    });
    let kitchen = all(&lares).keys().any(|id| id.ends_with(".kitchen"));
    assert!(kitchen, "a distance of the phone from a receiver: {:?}", all(&lares).keys());

    let wishes = [
        ("hall-node.relay", "on=true"),
        ("plate-twin.page", "state=4"),
        ("plate-twin.backlight", "brightness=30"),
        ("shelly-plug.relay", "on=true"),
        ("desk.desk_lamp", "brightness=40"),
        ("rusty.robot", "clean_rooms=Kitchen"),
        ("rusty.robot", "state=docked"),
        ("rusty", "go_to=2, 1"),
        ("rusty", "clean_zone=3.1, 0.5, 4, 2"),
        ("zigbee2mqtt-bridge.joining", "on=true"),
        ("downstairs.light", "brightness=50"),
        ("pump.switch", "on=true"),
    ];
    for (target, value) in wishes {
        let said = lares.say(&["set", target, value]);
        assert_eq!(said.code, 0, "{target} {value}: {said:?}");
    }
    let (restarts, paths) = lares.restarts();
    assert_eq!(restarts, 0, "{paths:?}");
    let problems = lares.entries(&["--kind", "problem"]);
    assert!(problems.is_empty(), "{problems:?}");
    // All of it is there after a kill, without a word from the broker's devices.
    let before: Vec<String> = all(&lares).into_keys().collect();
    lares.kill();
    lares.run();
    assert_eq!(all(&lares).into_keys().collect::<Vec<_>>(), before);
    eprintln!("protocols: {} entities of 12 protocols, {} wishes obeyed", before.len(), wishes.len());
}
