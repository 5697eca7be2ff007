//! Lists on the dashboard: written on, ticked off and opened again by those who live there, with receipts, over a kill; a guest and
//! whoever has some rooms only see none, unless they are a wall that shows them. Whoever may see them hears when they change.
//!
//! Meant to fail it (not tried): the route's least role, `whole` left out, what is done not shown, `seen` always true; a hint for
//! nobody but adults, or for every guest; what is on no list shown on a wall.

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};

use lares_tests::{AT_ONCE, Dwelling, Http, Replied, wait_for};
use serde_json::{Value, json};

use super::place;

fn lists(house: &Dwelling, person: &str) -> Vec<Value> {
    let replied = house.http.ask(house.token(person), "GET", "/api/v1/lists", None);
    assert_eq!(replied.status, 200, "{person}: {replied:?}");
    replied.json().as_array().unwrap().clone()
}

/// Names on a list, with whether they are done.
fn on(house: &Dwelling, person: &str, list: &Value) -> Vec<(String, bool)> {
    let found = lists(house, person).into_iter().find(|l| l["list"] == *list);
    let items = found.map(|l| l["items"].as_array().unwrap().clone()).unwrap_or_default();
    items.iter().map(|i| (i["name"].as_str().unwrap().to_owned(), i["done"].as_bool().unwrap())).collect()
}

fn add(house: &Dwelling, person: &str, list: &str, name: &str) -> Replied {
    house.http.ask(
        house.token(person),
        "POST",
        &format!("/api/v1/lists/{list}"),
        Some(&json!({ "name": name })),
    )
}

fn tick(house: &Dwelling, person: &str, task: &str, done: bool) -> Replied {
    house.http.ask(
        house.token(person),
        "POST",
        &format!("/api/v1/tasks/{task}"),
        Some(&json!({ "done": done })),
    )
}

#[test]
fn lists_are_written_on_and_ticked_off_by_those_who_live_there() {
    let place = place("lists");
    let dora = "[person.dora]\nname = \"Dora\"\nrole = \"adult\"\nrooms = [\"bath\"]\n";
    let mut house = Dwelling::start(&place, dora);
    let code = house.http.ask(house.token("anna"), "POST", "/api/v1/accounts/dora/code", None).json();
    let session = house.join(code["code"].as_str().unwrap(), "dora");
    house.tokens.insert("dora", session);
    let fine = |replied: Replied| {
        assert_eq!((replied.status, &replied.json()["ok"]), (200, &json!(true)), "{replied:?}");
        assert_eq!(replied.json()["receipts"][0]["receipt"], "confirmed", "{replied:?}");
    };

    // A child writes, an adult ticks off, and the same words are the same thing.
    fine(add(&house, "clara", "shopping", " Milk "));
    fine(add(&house, "ben", "shopping", "milk"));
    fine(add(&house, "ben", "shopping", "パン"));
    fine(add(&house, "ben", "shopping", "牛乳"));
    let shopping = json!("shopping");
    let open = |name: &str| (name.to_owned(), false);
    assert_eq!(on(&house, "clara", &shopping), [open("Milk"), open("パン"), open("牛乳")]);
    fine(tick(&house, "ben", "shopping-milk", true));
    assert_eq!(on(&house, "anna", &shopping)[2], ("Milk".to_owned(), true));
    let said = house.lares.say(&["say", "what", "is", "on", "the", "shopping", "list"]).out;
    assert!(!said.contains("Milk") && said.contains("パン"), "{said}");
    let why = house.lares.say(&["why", "task:shopping-milk"]).out;
    assert!(why.contains("Ben"), "{why}");

    // A list that somebody made, and what stands on none.
    assert_eq!(house.lares.say(&["say", "make", "a", "list", "called", "hardware", "store"]).code, 0);
    fine(add(&house, "clara", "hardware-store", "screws"));
    assert_eq!(on(&house, "ben", &json!("hardware-store")), [open("screws")]);
    let paint = ["graph", "put", "task:paint", "name=Paint the hall", "due=2027-05-01", "--as", "anna"];
    assert_eq!(house.lares.say(&paint).code, 0);
    assert_eq!(on(&house, "ben", &Value::Null), [open("Paint the hall")]);
    assert_eq!(on(&house, "clara", &Value::Null), [], "that is of those who run the house");
    assert_eq!(tick(&house, "clara", "paint", true).status, 404);

    // Who may not, and what does not fit.
    for person in ["gus", "dora"] {
        let seen = house.http.ask(house.token(person), "GET", "/api/v1/lists", None);
        let all =
            [seen, add(&house, person, "shopping", "beer"), tick(&house, person, "shopping-milk", false)];
        assert!(all.iter().all(|replied| replied.status == 403), "{person}: {all:?}");
    }
    for name in ["", "  ", "a\nb", &"x".repeat(201)] {
        let replied = add(&house, "anna", "shopping", name);
        assert!(replied.status == 400 && replied.body.contains("`name` is one line"), "{replied:?}");
    }
    assert_eq!(add(&house, "anna", "nowhere", "x").status, 404);
    assert_eq!(tick(&house, "anna", "nothing", true).status, 404);
    let wrong =
        house.http.ask(house.token("anna"), "POST", "/api/v1/lists/shopping", Some(&json!({ "nmae": 1 })));
    assert_eq!(wrong.status, 400, "{wrong:?}");

    // Over a kill all is as it was, and what was ticked off by mistake is open again.
    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    wait_for("the lists", || on(&house, "anna", &shopping).len() == 3);
    assert_eq!(on(&house, "anna", &shopping)[2], ("Milk".to_owned(), true));
    fine(tick(&house, "anna", "shopping-milk", false));
    assert_eq!(on(&house, "clara", &shopping)[0], open("Milk"));
}

