//! Interlocks over the API: what they forbid, to whom it is shown, and who clears them.
//!
//! Seen to fail under: a refusal that is answered as done. Meant to fail it (not tried): the route's least role changed to child.

use lares_tests::{Dwelling, Http, announce, component, wait_for};
use serde_json::{Value, json};

use super::place;

#[test]
fn a_latch_is_shown_and_cleared_by_those_who_may() {
    let place = place("interlocks");
    let more = "[device.leak]\nname = \"Under the tub\"\nroom = \"bath\"\nidentifiers = [\"leak\"]\n\n\
                [interlock.hall-leak]\nname = \"Water in the hall\"\nof = \"hall-lamp.light\"\nsafe = { on = false }\n\
                lockout = [{ entity = \"leak.water\", is = true }]\nlatched = true\n";
    let mut house = Dwelling::start(&place, more);
    announce(
        &house.world,
        "leak",
        &[component("binary_sensor", "water", json!({ "state_topic": "leak/water" }))],
    );
    wait_for("the sensor", || house.lares.device("leak").is_some());
    let list = |house: &Dwelling, person: &str| {
        house.http.ask(house.token(person), "GET", "/api/v1/interlocks", None)
    };
    let state = |house: &Dwelling| list(house, "clara").json()[0]["state"].clone();
    let ack = |house: &Dwelling, person: &str, key: &str| {
        let path = format!("/api/v1/interlocks/{key}/ack");
        house.http.ask(house.token(person), "POST", &path, None)
    };
    house.world.publish("leak/water", "OFF");
    wait_for("the lamp to go", || {
        house.wish("anna", "hall-lamp", json!({ "on": true })).json()["ok"] == true
    });
    assert_eq!(state(&house), "clear");
    assert_eq!(ack(&house, "anna", "hall-leak").status, 409, "there is nothing to acknowledge");
    house.world.publish("leak/water", "ON");
    wait_for("the latch", || state(&house) == "latched");
    let shown = list(&house, "ben").json();
    assert_eq!(
        (&shown[0]["id"], &shown[0]["of"]),
        (&json!("hall-leak"), &json!("hall-lamp.light")),
        "{shown}"
    );
    assert!(shown[0]["since"].is_string() && shown[0]["reason"] == "Under the tub is on", "{shown}");
    let needs = house.http.ask(house.token("ben"), "GET", "/api/v1/home", None).json()["needs"].to_string();
    assert!(
        needs.contains("Water in the hall waits for somebody to clear it: Under the tub is on"),
        "{needs}"
    );
    for (person, status) in [("gus", 403), ("clara", 403), ("anna", 409)] {
        let replied = ack(&house, person, "hall-leak");
        assert_eq!(replied.status, status, "{person}: {replied:?}");
    }
    assert_eq!(list(&house, "gus").status, 403);
    // Who sees the hall only is told why their lamp stays off, and no name of what is in the bath.
    let seen =
        |person: &str| house.http.ask(house.token(person), "GET", "/api/v1/devices", None).json().to_string();
    let (whole, part) = (seen("ben"), seen("gus"));
    assert!(whole.contains("interlock “Water in the hall” is latched: Under the tub is on"), "{whole}");
    assert!(part.contains("interlock hall-leak is latched: leak.water is on"), "{part}");
    assert!(!part.contains("Under the tub") && !part.contains("Water in the hall"), "{part}");
    let stays = ack(&house, "anna", "hall-leak").json();
    assert!(stays["detail"].as_str().unwrap().contains("stays tripped"), "{stays}");
    assert_eq!(ack(&house, "anna", "no-leak").status, 404);
    // It waits for a person over a kill, also when the cause is gone.
    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    wait_for("the devices", || house.lares.device("leak").is_some());
    house.world.publish("leak/water", "OFF");
    wait_for("dry", || house.lares.entity("leak.water").is_some_and(|e| e["state"] == false));
    assert_eq!(state(&house), "latched");
    let done = ack(&house, "ben", "hall-leak");
    assert_eq!((done.status, &done.json()["ok"]), (200, &json!(true)), "{done:?}");
    assert_eq!(state(&house), "clear");
    let log: Vec<Value> = house.lares.entries(&["--kind", "interlock_acknowledged"]);
    assert!(log.len() == 1 && log[0]["text"].to_string().contains("Ben acknowledged"), "{log:?}");
}
