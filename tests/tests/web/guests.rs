//! A guest link: what its holder sees and moves, on every surface, until its end, which comes by itself or by an owner's word; over
//! a kill too.
//!
//! Meant to fail it (not tried): the rooms of a link not in its grant, `lasts` always true, tokens that outlive the link.

use std::time::Duration;

use lares_tests::{AT_ONCE, Dwelling, Http, Replied, session, wait_for};
use serde_json::{Value, json};

use super::place;

fn make(house: &Dwelling, person: &str, body: &Value) -> Replied {
    house.http.ask(house.token(person), "POST", "/api/v1/guests", Some(body))
}

fn enter(house: &Dwelling, code: &str) -> Replied {
    house.http.post("/api/v1/guest", &json!({ "code": code }))
}

#[test]
fn a_guest_comes_by_a_link_and_goes_with_it() {
    let place = place("guests");
    let mut house = Dwelling::start(&place, "");
    let wanted = json!({ "name": "Aunt Ida", "rooms": ["hall"], "lasts_s": 14400 });
    for person in ["ben", "clara", "gus"] {
        assert_eq!(make(&house, person, &wanted).status, 403);
        assert_eq!(house.http.ask(house.token(person), "GET", "/api/v1/guests", None).status, 403);
    }
    for (body, word) in [
        (json!({ "name": "Ida", "rooms": ["hull"], "lasts_s": 14400 }), "allowed: bath, hall"),
        (json!({ "name": "Ida", "rooms": [], "lasts_s": 14400 }), "at least one room"),
        (json!({ "name": "Ida", "rooms": ["hall"], "lasts_s": 0 }), "5 to 2678400"),
        (json!({ "name": " ", "rooms": ["hall"], "lasts_s": 14400 }), "1 to 60"),
        (json!({ "name": "Ida", "rooms": ["hall"], "lasts_s": 14400, "role": "owner" }), "role"),
    ] {
        let refused = make(&house, "anna", &body);
        assert!(refused.status == 400 && refused.body.contains(word), "{body}: {refused:?}");
    }
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let made = make(&house, "anna", &wanted);
    assert_eq!(made.status, 201, "{made:?}");
    let (guest, code) = (made.json()["guest"].clone(), made.json()["code"].as_str().unwrap().to_owned());
    assert_eq!((&guest["key"], &guest["rooms"]), (&json!("guest.aunt-ida"), &json!(["hall"])));
    assert_eq!(std::fs::read_to_string(place.home().join("home.toml")).unwrap(), home, "no file knows of it");

    // The code opens, a wrong one does not, and it makes no account.
    assert_eq!(enter(&house, "AAAAA-AAAAA").status, 401);
    let body = json!({ "code": code, "password": "long enough" });
    assert_eq!(house.http.post("/api/v1/account", &body).status, 401);
    let entered = enter(&house, &code.to_lowercase());
    assert_eq!((entered.status, &entered.json()["role"]), (201, &json!("guest")), "{entered:?}");
    assert!(entered.json()["ends"].is_string(), "{entered:?}");
    let ida = session(&entered);
    let get = |house: &Dwelling, path: &str| house.http.ask(&ida, "GET", path, None);
    let wish = |house: &Dwelling, target: &str, values: Value| {
        let body = json!({ "act": "set", "target": target, "values": values });
        house.http.ask(&ida, "POST", "/api/v1/intents", Some(&body)).status
    };

    // Only what the grant allows, on every surface.
    let seen = get(&house, "/api/v1/home").json();
    let rooms: Vec<&Value> = seen["rooms"].as_array().unwrap().iter().map(|r| &r["key"]).collect();
    assert_eq!((rooms, &seen["people"], &seen["needs"]), (vec![&json!("hall")], &json!([]), &json!([])));
    for (path, status) in [
        ("/api/v1/rooms/bath", 404),
        ("/api/v1/devices/bath-lamp", 404),
        ("/api/v1/history?entity=bath-lamp.light", 404),
        ("/api/v1/people", 403),
        ("/api/v1/log", 403),
        ("/api/v1/guests", 403),
        ("/api/v1/files", 403),
        ("/api/v1/entities/hall-lamp.light", 200),
    ] {
        assert_eq!(get(&house, path).status, status, "{path}");
    }
    assert_eq!(wish(&house, "hall-lamp", json!({ "on": true })), 200);
    assert_eq!(wish(&house, "bath-lamp", json!({ "on": true })), 403);
    assert_eq!(wish(&house, "hall-lock", json!({ "locked": false })), 403);
    let said = house.lares.say(&["set", "bath-lamp", "on=true", "--as", "guest.aunt-ida"]);
    assert!(said.code == 1 && said.out.contains("may not move things in Bath"), "{said:?}");
    let own = house.http.ask(&ida, "GET", "/api/v1/tokens", None).json();
    assert!(own.as_array().unwrap().iter().all(|t| t["person"] == "guest.aunt-ida"), "{own}");
    let people = house.http.ask(house.token("anna"), "GET", "/api/v1/people", None).body;
    assert!(!people.contains("guest."), "a guest by link is not looked for: {people}");

    // Over a kill; a reload forgets nobody.
    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    wait_for("the lamp", || wish(&house, "hall-lamp", json!({ "on": false })) == 200);
    assert_eq!(house.lares.say(&["reload"]).code, 0);
    assert_eq!(get(&house, "/api/v1/home").status, 200);
    assert_eq!(session(&enter(&house, &code)).len(), ida.len(), "the same link, on another device");
    let listed = house.http.ask(house.token("anna"), "GET", "/api/v1/guests", None).json();
    assert_eq!(
        (&listed[0]["key"], &listed[0]["sessions"], &listed[1]),
        (&json!("guest.aunt-ida"), &json!(2), &Value::Null)
    );

    // An owner's word ends all of it at once, streams too.
    let lines = house.http.listen(&ida);
    let (sender, ended) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        lines.for_each(drop);
        let _ = sender.send(());
    });
    for person in ["ben", "clara", "gus"] {
        assert_eq!(
            house.http.ask(house.token(person), "DELETE", "/api/v1/guests/guest.aunt-ida", None).status,
            403
        );
    }
    let end = |house: &Dwelling| {
        house.http.ask(house.token("anna"), "DELETE", "/api/v1/guests/guest.aunt-ida", None).status
    };
    assert_eq!((end(&house), end(&house)), (204, 404));
    ended.recv_timeout(AT_ONCE).expect("the stream goes on");
    assert_eq!((get(&house, "/api/v1/home").status, enter(&house, &code).status), (401, 401));
    let said = house.lares.say(&["set", "hall-lamp", "on=true", "--as", "guest.aunt-ida"]);
    assert!(said.code != 0, "{said:?}");
    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    assert_eq!((get(&house, "/api/v1/home").status, enter(&house, &code).status), (401, 401));
    let told = |text: &str| {
        house.lares.entries(&["--kind", "notice"]).iter().any(|e| e["text"].to_string().contains(text))
    };
    assert!(told("Anna made a guest link for Aunt Ida (`guest.aunt-ida`): hall, for 4 h;"));
    assert!(
        told("`guest.aunt-ida` came in by the guest link") && told("Anna ended the guest link of Aunt Ida")
    );
}

