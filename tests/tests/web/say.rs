//! Sentences over the API: understood, done as their speaker, asked back, answered from receipts, done once.
//!
//! Seen to fail under: `grant` that is not asked in `speak`, a key that is not looked at. Meant to fail it (not tried): `yes`
//! that is taken for granted.

use lares_tests::{Dwelling, Replied, wait_for};
use serde_json::{Value, json};

use super::place;

fn say(house: &Dwelling, person: &str, body: &Value) -> Replied {
    house.http.ask(house.token(person), "POST", "/api/v1/say", Some(body))
}

fn answer(house: &Dwelling, person: &str, text: &str) -> Value {
    let replied = say(house, person, &json!({ "text": text }));
    assert_eq!(replied.status, 200, "{person}: {text}: {replied:?}");
    replied.json()
}

#[test]
fn a_sentence_is_done_as_its_speaker_and_answered_by_receipts() {
    let place = place("say");
    let mut house = Dwelling::start(&place, "");
    let bearer = format!("Bearer {}", house.token("anna"));
    let once = [("Authorization", bearer.as_str()), ("Idempotency-Key", "said-1")];
    let body = json!({ "text": "turn on the hall lamp" }).to_string();
    let first = house.http.send("POST", "/api/v1/say", &once, Some(&body));
    assert_eq!((first.status, &first.json()["ok"]), (200, &json!(true)), "{first:?}");
    assert!(first.json()["answer"].as_str().unwrap().starts_with("Done: "), "{first:?}");
    wait_for("the lamp", || house.lares.entity("hall-lamp.light").is_some_and(|e| e["state"] == true));
    let why = house.lares.say(&["why", "hall-lamp"]).out;
    assert!(why.contains("said on the dashboard: turn on the hall lamp"), "{why}");
    let commands = |house: &Dwelling| house.world.on("hall-lamp/light/set").len();
    let before = commands(&house);
    let again = house.http.send("POST", "/api/v1/say", &once, Some(&body));
    assert_eq!((again.json(), again.header("idempotent-replayed")), (first.json(), "true"));
    let other = json!({ "text": "turn off the hall lamp" }).to_string();
    assert_eq!(house.http.send("POST", "/api/v1/say", &once, Some(&other)).status, 409);
    assert_eq!(commands(&house), before, "it was done once");
    house.lares.kill();
    house.lares.run();
    house.http = lares_tests::Http::of(&house.lares);
    let kept = house.http.send("POST", "/api/v1/say", &once, Some(&body));
    assert_eq!((kept.json(), kept.header("idempotent-replayed")), (first.json(), "true"), "also over a kill");
    wait_for("the lamp again", || house.lares.device("hall-lamp").is_some_and(|d| d["status"] == "online"));
    // In another language, and in the room that it is said in.
    let german = json!({ "text": "schalte das Licht aus", "language": "de", "room": "hall" });
    let replied = say(&house, "ben", &german);
    assert_eq!((replied.status, &replied.json()["ok"]), (200, &json!(true)), "{replied:?}");
    assert_eq!(replied.json()["sets"][0]["target"], "hall-lamp.light");
    // What is not understood moves nothing.
    let nonsense = answer(&house, "anna", "colourless green ideas sleep furiously");
    assert_eq!((&nonsense["intent"], &nonsense["ok"]), (&Value::Null, &json!(false)), "{nonsense}");
    // A device that does not do it is not said to have done it.
    let filters = ["+/light/set"];
    house.world =
        lares_tests::Wire::answering::<String>(house.broker.port, "world", &filters, |_, _| Vec::new());
    let dumb = answer(&house, "anna", "turn on the bath lamp");
    assert_eq!(dumb["ok"], false, "{dumb}");
    assert!(!dumb["answer"].as_str().unwrap().starts_with("Done"), "{dumb}");
}

#[test]
fn what_opens_is_asked_back_and_nobody_says_more_than_they_may() {
    let place = place("say-rights");
    let house = Dwelling::start(&place, "");
    let unlocks = || house.world.on("hall-lock/lock/set").iter().filter(|t| t.contains("UNLOCK")).count();
    for person in ["clara", "gus"] {
        let refused = answer(&house, person, "unlock the hall lock");
        assert_eq!((&refused["asks"], &refused["ok"]), (&json!(false), &json!(false)), "{person}: {refused}");
        let says = refused["answer"].as_str().unwrap();
        assert!(says.starts_with("That did not come about: refused: a "), "{person}: {refused}");
        assert!(says.contains("may not move"), "{person}: {refused}");
    }
    let asked = answer(&house, "ben", "unlock the hall lock");
    assert_eq!((&asked["asks"], &asked["ok"], &asked["sets"]), (&json!(true), &json!(false), &json!([])));
    assert_eq!(unlocks(), 0, "it was only asked back");
    let meant = say(&house, "ben", &json!({ "text": "unlock the hall lock", "yes": true })).json();
    assert_eq!(meant["ok"], true, "{meant}");
    wait_for("the lock", || unlocks() == 1);
    // A guest of the hall neither moves the bath nor hears of it.
    for text in ["turn on the bath lamp", "is the bath lamp on", "which lights are on"] {
        let told = answer(&house, "gus", text);
        assert!(!told["sets"].to_string().contains("bath"), "{told}");
        let rest = told["answer"].as_str().unwrap().replace(text, "");
        assert!(!rest.to_lowercase().contains("bath"), "{text}: {told}");
    }
    assert!(house.world.on("bath-lamp/light/set").is_empty());
    assert_eq!(answer(&house, "clara", "turn on the bath lamp")["ok"], true);
    assert_eq!(answer(&house, "gus", "turn on the hall lamp")["ok"], true);
    for (person, body, says) in [
        ("anna", json!({ "text": "" }), "allowed: 1 to 500"),
        ("anna", json!({ "text": "x".repeat(501) }), "`text` has 501 characters"),
        ("anna", json!({ "text": "stop", "language": "tlh" }), "there are: en, de, es, fr, nl"),
        ("anna", json!({ "text": "stop", "room": "cellar" }), "there is bath, hall"),
        ("gus", json!({ "text": "stop", "room": "bath" }), "there is hall"),
        ("anna", json!({ "text": "stop", "yes": "of course" }), "invalid type"),
        ("anna", json!({ "text": "stop", "person": "ben" }), "unknown field"),
        ("anna", json!(["stop"]), "no JSON object"),
    ] {
        let replied = say(&house, person, &body);
        let kind = replied.header("content-type");
        assert_eq!((replied.status, kind), (400, "application/problem+json"), "{body}: {replied:?}");
        assert!(replied.json()["detail"].as_str().unwrap().contains(says), "{body}: {replied:?}");
    }
}
