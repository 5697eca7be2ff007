//! An openHASP plate shows its room and is touched: real messages of the protocol over a real broker, over a kill.
//!
//! Meant to fail it (not tried): a touch on what is dangerous, a button that stays as it was pressed when nothing came of it.

use lares_tests::{Lares, Mosquitto, Thing, Wire, announce, component, home_head, wait_for};
use serde_json::{Value, json};

use super::place;

/// Objects as the plate would show them, by page and id, from all that it was told.
fn sheet(world: &Wire) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    for heard in world.heard().iter().filter(|h| h.topic.starts_with("hasp/plate01/command/")) {
        let what = heard.topic.rsplit('/').next().unwrap();
        match what {
            "clearpage" => all.retain(|o| o["page"].as_u64() != heard.text.parse().ok()),
            "jsonl" => all.push(serde_json::from_str(&heard.text).unwrap()),
            _ => {
                let Some((at, key)) = what.split_once('.') else { continue };
                let object = all.iter_mut().find(|o| format!("p{}b{}", o["page"], o["id"]) == at);
                let Some(object) = object else { continue };
                object[key] = serde_json::from_str(&heard.text).unwrap_or(Value::String(heard.text.clone()));
            }
        }
    }
    all
}

pub(super) fn object(world: &Wire, text: &str) -> Option<Value> {
    sheet(world).into_iter().find(|o| o["text"].as_str().is_some_and(|t| t.starts_with(text)))
}

pub(super) fn touch(world: &Wire, object: &Value, val: i64) {
    let topic = format!("hasp/plate01/state/p{}b{}", object["page"], object["id"]);
    world.publish(&topic, json!({ "event": "down" }).to_string());
    world.publish(&topic, json!({ "event": "up", "val": val }).to_string());
}

#[test]
fn a_plate_shows_its_room_and_is_touched() {
    let place = place("plate");
    let broker = Mosquitto::start(&place, false);
    let hall = Thing::new("hall");
    let more = "[display.hall-plate]\nroom = \"hall\"\nplate = \"plate01\"\n\
                [device.door]\nidentifiers = [\"door\"]\nroom = \"hall\"\n";
    place.write("home.toml", &(home_head(broker.port) + &hall.sections() + more));
    let filters = ["home/+/lamp/set", "hasp/plate01/command/#"];
    let world = Wire::answering(broker.port, "world", &filters, |topic, payload| {
        if topic == "hasp/plate01/command/statusupdate" {
            let told = json!({ "node": "plate01", "tftDriver": "ST7796", "tftWidth": 480, "tftHeight": 320 });
            return vec![("hasp/plate01/state/statusupdate".to_owned(), told.to_string(), false)];
        }
        let lamp = topic.strip_suffix("/set").filter(|t| t.starts_with("home/"));
        lamp.map(|t| (t.to_owned(), String::from_utf8_lossy(payload).into_owned(), false))
            .into_iter()
            .collect()
    });
    hall.announce(&world);
    let lock = json!({ "state_topic": "door/lock", "command_topic": "door/lock/set" });
    announce(&world, "door", &[component("lock", "lock", lock)]);
    world.retain("hasp/plate01/LWT", "online");
    world.settle();
    let mut lares = Lares::start(&place);
    hall.reach(&world, &lares);
    world.publish("home/hall/lamp", "{\"state\":\"OFF\"}");
    wait_for("the lamp on the plate", || object(&world, "lamp\nOff").is_some());
    // As wide as it says it is.
    wait_for("its size", || sheet(&world).iter().any(|o| o["x"].as_u64() > Some(240)));
    let lamp = object(&world, "lamp\nOff").unwrap();
    assert_eq!(
        (&lamp["obj"], &lamp["toggle"], &lamp["val"]),
        (&json!("btn"), &json!(true), &json!(0)),
        "{lamp}"
    );
    assert!(object(&world, "Hall").is_some_and(|o| o["obj"] == "label"), "{:?}", sheet(&world));

    let on = |lares: &Lares| lares.entity("hall.lamp").is_some_and(|e| e["state"] == true);
    touch(&world, &lamp, 1);
    wait_for("the lamp", || on(&lares));
    wait_for("the plate to show it", || object(&world, "lamp\nOn").is_some_and(|o| o["val"] == 1));
    let why = lares.say(&["why", "hall.lamp"]).out;
    assert!(why.contains("display hall-plate") && why.contains("touched on the wall"), "{why}");

    // A lock is shown, and touching it does nothing.
    let door = object(&world, "lock").expect("the lock is shown");
    assert_eq!(door["obj"], "label", "{door}");
    let before = lares.entries(&["--kind", "decision"]).len();
    touch(&world, &door, 1);
    world.publish("hasp/plate01/state/p9b250", "{\"event\":\"up\"}");
    world.publish("hasp/plate01/state/p1b10", "nonsense");

    // It begins anew after a kill, and when the plate does.
    lares.kill();
    world.forget();
    lares.run();
    wait_for("all of it again", || object(&world, "lamp\nOn").is_some());
    hall.reach(&world, &lares);
    assert_eq!(lares.entries(&["--kind", "decision"]).len(), before);
    world.forget();
    world.publish("hasp/plate01/LWT", "online");
    wait_for("a plate that restarted", || object(&world, "lamp\nOn").is_some());
    let lamp = object(&world, "lamp\nOn").unwrap();
    touch(&world, &lamp, 0);
    wait_for("dark", || lares.entity("hall.lamp").is_some_and(|e| e["state"] == false));
    lares.stop();
}
