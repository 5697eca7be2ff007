//! Twins through discovery and driver: what is wished comes back as what is observed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod spoken;

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::twins::{Twin, TwinKind};
use lares_devices::{Observation, Send};
use lares_model::{Property, Timestamp, Value, ValueKind};

/// SplitMix64: a source of chance that is the same on every machine.
fn chance(mut seed: u64) -> impl FnMut() -> u64 {
    move || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn discover(twin: &Twin) -> (DeviceSpec, Driver, Vec<Observation>) {
    let mut discovery = Discovery::new("mqtt", "homeassistant");
    let (mut spec, mut rest) = (None, Vec::new());
    for send in twin.announce() {
        assert!(send.retain);
        if !discovery.is_config_topic(&send.topic) {
            rest.push(send);
            continue;
        }
        let (changes, problems) = discovery.on_config(&send.topic, &send.payload).unwrap();
        assert_eq!(problems, []);
        for change in changes {
            if let Change::Announced(announced) = change {
                spec = Some(*announced);
            }
        }
    }
    let spec = spec.unwrap();
    let (mut driver, problems) = Driver::new(&spec);
    assert_eq!(problems, []);
    let observed = hear(&mut driver, &rest);
    (spec, driver, observed)
}

fn hear(driver: &mut Driver, sends: &[Send]) -> Vec<Observation> {
    let mut out = Vec::new();
    for send in sends {
        driver.on_message(&send.topic, &send.payload, &mut out).unwrap();
    }
    out
}

#[test]
fn every_kind_announces_itself_and_all_its_values_are_known() {
    for kind in TwinKind::ALL {
        assert_eq!(TwinKind::parse(kind.name()), Ok(*kind));
        let twin = Twin::new(*kind, "hall", "twins", "homeassistant");
        let (spec, _, observed) = discover(&twin);
        assert_eq!(spec.info.key, "mqtt/lares_twin_hall");
        assert!(observed.contains(&Observation::Availability { entity: None, online: true }), "{kind:?}");
        for entity in &spec.info.entities {
            assert!(entity.unique_id.starts_with("lares_twin_hall_"));
            for property in entity.properties.iter().filter(|p| p.readable) {
                let known = observed.iter().any(|o| matches!(o, Observation::Reading { entity: e, property: p, .. } if *e == entity.id() && *p == property.property));
                assert!(known, "{kind:?} {} {}", entity.slug, property.property.name());
            }
        }
    }
    assert!(TwinKind::parse("toaster").unwrap_err().contains("motion, door"));
}

#[test]
fn what_is_wished_is_what_is_reported() {
    for kind in TwinKind::ALL {
        let mut twin = Twin::new(*kind, "it", "twins", "homeassistant");
        let (spec, mut driver, _) = discover(&twin);
        // A robot is told what to do, and says what it does: below.
        for entity in spec.info.entities.iter().filter(|_| *kind != TwinKind::Vacuum) {
            // A cover's and a lock's `action` takes words of its own (stop, open), and nothing reports a press.
            let told = |p: &Property| !matches!(p, Property::Action | Property::Press);
            for property in entity.properties.iter().filter(|p| p.writable && told(&p.property)) {
                for wish in wishes(&property.kind) {
                    let sends = driver.command(entity.id(), &[(property.property, wish.clone())]).unwrap();
                    let reports: Vec<_> = sends
                        .iter()
                        .flat_map(|s| twin.on_message(&s.topic, &s.payload, Timestamp(0)))
                        .collect();
                    let observed = hear(&mut driver, &reports);
                    let answer = observed.iter().find_map(|o| match o {
                        Observation::Reading { entity: e, property: p, value }
                            if *e == entity.id() && *p == property.property =>
                        {
                            value.clone()
                        }
                        _ => None,
                    });
                    let tolerance = if property.property == Property::ColorTemp { 25.0 } else { 0.5 };
                    assert!(
                        answer.as_ref().is_some_and(|a| a.meets(&wish, tolerance)),
                        "{kind:?} {}: wished {wish:?}, got {answer:?}",
                        property.property.name()
                    );
                }
            }
        }
    }
}

fn wishes(kind: &ValueKind) -> Vec<Value> {
    match kind {
        ValueKind::Bool => vec![Value::Bool(true), Value::Bool(false), Value::Bool(true)],
        // Only its ends can be wished.
        ValueKind::Number { min, max, step } if *step == max.zip(*min).map(|(max, min)| max - min) => {
            vec![Value::Number(max.unwrap()), Value::Number(min.unwrap())]
        }
        ValueKind::Number { min, max, .. } => {
            vec![Value::Number(max.unwrap()), Value::Number((min.unwrap() + max.unwrap()) / 2.0)]
        }
        ValueKind::Enum(options) => options.iter().cloned().map(Value::Text).collect(),
        ValueKind::Text => vec![Value::from("Milch & 42"), Value::from("{\"a\":1}")],
        ValueKind::Rgb => vec![],
    }
}

#[test]
fn the_same_chance_gives_the_same_day_and_days_are_plausible() {
    let day = |kind| {
        let mut twin = Twin::new(kind, "x", "t", "homeassistant");
        let (mut chance, mut out, mut now) = (chance(7), Vec::new(), Timestamp(0));
        while now < Timestamp(86_400_000_000) {
            out.extend(twin.tick(now, now.0 as f64 / 3.6e9, &mut chance));
            assert!(twin.next_tick() > now);
            now = twin.next_tick();
        }
        out
    };
    for kind in TwinKind::ALL {
        let reports = day(*kind);
        assert_eq!(reports, day(*kind));
        assert!((100..20_000).contains(&reports.len()), "{kind:?}: {}", reports.len());
    }
    let motions = day(TwinKind::Motion)
        .iter()
        .filter(|s| s.payload.windows(16).any(|w| w == b"\"occupancy\":true"))
        .count();
    assert!((50..600).contains(&motions), "{motions}");
}

#[test]
fn nonsense_is_ignored() {
    for kind in TwinKind::ALL {
        let mut twin = Twin::new(*kind, "it", "twins", "homeassistant");
        let (_, mut driver, _) = discover(&twin);
        for payload in [
            &b"\xff"[..],
            b"",
            b"[]",
            b"{\"state\":{}}",
            b"{\"brightness\":\"x\",\"color_temp\":-1e300}",
            b"1e999",
        ] {
            for topic in
                ["twins/it/set", "twins/it/set/occupied_heating_setpoint", "twins/it/set/text", "other"]
            {
                hear(&mut driver, &twin.on_message(topic, payload, Timestamp(0)));
            }
        }
    }
}

/// What an entity said last of these properties.
fn last(observed: &[Observation], property: Property) -> Option<Value> {
    let of = |o: &Observation| match o {
        Observation::Reading { property: p, value, .. } if *p == property => Some(value.clone()),
        _ => None,
    };
    observed.iter().rev().find_map(of).flatten()
}

#[test]
fn a_newer_version_is_installed_step_by_step() {
    let mut twin = Twin::new(TwinKind::Weather, "roof", "twins", "homeassistant");
    let (spec, mut driver, observed) = discover(&twin);
    let versions = |observed: &[Observation]| {
        [Property::InstalledVersion, Property::LatestVersion, Property::Percentage].map(|p| last(observed, p))
    };
    let is = |has: &str, done: Option<f64>| {
        [Some(Value::from(has)), Some(Value::from("1.3.0")), done.map(Value::Number)]
    };
    assert_eq!(versions(&observed), is("1.2.0", None));
    let firmware = spec.info.entities.iter().find(|e| e.slug == "firmware").unwrap();
    let tell = |twin: &mut Twin| {
        let sends = driver.command(firmware.id(), &[(Property::Press, Value::Bool(true))]).unwrap();
        let said = sends.iter().flat_map(|s| twin.on_message(&s.topic, &s.payload, Timestamp(0)));
        said.collect::<Vec<_>>()
    };
    let said = tell(&mut twin);
    // Once more while it runs begins nothing anew.
    let again = tell(&mut twin);
    assert_eq!(versions(&hear(&mut driver, &said)), is("1.2.0", Some(0.0)));
    assert_eq!(said, again);
    let (mut chance, mut now, mut seen) = (chance(3), Timestamp(0), Vec::new());
    while now < Timestamp(120_000_000) {
        let [has, _, done] = versions(&hear(&mut driver, &twin.tick(now, 12.0, &mut chance)));
        seen.extend(done.map(|done| (has.clone(), done)));
        now = twin.next_tick();
        if done_is(&has, "1.3.0") {
            break;
        }
    }
    assert_eq!(seen.len(), 9, "{seen:?}");
    assert!(seen.iter().all(|(has, _)| done_is(has, "1.2.0")), "{seen:?}");
    let report = twin.announce();
    assert_eq!(versions(&hear(&mut driver, &report)), is("1.3.0", None));
}

fn done_is(has: &Option<Value>, version: &str) -> bool {
    *has == Some(Value::from(version))
}

/// Zigbee2MQTT announces what can be had newer by discovery, and tells of it in the device's state: nothing else is needed for it.
#[test]
fn a_zigbee_device_is_given_a_newer_version_by_its_bridge() {
    let id = "0x00158d0001a2b3c4";
    let config = serde_json::json!({
        "command_topic": "zigbee2mqtt/bridge/request/device/ota_update/update", "device_class": "firmware", "name": null,
        "device": { "identifiers": [format!("zigbee2mqtt_{id}")], "name": id },
        "payload_install": format!("{{\"id\": \"{id}\"}}"), "state_topic": format!("zigbee2mqtt/{id}"),
        "unique_id": format!("{id}_update_zigbee2mqtt"),
        "value_template": "{\"latest_version\":\"{{ value_json['update']['latest_version'] }}\",\"installed_version\":\"{{ value_json['update']['installed_version'] }}\",\"update_percentage\":{{ value_json['update'].get('progress', 'null') }},\"in_progress\":{{ (value_json['update']['state'] == 'updating')|lower }}}",
    });
    let mut discovery = Discovery::new("mqtt", "homeassistant");
    let topic = format!("homeassistant/update/{id}/update/config");
    let (changes, problems) = discovery.on_config(&topic, config.to_string().as_bytes()).unwrap();
    assert_eq!(problems, []);
    let Some(Change::Announced(spec)) = changes.into_iter().next() else { panic!("it announces itself") };
    let (mut driver, _) = Driver::new(&spec);
    let mut told = |update: serde_json::Value| {
        let mut out = Vec::new();
        let state = serde_json::json!({ "linkquality": 90, "update": update });
        driver.on_message(&format!("zigbee2mqtt/{id}"), state.to_string().as_bytes(), &mut out).unwrap();
        [Property::InstalledVersion, Property::LatestVersion, Property::Percentage].map(|p| last(&out, p))
    };
    let version = |v: &str| Some(Value::from(v));
    let with = |state: &str, has: i64| serde_json::json!({ "state": state, "installed_version": has, "latest_version": 16908311 });
    assert_eq!(told(with("available", 16908306)), [version("16908306"), version("16908311"), None]);
    let mut updating = with("updating", 16908306);
    (updating["progress"], updating["remaining"]) = (13.37.into(), 219.into());
    assert_eq!(told(updating)[2], Some(Value::Number(13.37)));
    assert_eq!(told(with("idle", 16908311)), [version("16908311"), version("16908311"), None]);
    let entity = spec.info.entities[0].id();
    let sent = driver.command(entity, &[(Property::Press, Value::Bool(true))]).unwrap();
    assert_eq!(sent[0].topic, "zigbee2mqtt/bridge/request/device/ota_update/update");
    assert_eq!(sent[0].payload, format!("{{\"id\": \"{id}\"}}").into_bytes());
}

#[test]
fn a_robot_does_what_it_is_told_and_goes_home() {
    let mut twin = Twin::new(TwinKind::Vacuum, "it", "twins", "homeassistant");
    let (spec, mut driver, _) = discover(&twin);
    let robot = spec.info.entities.iter().find(|e| e.slug == "vacuum").unwrap();
    let mut tell = |twin: &mut Twin, property: Property, value: &str| {
        let sends = driver.command(robot.id(), &[(property, Value::from(value))]).unwrap();
        let reports: Vec<_> =
            sends.iter().flat_map(|s| twin.on_message(&s.topic, &s.payload, Timestamp(0))).collect();
        hear(&mut driver, &reports)
    };
    let says = |observed: &[Observation], property: Property, value: &str| {
        let is = |o: &Observation| matches!(o, Observation::Reading { property: p, value: Some(v), .. } if *p == property && *v == Value::from(value));
        assert!(observed.iter().any(is), "{} is not {value}: {observed:?}", property.name());
    };
    says(&tell(&mut twin, Property::State, "cleaning"), Property::State, "cleaning");
    says(&tell(&mut twin, Property::Action, "pause"), Property::State, "paused");
    says(&tell(&mut twin, Property::FanMode, "max"), Property::FanMode, "max");
    says(&tell(&mut twin, Property::State, "docked"), Property::State, "returning");
    let cleans = tell(&mut twin, Property::CleanRooms, "kitchen");
    says(&cleans, Property::State, "cleaning");
    says(&cleans, Property::State, "Kitchen");
    says(&cleans, Property::Rooms, "Kitchen, Hall, Living room");
    tell(&mut twin, Property::Command, "spin {\"times\":2}");
    tell(&mut twin, Property::Action, "locate");
    let report = String::from_utf8(twin.announce().into_iter().rev().nth(1).unwrap().payload).unwrap();
    assert!(report.contains("times") && report.contains("\"located\":1"), "{report}");
    let (mut chance, mut observed) = (chance(3), Vec::new());
    for minute in 0..20 {
        observed = hear(&mut driver, &twin.tick(Timestamp(minute * 60_000_000), 12.0, &mut chance));
        if twin.next_tick() > Timestamp((minute + 5) * 60_000_000) {
            break;
        }
    }
    says(&observed, Property::State, "docked");
    says(&observed, Property::State, "Hall");
}
