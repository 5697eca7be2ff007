//! T02: a claim of success is a receipt. Lamps that do as told, that ignore it, that do half of it, and that never say what they do: what
//! is answered, spoken and told later comes from what they report, and from nothing else.
//!
//! Seen to fail with `Done` for what was only sent, as it was before.

use lares_tests::{Lares, Mosquitto, Said, Wire, home_head, wait_for, wait_some};
use serde_json::{Value, json};

use super::place;

const LAMPS: [&str; 4] = ["good", "deaf", "half", "blind"];
/// Words that nobody may say of what was not reported.
const CLAIMS: [&str; 4] = ["confirmed", "Done", "Erledigt", "is on"];

fn announce(world: &Wire, name: &str) {
    let mut config = json!({
        "unique_id": name, "name": "light", "schema": "json", "brightness": true,
        "command_topic": format!("home/{name}/lamp/set"), "state_topic": format!("home/{name}/lamp"),
        "device": { "identifiers": [name], "name": format!("{name} lamp") },
    });
    if name == "blind" {
        config.as_object_mut().unwrap().remove("state_topic");
    }
    world.retain(&format!("homeassistant/light/{name}/config"), config.to_string());
    if name != "blind" {
        world.retain(&format!("home/{name}/lamp"), r#"{"state":"OFF"}"#);
    }
}

fn world(port: u16) -> Wire {
    Wire::answering(port, "world", &["home/+/lamp/set"], |topic, payload| {
        let state = topic.trim_end_matches("/set").to_owned();
        let name = topic.split('/').nth(1).unwrap_or_default();
        match name {
            "good" => vec![(state, String::from_utf8_lossy(payload).into_owned(), false)],
            "half" => {
                let mut said: Value = serde_json::from_slice(payload).unwrap();
                if !said["brightness"].is_null() {
                    said["brightness"] = json!(20);
                }
                vec![(state, said.to_string(), false)]
            }
            _ => Vec::new(),
        }
    })
}

/// False claims in what was said.
fn claims(said: &Said) -> Vec<&'static str> {
    CLAIMS.into_iter().filter(|claim| said.out.contains(claim) || said.err.contains(claim)).collect()
}

#[test]
fn a_claim_of_success_is_a_receipt() {
    let home = place("receipts");
    let broker = Mosquitto::start(&home, false);
    let world = world(broker.port);
    LAMPS.iter().for_each(|name| announce(&world, name));
    world.settle();
    let sections =
        LAMPS.map(|name| format!("[device.{name}]\nidentifiers = [\"{name}\"]\nname = \"{name} lamp\"\n"));
    home.write("home.toml", &(home_head(broker.port) + &sections.concat()));
    let mut lares = Lares::start(&home);
    wait_for("the lamps", || {
        LAMPS.iter().all(|n| {
            *n == "blind" || lares.entity(&format!("{n}.light")).is_some_and(|e| e["state"] == false)
        })
    });

    let good = lares.say(&["set", "good", "on=true", "brightness=80"]);
    assert!(good.code == 0 && good.out.contains("confirmed"), "{good:?}");
    let good = lares.say(&["say", "turn off the good lamp"]);
    assert!(good.code == 0 && good.out.contains("Done"), "{good:?}");
    let mut wishes = 0;
    for (name, wish) in [("deaf", "on=true"), ("half", "brightness=80"), ("blind", "on=true")] {
        for words in [
            vec!["set", name, wish],
            vec![
                "say",
                match name {
                    "deaf" => "turn on the deaf lamp",
                    "half" => "set the half lamp to 80 percent",
                    _ => "turn on the blind lamp",
                },
            ],
        ] {
            let said = lares.say(&words);
            wishes += 1;
            // The half lamp is on, and says so; it is not as bright as it should be.
            let said = Said { out: said.out.replace("half lamp: confirmed", ""), ..said };
            assert_eq!(claims(&said), Vec::<&str>::new(), "{words:?}: {said:?}");
            if name != "blind" {
                assert_ne!(said.code, 0, "{words:?}: {said:?}");
            }
        }
        let why = lares.say(&["why", &format!("{name}.light")]);
        if name != "half" {
            assert_eq!(claims(&why), Vec::<&str>::new(), "why {name}: {why:?}");
        }
    }
    // One that answers after the deadline: what was said then stays true, and now it is so.
    world.publish("home/deaf/lamp", r#"{"state":"ON"}"#);
    wait_for("the late lamp", || lares.entity("deaf.light").is_some_and(|e| e["state"] == true));
    // After a kill nobody remembers more than was reported.
    lares.kill();
    lares.run();
    let blind = wait_some("the blind lamp", || lares.entity("blind.light"));
    assert!(blind["state"].is_null(), "it never said so: {blind}");
    eprintln!("{wishes} wishes to lamps that ignore, halve or hide what they do: false claims 0");
    lares.stop();
}
