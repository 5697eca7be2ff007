//! R11: a full disk. Control goes on from memory, it is told, and all of it is kept once there is room.
//!
//! Meant to fail it: ending the store's thread when a commit fails, not looking at the store's health
//! (`run::alarm`).

use std::path::Path;
use std::process::Command;

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};

use super::place;

#[test]
fn disk_full() {
    let place = place("full");
    let shim = place.path().join("faults.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("shim/faults.c");
    let mut cc = Command::new("cc");
    cc.args(["-O2", "-shared", "-fPIC", "-o"]).arg(&shim).arg(source).args(["-ldl", "-lpthread"]);
    assert!(cc.status().expect("cc is needed: apt install gcc").success());
    let broker = Mosquitto::start(&place, false);
    let hall = Thing::new("hall");
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let home = home_head(broker.port)
        + &hall.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n\
           [rule.off]\nwhen = [{ entity = \"hall.motion\", to = false }]\nthen = [{ set = \"hall.lamp\", on = false }]\n";
    place.write("home.toml", &home);
    let mut lares = Lares::resting(&place);
    let full = place.path().join("full");
    let (data, shim, switch) = (place.data(), shim.to_str().unwrap(), full.to_str().unwrap());
    lares.run_with(&[("LD_PRELOAD", shim), ("FAULT_DIR", data.to_str().unwrap()), ("FAULT_FULL", switch)]);
    hall.reach(&world, &lares);
    let pid = lares.pid();
    let reactions = || world.on("home/hall/lamp/set").len();
    let trouble = || lares.ask(&["status"])["process"]["trouble"].as_str().map(str::to_owned);
    assert_eq!(trouble(), None);

    std::fs::write(&full, "").unwrap();
    let before = reactions();
    for n in 0..40 {
        hall.motion(&world, n % 2 == 0, &format!("f{n}"));
        std::thread::sleep(std::time::Duration::from_millis(40));
    }
    wait_for("the reactions", || reactions() >= before + 40);
    wait_for("the trouble", || trouble().is_some_and(|t| t.contains("space")));
    let refused = lares.say(&["set", "hall.lamp", "on=true"]);
    assert!(refused.code != 0, "nothing is acknowledged that is not kept: {refused:?}");
    wait_for("the alarm", || lares.log().contains("nothing can be kept"));

    std::fs::remove_file(&full).unwrap();
    wait_for("room", || trouble().is_none());
    let told = |kind: &str, text: &str| {
        let entries = lares.entries(&["--kind", kind]);
        entries.iter().any(|e| e["text"].as_str().is_some_and(|t| t.contains(text)))
    };
    wait_for("the alarm in the journal", || told("problem", "nothing can be kept"));
    wait_for("its end", || told("notice", "kept again"));
    let seen = lares.entries(&["--kind", "decision"]).len();
    assert!(seen >= 40, "{seen} decisions of 40 while it was full");
    assert_eq!(lares.pid(), pid);
    assert!(lares.is_running());
    lares.stop();
    assert_eq!(lares.say(&["graph", "check"]).code, 0);
}
