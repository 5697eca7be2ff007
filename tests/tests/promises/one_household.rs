//! One household holds a data folder.
//!
//! Meant to fail it (not tried): the lock of the folder taken shared (`FolderLock::exclusive`).

use lares_tests::{Lares, Mosquitto, home_head};

use super::place;

#[test]
fn one_household() {
    let place = place("one");
    let broker = Mosquitto::start(&place, false);
    place.write("home.toml", &home_head(broker.port));
    let mut lares = Lares::start(&place);
    let second = Lares::resting(&place);
    let said = second.say(&["run"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains(&format!("{}", lares.pid())), "it names the other's process: {said:?}");
    assert!(lares.is_running());
    assert_eq!(lares.ask(&["status"])["running"], true, "the first one is not disturbed");
    lares.kill();
    lares.run();
    assert!(lares.is_running(), "the lock of a dead process does not stay");
}
