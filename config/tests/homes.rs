//! Homes that are right: the samples, layers, what they resolve to, and what changes between them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's helpers fail as tests do"
)]

mod common;

use std::time::Duration;

use lares_config::{Action, Bind, Hold, Loaded, Stale, Trigger, diff, load, render, rooms, schema};
use lares_model::{Property, Value};

fn good(loaded: Result<Loaded, Vec<lares_config::Diagnostic>>) -> Loaded {
    let loaded = loaded.unwrap_or_else(|problems| panic!("{}", render(&problems, false)));
    assert!(loaded.warnings.is_empty(), "{}", render(&loaded.warnings, false));
    loaded
}

#[test]
fn every_sample_home_loads_without_a_word() {
    for name in ["cottage", "casas", "music"] {
        let loaded = good(load(&common::examples().join(name), &[], std::iter::empty()));
        assert_eq!(loaded.home.files.len(), 3, "{name}");
    }
    let home = good(load(&common::examples().join("phone"), &[], std::iter::empty())).home;
    let phone = home.phone.as_ref().unwrap();
    assert_eq!(
        (phone.recording, phone.doors.len(), phone.names.len()),
        (lares_config::Recording::Consent, 1, 1)
    );
}

#[test]
fn the_cottage_is_what_its_readme_says() {
    let home = good(load(&common::examples().join("cottage"), &[], std::iter::empty())).home;
    let counts =
        (home.floors.len(), home.rooms.len(), home.people.len(), home.devices.len(), home.rules.len());
    assert_eq!(counts, (2, 8, 4, 32, 36));
    assert!(home.devices.values().all(|d| d.twin.is_some()));
    assert!(home.broker.enabled && home.mqtt["mqtt"].embedded);
}

#[test]
fn a_home_of_any_number_of_rooms_loads() {
    for n in [1, 50, 1_200] {
        let files = rooms::generate(n);
        let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let home = good(common::load(&files)).home;
        assert_eq!((home.rooms.len(), home.devices.len(), home.rules.len()), (n, n, 2 * n));
    }
    assert!(rooms::generate(1)[0].1.contains("identifiers = [\"room001\"]"));
    assert!(rooms::generate(1_200)[0].1.contains("identifiers = [\"room1200\"]"));
}

#[test]
fn the_first_rule_in_the_book_resolves() {
    let text = r#"
        [device.hall-motion]
        identifiers = ["a"]
        [device.hall-lamp]
        identifiers = ["b"]
        default = { on = false }
        [household]
        time_zone = "UTC"
        [rule.hall-light]
        when = [{ entity = "hall-motion.occupancy", to = true }]
        if   = [{ entity = "hall-motion.illuminance", below = 50, stale = "pass" }]
        then = [{ set = "hall-lamp", on = true, hold_while = "when" }]
    "#;
    let home = good(common::load(&[("a.toml", text)])).home;
    let rule = &home.rules["hall-light"];
    assert_eq!((rule.name.as_str(), rule.place.line), ("Hall light", 9));
    let Trigger::Entity { entity, change, lasting: None, .. } = &rule.when[0] else {
        panic!("{:?}", rule.when)
    };
    assert_eq!(
        (entity.to_string().as_str(), &change.to),
        ("hall-motion.occupancy", &Some(Value::Bool(true)))
    );
    let lares_config::Condition::Entity { test, stale, .. } = &rule.conditions[0] else { panic!() };
    assert_eq!((test.below, *stale), (Some(50.0), Stale::Pass));
    let Action::Set { values, hold, .. } = &rule.then[0] else { panic!() };
    assert_eq!((values.get(&Property::On), *hold), (Some(&Value::Bool(true)), Hold::WhileWhen));
    assert_eq!(rule.when[0].to_string(), "hall-motion.occupancy became on");
    assert_eq!(rule.conditions[0].to_string(), "hall-motion.illuminance below 50");
    assert_eq!(rule.then[0].to_string(), "set hall-lamp on for as long as its trigger holds");
}

#[test]
fn later_layers_win_and_missing_brokers_are_embedded() {
    let text = "[household]\nname = \"A\"\ntime_zone = \"UTC\"\n[room.living-room]\n";
    let env = [
        ("LARES__household__name", "B"),
        ("LARES__ROOM__LIVING_ROOM__OCCUPANCY_TIMEOUT", "90s"),
        ("LARES__broker__port", "2000"),
    ];
    let flags = [("household.name", "007")];
    let home = good(common::load_with(&[("a.toml", text)], &flags, &env)).home;
    assert_eq!(home.household.name, "007", "a text from a flag stays as it was written");
    assert_eq!(home.rooms["living-room"].occupancy_timeout, Duration::from_secs(90));
    assert_eq!((home.broker.port, home.broker.enabled), (2000, true));
    let plain = good(common::load(&[("a.toml", text)])).home;
    assert_ne!(plain.snapshot, home.snapshot);
    assert_eq!(plain.snapshot, good(common::load(&[("a.toml", text)])).home.snapshot);
}

