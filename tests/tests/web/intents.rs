//! Wishes over the API: receipts, idempotency keys, clear refusals; pages and tags of what is read.
//!
//! Meant to fail it (not tried): a key that is not kept, `ok` that is always true, limits that are not looked at.

use std::io::{Read, Write};
use std::net::TcpStream;

use lares_tests::{Dwelling, wait_for};
use serde_json::{Value, json};

use super::place;

#[test]
fn a_wish_is_answered_with_its_receipts_and_done_once() {
    let place = place("intents");
    let mut house = Dwelling::start(&place, "");
    let token = house.token("anna").to_owned();
    let bearer = format!("Bearer {token}");
    let wish = |on: bool| {
        json!({ "act": "set", "target": "hall-lamp", "values": { "on": on, "brightness": 40 } }).to_string()
    };
    let first = ("Idempotency-Key", "evening-1");
    let auth = ("Authorization", bearer.as_str());
    let replied = house.http.send("POST", "/api/v1/intents", &[auth, first], Some(&wish(true)));
    assert_eq!(replied.status, 200, "{replied:?}");
    let done = replied.json();
    assert_eq!(done["ok"], true, "{done}");
    let receipts = done["receipts"].as_array().unwrap();
    assert!(receipts.iter().all(|r| r["receipt"] == "confirmed" && r["event"].is_string()), "{done}");
    let commands = || house.world.on("hall-lamp/light/set").len();
    wait_for("the command", || commands() > 0);
    let before = commands();
    for _ in 0..3 {
        let again = house.http.send("POST", "/api/v1/intents", &[auth, first], Some(&wish(true)));
        assert_eq!((again.status, again.json()), (200, done.clone()), "{again:?}");
        assert_eq!(again.header("idempotent-replayed"), "true");
    }
    let other = house.http.send("POST", "/api/v1/intents", &[auth, first], Some(&wish(false)));
    assert_eq!(other.status, 409, "{other:?}");
    assert_eq!(commands(), before, "it was done once");
    // Each receipt leads to its story: who wished it, and what was sent.
    let story = |house: &Dwelling| {
        let event = receipts[0]["event"].as_str().unwrap();
        let why = house.http.ask(&token, "GET", &format!("/api/v1/why?of={event}"), None).json();
        (why["root"]["text"].clone(), why["root"]["decision"].clone())
    };
    let before = story(&house);
    assert!(before.0.as_str().is_some_and(|text| text.contains("Anna")), "{before:?}");
    assert_eq!((&before.1["who"], &before.1["level"]), (&json!("Anna"), &json!("person")), "{before:?}");
    assert_eq!(before.1["receipts"][0]["word"], "confirmed", "{before:?}");
    house.lares.kill();
    house.lares.run();
    house.http = lares_tests::Http::of(&house.lares);
    let again = house.http.send("POST", "/api/v1/intents", &[auth, first], Some(&wish(true)));
    assert_eq!((again.status, again.json()), (200, done.clone()), "also over a kill");
    assert_eq!(story(&house), before, "and so is its story");
}

