//! What is told of a lock is that it is locked, in the words of whoever asks: why, journal, notice, trial, terminal output.
//!
//! Meant to fail it (not tried): `Names::word` without words, the notice's value as it is, `reworded` left out.

use lares_tests::{Dwelling, wait_for};
use serde_json::json;

use super::place;

#[test]
fn a_lock_is_locked_wherever_it_is_told_of() {
    let place = place("kinds");
    let rule = "[rule.told]\nwhen = [{ entity = \"hall-lock.lock\", to = true }]\n\
                then = [{ notify = \"The hall is {hall-lock.lock}.\" }]\n\
                [rule.light]\nwhen = [{ entity = \"hall-lock.lock\", to = false }]\n\
                if = [{ entity = \"hall-lock.lock\", is = true }]\nthen = [{ set = \"hall-lamp\", on = true }]\n";
    let house = Dwelling::start(&place, rule);
    // The first report of all is no change.
    for locked in [false, true, false] {
        let done = house.wish("ben", "hall-lock", json!({ "locked": locked }));
        assert_eq!(done.json()["ok"], true, "{done:?}");
    }
    let log = || house.lares.say(&["log"]).out;
    let skipped = "Hall lock is locked was not met (found unlocked";
    wait_for("what came of it", || log().contains("The hall is locked.") && log().contains(skipped));
    let said = log();
    for told in ["Hall lock is locked", "Hall lock is unlocked", "Ben set Hall lock unlocked"] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert!(!said.contains("Hall lock is on\n") && !said.contains("became on"), "{said}");

    let why = house.lares.say(&["why", "hall-lock"]).out;
    assert!(why.contains("Hall lock is unlocked since"), "{why}");
    let because = house.lares.say(&["why", "rule:light"]).out;
    assert!(because.contains("Hall lock became unlocked"), "{because}");
    let devices = house.lares.say(&["devices"]).out;
    assert!(devices.lines().any(|line| line.contains(".lock") && line.contains("unlocked")), "{devices}");

    // The same in German: also what a rule would do, and what it is made of.
    let german = |method: &str, path: &str, body: Option<&str>| {
        let token = format!("Bearer {}", house.token("anna"));
        let headers = [("Authorization", token.as_str()), ("Accept-Language", "de")];
        house.http.send(method, path, &headers, body).json()
    };
    let why = german("GET", "/api/v1/why?of=hall-lock", None);
    assert!(why["line"].as_str().unwrap().contains("Hall lock ist aufgeschlossen"), "{why}");
    let rules = german("GET", "/api/v1/rules", None);
    let light = rules.as_array().unwrap().iter().find(|rule| rule["id"] == "light").unwrap();
    assert_eq!(light["when"], json!(["Hall lock wurde aufgeschlossen"]), "{light}");
    assert_eq!(light["conditions"], json!(["Hall lock ist abgeschlossen"]), "{light}");
    assert_eq!(light["then"], json!(["Hall lamp an stellen"]), "{light}");
    let tried = german("POST", "/api/v1/rules/light/try", Some("{}"));
    assert_eq!(tried["conditions"][0]["text"], "Hall lock ist abgeschlossen", "{tried}");
    let refused = german("POST", "/api/v1/lists/shopping", Some("{\"name\": \"\"}"));
    assert_eq!(refused["detail"], "`name` ist eine Zeile von 1 bis 200 Zeichen", "{refused}");
}