#[test]
fn a_guest_link_ends_by_itself() {
    let place = place("guest-ends");
    let mut house = Dwelling::start(&place, "");
    let come = |house: &Dwelling, name: &str, lasts: u64| {
        let made = make(house, "anna", &json!({ "name": name, "rooms": ["hall"], "lasts_s": lasts })).json();
        let code = made["code"].as_str().unwrap().to_owned();
        (session(&enter(house, &code)), code)
    };
    let status = |house: &Dwelling, token: &str| house.http.ask(token, "GET", "/api/v1/home", None).status;
    let told = |house: &Dwelling, text: &str| {
        house.lares.entries(&["--kind", "notice"]).iter().any(|e| e["text"].to_string().contains(text))
    };
    let (ida, code) = come(&house, "Ida", 6);
    assert_eq!(status(&house, &ida), 200);
    let lines = house.http.listen(&ida);
    // It ends with the link, and nobody does anything for it.
    lines.for_each(drop);
    assert_eq!((status(&house, &ida), enter(&house, &code).status), (401, 401));
    wait_for("the journal", || told(&house, "the guest link of Ida (`guest.ida`) ended by itself"));
    assert_eq!(house.http.ask(house.token("anna"), "GET", "/api/v1/guests", None).json(), json!([]));
    let said = house.lares.say(&["set", "hall-lamp", "on=true", "--as", "guest.ida"]);
    assert!(said.code != 0, "{said:?}");
    // Over a kill that lasts longer than the link.
    let (ida, code) = come(&house, "Ida", 5);
    house.lares.kill();
    std::thread::sleep(Duration::from_secs(6));
    house.lares.run();
    house.http = Http::of(&house.lares);
    assert_eq!((status(&house, &ida), enter(&house, &code).status), (401, 401));
}
