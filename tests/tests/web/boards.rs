//! Boards of rooms over the API: what a wall's browser shows, what is for whom, and a ring that is stopped there.
//!
//! Meant to fail it (not tried): a board that tells a guest what was said, a ring of another room that a guest stops.

use lares_tests::{Dwelling, wait_for};
use serde_json::{Value, json};

use super::place;

const MORE: &str = "[voice]\nring = \"10m\"\n\
    [person.panel]\nname = \"Panel\"\nrole = \"guest\"\nrooms = [\"bath\"]\n\
    [display.hall-panel]\nroom = \"hall\"\nperson = \"gus\"\nshows = [\"timers\", \"calendar\", \"production\"]\n";

#[test]
fn a_board_is_for_those_who_may_see_it_and_what_rings_is_stopped() {
    let place = place("web-boards");
    let house = Dwelling::start(&place, MORE);
    let board = |person: &str, room: &str| {
        house.http.ask(house.token(person), "GET", &format!("/api/v1/rooms/{room}/board"), None)
    };
    let put = |words: &[&str]| {
        let said = house.lares.say(&[&["graph", "put"], words].concat());
        assert_eq!(said.code, 0, "{said:?}");
    };
    put(&["event:dentist", "name=Dentist", "start=tomorrow"]);
    put(&["batch:loaf", "name=Loaf", "status=started", "step=proofing"]);
    put(&["batch:old", "name=Old", "status=done"]);
    assert_eq!(house.http.ask(house.token("gus"), "GET", "/api/v1/me", None).json()["wall"], "hall");
    assert_eq!(house.http.ask(house.token("ben"), "GET", "/api/v1/me", None).json()["wall"], Value::Null);
    let people = house.http.ask(house.token("anna"), "GET", "/api/v1/home", None).json()["people"].clone();
    let people: Vec<&str> = people.as_array().unwrap().iter().filter_map(|p| p["key"].as_str()).collect();
    assert_eq!(people, ["anna", "ben", "clara", "panel"], "a wall is nobody who comes and goes");
    assert_eq!(board("gus", "bath").status, 404, "not theirs");
    assert_eq!(board("anna", "attic").status, 404, "there is none");

    for room in ["hall", "bath"] {
        let timer = json!({ "timer": format!("{room}/eggs"), "act": "set", "seconds": 1 });
        assert_eq!(house.http.ask(house.token("anna"), "POST", "/api/v1/timers", Some(&timer)).status, 200);
    }
    let rings = |person: &str, room: &str| board(person, room).json()["rings"].as_array().unwrap().clone();
    wait_for("both to ring", || ["hall", "bath"].iter().all(|room| rings("anna", room).len() == 1));
    let home = |person: &str| {
        house.http.ask(house.token(person), "GET", "/api/v1/home", None).json()["rings"].clone()
    };
    assert_eq!(home("anna").as_array().unwrap().len(), 2);
    assert_eq!(home("gus").as_array().unwrap().len(), 1, "of their room");
    let stop = |person: &str, id: &Value| {
        let path = format!("/api/v1/rings/{}/stop", id.as_str().unwrap());
        house.http.ask(house.token(person), "POST", &path, Some(&json!({}))).status
    };
    let (hall, bath) = (rings("anna", "hall")[0]["id"].clone(), rings("anna", "bath")[0]["id"].clone());
    assert_eq!(stop("gus", &bath), 404, "a guest does not hear it");
    assert_eq!(stop("gus", &json!("nonsense")), 404);
    assert_eq!((stop("gus", &hall), stop("clara", &bath)), (204, 204));
    assert_eq!(stop("anna", &hall), 404, "it is stopped");
    assert_eq!(home("anna"), json!([]));
    let log = house.lares.say(&["log", "--kind", "notice"]).out;
    assert!(log.contains("stopped: The eggs timer is over"), "{log}");
    // A wall without alerts and calls among `shows` has none of them.
    let shown = board("gus", "hall").json();
    assert_eq!((&shown["alerts"], &shown["calls"], &shown["heard"]), (&json!([]), &json!([]), &Value::Null));
    assert_eq!(
        (&shown["next"]["name"], shown["making"].as_array().unwrap().len()),
        (&json!("Dentist"), 1),
        "{shown}"
    );
    assert_eq!(
        (&shown["making"][0]["name"], &shown["making"][0]["step"]),
        (&json!("Loaf"), &json!("proofing"))
    );
    // Days of the household are not for a child; an adult sees them in any room.
    assert_eq!(board("clara", "hall").json()["next"], Value::Null);
    assert_eq!(board("ben", "bath").json()["next"]["name"], "Dentist");
}
