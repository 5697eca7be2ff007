//! A person at the switch goes before a rule, and a person who says so later before both.
//!
//! Also right after a start, and over a kill; what the broker had kept is nobody's hand.
//!
//! Meant to fail it (not tried): `moved_by_hand` not called, the hand's claim below the rules' level, a hand that does not
//! yield to a person's wish.

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};

use super::place;

#[test]
fn by_hand() {
    let place = place("hand");
    let broker = Mosquitto::start(&place, false);
    let hall = Thing::new("hall");
    let home = home_head(broker.port)
        + &hall.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n\
           [rule.off]\nwhen = [{ entity = \"hall.motion\", to = false }]\nthen = [{ set = \"hall.lamp\", on = false }]\n";
    place.write("home.toml", &home);
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let lares = Lares::start(&place);
    wait_for("the device", || lares.entity("hall.lamp").is_some());
    hall.reach(&world, &lares);
    let state =
        |on: bool| wait_for("the lamp", || lares.entity("hall.lamp").is_some_and(|e| e["state"] == on));
    world.publish("home/hall/lamp", "{\"state\":\"OFF\"}");
    state(false);
    // Somebody switches it on.
    world.publish("home/hall/lamp", "{\"state\":\"ON\"}");
    state(true);
    world.forget();
    hall.motion(&world, true, "c");
    hall.motion(&world, false, "d");
    wait_for("the rule to be overridden", || {
        lares.entries(&["--rule", "off"]).last().is_some_and(|e| e["text"].to_string().contains("overridden"))
    });
    assert!(world.on("home/hall/lamp/set").is_empty(), "a rule switched off what was switched on by hand");
    let why = lares.say(&["why", "hall.lamp"]);
    assert!(why.out.contains("hand"), "{}", why.out);
    // A person who wishes later wins, and the hand's claim is over.
    let said = lares.say(&["set", "hall.lamp", "on=false"]);
    assert_eq!(said.code, 0, "{said:?}");
    state(false);
    hall.motion(&world, true, "e");
    state(true);
    assert!(world.on("home/hall/lamp/set").last().is_some_and(|t| t.contains("ON")));
}

/// The first thing that is heard of a lamp in a new life is somebody at its switch.
#[test]
fn by_hand_right_after_a_start() {
    let place = place("hand-start");
    let broker = Mosquitto::start(&place, false);
    let (hall, yard) = (Thing::new("hall"), Thing::new("yard"));
    let rules = |id: &str| {
        let rule = |name: &str, to: bool| {
            format!(
                "[rule.{id}-{name}]\nwhen = [{{ entity = \"{id}.motion\", to = {to} }}]\n\
                 then = [{{ set = \"{id}.lamp\", on = {to} }}]\n"
            )
        };
        rule("on", true) + &rule("off", false)
    };
    let home = home_head(broker.port) + &hall.sections() + &yard.sections() + &rules("hall") + &rules("yard");
    place.write("home.toml", &home);
    // The yard's lamp retains its state, the hall's does not.
    let world = Wire::answering(broker.port, "world", &["home/+/lamp/set"], |topic, payload| {
        let state = topic.trim_end_matches("/set").to_owned();
        vec![(state.clone(), String::from_utf8_lossy(payload).into_owned(), state.contains("yard"))]
    });
    hall.announce(&world);
    yard.announce(&world);
    world.settle();
    let mut lares = Lares::start(&place);
    wait_for("the devices", || lares.entity("hall.lamp").is_some() && lares.entity("yard.lamp").is_some());
    for thing in [&hall, &yard] {
        thing.reach(&world, &lares);
        thing.motion(&world, true, "a");
        let lamp = format!("{}.lamp", thing.id);
        wait_for("the lamp", || lares.entity(&lamp).is_some_and(|e| e["state"] == true));
    }
    lares.kill();
    // While nobody looked, the yard's lamp went off: its broker keeps that for whoever comes. To a session that it knows it
    // would tell it as the change it was; with another name there is none.
    std::fs::remove_file(place.data().join("client-name")).unwrap();
    world.retain("home/yard/lamp", "{\"state\":\"OFF\"}");
    world.settle();
    lares.run();
    wait_for("what was kept", || lares.entity("yard.lamp").is_some_and(|e| e["state"] == false));
    world.publish("home/hall/lamp", "{\"state\":\"OFF\"}");
    wait_for("the press", || lares.entity("hall.lamp").is_some_and(|e| e["state"] == false));
    let started = lares.ready_after;
    let hands = |lares: &Lares, lamp: &str| {
        let all = lares.entries(&["--entity", lamp, "--kind", "decision"]);
        all.iter().filter(|e| e["text"].to_string().contains("hand")).count()
    };
    wait_for("the hand's claim", || hands(&lares, "hall.lamp") == 1);
    assert_eq!(hands(&lares, "yard.lamp"), 0, "what a broker keeps is how things are");
    // The claim outlives a kill, and rules give way to it.
    lares.kill();
    lares.run();
    world.forget();
    hall.motion(&world, false, "b");
    hall.motion(&world, true, "c");
    wait_for("the rule to be overridden", || {
        lares
            .entries(&["--rule", "hall-on"])
            .last()
            .is_some_and(|e| e["text"].to_string().contains("overridden"))
    });
    assert!(world.on("home/hall/lamp/set").is_empty(), "a rule moved what a hand had set");
    eprintln!(
        "by hand: a press right after a start ({started:?}) is a wish; retained states that were taken for one: 0"
    );
}
