//! R23, on the running product: a broken configuration changes nothing and says so; a good one changes only what it
//! changed.
//!
//! Meant to fail it (not tried): applying a home that has problems (`Household::reload`), restarting rooms that did not
//! change, no `HomeRefused` in the journal.

use std::collections::BTreeMap;

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};

use super::place;

#[test]
fn broken_reload() {
    let place = place("reload");
    let broker = Mosquitto::start(&place, false);
    let (hall, yard) = (Thing::new("hall"), Thing::new("yard"));
    let rule = |on: bool| {
        format!(
            "[rule.follow]\nwhen = [{{ entity = \"hall.motion\", to = true }}]\nthen = [{{ set = \"hall.lamp\", on = {on} }}]\n"
        )
    };
    place.write("home.toml", &(home_head(broker.port) + &hall.sections() + &yard.sections()));
    place.write("rules.toml", &rule(true));
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    yard.announce(&world);
    world.settle();
    let lares = Lares::start(&place);
    wait_for("the devices", || lares.entity("hall.lamp").is_some() && lares.entity("yard.lamp").is_some());
    hall.reach(&world, &lares);
    let react = |expected: &str| {
        world.forget();
        let _ = lares.say(&["set", "hall.lamp", if expected == "ON" { "on=false" } else { "on=true" }]);
        hall.motion(&world, false, "x");
        hall.motion(&world, true, "y");
        wait_for("the rule", || world.on("home/hall/lamp/set").last().is_some_and(|t| t.contains(expected)));
    };
    react("ON");
    let handled = || -> BTreeMap<String, u64> {
        let actors = lares.actors();
        let pair =
            |a: &serde_json::Value| (a["path"].as_str().unwrap().to_owned(), a["restarts"].as_u64().unwrap());
        actors.iter().map(pair).collect()
    };
    let before = handled();

    // Three kinds of broken: not TOML, an unknown key, a reference to nothing.
    let broken = [
        ("rules.toml", "[rule.follow\n".to_owned(), "rules.toml:1"),
        ("rules.toml", rule(false).replace("then", "than"), "rules.toml:3"),
        ("rules.toml", rule(false).replace("hall.lamp", "hull.lamp"), "rules.toml:3"),
    ];
    for (n, (file, text, place_of_it)) in broken.iter().enumerate() {
        place.write(file, text);
        let said = lares.say(&["reload"]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(place_of_it), "{place_of_it} is not in {}", said.err);
        assert!(said.err.contains("old one goes on"), "{said:?}");
        wait_for("its record", || lares.entries(&["--kind", "home_refused"]).len() == n + 1);
        let status = lares.ask(&["status"]);
        assert!(status["home"]["refused"].as_array().is_some_and(|r| !r.is_empty()), "{status}");
        react("ON");
    }
    assert_eq!(handled(), before, "a refused home restarts nothing and adds nobody");

    // Mended: the rule is another one now, and only it.
    place.write("rules.toml", &rule(false));
    let said = lares.ask(&["reload"]);
    assert_eq!(said["changed"], serde_json::json!(["rule.follow"]), "{said}");
    react("OFF");
    assert_eq!(handled(), before, "only what changed is changed");
    let starts = lares.entries(&["--kind", "child"]);
    assert!(starts.is_empty(), "{starts:?}");
    let status = lares.ask(&["status"]);
    assert_eq!(status["home"]["refused"], serde_json::json!([]), "{status}");

    // A room more: one actor more.
    place.write("more.toml", "[room.attic]\n");
    let said = lares.ask(&["reload"]);
    assert_eq!(said["changed"], serde_json::json!(["room.attic"]), "{said}");
    let mut expected = before.clone();
    expected.insert("rooms/attic".to_owned(), 0);
    assert_eq!(handled(), expected);
    react("OFF");
}
