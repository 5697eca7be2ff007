//! R06: a machine without a battery-backed clock starts days in the past. The household serves; times of day wait until
//! the clock is set, and that is shown.
//!
//! Meant to fail it (tried: each does): not telling the clock what is past (`SystemClock::is_past`), not holding the
//! civil timers back (`TimerService::fire`; only a rule that is new with the wrong clock shows it: a timer that was
//! stored is due after the last event anyway).

use std::time::Duration;

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};
use serde_json::Value;

use super::place;

/// Debian's libfaketime; without it the test fails under `CI=true` and says so elsewhere.
fn library() -> Option<String> {
    let machine = std::env::consts::ARCH;
    let file = format!("/usr/lib/{machine}-linux-gnu/faketime/libfaketimeMT.so.1");
    if std::path::Path::new(&file).is_file() {
        return Some(file);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{file} is missing");
    eprintln!("skipped: {file} is missing");
    None
}

#[test]
fn clock_unset() {
    let Some(library) = library() else { return };
    let place = place("clock");
    let broker = Mosquitto::start(&place, false);
    let (hall, yard, shed) = (Thing::new("hall"), Thing::new("yard"), Thing::new("shed"));
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    yard.announce(&world);
    shed.announce(&world);
    world.settle();
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(12);
    let soon = soon.to_zoned(jiff::tz::TimeZone::UTC).strftime("%H:%M:%S").to_string();
    let home = home_head(broker.port)
        + &hall.sections()
        + &yard.sections()
        + &shed.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n"
        + &at_time(&soon, "yard");
    place.write("home.toml", &home);
    let mut lares = Lares::start(&place);
    wait_for("the devices", || lares.entity("hall.lamp").is_some() && lares.entity("yard.lamp").is_some());
    lares.kill();
    place.write("home.toml", &(home + &at_time(&soon, "shed")));

    let clock = place.path().join("clock");
    std::fs::write(&clock, "-2d\n").unwrap();
    lares.run_with(&[
        ("LD_PRELOAD", &library),
        ("FAKETIME_TIMESTAMP_FILE", clock.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]);
    wait_for("the clock to be shown", || said_of_the_clock(&lares).is_some_and(|s| s.contains("not set")));
    wait_for("a reaction", || {
        hall.motion(&world, false, "a");
        hall.motion(&world, true, "b");
        !world.on("home/hall/lamp/set").is_empty()
    });
    // The clock is looked at every five seconds.
    std::thread::sleep(Duration::from_secs(20));
    for lamp in ["home/yard/lamp/set", "home/shed/lamp/set"] {
        assert!(world.on(lamp).is_empty(), "a time of day came by a clock that is not set");
    }

    std::fs::write(&clock, "+0\n").unwrap();
    wait_for("what was missed", || !world.on("home/yard/lamp/set").is_empty());
    assert_eq!(said_of_the_clock(&lares), None);
}

fn at_time(time: &str, thing: &str) -> String {
    format!(
        "[rule.{thing}]\nwhen = [{{ time = \"{time}\" }}]\nthen = [{{ set = \"{thing}.lamp\", on = true }}]\n"
    )
}

fn said_of_the_clock(lares: &Lares) -> Option<String> {
    let status: Value = lares.ask(&["status"]);
    status["process"]["more"].as_array()?.iter().find(|f| f[0] == "clock").map(|f| f[1].to_string())
}
