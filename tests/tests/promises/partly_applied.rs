//! A connection that cannot start with its new section keeps the old one, and the reload says so everywhere.
//!
//! Meant to fail it (not tried): `Household::wires` that leaves the new section in force (`keep_section` left out), a failed
//! start that is tried again instead of given back (`Supervisor::add` in place of `try_add`).

use lares_tests::{Lares, Thing, Wire, free_port, wait_for};

use super::place;

#[test]
fn what_cannot_start_anew_goes_on_as_it_was() {
    let place = place("partly");
    let port = free_port();
    let hall = Thing::new("hall");
    let rest = hall.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n\
           [rule.off]\nwhen = [{ entity = \"hall.motion\", to = false }]\nthen = [{ set = \"hall.lamp\", on = false }]\n";
    let home = |broker: &str| {
        format!(
            "[household]\ntime_zone = \"UTC\"\n[mqtt.mqtt]\nembedded = true\n[broker]\nport = {port}\n{broker}\n{rest}"
        )
    };
    place.write("home.toml", &home(""));
    place.write("secret", "swordfish\n");
    let mut lares = Lares::start(&place);
    let world = Wire::lamps(port);
    hall.announce(&world);
    wait_for("the device", || lares.entity("hall.lamp").is_some());
    let reacts = |lares: &Lares| {
        hall.reach(&world, lares);
        world.forget();
        hall.motion(&world, true, "a");
        wait_for("the lamp", || world.on("home/hall/lamp/set").iter().any(|t| t.contains("ON")));
        hall.motion(&world, false, "b");
        wait_for("the dark", || world.on("home/hall/lamp/set").iter().any(|t| t.contains("OFF")));
    };
    reacts(&lares);

    // An address that this machine does not have (RFC 5737): right as a setting, and nobody can listen there.
    let elsewhere = "listen = \"192.0.2.1\"\n[broker.users.zigbee]\npassword_file = \"secret\"";
    place.write("home.toml", &(home(elsewhere) + "[room.attic]\n"));
    let said = lares.say(&["reload"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(
        said.out.contains("room.attic") && said.out.contains("not applied") && said.out.contains("broker: "),
        "{said:?}"
    );
    assert!(said.out.contains("192.0.2.1"), "{said:?}");
    let status = lares.say(&["status"]);
    assert!(status.out.contains("not applied") && status.out.contains("192.0.2.1"), "{status:?}");
    let loaded = lares.entries(&["--kind", "home_loaded"]);
    assert!(
        loaded.last().is_some_and(|e| e["text"].to_string().contains("not applied: broker")),
        "{loaded:?}"
    );
    // The rest of it is in force, and the old broker goes on.
    assert!(lares.actors().iter().any(|a| a["path"] == "rooms/attic"));
    reacts(&lares);

    // A kill in this state: the start finds the broker wrong and the rest serves.
    lares.kill();
    place.write("home.toml", &(home("") + "[room.attic]\n"));
    lares.run();
    reacts(&lares);
    place.write("home.toml", &(home(elsewhere) + "[room.attic]\n"));
    assert_eq!(lares.say(&["reload"]).code, 1);
    place.write("home.toml", &(home("") + "[room.attic]\n"));
    let said = lares.say(&["reload"]);
    assert_eq!(said.code, 0, "{said:?}");
    let status = lares.say(&["status"]);
    assert!(!status.out.contains("not applied"), "{status:?}");
    reacts(&lares);
}