#[test]
fn what_is_wrong_is_said_as_a_problem() {
    let place = place("problems");
    let house = Dwelling::start(&place, "");
    let token = house.token("anna");
    let wish = |body: Value| house.http.ask(token, "POST", "/api/v1/intents", Some(&body));
    let cases = [
        (
            json!({ "act": "set", "target": "hall-lam", "values": { "on": true } }),
            400,
            "did you mean hall-lamp",
        ),
        (json!({ "act": "set", "target": "hall-lamp", "values": { "onn": true } }), 400, "is no property"),
        (json!({ "act": "set", "target": "hall-lamp", "values": {} }), 400, "nothing to set"),
        (
            json!({ "act": "set", "target": "hall-lamp", "values": { "on": true }, "hold_ms": 0 }),
            400,
            "allowed: 1 to",
        ),
        (json!({ "act": "sett", "target": "hall-lamp" }), 400, "unknown variant"),
        (json!({ "act": "set", "target": "hall-lamp", "valuez": {} }), 400, "unknown field"),
        (json!({ "act": "release", "target": "hall-lamp", "values": { "on": true } }), 400, "a release has"),
        (json!("nonsense"), 400, "no JSON object"),
        (json!(["set", "hall-lamp", { "on": true }]), 400, "no JSON object"),
    ];
    for (body, status, says) in cases {
        let replied = wish(body.clone());
        assert_eq!(
            (replied.status, replied.header("content-type")),
            (status, "application/problem+json"),
            "{body}"
        );
        let problem = replied.json();
        assert!(problem["detail"].as_str().unwrap().contains(says), "{body}: {problem}");
        assert_eq!(problem["status"], status);
    }
    let large = json!({ "act": "set", "target": "x".repeat(70_000) });
    assert_eq!(wish(large).status, 413);
    let get = |path: &str| house.http.ask(token, "GET", path, None);
    for (path, says) in [
        ("/api/v1/log?limit=0", "allowed: a whole number from 1 to 500"),
        ("/api/v1/log?limit=5&limit=6", "twice"),
        ("/api/v1/log?since=yesterday", "is not an instant"),
        ("/api/v1/log?kind=readings", "is no kind of event"),
        ("/api/v1/log?sinc=1", "allowed: about"),
        ("/api/v1/why", "`of` is missing"),
        ("/api/v1/why?of=hall-lam", "did you mean"),
    ] {
        let replied = get(path);
        assert_eq!(replied.status, 400, "{path}: {replied:?}");
        assert!(replied.json()["detail"].as_str().unwrap().contains(says), "{path}: {replied:?}");
    }
    assert_eq!(house.http.ask(token, "PUT", "/api/v1/home", None).status, 405);
    // The same answer is not sent again, and a page leads to the next.
    let rooms = get("/api/v1/rooms");
    let known =
        [("Authorization", format!("Bearer {token}")), ("If-None-Match", rooms.header("etag").to_owned())];
    let known: Vec<(&str, &str)> = known.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let again = house.http.send("GET", "/api/v1/people", &known, None);
    assert_eq!(again.status, 200, "another view has another tag");
    let people = get("/api/v1/people");
    let known = [known[0], ("If-None-Match", people.header("etag"))];
    assert_eq!(house.http.send("GET", "/api/v1/people", &known, None).status, 304);
    let (mut path, mut seen) = ("/api/v1/devices?limit=2".to_owned(), Vec::new());
    loop {
        let page = get(&path);
        seen.extend(page.json().as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap().to_owned()));
        match page.header("link").strip_prefix('<').and_then(|l| l.split_once('>')) {
            Some((next, _)) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, ["bath-lamp", "hall-lamp", "hall-lock"]);
    let (mut path, mut events) = ("/api/v1/log?limit=7".to_owned(), Vec::new());
    while let page = get(&path)
        && page.status == 200
    {
        let ids = page.json()["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["id"].to_string())
            .rev()
            .collect::<Vec<_>>();
        events.extend(ids);
        match page.header("link").strip_prefix('<').and_then(|l| l.split_once('>')) {
            Some((next, _)) => path = next.to_owned(),
            None => break,
        }
    }
    let unique: std::collections::BTreeSet<&String> = events.iter().collect();
    let all = house.lares.entries(&[]).len();
    assert!(events.len() >= 14 && unique.len() == events.len(), "{} of {}", unique.len(), events.len());
    assert!(all - events.len() <= 4, "{} of {all}, less what happened meanwhile", events.len());
    let metrics = get("/metrics").body;
    assert!(metrics.contains("lares_devices{status=\"online\"}"), "{metrics}");
    assert!(metrics.contains("lares_actor_restarts_total{path=\"surfaces/web\"} 0"), "{metrics}");
}

/// A client whose connection breaks in the middle of a wish: before its end nothing is done, after its end all of it, once, and
/// whoever asks again with the same key hears what came of it.
#[test]
fn a_wish_that_is_cut_off_is_done_once_or_not_at_all() {
    let place = place("cut-off");
    let house = Dwelling::start(&place, "");
    let (at, token) = (&house.http.at, house.token("anna"));
    let body = json!({ "act": "set", "target": "hall-lamp", "values": { "on": true } }).to_string();
    let request = |key: &str| {
        format!(
            "POST /api/v1/intents HTTP/1.1\r\nHost: {at}\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let commands = || house.world.on("hall-lamp/light/set").len();
    let text = request("half");
    // In the request line, in the head, between head and body, in the body, and before its last byte.
    let head = text.len() - body.len();
    for cut in [10, head / 2, head, head + 12, text.len() - 1] {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.write_all(text.get(..cut).unwrap().as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut said = String::new();
        stream.read_to_string(&mut said).unwrap();
        assert!(!said.contains("200 OK") && !said.contains("\"ok\":true"), "{cut}: {said}");
    }
    assert_eq!(commands(), 0, "half a wish was done");
    // All of it, and nobody waits for the answer.
    let mut stream = TcpStream::connect(at).unwrap();
    stream.write_all(request("whole").as_bytes()).unwrap();
    wait_for("the command", || commands() == 1);
    drop(stream);
    let (bearer, key) = (format!("Bearer {token}"), ("Idempotency-Key", "whole"));
    let again =
        || house.http.send("POST", "/api/v1/intents", &[("Authorization", &bearer), key], Some(&body));
    wait_for("what came of it", || again().status == 200);
    assert_eq!((again().json()["ok"].clone(), again().header("idempotent-replayed")), (json!(true), "true"));
    assert_eq!(commands(), 1, "it was done twice");
}
