//! What every household wants, as it behaves. The things of the small house stand for the real ones: `motion.occupancy` for
//! whatever is yes or no, `motion.lux` for whatever is measured.

use super::*;

const M: Duration = Duration::from_secs(60);
const H: Duration = Duration::from_secs(3_600);

fn made(name: &str, with: &str) -> Rules {
    let mut rules = Rules::new(&format!("[rule.r]\nblueprint = \"lares/{name}\"\nwith = {{ {with} }}\n"));
    rules.did();
    rules
}

fn status(rules: &mut Rules, status: Status) {
    let id = rules.directory.devices().find(|d| &*d.reference == "motion").unwrap().id;
    rules.event(id, Origin::System, Body::StatusChanged { status });
}

#[test]
fn a_light_goes_with_movement_and_stays_a_while() {
    let mut rules = made("motion-light", r#"sensor = "motion.occupancy", light = "lamp""#);
    rules.occupancy(true);
    rules.wait(10 * M);
    assert_eq!(rules.did(), ["lamp on"]);
    rules.occupancy(false);
    rules.wait(M);
    rules.occupancy(true);
    let did = rules.did();
    assert_eq!(did.last().map(String::as_str), Some("lamp on"), "{did:?}");
    rules.occupancy(false);
    rules.wait(M);
    assert_eq!(rules.did().iter().filter(|d| *d == "lamp off").count(), 0, "two minutes are not over");
    rules.wait(2 * M);
    assert_eq!(rules.did(), ["lamp off"]);
}

#[test]
fn a_light_may_be_only_for_the_dark() {
    let with =
        r#"sensor = "motion.occupancy", light = "lamp", only_if = [{ entity = "motion.lux", below = 30 }]"#;
    let mut rules = made("motion-light", with);
    rules.lux(100.0);
    rules.occupancy(true);
    assert!(rules.did()[0].starts_with("skipped"));
    rules.occupancy(false);
    rules.lux(10.0);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"]);
}

#[test]
fn a_dim_light_is_for_the_night() {
    let mut rules = made("night-light", r#"sensor = "motion.occupancy", light = "lamp""#);
    rules.occupancy(true);
    assert!(rules.did()[0].starts_with("skipped"), "it is noon");
    rules.occupancy(false);
    rules.wait(11 * H);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"]);
    rules.occupancy(false);
    rules.wait(3 * M);
    assert_eq!(rules.did(), ["cancel run:0: what it waited for came", "lamp off"][1..], "and off again");
}

#[test]
fn what_is_left_open_is_told_until_it_is_closed() {
    let mut rules = made("left-open", r#"contact = "motion.occupancy", what = "The window""#);
    rules.occupancy(true);
    rules.wait(4 * M);
    assert_eq!(rules.did(), [""; 0]);
    rules.wait(32 * M);
    assert_eq!(
        rules.did(),
        [
            "say The window has been open for 5m.",
            "say The window is still open.",
            "say The window is still open."
        ]
    );
    rules.occupancy(false);
    rules.wait(60 * M);
    assert_eq!(rules.did(), [""; 0]);
    assert_eq!(rules.engine.waiting(), (0, 0, 0));
}

#[test]
fn a_machine_is_done_when_it_has_been_quiet_for_long_enough() {
    let mut rules = made("appliance-done", r#"power = "motion.lux", what = "The washer""#);
    let measure = |rules: &mut Rules, watts: f64, length: Duration| {
        rules.lux(watts);
        rules.wait(length);
    };
    measure(&mut rules, 1.0, M);
    measure(&mut rules, 500.0, 30 * Duration::from_secs(1));
    measure(&mut rules, 1.0, 10 * M);
    let said =
        |rules: &mut Rules| rules.did().into_iter().filter(|d| d.starts_with("say")).collect::<Vec<_>>();
    assert_eq!(said(&mut rules), [""; 0], "half a minute is no washing");
    measure(&mut rules, 500.0, 2 * M);
    // It soaks for two minutes, and goes on.
    measure(&mut rules, 2.0, 2 * M);
    measure(&mut rules, 300.0, 2 * M);
    measure(&mut rules, 2.0, 2 * M);
    assert_eq!(said(&mut rules), [""; 0]);
    measure(&mut rules, 2.0, 2 * M);
    assert_eq!(said(&mut rules), ["say The washer is done."]);
    measure(&mut rules, 2.0, 60 * M);
    assert_eq!(said(&mut rules), [""; 0], "once");
}

#[test]
fn water_and_smoke_are_told_and_acted_on() {
    let mut rules = made("leak", r#"sensor = "motion.occupancy", off = "lamp", what = "the bath""#);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["say There is water on the bath.", "lamp off while"]);
    rules.occupancy(false);
    assert_eq!(rules.did(), ["release lamp.light: its trigger no longer holds"]);
    let mut rules = made("smoke", r#"sensor = "motion.occupancy", lights = "lamp", what = "the hall""#);
    rules.occupancy(true);
    rules.wait(2 * M + M / 2);
    assert_eq!(
        rules.did(),
        ["lamp on for a time", "say Smoke in the hall!", "say Smoke in the hall!", "say Smoke in the hall!"]
    );
    rules.occupancy(false);
    rules.wait(5 * M);
    assert_eq!(rules.did(), ["say No more smoke in the hall."]);
}

#[test]
fn the_cold_is_told_each_hour_and_a_battery_once() {
    let mut rules = made("freeze", r#"temperature = "motion.lux", what = "The cellar""#);
    rules.lux(5.0);
    for _ in 0..9 {
        // Measured again and again: a reading that grows old says nothing.
        rules.lux(2.0);
        rules.wait(10 * M);
    }
    assert_eq!(rules.did(), ["say The cellar is at 2 lx.", "say The cellar is at 2 lx."]);
    let mut rules = made("low-battery", r#"battery = "motion.lux", what = "the door""#);
    for percent in [20.0, 14.0, 16.0, 13.0, 100.0, 14.0] {
        rules.lux(percent);
    }
    assert_eq!(
        rules.did(),
        ["say The battery of the door is at 14 lx.", "say The battery of the door is at 14 lx."]
    );
}

#[test]
fn a_silent_device_is_told_and_so_is_its_return() {
    let mut rules = made("device-silent", r#"device = "motion", after = "30m""#);
    status(&mut rules, Status::Online);
    status(&mut rules, Status::Offline(Detail::Silent));
    rules.wait(10 * M);
    status(&mut rules, Status::Online);
    assert!(rules.did().iter().all(|d| !d.starts_with("say")), "ten minutes are nothing");
    status(&mut rules, Status::Offline(Detail::Silent));
    rules.wait(H);
    assert_eq!(rules.did(), ["say Nothing has been heard of motion for 30m."]);
    status(&mut rules, Status::Online);
    assert_eq!(rules.did(), ["say motion is back."]);
}

#[test]
fn coming_and_going() {
    let away = |rules: &mut Rules| {
        rules.moves("anna", Presence::Away, None);
        rules.moves("ben", Presence::Away, None);
    };
    let mut rules = made("everyone-left", r#"off = "lamp""#);
    rules.moves("anna", Presence::Home, None);
    rules.moves("ben", Presence::Home, None);
    away(&mut rules);
    rules.wait(11 * M);
    assert_eq!(rules.did(), ["lamp off"]);
    let mut rules = made("first-one-home", r#"light = "lamp""#);
    rules.moves("anna", Presence::Home, None);
    away(&mut rules);
    rules.moves("anna", Presence::Home, None);
    assert!(rules.did()[0].starts_with("skipped"), "it is noon");
    away(&mut rules);
    rules.wait(10 * H);
    rules.moves("anna", Presence::Home, None);
    rules.moves("ben", Presence::Home, None);
    rules.wait(11 * M);
    assert_eq!(rules.did(), ["lamp on for a time", "lamp off"], "only for the first");
    let mut rules = made("away-heating", r#"climate = "lamp""#);
    rules.moves("anna", Presence::Home, None);
    away(&mut rules);
    rules.wait(31 * M);
    assert_eq!(rules.did().len(), 1);
    rules.moves("ben", Presence::Home, None);
    assert_eq!(rules.did(), ["release lamp: its trigger no longer holds"]);
}

#[test]
fn a_house_on_holiday_looks_lived_in() {
    let mut rules = made("away-light", r#"light = "lamp", of = "anna", times = 2"#);
    for person in ["anna", "ben"] {
        rules.moves(person, Presence::Home, None);
        rules.moves(person, Presence::Away, None);
    }
    rules.wait(25 * H);
    // Who came home for a moment in between has not been away for long enough.
    rules.graph.told = vec![(rules.now, Body::PersonMoved { presence: Presence::Away, room: None })];
    rules.fires("plan", "r#0");
    assert!(rules.did()[0].contains("anna is away"), "only since now");
    let then = Timestamp(rules.now.0 - 25 * 3_600 * 1_000_000);
    rules.graph.told = vec![(then, Body::PersonMoved { presence: Presence::Away, room: None })];
    rules.fires("plan", "r#0");
    rules.wait(40 * M);
    assert_eq!(rules.did(), ["lamp on", "lamp off"]);
    rules.moves("ben", Presence::Home, None);
    rules.wait(3 * H);
    let did = rules.did();
    assert!(did.len() == 1 && did[0].ends_with("stopped: somebody is home"), "{did:?}");
}

#[test]
fn a_machine_that_shakes_is_done_when_it_is_still() {
    let mut rules = made("vibration-done", r#"vibration = "motion.occupancy""#);
    rules.occupancy(true);
    rules.wait(4 * M);
    rules.occupancy(false);
    // It soaks for a while, and goes on.
    rules.wait(3 * M);
    rules.occupancy(true);
    let at = |rules: &Rules, on: bool| (rules.now, Some(Value::Bool(on)));
    rules.graph.was = vec![at(&rules, true)];
    rules.wait(20 * M);
    assert!(rules.did().is_empty());
    rules.occupancy(false);
    rules.graph.was = vec![at(&rules, true), at(&rules, false)];
    rules.wait(20 * M);
    assert_eq!(rules.did(), ["say The washing machine is done."]);
}

#[test]
fn windows_and_humid_air() {
    let mut rules = made("window-heating", r#"contact = "motion.occupancy", climate = "lamp""#);
    rules.occupancy(true);
    rules.wait(M);
    rules.occupancy(false);
    assert_eq!(rules.did(), ["cancel for:0: its trigger no longer holds"], "aired for a minute");
    rules.occupancy(true);
    rules.wait(3 * M);
    rules.occupancy(false);
    assert_eq!(rules.did().last().unwrap(), "release lamp: its trigger no longer holds");
    let mut rules = made("humid-air", r#"humidity = "motion.lux", fan = "lamp""#);
    for percent in [50.0, 70.0, 60.0, 66.0, 56.0] {
        rules.lux(percent);
    }
    assert_eq!(rules.did(), ["lamp on while", "release lamp.light: its trigger no longer holds"]);
}

#[test]
fn shutters_follow_the_sun_and_flee_the_wind() {
    let mut rules = made("shutters-by-sun", r#"shutters = "lamp""#);
    let positions = |rules: &mut Rules| rules.did().iter().filter(|d| d.starts_with("lamp")).count();
    // Sunset, by the plan.
    rules.fires("plan", "r#2");
    assert_eq!(positions(&mut rules), 1);
    // 06:00: the sun is not up in November, and it is too early.
    rules.wait(18 * H);
    rules.fires("plan", "r#0");
    assert_eq!(positions(&mut rules), 0);
    rules.wait(2 * H);
    rules.fires("plan", "r#0");
    assert_eq!(positions(&mut rules), 1, "up at eight");
    let mut rules = made("shutters-in-wind", r#"wind = "motion.lux", shutters = "lamp", above = 12"#);
    for speed in [5.0, 13.0, 11.0, 12.5, 9.0] {
        rules.lux(speed);
    }
    assert_eq!(rules.did().len(), 2, "up once, and let go once");
}
