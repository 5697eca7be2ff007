//! Who wants what of one lamp: a scene, a switch, the command line, a phone and a neighbour system, each seen as itself on one page.
//!
//! Seen to fail without the token's name in the reason.

use lares_tests::{Dwelling, wait_for};
use serde_json::{Value, json};

use super::place;

const SCENE: &str = "[scene.film]\nset = [{ set = \"hall-lamp\", on = false }]\n";

/// Whose claims stand on whether the lamp is on, and for which reason.
fn wanted(house: &Dwelling) -> Vec<(String, String)> {
    let plan = house.http.ask(house.token("anna"), "GET", "/api/v1/plan", None).json();
    let holds = plan["holds"].as_array().cloned().unwrap_or_default();
    let of_it = holds.iter().filter(|h| h["entity"] == "hall-lamp.light" && h["property"] == "on");
    let word = |h: &Value, what: &str| h[what].as_str().unwrap().to_owned();
    let mut all: Vec<_> = of_it.map(|h| (word(h, "source"), word(h, "reason"))).collect();
    all.sort();
    all
}

#[test]
fn who_wants_what_of_a_lamp_is_seen_by_where_it_was_wished() {
    let place = place("wishes");
    let mut house = Dwelling::start(&place, SCENE);
    for (person, device, on) in [("ben", "Ben's phone", true), ("anna", "Home Assistant", true)] {
        let named = json!({ "name": device });
        let made = house.http.ask(house.token(person), "POST", "/api/v1/tokens", Some(&named));
        assert_eq!(made.status, 201, "{made:?}");
        let wish =
            json!({ "act": "set", "target": "hall-lamp", "values": { "on": on }, "hold_ms": 3_600_000 });
        let token = made.json()["token"].as_str().unwrap().to_owned();
        let done = house.http.ask(&token, "POST", "/api/v1/intents", Some(&wish)).json();
        assert_eq!(done["ok"], true, "{done}");
    }
    house.lares.say(&["scene", "film", "--hold", "2h"]);
    house.lares.say(&["set", "hall-lamp", "on=true", "--hold", "1h"]);
    house.world.publish("hall-lamp/light", r#"{"state":"OFF"}"#);
    wait_for("the hand on the switch", || wanted(&house).iter().any(|(source, _)| source == "hand"));
    let all = wanted(&house);
    let told: Vec<(&str, &str)> = all.iter().map(|(source, reason)| (&**source, &**reason)).collect();
    let of = |source: &str| told.iter().find(|(s, _)| *s == source).map(|(_, reason)| *reason);
    assert_eq!(of("person:anna"), Some("through Home Assistant"), "{told:?}");
    assert_eq!(of("person:ben"), Some("through Ben's phone"), "{told:?}");
    assert!(of("hand").is_some() && of("scene:film").is_some() && of("console").is_some(), "{told:?}");
    let why = house.lares.say(&["why", "hall-lamp"]).out;
    assert!(why.contains("through Home Assistant"), "where each was wished: {why}");
    house.lares.kill();
    house.lares.run();
    house.http = lares_tests::Http::of(&house.lares);
    wait_for("the claims of before the kill", || wanted(&house) == all);
}
