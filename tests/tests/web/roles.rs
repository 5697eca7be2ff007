//! R27: what each role may move, see and hear, on the API and on the command line, and when a guest's time is over.
//!
//! Seen to fail: live changes told by ids, since names were read before the devices were there. Meant to fail it (not tried): the door's `allows` left out, `covers` always true, `holds_at` always true, `for_visitor` without
//! its filters.

use std::time::{Duration, Instant};

use lares_tests::{AT_ONCE, Dwelling, wait_for};
use serde_json::{Value, json};

use super::place;

#[test]
fn roles_hold_on_every_surface() {
    let place = place("roles");
    let house = Dwelling::start(&place, "");
    let mut cases = 0;
    // Target, what is wished, and for whom it goes: anna, ben, clara, gus.
    let matrix = [
        ("hall-lamp", json!({ "on": true }), [true, true, true, true]),
        ("bath-lamp", json!({ "on": true }), [true, true, true, false]),
        ("hall-lock", json!({ "locked": true }), [true, true, false, false]),
        ("room:hall", json!({ "on": false }), [true, true, true, true]),
        ("room:bath", json!({ "on": false }), [true, true, true, false]),
    ];
    for (target, values, may) in &matrix {
        for (person, may) in ["anna", "ben", "clara", "gus"].into_iter().zip(may) {
            let replied = house.wish(person, target, values.clone());
            let expected = if *may { 200 } else { 403 };
            assert_eq!(replied.status, expected, "{person} {target}: {replied:?}");
            if *may {
                assert_eq!(replied.json()["ok"], true, "{person} {target}: {replied:?}");
            }
            // The same wish in that person's name on the command line.
            let (key, value) = values.as_object().unwrap().iter().next().unwrap();
            let said = house.lares.say(&["set", target, &format!("{key}={value}"), "--as", person]);
            assert_eq!(said.code == 0, *may, "{person} {target}: {said:?}");
            cases += 2;
        }
    }
    cases += what_is_shown(&house);
    cases += what_is_heard(&house);
    println!("R27: {cases} cases, violations 0");
}

fn what_is_shown(house: &Dwelling) -> usize {
    let get = |person: &str, path: &str| house.http.ask(house.token(person), "GET", path, None);
    let rooms = |person| {
        let home = get(person, "/api/v1/home").json();
        let keys = home["rooms"].as_array().unwrap().iter().map(|r| r["key"].as_str().unwrap().to_owned());
        (keys.collect::<Vec<_>>(), home["people"].as_array().unwrap().len())
    };
    assert_eq!(rooms("anna"), (vec!["bath".to_owned(), "hall".to_owned()], 4));
    assert_eq!(rooms("gus"), (vec!["hall".to_owned()], 0));
    assert_eq!(rooms("clara").1, 4);
    assert_eq!(get("gus", "/api/v1/rooms/bath").status, 404);
    assert_eq!(get("gus", "/api/v1/devices/bath-lamp").status, 404);
    assert_eq!(get("gus", "/api/v1/entities/bath-lamp.light").status, 404);
    assert_eq!(get("gus", "/api/v1/entities/hall-lamp.light").status, 200);
    let devices = get("gus", "/api/v1/devices").json().to_string();
    assert!(!devices.contains("bath"), "{devices}");
    9
}

fn what_is_heard(house: &Dwelling) -> usize {
    let heard = |person: &'static str| {
        let lines = house.stream(person);
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        std::thread::spawn(move || {
            let mut all = Vec::new();
            for line in lines {
                if let Some(text) = line.strip_prefix("data: ") {
                    let frame: Value = serde_json::from_str(text).unwrap();
                    let last = frame["subject"] == "hall-lamp.light" && frame["kind"] == "receipt";
                    all.push(frame);
                    if last {
                        break;
                    }
                }
            }
            let _ = sender.send(all);
        });
        receiver
    };
    let (owner, child, guest) = (heard("anna"), heard("clara"), heard("gus"));
    assert_eq!(house.wish("anna", "bath-lamp", json!({ "on": true })).status, 200);
    assert_eq!(house.wish("anna", "hall-lamp", json!({ "on": true })).status, 200);
    let (owner, child) = (owner.recv_timeout(AT_ONCE).unwrap(), child.recv_timeout(AT_ONCE).unwrap());
    let guest = guest.recv_timeout(AT_ONCE).unwrap();
    let about = |frames: &[Value], word: &str| {
        frames.iter().any(|f| f["subject"].as_str().is_some_and(|s| s.contains(word)))
    };
    assert!(about(&owner, "bath-lamp") && about(&child, "bath-lamp"));
    assert!(!about(&guest, "bath-lamp") && about(&guest, "hall-lamp"), "{guest:?}");
    assert!(owner.iter().any(|f| f["text"].is_string()), "an owner reads along");
    assert!(child.iter().chain(&guest).all(|f| f["text"].is_null()), "sentences are of the journal");
    5
}

