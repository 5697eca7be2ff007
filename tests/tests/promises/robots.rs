//! A robot is commanded over a real broker: its rooms, its own words, by a person, by a rule and by a sentence, over a kill.
//!
//! Meant to fail it (not tried): a word that is sent a second time after the kill, a plan that is forgotten, a wish for a room that
//! its map has not.

use std::process::{Child, Command, Stdio};

use lares_tests::{Lares, Mosquitto, Wire, home_head, wait_for};
use serde_json::Value;

use super::place;

/// The simulated robot, in a process of its own.
struct Beside(Child);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const HOME: &str = r#"
[room.hall]
name = "Hall"
[room.kitchen]
name = "Kitchen"

[device.robot]
name = "Rusty"
room = "hall"
twin = "vacuum"

[rule.say-where]
name = "Say where"
when = [{ entity = "robot.vacuum", to = "paused" }]
then = [{ set = "robot.vacuum", action = "locate" }]
"#;

/// What the robot said last.
fn says(world: &Wire) -> Value {
    let last = world.on("lares-twins/robot").pop().unwrap_or_default();
    serde_json::from_str(&last).unwrap_or_default()
}

fn of(lares: &Lares, entity: &str, property: &str) -> Value {
    lares.entity(entity).map_or(Value::Null, |e| e["properties"][property].clone())
}

#[test]
fn a_robot_is_sent_through_its_rooms_over_a_kill() {
    let place = place("robots");
    let broker = Mosquitto::start(&place, false);
    place.write("home.toml", &(home_head(broker.port) + HOME));
    let world = Wire::connect(broker.port, "world");
    world.listen("lares-twins/robot");
    let mut lares = Lares::start(&place);
    let twins = Command::new(place.binary())
        .args(["twins", "--broker", &format!("127.0.0.1:{}", broker.port), "--log", "warn", "--home"])
        .arg(place.home())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let _twins = Beside(twins);
    wait_for("the robot and its map", || {
        of(&lares, "robot.vacuum", "rooms") == "Kitchen, Hall, Living room"
            && of(&lares, "robot.map", "state") == "Hall"
    });
    let plan = of(&lares, "robot.map", "map");
    let plan = plan.as_str().unwrap();
    assert!(plan.starts_with("####") && plan.contains('A') && plan.contains('C'), "{plan}");
    assert!(of(&lares, "robot.map", "x").as_f64().is_some_and(|x| x > 3.0), "metres");

    // By a person: rooms by their names, in this order.
    let sent = lares.say(&["set", "robot.vacuum", "clean_rooms=living room, Kitchen"]);
    assert!(sent.code == 0, "{sent:?}");
    wait_for("it to clean", || {
        of(&lares, "robot.vacuum", "state") == "cleaning" && of(&lares, "robot.map", "state") == "Living room"
    });
    let why = lares.say(&["why", "robot.vacuum"]).out;
    assert!(
        why.lines()
            .next()
            .is_some_and(|line| line.ends_with("the command line set it clean rooms to living room, Kitchen")),
        "what it does comes of what it was told: {why}"
    );
    let refused = lares.say(&["set", "robot.vacuum", "clean_rooms=Cellar"]);
    assert!(refused.code != 0 && format!("{refused:?}").contains("no room `Cellar`"), "{refused:?}");

    // By its own report, a rule: a word that nothing answers ends at `sent`.
    assert_eq!(lares.say(&["set", "robot.vacuum", "action=pause"]).code, 0);
    wait_for("it to make itself heard", || says(&world)["located"] == 1);
    wait_for("the receipt", || {
        lares
            .entries(&["--kind", "receipt"])
            .iter()
            .any(|e| e["text"].as_str().is_some_and(|t| t.contains("sent")))
    });
    let located = |e: &&Value| e["text"].as_str().is_some_and(|t| t.contains("locate"));
    let decision =
        lares.entries(&["--kind", "decision"]).iter().find(located).expect("a decision")["id"].clone();
    let why = lares.say(&["why", decision.as_str().unwrap()]).out;
    assert!(why.contains("say-where") || why.contains("Say where"), "{why}");
    let own = lares.say(&["set", "robot.vacuum", "command=spin {\"times\":2}"]);
    assert!(own.code == 0, "{own:?}");
    wait_for("its maker's command", || {
        says(&world)["last_command"].as_str().is_some_and(|c| c.contains("spin") && c.contains("times"))
    });

    // Over a kill: what it knew stands, and no word is said again.
    lares.kill();
    lares.run();
    assert_eq!(of(&lares, "robot.map", "map"), plan);
    wait_for("its state again", || of(&lares, "robot.vacuum", "state") == "paused");
    assert_eq!(says(&world)["located"], 1);

    // By a sentence; what it does on its way home has obeyed.
    let said = lares.say(&["say", "return rusty to base"]);
    assert!(said.code == 0, "{said:?}");
    wait_for("it to turn home", || {
        matches!(of(&lares, "robot.vacuum", "state").as_str(), Some("returning" | "docked"))
    });
    let said = lares.say(&["say", "vacuum the kitchen"]);
    assert!(said.code == 0, "{said:?}");
    wait_for("the kitchen", || of(&lares, "robot.map", "state") == "Kitchen");
    lares.stop();
}
