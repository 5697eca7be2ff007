//! Questions over the API: who is asked, whose yes counts, and that a rule which opens something always asks.
//!
//! Meant to fail it (not tried): `is_for` always true, `may_answer` without its rights, a risk that is earned away.

use lares_tests::{Dwelling, Http, announce, component, wait_for};
use serde_json::json;

use super::place;

#[test]
fn questions_are_answered_by_those_who_may() {
    let place = place("questions");
    let more = "[device.bell]\nroom = \"hall\"\nidentifiers = [\"bell\"]\n\n\
                [rule.open]\nname = \"Open for the bell\"\nautonomy = \"act\"\n\
                when = [{ entity = \"bell.ring\", to = true }]\nthen = [{ set = \"hall-lock\", locked = false }]\n\n\
                [rule.guest]\nwhen = [{ entity = \"bell.ring\", to = true }]\n\
                then = [{ ask = \"Light for you?\", to = [\"gus\"], then = [{ set = \"hall-lamp\", on = true }] }]\n";
    let mut house = Dwelling::start(&place, more);
    announce(
        &house.world,
        "bell",
        &[component("binary_sensor", "ring", json!({ "state_topic": "bell/ring" }))],
    );
    wait_for("the bell", || house.lares.device("bell").is_some());
    house.world.publish("bell/ring", "OFF");
    let locked = |house: &Dwelling| house.lares.entity("hall-lock.lock").map(|e| e["state"].clone());
    assert_eq!(house.wish("anna", "hall-lock", json!({ "locked": true })).json()["ok"], true);
    let asked = |house: &Dwelling, person: &str| {
        let replied = house.http.ask(house.token(person), "GET", "/api/v1/questions", None);
        let texts = |q: &serde_json::Value| (q["id"].to_string().replace('"', ""), q["text"].to_string());
        replied.json().as_array().unwrap().iter().map(texts).collect::<Vec<_>>()
    };
    let answer = |house: &Dwelling, person: &str, id: &str, yes: bool| {
        let path = format!("/api/v1/questions/{id}");
        house.http.ask(house.token(person), "POST", &path, Some(&json!({ "yes": yes })))
    };
    assert_eq!(asked(&house, "anna"), []);
    house.world.publish("bell/ring", "ON");
    wait_for("the question", || asked(&house, "ben").len() == 1);
    let (id, text) = asked(&house, "ben").remove(0);
    assert_eq!(text, "\"Open for the bell: set hall-lock locked off\"");
    // A guest is asked what is for them, and nothing else.
    wait_for("the guest's question", || asked(&house, "gus").len() == 1);
    let (theirs, text) = asked(&house, "gus").remove(0);
    assert_eq!(text, "\"Light for you?\"");
    assert_eq!(answer(&house, "gus", &id, true).status, 404);
    assert_eq!(answer(&house, "ben", &theirs, true).status, 404);
    let home = |house: &Dwelling, person: &str| {
        house.http.ask(house.token(person), "GET", "/api/v1/home", None).json().to_string()
    };
    assert!(home(&house, "gus").contains(&theirs) && !home(&house, "gus").contains(&id));
    assert!(!home(&house, "clara").contains(&theirs));
    // Whoever may not unlock may not say yes to it.
    let refused = answer(&house, "clara", &id, true);
    assert_eq!(refused.status, 403, "{refused:?}");
    let wrong = house.http.ask(
        house.token("ben"),
        "POST",
        &format!("/api/v1/questions/{id}"),
        Some(&json!({ "yes": "perhaps" })),
    );
    assert_eq!(wrong.status, 400, "{wrong:?}");
    assert_eq!(locked(&house), Some(json!(true)));
    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    wait_for("the lock", || locked(&house) == Some(json!(true)));
    assert_eq!(answer(&house, "ben", &id, true).json()["ok"], true);
    wait_for("the lock to open", || locked(&house) == Some(json!(false)));
    let again = answer(&house, "ben", &id, true);
    assert!([404, 409].contains(&again.status), "{again:?}");
    assert_eq!(answer(&house, "gus", &theirs, true).json()["ok"], true);
    wait_for("the light", || house.lares.entity("hall-lamp.light").is_some_and(|e| e["state"] == true));
    let why = house.lares.say(&["why", "hall-lock"]).out;
    assert!(why.contains("Ben said yes to rule “Open for the bell”"), "{why}");
}
