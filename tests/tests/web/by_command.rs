//! What an owner does on the dashboard, done on the command line: guest links, and a word on a change that waits.
//!
//! Meant to fail it (not tried): a link that the door is not told of, `revert` that only says so, a change without an author.

use lares_tests::{Dwelling, Http, session, wait_for};
use serde_json::json;

use super::place;

#[test]
fn a_guest_link_is_made_listed_and_ended() {
    let place = place("by-command");
    let mut house = Dwelling::start(&place, "");
    for (words, said) in [
        (&["people", "link", "Ida", "--room", "hull"][..], "allowed: bath, hall"),
        (&["people", "link", "Ida", "--room", "hall", "--for", "40d"], "5 to 2678400"),
        (&["people", "link", "Ida"], "--room"),
        (&["people", "unlink", "guest.ida"], "lares people links"),
    ] {
        let refused = house.lares.say(words);
        assert!(refused.code == 2 && refused.err.contains(said), "{words:?}: {refused:?}");
    }
    assert_eq!(house.lares.say(&["people", "links"]).out, "no guest links\n");
    let made = house.lares.ask(&["people", "link", "Aunt Ida", "--room", "hall", "--for", "1h"]);
    assert_eq!(
        (&made["guest"]["key"], &made["guest"]["by"]),
        (&json!("guest.aunt-ida"), &json!("the command line"))
    );
    let entered = house.http.post("/api/v1/guest", &json!({ "code": made["code"] }));
    assert_eq!(entered.status, 201, "{entered:?}");
    let ida = session(&entered);
    let sees = |house: &Dwelling| house.http.ask(&ida, "GET", "/api/v1/home", None).status;
    assert_eq!(sees(&house), 200);
    assert_eq!(house.http.ask(&ida, "GET", "/api/v1/rooms/bath", None).status, 404);

    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    let listed = house.lares.say(&["people", "links"]).out;
    for word in ["guest.aunt-ida", "Aunt Ida", "hall", "by the command line", "1 sessions"] {
        assert!(listed.contains(word), "{word}: {listed}");
    }
    assert_eq!(sees(&house), 200, "over a kill");
    let ended = house.lares.say(&["people", "unlink", "guest.aunt-ida"]);
    assert_eq!((ended.code, ended.out.as_str()), (0, "no guest links\n"), "{ended:?}");
    assert_eq!(sees(&house), 401);
    assert_eq!(house.http.post("/api/v1/guest", &json!({ "code": made["code"] })).status, 401);
    let log = house.lares.entries(&["--kind", "notice"]);
    let told =
        |text: &str| log.iter().any(|e| e["text"].to_string().contains(text) && e["origin"] == "console");
    assert!(
        told("the command line made a guest link for Aunt Ida (`guest.aunt-ida`): hall, for 60 min"),
        "{log:#?}"
    );
    assert!(told("the command line ended the guest link of Aunt Ida"), "{log:#?}");
}

#[test]
fn a_change_that_waits_is_confirmed_and_taken_back() {
    let place = place("by-command-home");
    let mut house = Dwelling::start(&place, "");
    let file = place.home().join("home.toml");
    let on_disk = || std::fs::read_to_string(&file).unwrap();
    let before = on_disk();
    let after = before.replace("name = \"Hall\"", "name = \"Great hall\"");
    let change = |house: &Dwelling| {
        let bearer = format!("Bearer {}", house.token("anna"));
        let read =
            house.http.send("GET", "/api/v1/files/text?path=home.toml", &[("Authorization", &bearer)], None);
        let headers = [("Authorization", bearer.as_str()), ("If-Match", read.header("etag"))];
        let body = json!({ "path": "home.toml", "text": after, "confirm_within_s": 3600 }).to_string();
        let applied = house.http.send("POST", "/api/v1/files/apply", &headers, Some(&body));
        assert_eq!(applied.status, 200, "{applied:?}");
    };
    let hall = |house: &Dwelling| {
        house.http.ask(house.token("anna"), "GET", "/api/v1/rooms/hall", None).json()["name"].clone()
    };
    assert_eq!(house.lares.say(&["home"]).out, "nothing was changed on the dashboard\n");
    for words in [&["home", "confirm"][..], &["home", "revert"], &["home", "revert", "7"]] {
        assert_eq!(house.lares.say(words).code, 2, "{words:?}");
    }

    change(&house);
    let listed = house.lares.say(&["home"]).out;
    assert!(listed.contains("home.toml  +1 -1  anna") && listed.contains("waits: goes back at"), "{listed}");
    assert!(house.lares.say(&["status"]).out.contains("lares home confirm"));
    let confirmed = house.lares.say(&["home", "confirm"]);
    assert_eq!(
        (confirmed.code, confirmed.out.as_str()),
        (0, "home.toml stays as anna changed it\n"),
        "{confirmed:?}"
    );
    let again = house.lares.say(&["home", "confirm"]);
    assert!(again.code == 2 && again.err.contains("no change waits"), "{again:?}");
    assert_eq!(on_disk(), after);
    let back = house.lares.say(&["home", "revert", "1"]);
    assert_eq!((back.code, back.out.as_str()), (0, "home.toml is as it was before change 1\n"), "{back:?}");
    assert_eq!(on_disk(), before);
    wait_for("the way back", || hall(&house) == "Hall");
    assert_eq!(house.lares.say(&["home", "revert", "1"]).code, 2, "it has ended");

    // Over a kill, and without an id: the one that waits.
    change(&house);
    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    assert_eq!((on_disk(), hall(&house)), (after.clone(), json!("Great hall")));
    assert_eq!(house.lares.say(&["home", "revert"]).code, 0);
    assert_eq!(on_disk(), before);
    wait_for("the way back", || hall(&house) == "Hall");
    let shown = house.lares.ask(&["home"]);
    let states: Vec<_> = shown["changes"].as_array().unwrap().iter().map(|c| &c["state"]).collect();
    assert_eq!(states, ["taken_back", "taken_back"], "{shown}");
    assert_eq!(shown["changes"][0]["by"], "the command line");
    let log = house.lares.entries(&["--kind", "notice"]);
    let told = "the command line took back change 2 of home.toml by Anna: all is as it was before it";
    assert!(log.iter().any(|e| e["text"].to_string().contains(told) && e["origin"] == "console"), "{log:#?}");
}