#[test]
fn a_guests_time_is_over_everywhere() {
    let place = place("guest");
    let house = Dwelling::start(&place, "");
    let lines = house.stream("gus");
    let (sender, ended) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        lines.for_each(drop);
        let _ = sender.send(());
    });
    assert_eq!(house.wish("gus", "hall-lamp", json!({ "on": true })).status, 200);
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    place.write(
        "home.toml",
        &home.replace("role = \"guest\"\n", "role = \"guest\"\nuntil = \"2020-01-01\"\n"),
    );
    let since = Instant::now();
    assert_eq!(house.lares.say(&["reload"]).code, 0);
    ended.recv_timeout(AT_ONCE).expect("the stream goes on");
    assert!(since.elapsed() < Duration::from_secs(5));
    wait_for("the end of the rights", || {
        house.wish("gus", "hall-lamp", json!({ "on": false })).status == 403
    });
    assert_eq!(house.http.ask(house.token("gus"), "GET", "/api/v1/home", None).status, 403);
    let said = house.lares.say(&["set", "hall-lamp", "on=false", "--as", "gus"]);
    assert!(said.code == 1 && said.out.contains("no rights at this time"), "{said:?}");
    // Somebody who was taken out of the home has nothing left, whatever token they hold.
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    place.write("home.toml", &home.replace("[person.clara]\nname = \"Clara\"\nrole = \"child\"\n", ""));
    assert_eq!(house.lares.say(&["reload"]).code, 0);
    wait_for("the end of her rights", || {
        house.http.ask(house.token("clara"), "GET", "/api/v1/home", None).status == 401
    });
}

/// Who was refused what, and by which right, is told by `why`. A kill changes neither what was told nor what is forbidden, and a
/// grant that ends while nothing runs has ended.
#[test]
fn what_a_right_forbade_is_told_and_stands_after_a_kill() {
    let place = place("rights-kept");
    let mut house = Dwelling::start(&place, "");
    // Long enough for a busy machine to ask once before it.
    let lasts = Duration::from_secs(20);
    let until =
        (jiff::Timestamp::now() + lasts).to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S");
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let grant = format!("role = \"guest\"\nuntil = \"{until}\"\n");
    place.write("home.toml", &home.replace("role = \"guest\"\n", &grant));
    assert_eq!(house.lares.say(&["reload"]).code, 0);
    assert_eq!(house.wish("gus", "hall-lamp", json!({ "on": true })).status, 200, "until {until}");
    let refused = [
        ("clara", "hall-lock", json!({ "locked": true }), "a child may not move"),
        ("gus", "bath-lamp", json!({ "on": true }), "may not move things in"),
    ];
    let mut told = Vec::new();
    for (person, target, values, right) in &refused {
        let replied = house.wish(person, target, values.clone());
        assert_eq!(replied.status, 403, "{person} {target}: {replied:?}");
        let name = if *person == "clara" { "Clara" } else { "Gus" };
        let about = |e: &Value| e["text"].as_str().unwrap().to_owned();
        let found =
            house.lares.entries(&["--kind", "problem"]).into_iter().find(|e| {
                about(e).contains(&format!("{name} wished something of")) && about(e).contains(right)
            });
        let found = found.unwrap_or_else(|| panic!("{:?}", house.lares.entries(&["--kind", "problem"])));
        let id = found["id"].as_str().unwrap().to_owned();
        let why = house.lares.say(&["why", &id]);
        assert!(why.code == 0 && why.out.contains(name) && why.out.contains(right), "{why:?}");
        told.push((id, why.out));
    }
    house.lares.kill();
    let over = || jiff::Timestamp::now().to_string() > format!("{until}Z");
    wait_for("the end of the grant", over);
    house.lares.run();
    house.http = lares_tests::Http::of(&house.lares);
    for (id, before) in &told {
        let line = |text: &str| text.lines().find(|line| line.contains(id.as_str())).map(str::to_owned);
        let after = house.lares.say(&["why", id]).out;
        assert_eq!(line(&after), line(before), "{after}");
    }
    for (person, target, values, _) in &refused {
        assert_eq!(house.wish(person, target, values.clone()).status, 403, "{person} {target}");
    }
    let said = house.lares.say(&["set", "hall-lamp", "on=false", "--as", "gus"]);
    assert!(said.code == 1 && said.out.contains("no rights at this time"), "{said:?}");
    assert_eq!(house.wish("clara", "hall-lamp", json!({ "on": false })).status, 200, "others have theirs");
}

