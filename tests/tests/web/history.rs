//! What was, over the API: as it was measured, only to those who see the thing, and with words for what is wrong.
//!
//! Seen to fail under: all devices looked at instead of the visitor's.

use lares_tests::{Dwelling, wait_for};
use serde_json::{Value, json};

use super::place;

#[test]
fn history_is_told_to_whom_it_is_shown() {
    let place = place("history");
    let mut house = Dwelling::start(&place, "");
    assert_eq!(house.wish("anna", "hall-lamp", json!({ "on": true, "brightness": 40 })).status, 200);
    assert_eq!(house.wish("anna", "bath-lamp", json!({ "on": true })).status, 200);
    let ask = |house: &Dwelling, person: &str, query: &str| {
        house.http.ask(house.token(person), "GET", &format!("/api/v1/history?{query}"), None)
    };
    let spans = |view: &Value| {
        view["spans"].as_array().unwrap().iter().map(|s| s["value"].clone()).collect::<Vec<_>>()
    };
    wait_for("the lamp's history", || {
        spans(&ask(&house, "gus", "entity=hall-lamp").json()).last() == Some(&json!(true))
    });
    let view = ask(&house, "gus", "entity=hall-lamp.light&property=brightness").json();
    assert_eq!((&view["kind"], &view["held"]), (&json!("number"), &json!(true)), "{view}");
    let last = view["points"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["last"], &last["count"]), (&json!(40.0), &json!(1)), "{view}");
    let rolled = ask(&house, "ben", "entity=hall-lamp&property=brightness&every=5m").json();
    assert_eq!(rolled["step_s"], 300, "{rolled}");
    assert_eq!(rolled["points"].as_array().unwrap().last().unwrap()["max"], 40.0, "{rolled}");
    // What a guest does not see has no history for them, and is not even suggested.
    for hidden in ["bath-lamp", "bath-lamp.light", "bath-lam"] {
        let replied = ask(&house, "gus", &format!("entity={hidden}"));
        assert_eq!(replied.status, 404, "{replied:?}");
        assert!(!replied.body.replace(hidden, "").contains("bath"), "{replied:?}");
    }
    assert_eq!(ask(&house, "clara", "entity=bath-lamp").status, 200);
    for (query, says) in [
        ("", "`entity` is missing"),
        ("entity=hall-lamp&points=1", "allowed: a whole number from 2 to 2000"),
        ("entity=hall-lamp&points=5&every=1h", "give one of them"),
        ("entity=hall-lamp&every=7m", "multiple of 5m"),
        ("entity=hall-lamp&from=yesterday", "is not an instant"),
        ("entity=hall-lamp&from=2999-01-01T00:00:00Z", "is not before"),
        ("entity=hall-lamp&property=onn", "no property is called"),
        ("entity=hall-lamp&step=1h", "allowed: entity"),
    ] {
        let replied = ask(&house, "anna", query);
        assert_eq!(
            (replied.status, replied.header("content-type")),
            (400, "application/problem+json"),
            "{query}"
        );
        assert!(replied.json()["detail"].as_str().unwrap().contains(says), "{query}: {replied:?}");
    }
    // All of it is there after a kill.
    house.lares.kill();
    house.lares.run();
    house.http = lares_tests::Http::of(&house.lares);
    let view = ask(&house, "gus", "entity=hall-lamp").json();
    assert!(spans(&view).contains(&json!(true)), "{view}");
}
