//! R17 and "bad input", on the running product: anything on any topic is at most a problem with topic and reason.
//!
//! Meant to fail it (not tried): an `unwrap` in a codec or a template, a problem that is swallowed, a link that ends on a
//! broken announcement.

use lares_tests::{Chance, Lares, Mosquitto, Thing, Wire, home_head, read_shared, wait_for};
use serde_json::Value;

use super::place;

const RANDOM: usize = 2_000;

#[test]
fn hostile_payloads() {
    let Some(corpus) = read_shared("corpora/mqtt-other/payloads.open.jsonl") else { return };
    let mut chance = Chance::of("hostile_payloads", 17);
    let place = place("hostile");
    let broker = Mosquitto::start(&place, false);
    let hall = Thing::new("hall");
    let home = home_head(broker.port)
        + &hall.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n";
    place.write("home.toml", &home);
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let lares = Lares::start(&place);
    wait_for("the device", || lares.entity("hall.lamp").is_some());
    hall.reach(&world, &lares);

    // What real programs publish, odd as some of it is.
    let mut topics: Vec<String> = ["motion", "lux", "lamp"].map(|t| hall.topic(t)).to_vec();
    let mut sent = 0;
    for line in corpus.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let payload = match line["payload_text"].as_str() {
            Some(text) => text.to_owned(),
            None => line["payload"].to_string(),
        };
        if let Some(topic) = line["topic"].as_str().filter(|t| !t.is_empty() && !t.contains(['+', '#'])) {
            world.publish(topic, payload);
            topics.push(topic.to_owned());
            sent += 1;
        }
        for state in line["state"].as_array().into_iter().flatten() {
            let (Some(topic), text) = (state["topic"].as_str(), &state["payload"]) else { continue };
            if topic.is_empty() || topic.contains(['+', '#']) {
                continue;
            }
            world.publish(topic, text.as_str().map_or_else(|| text.to_string(), str::to_owned));
            topics.push(topic.to_owned());
            sent += 1;
        }
    }
    // Bytes without any sense, on known topics, discovery topics and made-up ones.
    for n in 0..RANDOM {
        let topic = match n % 4 {
            0 => topics[chance.below(topics.len() as u64) as usize].clone(),
            1 => format!("homeassistant/sensor/x{}/config", chance.below(50)),
            2 => format!("homeassistant/device/x{}/config", chance.below(50)),
            _ => hall.topic(["motion", "lux", "lamp"][n % 3]),
        };
        let mut bytes = chance.bytes(200);
        if chance.below(3) == 0 {
            bytes.splice(0..0, b"{\"state\": ".iter().copied());
        }
        world.publish(&topic, bytes);
        sent += 1;
    }
    // Deep nesting, and more than anybody would send.
    world.publish("homeassistant/device/deep/config", "[".repeat(100_000));
    world.publish(&hall.topic("motion"), "{\"a\":".repeat(50_000));
    world.publish(&hall.topic("lamp"), vec![b'9'; 1_000_000]);
    world.settle();

    // A real sensor still reacts.
    world.forget();
    hall.motion(&world, false, "after");
    hall.motion(&world, true, "after all");
    wait_for("the tag", || lares.entity("hall.tag").is_some_and(|e| e["state"] == "after all"));
    // Garbage on the lamp's own state topic may look like a hand on its switch: then a person's word decides.
    if world.on("home/hall/lamp/set").is_empty() {
        assert_eq!(lares.say(&["set", "hall.lamp", "on=false"]).code, 0);
        hall.motion(&world, false, "b");
        hall.motion(&world, true, "c");
    }
    wait_for("the reaction", || world.on("home/hall/lamp/set").last().is_some_and(|t| t.contains("ON")));
    let (restarts, paths) = lares.restarts();
    assert_eq!(restarts, 0, "{paths:?}");
    let problems = lares.entries(&["--kind", "problem"]);
    assert!(!problems.is_empty(), "not one problem was told");
    for problem in &problems {
        let body = &problem["body"]["Problem"];
        let said = |key: &str| body[key].as_str().is_some_and(|t| !t.trim().is_empty());
        assert!(said("place") && said("reason"), "{problem}");
    }
    let named = |topic: &str| {
        problems.iter().any(|p| p["body"]["Problem"]["place"].as_str().is_some_and(|t| t.contains(topic)))
    };
    assert!(named("home/hall/motion"), "a broken reading names its topic");
    assert!(named("homeassistant/"), "a broken announcement names its topic");
    assert!(lares.log().contains("home/hall/motion"), "the log names the topic too");
    eprintln!("R17: {sent} odd and random messages: restarts 0, {} problems told", problems.len());
}
