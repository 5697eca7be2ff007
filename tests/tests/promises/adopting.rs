//! What appears is placed by one command, in the files as a person would have written them; what replaces it takes its place;
//! a kill forgets neither. Beacons and a Tasmota plug appear by their own words beside it.

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};

use super::place;

#[test]
fn adopting() {
    let place = place("adopting");
    let broker = Mosquitto::start(&place, false);
    let (old, new) = (Thing::new("hall"), Thing::new("spare"));
    let head = home_head(broker.port)
        + "[room.hall] # cold\nname = \"The hall\"\n\n[room.bath]\n\n[person.ben]\nrole = \"adult\"\nbeacons = [\"phone:ben\"]\n";
    let rules = "# Light.\n[rule.on]\nwhen = [{ entity = \"lamp.motion\", to = true }]\nthen = [{ set = \"lamp.lamp\", on = true }]\n";
    place.write("home.toml", &head);
    let world = Wire::connect(broker.port, "world");
    old.announce(&world);
    world.settle();
    let mut lares = Lares::start(&place);
    wait_for("the device", || lares.device("hall").is_some());
    let needs = |lares: &Lares, filter: &str| -> Vec<String> {
        let all = lares.ask(&["devices", filter]);
        all.as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (needs(&lares, "--new"), needs(&lares, "--unplaced")),
        (vec!["hall".into()], vec!["hall".into()])
    );

    // What cannot be is refused, and nothing is written.
    let said = lares.say(&["adopt", "hall", "--room", "hull"]);
    assert!(said.code == 2 && said.err.contains("bath, hall"), "{said:?}");
    let said = lares.say(&["adopt", "hull", "--room", "hall"]);
    assert!(said.code == 2 && said.err.contains("no device"), "{said:?}");
    assert!(!place.home().join("devices.toml").exists());

    let said = lares.say(&["adopt", "hall", "--room", "The Hall", "--name", "Hall lamp", "--key", "lamp"]);
    assert_eq!(said.code, 0, "{said:?}");
    let written = std::fs::read_to_string(place.home().join("devices.toml")).unwrap();
    assert_eq!(written, "[device.lamp]\nname = \"Hall lamp\"\nroom = \"hall\"\nidentifiers = [\"hall\"]\n");
    assert_eq!(std::fs::read_to_string(place.home().join("home.toml")).unwrap(), head);
    wait_for("its place", || {
        lares.device("lamp").is_some_and(|d| d["room"] == "hall" && d["name"] == "Hall lamp")
    });
    assert!(needs(&lares, "--new").is_empty());

    // A rule names it; another device takes its place, and the rule goes on.
    place.write("rules.toml", rules);
    assert_eq!(lares.say(&["reload"]).code, 0);
    new.announce(&world);
    wait_for("the new one", || lares.device("spare").is_some());
    let said = lares.say(&["replace", "lamp", "spare"]);
    assert_eq!(said.code, 0, "{said:?}");
    let is_new = |lares: &Lares| {
        lares.device("lamp").is_some_and(|d| d["identifiers"][0] == "spare" && d["room"] == "hall")
    };
    wait_for("the new one in its place", || is_new(&lares));
    assert!(
        lares.device("hall").is_none_or(|d| d["identifiers"][0] == "hall"),
        "the old one has another name"
    );
    world.listen("home/spare/lamp/set");
    wait_for("the rule to act on it", || {
        new.motion(&world, false, "a");
        new.motion(&world, true, "b");
        std::thread::sleep(std::time::Duration::from_millis(100));
        !world.on("home/spare/lamp/set").is_empty()
    });

    // Renamed by key, every file goes with it.
    let said = lares.say(&["adopt", "lamp", "--key", "hall-lamp"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(
        std::fs::read_to_string(place.home().join("rules.toml")).unwrap(),
        rules.replace("\"lamp.", "\"hall-lamp.")
    );
    assert_eq!(lares.say(&["check"]).code, 0);

    // Protocols of their own: a plug, and a phone that is heard in the bath.
    world.retain(
        "tasmota/discovery/A0/config",
        r#"{"dn":"Plug","t":"plug","ft":"%prefix%/%topic%/","tp":["cmnd","stat","tele"],"rl":[1],"md":"S"}"#,
    );
    wait_for("the plug", || lares.device("plug").is_some());
    wait_for("Ben in the bath", || {
        world.publish(
            "espresense/devices/phone:ben/bath",
            r#"{"id":"phone:ben","name":"Ben's phone","distance":0.6}"#,
        );
        world.publish(
            "espresense/devices/phone:ben/hall",
            r#"{"id":"phone:ben","name":"Ben's phone","distance":7.5}"#,
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
        lares.entries(&["--kind", "person_moved"]).iter().any(|e| e["text"].to_string().contains("in Bath"))
    });
    let why = lares.say(&["why", "ben"]);
    assert!(why.out.contains("Bath") && why.out.contains("0.6"), "the distance is the reason: {}", why.out);

    lares.kill();
    lares.run();
    wait_for("the new one after a kill", || {
        lares.device("hall-lamp").is_some_and(|d| d["identifiers"][0] == "spare" && d["room"] == "hall")
    });
    assert!(lares.device("plug").is_some());
}
