//! T01: every decision answers why, whatever ended the household since.
//!
//! Meant to fail it (not tried): causes left out of a decision, blobs of the home's files left out of `publish_home`, the
//! flush before bytes leave.

use std::time::Instant;

use lares_tests::{Chance, Lares, Mosquitto, Thing, Wire, home_head, p99, wait_for};
use serde_json::Value;

use super::place;

#[test]
fn why_is_never_lost() {
    let mut chance = Chance::of("why_is_never_lost", 1);
    let place = place("why");
    let broker = Mosquitto::start(&place, true);
    let rooms: Vec<Thing> = (0..5).map(|n| Thing::new(format!("room{n}"))).collect();
    let mut home = home_head(broker.port);
    for room in &rooms {
        let id = &room.id;
        home += &room.sections();
        home += &format!(
            "[rule.{id}-on]\nwhen = [{{ entity = \"{id}.motion\", to = true }}]\n\
             if = [{{ entity = \"{id}.illuminance\", below = 500, stale = \"pass\" }}]\n\
             then = [{{ set = \"{id}.lamp\", on = true }}]\n\
             [rule.{id}-off]\nwhen = [{{ entity = \"{id}.motion\", to = false }}]\n\
             then = [{{ set = \"{id}.lamp\", on = false }}]\n"
        );
    }
    place.write("home.toml", &home);
    let world = Wire::lamps(broker.port);
    rooms.iter().for_each(|r| r.announce(&world));
    world.settle();
    let mut lares = Lares::start(&place);
    wait_for("the devices", || lares.ask(&["devices"]).as_array().is_some_and(|d| d.len() == rooms.len()));
    rooms.iter().for_each(|r| r.reach(&world, &lares));
    // One lamp is held by a person: rules are overridden there. What cannot be is refused.
    assert_eq!(lares.say(&["set", "room0.lamp", "on=true", "--hold", "1h"]).code, 0);
    let refused = lares.say(&["set", "room1.lamp", "on=7"]);
    assert_ne!(refused.code, 0, "{refused:?}");
    let mut on = [false; 5];
    for life in 0..6 {
        for n in 0..60 {
            let at = chance.below(5) as usize;
            on[at] = !on[at];
            if chance.below(4) == 0 {
                world.publish(&rooms[at].topic("lux"), chance.below(1000).to_string());
            }
            rooms[at].motion(&world, on[at], &format!("{life}-{n}"));
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        world.settle();
        let last = format!("{life}-59");
        wait_for("the last message", || {
            lares.say(&["log", "--kind", "reading", "--limit", "400"]).out.contains(&last)
        });
        if life % 2 == 0 {
            lares.kill();
        } else {
            lares.stop();
        }
        lares.run();
    }
    let decisions = lares.entries(&["--kind", "decision"]);
    let skipped = lares.entries(&["--kind", "rule_skipped"]);
    assert!(decisions.len() > 100 && !skipped.is_empty(), "{} and {}", decisions.len(), skipped.len());
    let (mut lengths, mut outcomes) = (Vec::new(), std::collections::BTreeMap::<String, usize>::new());
    for entry in decisions.iter().chain(&skipped) {
        let id = entry["id"].as_str().unwrap();
        let since = Instant::now();
        let why = lares.ask(&["why", id]);
        lengths.push(since.elapsed());
        let root = &why["root"];
        assert_eq!(root["event"], id, "{why}");
        let decision = &root["decision"];
        let grounds = if decision.is_null() { &root["grounds"] } else { &decision["grounds"] };
        *outcomes.entry(decision["outcome"].as_str().unwrap_or("skipped").to_owned()).or_default() += 1;
        if root["origin"].as_str().is_some_and(|o| o.contains("rule")) {
            assert_eq!(grounds["file"], "home.toml", "{why}");
            let text = grounds["text"].as_str().unwrap_or_else(|| panic!("the rule's text is lost: {why}"));
            assert!(text.contains(grounds["rule"].as_str().unwrap()), "{text}");
            assert!(grounds["line"].as_u64().is_some_and(|l| l > 5), "{why}");
            let from = &root["because"][0];
            assert_eq!(from["kind"], "reading", "{why}");
            assert!(from["subject"].as_str().is_some_and(|s| s.ends_with(".motion")), "{why}");
        }
        match decision["outcome"].as_str() {
            Some("commanded") => {
                let receipts = decision["receipts"].as_array().unwrap();
                let pending = why["line"].as_str().unwrap_or_default().to_owned();
                assert!(
                    !receipts.is_empty() || is_last_of_a_life(&decisions, entry),
                    "no receipt of {id}: {pending}"
                );
            }
            Some("overridden") => {
                assert!(decision["rivals"].as_array().is_some_and(|r| !r.is_empty()), "{why}");
            }
            _ => {}
        }
    }
    for wanted in ["commanded", "overridden", "skipped"] {
        assert!(outcomes.contains_key(wanted), "none was {wanted}: {outcomes:?}");
    }
    let (worst, middle) = p99(&lengths);
    eprintln!(
        "T01: {} decisions and skips over 6 ends (3 of them kill -9), all answered: {outcomes:?}; p50 {middle:?} p99 \
         {worst:?} of the command, its start included",
        lengths.len()
    );
}

/// A kill may come between a command and its report: then the next life says "unknown", after its deadline.
fn is_last_of_a_life(decisions: &[Value], entry: &Value) -> bool {
    let epoch = |v: &Value| v["id"].as_str().unwrap().split('-').next().unwrap().to_owned();
    let later = |d: &&Value| epoch(d) == epoch(entry) && d["subject"] == entry["subject"];
    decisions.iter().rfind(later).is_some_and(|d| d["id"] == entry["id"])
}
