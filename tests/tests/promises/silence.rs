//! R19: a sensor that falls silent is offline and has no value; rules take their declared way.
//!
//! Meant to fail it (not tried): `Entity::fresh_for` ignored in `DeviceState::silence` or in the views, `stale = "fail"`
//! treated as met, the log line of every look instead of one.

use std::time::{Duration, Instant};

use lares_tests::{Lares, Mosquitto, Wire, announce, component, home_head, wait_for};
use serde_json::{Value, json};

use super::place;

const INTERVAL: Duration = Duration::from_secs(2);

#[test]
fn silence() {
    let place = place("silence");
    let broker = Mosquitto::start(&place, false);
    let rule = |key: &str, stale: &str, lamp: &str| {
        format!(
            "[rule.{key}]\nwhen = [{{ entity = \"button.pressed\", to = true }}]\n\
             if = [{{ entity = \"probe.temperature\", above = \"20 °C\", stale = \"{stale}\" }}]\n\
             then = [{{ set = \"lamps.{lamp}\", on = true }}]\n"
        )
    };
    let device = |id: &str| format!("[device.{id}]\nidentifiers = [\"{id}\"]\n");
    let home = home_head(broker.port)
        + &device("probe")
        + &device("button")
        + &device("lamps")
        + &rule("careful", "fail", "one")
        + &rule("bold", "pass", "two");
    place.write("home.toml", &home);
    let world = Wire::connect(broker.port, "world");
    world.listen("lamps/+/set");
    let sensor = json!({
        "state_topic": "probe", "unit_of_measurement": "°C", "device_class": "temperature", "expire_after": 2,
    });
    announce(&world, "probe", &[component("sensor", "temperature", sensor)]);
    announce(&world, "button", &[component("binary_sensor", "pressed", json!({ "state_topic": "button" }))]);
    let lamp = |n: &str| json!({ "schema": "json", "state_topic": format!("lamps/{n}"), "command_topic": format!("lamps/{n}/set") });
    announce(
        &world,
        "lamps",
        &[component("light", "one", lamp("one")), component("light", "two", lamp("two"))],
    );
    world.settle();
    let lares = Lares::start(&place);
    wait_for("the devices", || {
        lares.entity("probe.temperature").is_some() && lares.entity("lamps.two").is_some()
    });

    wait_for("the button", || {
        world.publish("button", "OFF");
        lares.entity("button.pressed").is_some_and(|e| e["state"] == false)
    });
    wait_for("the reading", || {
        world.publish("probe", "23.5");
        lares.entity("probe.temperature").is_some_and(|e| e["state"] == 23.5)
    });
    let spoke = Instant::now();
    wait_for("the silence", || lares.entity("probe.temperature").is_some_and(|e| e["status"] == "offline"));
    let took = spoke.elapsed();
    let probe = lares.entity("probe.temperature").unwrap();
    assert_eq!(probe["state"], Value::Null, "a stale value is no value: {probe}");

    world.publish("button", "ON");
    wait_for("both rules", || {
        lares.entries(&["--rule", "careful"]).len() == 1 && !lares.entries(&["--rule", "bold"]).is_empty()
    });
    wait_for("the bold rule's command", || !world.on("lamps/two/set").is_empty());
    assert!(world.on("lamps/one/set").is_empty(), "a rule that must not act on a stale value did");
    let why = lares.say(&["why", "rule:careful"]);
    let why = if why.code == 0 { why } else { lares.say(&["why", "careful"]) };
    assert!(
        why.out.contains("Probe above 20")
            && ["stale", "offline", "silent", "nothing heard"].iter().any(|w| why.out.contains(w)),
        "why says that the reading was stale: {why:?}"
    );

    std::thread::sleep(INTERVAL * 2);
    world.publish("probe", "19");
    wait_for("its return", || {
        lares.entity("probe.temperature").is_some_and(|e| e["status"] == "online" && e["state"] == 19.0)
    });
    let log = lares.log();
    let told = |words: &str| log.lines().filter(|l| l.contains(words) && l.contains("probe")).count();
    assert_eq!((told("fell silent"), told("speaks again")), (1, 1), "one line each way:\n{log}");
    assert!(took < INTERVAL * 2 + Duration::from_secs(15), "{took:?}");
    eprintln!("R19: interval {INTERVAL:?}, offline {took:?} after its last word; stale served as fresh 0");
}