/// Kinds of the frames that somebody hears.
fn kinds(house: &Dwelling, person: &str) -> Receiver<String> {
    let lines = house.stream(person);
    let (sender, kinds) = sync_channel(4096);
    std::thread::spawn(move || {
        for line in lines {
            let frame = line.strip_prefix("data: ").and_then(|text| serde_json::from_str::<Value>(text).ok());
            if let Some(kind) = frame.as_ref().and_then(|frame| frame["kind"].as_str()) {
                let _ = sender.send(kind.to_owned());
            }
        }
    });
    kinds
}

/// Whether a frame of this kind comes, before `last` does.
fn hears(kinds: &Receiver<String>, kind: &str, last: &str) -> bool {
    loop {
        match kinds.recv_timeout(AT_ONCE) {
            Ok(heard) if heard == kind => return true,
            Ok(heard) if heard == last => return false,
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
        }
    }
}

#[test]
fn a_child_and_a_wall_see_lists_change_and_a_guest_hears_nothing() {
    let place = place("lists-live");
    let walls = "[person.panel]\nname = \"Panel\"\nrole = \"guest\"\nrooms = [\"bath\"]\n\
        [display.bath-panel]\nroom = \"bath\"\nperson = \"panel\"\nshows = [\"lists\"]\n";
    let mut house = Dwelling::start(&place, walls);
    let code = house.http.ask(house.token("anna"), "POST", "/api/v1/accounts/panel/code", None).json();
    let session = house.join(code["code"].as_str().unwrap(), "panel");
    house.tokens.insert("panel", session);
    let board = |person: &str, room: &str| {
        house.http.ask(house.token(person), "GET", &format!("/api/v1/rooms/{room}/board"), None).json()
    };
    let [clara, panel, gus] = ["clara", "panel", "gus"].map(|person| kinds(&house, person));

    assert_eq!(add(&house, "ben", "shopping", "Milk").status, 200);
    assert!(hears(&clara, "lists", "none"), "a child's page is not told");
    assert!(hears(&panel, "lists", "none"), "the wall is not told");
    assert_eq!(on(&house, "clara", &json!("shopping")), [("Milk".to_owned(), false)]);
    let shown = board("panel", "bath")["lists"].clone();
    let items = json!([{ "id": "shopping-milk", "name": "Milk", "done": false, "due": null }]);
    assert_eq!(shown, json!([{ "list": "shopping", "name": null, "open": 1, "items": items }]));

    // Read there, and no more: a guest ticks nothing off. What stands on no list is not for whoever passes.
    assert_eq!(tick(&house, "panel", "shopping-milk", true).status, 403);
    let paint = ["graph", "put", "task:paint", "name=Paint the hall", "--as", "anna"];
    assert_eq!(house.lares.say(&paint).code, 0);
    assert_eq!(board("panel", "bath")["lists"], shown);
    // Many: the first of them, and how many there are.
    for n in 0..9 {
        assert_eq!(add(&house, "clara", "shopping", &format!("Egg {n}")).status, 200);
    }
    let many = board("panel", "bath")["lists"][0].clone();
    assert_eq!((&many["open"], many["items"].as_array().unwrap().len()), (&json!(10), 8), "{many}");

    // Another guest heard of the lamp, and of no list before it.
    let on = json!({ "act": "set", "target": "hall-lamp", "values": { "on": true } });
    assert_eq!(house.http.ask(house.token("anna"), "POST", "/api/v1/intents", Some(&on)).status, 200);
    assert!(!hears(&gus, "lists", "receipt"), "a guest is told of lists");
    assert_eq!(board("gus", "hall")["lists"], json!([]));
    // Ticked off, nothing is left to be seen there.
    assert_eq!(tick(&house, "ben", "shopping-milk", true).status, 200);
    wait_for("the wall", || board("panel", "bath")["lists"][0]["open"] == 9);
}