#[test]
fn one_outside_broker_is_the_link_of_all_and_ours_stays_off() {
    let text =
        "[household]\ntime_zone = \"UTC\"\n[mqtt.main]\nhost = \"10.0.0.2\"\n[device.x]\ntwin = \"door\"\n";
    let home = good(common::load(&[("a.toml", text)])).home;
    assert!(!home.broker.enabled);
    let Bind::Twin { link, identifiers } = &home.devices["x"].bind else { panic!() };
    assert_eq!((link.as_str(), identifiers[0].as_str()), ("main", "lares_twin_x"));
}

#[test]
fn a_declared_device_is_complete_and_keeps_its_slugs() {
    let text = "[household]\ntime_zone = \"UTC\"\n[device.meter]\n[device.meter.mqtt.cmps.load]\n\
        platform = \"sensor\"\nname = \"Load of the house\"\nstate_topic = \"a/b\"\n";
    let home = good(common::load(&[("a.toml", text)])).home;
    let device = &home.devices["meter"];
    let Bind::Declared { config, .. } = &device.bind else { panic!() };
    assert_eq!(config["device"]["identifiers"][0], "lares_declared_meter");
    assert_eq!(
        (&config["cmps"]["load"]["name"], &config["cmps"]["load"]["unique_id"]),
        (&"load".into(), &"meter_load".into())
    );
    assert_eq!(device.entities["load"].name.as_deref(), Some("Load of the house"));
}

#[test]
fn a_broker_with_users_may_listen_anywhere() {
    let root = tempfile::tempdir().unwrap();
    let text =
        "[household]\ntime_zone = \"UTC\"\n[broker]\nlisten = \"0.0.0.0\"\npasswords_file = \"users\"\n";
    std::fs::write(root.path().join("a.toml"), text).unwrap();
    std::fs::write(root.path().join("users"), "tv:x\n").unwrap();
    assert!(good(load(root.path(), &[], std::iter::empty())).home.broker.has_credentials());
    // Fails closed: an empty file of credentials is none.
    std::fs::write(root.path().join("users"), "").unwrap();
    assert_eq!(load(root.path(), &[], std::iter::empty()).unwrap_err()[0].code, "secret-missing");
}

#[test]
fn a_diff_names_what_changed_and_not_what_moved() {
    let before = "[household]\ntime_zone = \"UTC\"\n[room.a]\n[room.b]\n[device.x]\ntwin = \"motion\"\n[device.x.entity.battery]\nname = \"B\"\n";
    let after = "# moved\n\n[room.b]\nname = \"Bee\"\n[room.c]\n[household]\ntime_zone = \"UTC\"\n[device.x]\ntwin = \"motion\"\n[device.x.entity.battery]\nname = \"B\"\n";
    let old = good(common::load(&[("a.toml", before)])).home;
    let new = good(common::load(&[("b.toml", after)])).home;
    let diff = diff(&old, &new);
    let words = |of: &[lares_config::SectionKey]| {
        of.iter().map(|s| format!("{}.{}", s.table, s.key)).collect::<Vec<_>>()
    };
    assert_eq!(words(&diff.added), ["room.c"]);
    assert_eq!(words(&diff.removed), ["room.a"]);
    assert_eq!(words(&diff.changed), ["room.b"]);
}

#[test]
fn units_are_converted_to_the_canonical_one() {
    let text = "[household]\ntime_zone = \"UTC\"\n[device.t]\nidentifiers = [\"t\"]\n[rule.r]\n\
        when = [{ entity = \"t.temperature\", above = \"77 °F\" }, { entity = \"t.power\", above = \"1.5 kW\" }]\n\
        then = [{ notify = \"x\" }]\n";
    let home = good(common::load(&[("a.toml", text)])).home;
    let above: Vec<Option<f64>> = home.rules["r"]
        .when
        .iter()
        .map(|t| if let Trigger::Entity { change, .. } = t { change.above } else { None })
        .collect();
    assert!((above[0].unwrap() - 25.0).abs() < 1e-9);
    assert_eq!(above[1], Some(1500.0));
}

#[test]
fn the_schema_knows_every_table() {
    let schema = schema();
    let tables = schema["properties"].as_object().unwrap();
    let expected = [
        "autonomy",
        "backup",
        "blueprint",
        "broker",
        "device",
        "display",
        "field",
        "floor",
        "group",
        "household",
        "interlock",
        "media",
        "mqtt",
        "person",
        "phone",
        "player",
        "private",
        "receiver",
        "retention",
        "room",
        "routine",
        "rule",
        "satellite",
        "scene",
        "stream",
        "voice",
        "web",
        "zone",
    ];
    let mut found: Vec<_> = tables.keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert!(schema["$defs"]["Action"]["properties"]["hold_while"].is_object());
}
