//! A change is tried on what the household itself has lived through, while it goes on.
//!
//! Meant to fail it: a replay that opens the data for writing, one that reads what is not committed as if it were not there.

use std::path::Path;
use std::process::Command;

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};

use super::place;

const BEFORE: &str = r#"
[rule.light]
when = [{ entity = "hall.motion", to = true }]
then = [{ set = "hall.lamp", on = true }]
"#;

const AFTER: &str = r#"
[rule.light]
when = [{ entity = "hall.motion", to = true }]
then = [{ notify = "somebody is in the hall" }]
"#;

#[test]
fn a_change_is_tried_on_the_last_minutes() {
    let home = place("kept-days");
    let broker = Mosquitto::start(&home, false);
    let hall = Thing::new("hall");
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let head = home_head(broker.port) + &hall.sections();
    home.write("home.toml", &(head.clone() + BEFORE));
    let mut lares = Lares::start(&home);
    hall.reach(&world, &lares);
    hall.motion(&world, false, "1");
    hall.motion(&world, true, "2");
    wait_for("the lamp", || lares.entity("hall.lamp").is_some_and(|e| e["state"] == true));
    lares.kill();
    lares.run();
    hall.reach(&world, &lares);

    let draft = home.path().join("draft");
    std::fs::create_dir(&draft).unwrap();
    std::fs::write(draft.join("home.toml"), head + AFTER).unwrap();
    let replay = |tried: &Path| {
        let mut command = Command::new(home.binary());
        command.env_remove("LARES_DATA").args(["replay", "--since", "10m", "--of"]).arg(home.data());
        let done = command.arg("--home").arg(tried).arg("--against").arg(home.home()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let same = replay(&home.home());
    assert!(same.contains("nothing would have been different"), "{same}");
    let told = replay(&draft);
    assert!(told.contains("1 thing would be done, 1 would not"), "{told}");
    assert!(
        told.lines().any(|l| l.starts_with('-') && l.contains("hall.lamp") && l.contains("on=on")),
        "{told}"
    );
    assert!(told.lines().any(|l| l.starts_with('+') && l.contains("somebody is in the hall")), "{told}");
    // Nothing moved, and the household goes on.
    assert_eq!(lares.entries(&["--kind", "decision"]).len(), 1);
    lares.stop();
}
