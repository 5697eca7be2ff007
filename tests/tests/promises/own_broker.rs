//! The broker that the household brings: any client gets along with it, and sessions outlive a restart of the product.
//!
//! Meant to fail it (not tried): the broker's map not durable (`Graph::map`), retained messages of one session only.

use std::path::{Path, PathBuf};
use std::process::Command;

use lares_tests::{Lares, Thing, Wire, free_port, shared, wait_for};

use super::place;

fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/venv/bin/python");
    let python = std::env::var_os("LARES_PYTHON").map_or(own, PathBuf::from);
    let found = Command::new(&python).args(["-c", "import paho.mqtt.client"]).output();
    if found.is_ok_and(|o| o.status.success()) {
        return Some(python);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} with paho-mqtt is missing", python.display());
    eprintln!("skipped: {} with paho-mqtt is missing", python.display());
    None
}

#[test]
fn own_broker() {
    let place = place("own");
    let port = free_port();
    let hall = Thing::new("hall");
    let home = format!(
        "[household]\nname = \"Own\"\ntime_zone = \"UTC\"\n[broker]\nport = {port}\n[mqtt.mqtt]\nembedded = true\n"
    ) + &hall.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n";
    place.write("home.toml", &home);
    let mut lares = Lares::start(&place);
    let answer = |_: &str, payload: &[u8]| {
        vec![("home/hall/lamp".to_owned(), String::from_utf8_lossy(payload).into_owned(), false)]
    };
    let world = Wire::answering(port, "world", &["home/hall/lamp/set"], answer);
    hall.announce(&world);
    wait_for("the device", || lares.entity("hall.lamp").is_some());
    hall.reach(&world, &lares);
    hall.motion(&world, false, "a");
    hall.motion(&world, true, "b");
    wait_for("the lamp", || lares.entity("hall.lamp").is_some_and(|e| e["state"] == true));

    if let (Some(script), Some(python)) = (shared("tools/broker_acceptance.py"), python()) {
        let done = Command::new(python).arg(script).arg(port.to_string()).output().unwrap();
        let out = String::from_utf8_lossy(&done.stdout).into_owned();
        let failed: Vec<&str> = out.lines().filter(|l| l.contains("FAIL")).collect();
        assert!(done.status.success(), "{failed:?}\n{}", String::from_utf8_lossy(&done.stderr));
        eprintln!("own broker: {}", out.lines().last().unwrap_or_default());
    }

    // Retained messages outlive the product's kill, and the twin of a test comes back by itself.
    lares.kill();
    lares.run();
    let late = Wire::answering::<String>(port, "late", &["homeassistant/#"], |_, _| Vec::new());
    wait_for("what was retained", || {
        late.heard().iter().filter(|h| h.topic.ends_with("/config")).count() >= 4
    });
    wait_for("a reaction", || {
        hall.motion(&world, false, "c");
        hall.motion(&world, true, "d");
        lares
            .entries(&["--rule", "on"])
            .iter()
            .any(|e| e["id"].as_str().is_some_and(|id| id.starts_with("e2-")))
    });
    let (restarts, paths) = lares.restarts();
    assert_eq!(restarts, 0, "{paths:?}");
}
