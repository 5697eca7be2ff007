//! Messages a second on one core: two synthetic messages, what each protocol's twin says (who it is, and how it is), announcements
//! and states of the corpus. A state message is one that goes through the driver of its device, with all that it tells.
//! `cargo bench -p lares-devices`.
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench is a program of its own"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::{Duration, Instant};

use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_devices::twins::{BEACON, Speaks, spoken};
use lares_devices::{Context, Send, natives};
use serde_json::{Value, json};

/// How long each figure is measured.
const SPAN: Duration = Duration::from_secs(2);

/// Run `f`, which does `count` things, for the span; print how many things a second it does.
fn measure(name: &str, count: usize, mut f: impl FnMut()) {
    f();
    let (start, mut rounds) = (Instant::now(), 0_u32);
    while start.elapsed() < SPAN {
        f();
        rounds += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    let done = f64::from(rounds) * count as f64;
    println!("{name:<44} {:>12.0} /s {:>9.3} us each", done / seconds, seconds / done * 1e6);
}

fn announce(messages: &[(String, Vec<u8>)]) -> Option<DeviceSpec> {
    let mut discovery = Discovery::new("z2m", "homeassistant");
    let mut last = None;
    for (topic, payload) in messages {
        for change in discovery.on_config(topic, payload).map(|(c, _)| c).unwrap_or_default() {
            if let Change::Announced(spec) = change {
                last = Some(*spec);
            }
        }
    }
    last
}

fn main() {
    synthetic(1);
    synthetic(5);
    spoken().iter().for_each(|twin| protocol(&**twin));
    let Some(text) = common::read("corpora/z2m-discovery/devices.open.jsonl.zst") else { return };
    let devices: Vec<Value> =
        text.lines().take(400).map(|l| serde_json::from_str(l).expect("a line")).collect();
    let announcements: Vec<Vec<(String, Vec<u8>)>> = devices
        .iter()
        .map(|d| {
            let messages = d["discovery"].as_array().expect("messages").iter();
            messages
                .map(|m| {
                    (
                        m["topic"].as_str().unwrap_or_default().to_owned(),
                        m["payload"].to_string().into_bytes(),
                    )
                })
                .collect()
        })
        .collect();
    measure("announcements of the corpus", announcements.iter().map(Vec::len).sum(), || {
        announcements.iter().for_each(|a| drop(announce(a)));
    });
    let mut discovery = Discovery::new("z2m", "homeassistant");
    measure("the same announcements again", announcements.iter().map(Vec::len).sum(), || {
        for (topic, payload) in announcements.iter().flatten() {
            let _ = discovery.on_config(topic, payload);
        }
    });
    let mut drivers: Vec<(Driver, String, Vec<u8>)> = devices
        .iter()
        .zip(&announcements)
        .filter_map(|(d, a)| {
            let topic = format!("zigbee2mqtt/{}", d["friendly_name"].as_str()?);
            Some((Driver::new(&announce(a)?).0, topic, d["state"].to_string().into_bytes()))
        })
        .collect();
    let mut out = Vec::new();
    measure("states of the corpus (all templates)", drivers.len(), || {
        for (driver, topic, payload) in &mut drivers {
            out.clear();
            let _ = driver.on_message(topic, payload, &mut out);
        }
    });
}

fn synthetic(keys: usize) {
    let names = ["temperature", "humidity", "battery", "linkquality", "voltage"];
    let announcements: Vec<_> = names
        .iter()
        .take(keys)
        .map(|name| {
            let payload = json!({
                "state_topic": "zigbee2mqtt/hall", "value_template": format!("{{{{ value_json[\"{name}\"] }}}}"), "unique_id": name,
                "unit_of_measurement": "x", "device": {"identifiers": ["0x1"]}
            });
            (format!("homeassistant/sensor/0x1/{name}/config"), payload.to_string().into_bytes())
        })
        .collect();
    let spec = announce(&announcements).expect("a device");
    let mut driver = Driver::new(&spec).0;
    let state: serde_json::Map<_, _> = names
        .iter()
        .take(keys)
        .zip([21.37, 48.2, 97.0, 120.0, 3005.0])
        .map(|(k, v)| ((*k).to_owned(), json!(v)))
        .collect();
    let payload = Value::Object(state).to_string().into_bytes();
    let mut out = Vec::new();
    measure(&format!("state message, {keys} keys, {keys} entities"), 1000, || {
        for _ in 0..1000 {
            out.clear();
            let _ = driver.on_message("zigbee2mqtt/hall", &payload, &mut out);
        }
    });
}

/// What one device or gateway of a protocol says, again and again: as it is heard by a link that never heard it, and by its drivers.
fn protocol(twin: &dyn Speaks) {
    let context = Context { beacons: [BEACON.to_owned()].into(), position: None };
    let said = twin.announce();
    let hear = |said: &[Send]| {
        let (mut natives, mut discovery) = (natives(&context), Discovery::new("mqtt", "homeassistant"));
        let mut devices = std::collections::BTreeMap::new();
        let mut announcing = Vec::new();
        for Send { topic, payload, .. } in said {
            let mut changes = Vec::new();
            if discovery.is_config_topic(topic) {
                changes.extend(discovery.on_config(topic, payload).expect("an announcement").0);
            }
            for native in natives.iter_mut().filter(|n| n.takes(topic)) {
                for a in native.on_message(topic, payload).expect("a message of its own") {
                    changes.extend(discovery.announce(&a.source, a.device).expect("an announcement").0);
                }
            }
            announcing.push(!changes.is_empty());
            for change in changes {
                if let Change::Announced(spec) = change {
                    devices.insert(spec.info.key.clone(), *spec);
                }
            }
        }
        (devices, announcing)
    };
    let (devices, announcing) = hear(&said);
    let who = said.iter().zip(&announcing).filter(|(_, a)| **a).map(|(s, _)| s.clone()).collect::<Vec<_>>();
    measure(&format!("{}: who it is", twin.name()), who.len(), || drop(hear(&who)));
    let mut drivers: Vec<Driver> = devices.values().map(|spec| Driver::new(spec).0).collect();
    let mut out = Vec::new();
    let mut states = Vec::new();
    for send in &said {
        for (at, driver) in drivers.iter_mut().enumerate() {
            out.clear();
            driver.on_message(&send.topic, &send.payload, &mut out).expect("a message of its own");
            if !out.is_empty() {
                states.push((at, send));
            }
        }
    }
    measure(&format!("{}: how it is", twin.name()), states.len(), || {
        for (at, Send { topic, payload, .. }) in &states {
            out.clear();
            let _ = drivers[*at].on_message(topic, payload, &mut out);
        }
    });
}
