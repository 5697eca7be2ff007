//! Adopting on the dashboard: what waits, what is proposed, the files as `lares adopt` writes them, and who may.
//!
//! Meant to fail it (not tried): the route's least role changed to child, `sees` left out, the check of the whole home left out.

use lares_tests::{Dwelling, Http, announce, component, wait_for};
use serde_json::{Value, json};

use super::place;

#[test]
fn what_appeared_is_placed_by_those_who_may() {
    let place = place("adopt");
    let mut house = Dwelling::start(&place, "");
    let fan = || component("fan", "fan", json!({ "state_topic": "f/fan", "command_topic": "f/fan/set" }));
    announce(&house.world, "bath-fan", &[fan()]);
    announce(&house.world, "thing", &[fan()]);
    wait_for("the devices", || ["bath-fan", "thing"].iter().all(|d| house.lares.device(d).is_some()));
    let waiting = |house: &Dwelling, person: &str| {
        let replied = house.http.ask(house.token(person), "GET", "/api/v1/adopt", None);
        (replied.status, replied.json())
    };
    let adopt = |house: &Dwelling, person: &str, id: &str, body: Value| {
        let path = format!("/api/v1/adopt/{id}");
        let replied = house.http.ask(house.token(person), "POST", &path, Some(&body));
        (replied.status, replied.json())
    };
    let (status, shown) = waiting(&house, "ben");
    assert_eq!(status, 200);
    let proposed: Vec<(&Value, &Value, &Value)> =
        shown.as_array().unwrap().iter().map(|w| (&w["id"], &w["room"], &w["new"])).collect();
    let (yes, nowhere) = (json!(true), Value::Null);
    assert_eq!(proposed, [(&json!("bath-fan"), &json!("bath"), &yes), (&json!("thing"), &nowhere, &yes)]);

    // What cannot be is refused with its reason, and nothing is written.
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let cases = [
        ("gus", "thing", json!({ "room": "hall" }), 403, "guest may not"),
        ("clara", "thing", json!({ "room": "hall" }), 403, "child may not"),
        ("ben", "nothing", json!({ "room": "hall" }), 404, "no device"),
        ("ben", "thing", json!({ "room": "hull" }), 400, "allowed: bath, hall"),
        ("ben", "thing", json!({ "room": "hall", "key": "a b" }), 400, "can't be a key"),
        ("ben", "thing", json!({ "room": "hall", "name": "" }), 400, "1 to 100"),
        ("ben", "thing", json!({ "room": "hall", "nmae": "x" }), 400, "nmae"),
        ("ben", "thing", json!({ "room": "hall", "key": "hall-lamp" }), 400, "hall-lamp"),
    ];
    for (person, id, body, status, word) in cases {
        let (found, said) = adopt(&house, person, id, body.clone());
        assert_eq!(found, status, "{person} {body}: {said}");
        assert!(said["detail"].as_str().unwrap().contains(word), "{person} {body}: {said}");
    }
    assert_eq!(std::fs::read_to_string(place.home().join("home.toml")).unwrap(), home);
    assert_eq!(std::fs::read_dir(place.home()).unwrap().count(), 1, "only home.toml is there");

    let (status, said) =
        adopt(&house, "ben", "thing", json!({ "room": "Hall", "name": "Ceiling fan", "key": "hall-fan" }));
    assert_eq!(
        (status, said),
        (200, json!({ "device": "hall-fan", "room": "hall", "files": ["home.toml"] }))
    );
    let written = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let section = "[device.hall-fan]\nname = \"Ceiling fan\"\nroom = \"hall\"\nidentifiers = [\"thing\"]\n";
    assert_eq!(written, format!("{home}\n{section}"));
    wait_for("its place", || {
        house.lares.device("hall-fan").is_some_and(|d| d["room"] == "hall" && d["name"] == "Ceiling fan")
    });
    let ids = |(_, shown): (u16, Value)| -> Vec<Value> {
        shown.as_array().unwrap().iter().map(|w| w["id"].clone()).collect()
    };
    assert_eq!(ids(waiting(&house, "ben")), ["bath-fan"]);
    let log = house.lares.entries(&["--kind", "notice"]);
    let told = "Ben placed Ceiling fan in Hall as `hall-fan`, on the dashboard (home.toml)";
    assert!(log.iter().any(|e| e["text"].to_string().contains(told)), "{log:?}");

    // The same as on the command line: what the one writes the other leaves as it is.
    let said = house.lares.say(&["adopt", "hall-fan", "--room", "hall", "--name", "Ceiling fan"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(std::fs::read_to_string(place.home().join("home.toml")).unwrap(), written);

    // Who may see the hall only sees nothing of what is in no room, and places nothing elsewhere.
    place
        .write("home.toml", &written.replace("role = \"adult\"\n", "role = \"adult\"\nrooms = [\"hall\"]\n"));
    assert_eq!(house.lares.say(&["reload"]).code, 0);
    wait_for("the grant", || ids(waiting(&house, "ben")).is_empty());
    assert_eq!(adopt(&house, "ben", "bath-fan", json!({ "room": "hall" })).0, 404);
    assert_eq!(adopt(&house, "ben", "hall-fan", json!({ "room": "bath" })).0, 403);

    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    wait_for("the device", || house.lares.device("hall-fan").is_some_and(|d| d["room"] == "hall"));
    assert_eq!(ids(waiting(&house, "anna")), ["bath-fan"]);
}
