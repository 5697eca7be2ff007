//! R14: a thief has the data folder, the backups and the logs, not the key file.
//!
//! Meant to fail it (tried: each does): opening the graph without a key (`run::open`), sealing the spool's records as
//! codec 0 (`Spool::append`), leaving timers out of what is hidden (`Sealed::hides`).

use std::path::Path;
use std::time::Duration;

use lares_tests::{Lares, Mosquitto, Thing, Wire, home_head, wait_for};

use super::place;

/// In names, keys, values, texts, topics and rules.
const CANARIES: [&str; 6] = ["zebrahall", "Quetzal", "okapiword", "narwhalrule", "axolotlkey", "wombatnote"];

fn hits(path: &Path, found: &mut Vec<String>) -> u64 {
    if path.is_dir() {
        let entries: Vec<_> = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
        return entries.iter().map(|p| hits(p, found)).sum();
    }
    let Ok(bytes) = std::fs::read(path) else { return 0 };
    for canary in CANARIES {
        let there = bytes.windows(canary.len()).any(|w| w.eq_ignore_ascii_case(canary.as_bytes()));
        if there {
            found.push(format!("`{canary}` in {}", path.display()));
        }
    }
    bytes.len() as u64
}

#[test]
fn sealed() {
    let place = place("sealed");
    let broker = Mosquitto::start(&place, false);
    let hall = Thing::new("zebrahall");
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let home = home_head(broker.port)
        + &hall.sections()
        + "[person.axolotlkey]\nname = \"Quetzal\"\nrole = \"adult\"\n\
           [rule.narwhalrule]\nname = \"okapiword\"\nwhen = [{ entity = \"zebrahall.motion\", to = true }]\n\
           then = [{ notify = \"wombatnote\" }, { set = \"zebrahall.lamp\", on = true }, { delay = \"1h\" }, \
           { set = \"zebrahall.lamp\", on = false }]\n";
    place.write("home.toml", &home);
    let mut lares = Lares::start(&place);
    hall.reach(&world, &lares);
    hall.motion(&world, true, "okapiword");
    wait_for("the reaction", || !world.on("home/zebrahall/lamp/set").is_empty());
    wait_for("the timer", || !lares.ask(&["timers"])["timers"].as_array().unwrap().is_empty());
    let backups = place.path().join("backups");
    let said = lares.say(&["backup", backups.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{said:?}");
    hall.motion(&world, false, "okapiword");
    std::thread::sleep(Duration::from_millis(100));
    lares.kill();

    let mut found = Vec::new();
    let data = hits(&place.data(), &mut found);
    let kept = hits(&backups, &mut found);
    let log = hits(&place.path().join("log"), &mut found);
    assert!(found.is_empty(), "{found:#?}");
    assert!(data > 50_000 && kept > 50_000 && log > 100, "{data} {kept} {log} bytes were searched");

    let key = place.path().join("data.key");
    let aside = place.path().join("aside");
    std::fs::rename(&key, &aside).unwrap();
    for command in [&["log"][..], &["run"], &["graph", "check"], &["verify", backups.to_str().unwrap()]] {
        let said = lares.say(command);
        assert!(said.code == 1 && said.err.contains("data.key"), "{command:?}: {said:?}");
        assert!(said.out.is_empty(), "{said:?}");
    }
    assert!(!key.exists(), "no new key for old data");
    std::fs::rename(&aside, &key).unwrap();
    lares.run();
    let entries = lares.entries(&["--entity", "zebrahall.lamp"]);
    assert!(!entries.is_empty(), "with the key all is there again");
    lares.stop();

    let shown = lares.ask(&["key", "show"]);
    let words = shown["key"].as_str().unwrap();
    let said = lares.say(&["key", "change"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains(words), "the old key is told, for older backups");
    assert!(lares.ask(&["key", "show"])["key"].as_str() != Some(words), "another key");
    assert!(lares.say(&["graph", "check"]).code == 0);
    let said = lares.say(&["verify", backups.to_str().unwrap()]);
    assert!(
        said.code == 1 && said.err.contains("sealed with the key"),
        "an old backup needs the old key: {said:?}"
    );
    std::fs::rename(&key, &aside).unwrap();
    std::fs::write(&key, words).unwrap();
    assert_eq!(lares.say(&["verify", backups.to_str().unwrap()]).code, 0, "and opens with it");
}
