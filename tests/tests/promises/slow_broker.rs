//! R16: a broker that takes long, or takes connections and answers nothing.
//!
//! Meant to fail it (not tried): a wait for an answer to a connection without an end, actors that wait for the wire.

use std::time::{Duration, Instant};

use lares_tests::{Far, Lares, Mosquitto, Pace, Thing, Wire, home_head, wait_for, wait_up_to};
use serde_json::Value;

use super::place;

const MESSAGES: usize = 300;

#[test]
fn slow_broker() {
    let place = place("slow");
    let broker = Mosquitto::start(&place, false);
    let far = Far::new(broker.port);
    let room = Thing::new("hall");
    let home = home_head(far.port)
        + &room.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n\
           [rule.off]\nwhen = [{ entity = \"hall.motion\", to = false }]\nthen = [{ set = \"hall.lamp\", on = false }]\n";
    place.write("home.toml", &home);
    let world = Wire::lamps(broker.port);
    room.announce(&world);
    world.settle();

    // Somebody opens, and says nothing.
    far.pace(Pace::Dumb);
    let lares = Lares::start(&place);
    let link = || {
        let link = &lares.ask(&["status"])["links"][0];
        [&link["status"], &link["detail"]].map(|w| w.as_str().unwrap_or_default().to_owned())
    };
    wait_for(
        "a word on the silence",
        || matches!(link(), [status, why] if status == "offline" && !why.is_empty()),
    );
    let [_, why] = link();
    assert!(why.contains("answer"), "{why}");

    // It answers, slowly: the announcements come, and the lamp follows.
    far.pace(Pace::Slow);
    wait_up_to(Duration::from_secs(90), "the device", || lares.entity("hall.lamp").is_some());
    let lamp = || lares.entity("hall.lamp").map(|e| e["state"].clone());
    let follow = |on: bool| {
        wait_up_to(Duration::from_secs(90), "the lamp to follow", || {
            room.motion(&world, !on, "before");
            room.motion(&world, on, "then");
            std::thread::sleep(Duration::from_secs(1));
            lamp() == Some(Value::Bool(on))
        });
    };
    follow(true);
    // More than it can bring in time. Nobody waits for it but its own messages.
    (0..MESSAGES).for_each(|n| room.motion(&world, n % 2 == 0, &format!("n{n}")));
    let mut answers = Vec::new();
    for _ in 0..20 {
        let since = Instant::now();
        assert!(lares.say(&["status"]).code == 0);
        answers.push(since.elapsed());
    }
    far.pace(Pace::AtOnce);
    follow(false);
    // A line that is cut without a word is known as such when nothing answers: twice the 30 s between two pings.
    if std::env::var("LARES_OUTAGE_S").is_ok() {
        far.pace(Pace::Dumb);
        wait_up_to(Duration::from_secs(90), "the silence to be noticed", || link()[0] == "offline");
        far.pace(Pace::AtOnce);
        wait_up_to(Duration::from_secs(400), "the wire", || link()[0] == "online");
        follow(true);
    }
    let (total, paths) = lares.restarts();
    assert_eq!(total, 0, "{paths:?}");
    let slowest = answers.iter().max().copied().unwrap_or_default();
    eprintln!(
        "R16: {MESSAGES} messages over 3 kB/s, 0 stuck; the household answered within {slowest:?} meanwhile"
    );
}