/// A grant of things, one of kinds and one of hours narrow an adult, on the API, on the command line and in a sentence.
#[test]
fn grants_of_things_kinds_and_hours_hold_on_every_surface() {
    let place = place("grants");
    let hours = |from: i64| {
        let at = |h: i64| {
            let hour = std::time::Duration::from_secs(3600);
            let now = jiff::Timestamp::now() + hour * u32::try_from(h).unwrap();
            now.to_zoned(jiff::tz::TimeZone::UTC).strftime("%H:%M").to_string()
        };
        format!("{}-{}", at(from), at(from + 3))
    };
    // An hour before now is 23 hours from now, as a time of day.
    let (later, round_now) = (hours(4), hours(23));
    let person = |key: &str, name: &str, grant: &str| {
        format!("[person.{key}]\nname = \"{name}\"\nrole = \"adult\"\n{grant}\n\n")
    };
    let more = person("dora", "Dora", "entities = [\"hall-lamp\"]")
        + &person("emil", "Emil", "domains = [\"lock\"]")
        + &person("finn", "Finn", &format!("hours = \"{later}\""));
    let mut house = Dwelling::start(&place, &more);
    for person in ["dora", "emil"] {
        let path = format!("/api/v1/accounts/{person}/code");
        let code = house.http.ask(house.token("anna"), "POST", &path, None).json();
        let token = house.join(code["code"].as_str().unwrap(), person);
        house.tokens.insert(person, token);
    }
    let cases = [
        ("hall-lamp", "on", json!(true), [true, false, false]),
        ("bath-lamp", "on", json!(true), [false, false, false]),
        ("hall-lock", "locked", json!(true), [false, true, false]),
        ("room:hall", "on", json!(true), [true, false, false]),
    ];
    for (target, property, value, may) in &cases {
        for (person, may) in ["dora", "emil", "finn"].into_iter().zip(may) {
            let said = house.lares.say(&["set", target, &format!("{property}={value}"), "--as", person]);
            assert_eq!(said.code == 0, *may, "{person} {target}: {said:?}");
            if person != "finn" {
                let replied = house.wish(person, target, json!({ *property: value }));
                assert_eq!(replied.status, if *may { 200 } else { 403 }, "{person} {target}: {replied:?}");
            }
        }
    }
    let refused = house.wish("dora", "bath-lamp", json!({ "on": true })).json();
    assert!(refused["detail"].as_str().unwrap().contains("allowed are"), "{refused}");
    let say = |person: &str, words: &str| house.lares.say(&["say", words, "--as", person]).code == 0;
    assert!(say("dora", "turn on the hall lamp") && !say("dora", "turn on the bath lamp"));
    assert!(!say("emil", "turn on the hall lamp") && !say("finn", "turn on the hall lamp"));
    // The hour has come.
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    assert!(home.contains(&later));
    place.write("home.toml", &home.replace(&later, &round_now));
    assert_eq!(house.lares.say(&["reload"]).code, 0);
    wait_for("finn's hours", || house.lares.say(&["set", "bath-lamp", "on=false", "--as", "finn"]).code == 0);
}
