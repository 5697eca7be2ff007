//! A rule says what is on today in a room: from what is kept, once, over a kill in the middle of it.
//!
//! Meant to fail it (not tried): words that are made when the rule is read, a step that is done again after a kill.

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};
use serde_json::Value;

use super::place;

const RULES: &str = "[rule.morning]\nname = \"Good morning\"\nwhen = [{ entity = \"hall.lamp\", to = true }]\n\
    then = [{ delay = \"3s\" }, { say = \"Good morning. {today}\", room = \"hall\" }]\n";

/// What was said in the hall.
fn said(lares: &Lares) -> Vec<Value> {
    let notices = lares.entries(&["--kind", "notice"]);
    notices.into_iter().filter(|entry| entry["text"].to_string().contains("Good morning")).collect()
}

#[test]
fn a_rule_says_what_is_on_today_once() {
    let home = place("morning");
    let broker = Mosquitto::start(&home, false);
    let hall = Thing::new("hall");
    home.write("home.toml", &(home_head(broker.port) + &hall.sections() + RULES));
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let mut lares = Lares::start(&home);
    wait_for("the lamp", || lares.entity("hall.lamp").is_some());
    hall.reach(&world, &lares);
    let put = lares.say(&["graph", "put", "event:dentist", "name=Dentist", "start=today"]);
    assert_eq!(put.code, 0, "{put:?}");
    // It can be tried: nothing is said.
    let tried = lares.say(&["rule", "try", "morning"]);
    assert!(tried.code == 0 && tried.out.contains("say \"Good morning. {today}\" in room:hall"), "{tried:?}");
    assert_eq!(said(&lares).len(), 0);

    // What it is first of all is no change.
    for on in ["on=false", "on=true"] {
        assert_eq!(lares.say(&["set", "hall.lamp", on]).code, 0);
    }
    wait_for("it to be said", || !said(&lares).is_empty());
    let first = said(&lares).remove(0);
    assert!(first["text"].to_string().contains("Good morning. Today: Dentist."), "{first}");
    let why = lares.say(&["why", first["id"].as_str().unwrap()]).out;
    for part in ["Hall is on", "Dentist"] {
        assert!(why.contains(part), "{part}: {why}");
    }

    // Killed while it waits, it is said afterwards, and once.
    assert_eq!(lares.say(&["set", "hall.lamp", "on=false"]).code, 0);
    assert_eq!(lares.say(&["set", "hall.lamp", "on=true"]).code, 0);
    lares.kill();
    lares.run();
    wait_for("it to be said again", || said(&lares).len() == 2);
    lares.kill();
    lares.run();
    wait_for("the rules", || lares.entity("hall.lamp").is_some());
    lares.stop();
    lares.run();
    assert_eq!(said(&lares).len(), 2, "{:?}", said(&lares));
    lares.stop();
}
