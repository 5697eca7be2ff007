//! R15: a command that could not leave in time dies, and says so.
//!
//! Meant to fail it (not tried): no expiry on commands (`expires: None` in the device's command), expired ones sent after
//! the reconnect (`Outbox::next`).

use std::time::{Duration, Instant};

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for, wait_up_to};

use super::place;

/// The life of a command is 10 s; the wire is away for longer, and in the drill (`make drill`) for ten minutes.
fn outage() -> Duration {
    let told = std::env::var("LARES_OUTAGE_S").ok().and_then(|s| s.parse().ok());
    Duration::from_secs(told.unwrap_or(12))
}

#[test]
fn stale_commands() {
    let place = place("stale");
    let mut broker = Mosquitto::start(&place, true);
    let (room, second) = (Thing::new("hall"), Thing::new("yard"));
    let home = home_head(broker.port)
        + &room.sections()
        + &second.sections()
        + "[rule.later]\nwhen = [{ entity = \"hall.motion\", to = true, for = \"3s\" }]\n\
           then = [{ set = \"hall.lamp\", on = true }]\n";
    place.write("home.toml", &home);
    let world = Wire::lamps(broker.port);
    room.announce(&world);
    second.announce(&world);
    world.settle();
    let lares = Lares::start(&place);
    wait_for("the devices", || lares.entity("hall.lamp").is_some() && lares.entity("yard.lamp").is_some());
    room.reach(&world, &lares);
    second.reach(&world, &lares);
    room.motion(&world, true, "b");
    wait_for("the timer", || !lares.ask(&["timers"])["timers"].as_array().unwrap().is_empty());
    broker.stop();
    // A person wishes, again and again, and a rule decides while the wire is away.
    let (away, mut wishes) = (Instant::now(), 0);
    while away.elapsed() < outage() {
        let said = lares.say(&["set", "yard.lamp", "on=true"]);
        assert_eq!(said.code, 1, "a wish that came to nothing is no success: {said:?}");
        assert!(said.out.contains("expired"), "{said:?}");
        wishes += 1;
    }
    wait_for("the rule's command to expire", || lares.say(&["why", "hall.lamp"]).out.contains("expired"));
    let away_s = away.elapsed().as_secs();
    broker.run();
    // After so long an outage it tries again every five minutes.
    wait_up_to(Duration::from_secs(400), "the wire", || {
        lares.ask(&["status"])["links"][0]["status"] == "online"
    });
    // The wire works: a new wish arrives, and it is the only one that ever did.
    wait_for("a new wish", || lares.say(&["set", "yard.lamp", "on=false"]).code == 0);
    wait_for("a new wish", || lares.say(&["set", "hall.lamp", "on=false"]).code == 0);
    for topic in ["home/hall/lamp/set", "home/yard/lamp/set"] {
        let told = world.on(topic);
        assert!(!told.is_empty() && told.iter().all(|t| t.contains("OFF")), "{topic}: {told:?}");
    }
    let receipts = lares.entries(&["--kind", "receipt"]);
    let expired = receipts.iter().filter(|r| r["text"].as_str().is_some_and(|t| t.contains("expired")));
    assert_eq!(expired.count(), wishes + 1, "{receipts:?}");
    eprintln!(
        "R15: {} s without a wire: {} commands waited, all expired, stale executions 0",
        away_s,
        wishes + 1
    );
}
