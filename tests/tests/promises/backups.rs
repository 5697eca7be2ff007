//! R13: a hot copy under load, proven before it counts; restored, it is a household.
//!
//! Meant to fail it (tried: each does): not comparing the file's hash (`Manifest::same_file`), keeping all backups
//! (`backup::backup`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use lares_tests::{Lares, Mosquitto, Place, Thing, Wire, home_head, wait_for};
use serde_json::Value;

use super::place;

/// `[backup]` makes one by itself and says how old it is; a folder that cannot be written is a problem that is told.
#[test]
fn by_schedule() {
    let place = place("schedule");
    let broker = Mosquitto::start(&place, false);
    let backup = |to: &str| format!("{}[backup]\nto = \"{to}\"\nkeep = 2\n", home_head(broker.port));
    place.write("home.toml", &backup("../kept"));
    let mut lares = Lares::start(&place);
    let shown = || {
        let status = lares.ask(&["status"]);
        let more = status["process"]["more"].as_array().unwrap().clone();
        more.into_iter().find(|f| f[0] == "backup").map(|f| f[1].as_str().unwrap().to_owned()).unwrap()
    };
    assert!(!shown().starts_with("proven"), "{}", shown());
    wait_for("the first backup", || shown().starts_with("proven 0 min ago"));
    let told = lares.entries(&["--kind", "notice"]);
    assert!(
        told.iter().any(|e| e["text"].as_str().is_some_and(|t| t.contains("made and proven"))),
        "{told:?}"
    );
    assert_eq!(lares.say(&["verify", place.path().join("kept").to_str().unwrap()]).code, 0);
    lares.stop();

    std::fs::write(place.path().join("file"), "no folder").unwrap();
    place.write("home.toml", &backup("../file"));
    lares.run();
    let problem = || {
        let told = lares.entries(&["--kind", "problem"]);
        told.iter().any(|e| e["text"].as_str().is_some_and(|t| t.contains("backup") && t.contains("file")))
    };
    wait_for("the problem", problem);
}

#[test]
fn backups() {
    let place = place("backups");
    let broker = Mosquitto::start(&place, false);
    let hall = Thing::new("hall");
    let world = Wire::lamps(broker.port);
    hall.announce(&world);
    world.settle();
    let home = home_head(broker.port)
        + &hall.sections()
        + "[rule.on]\nwhen = [{ entity = \"hall.motion\", to = true }]\nthen = [{ set = \"hall.lamp\", on = true }]\n";
    place.write("home.toml", &home);
    let mut lares = Lares::start(&place);
    hall.reach(&world, &lares);
    let to = place.path().join("backups");
    let to = to.to_str().unwrap();
    let ended = AtomicBool::new(false);
    let (before, taken): (u64, Vec<Value>) = std::thread::scope(|scope| {
        scope.spawn(|| {
            let wire = Wire::connect(broker.port, "load");
            let mut n = 0_u64;
            while !ended.load(Ordering::SeqCst) {
                hall.motion(&wire, n.is_multiple_of(2), &format!("t{n}"));
                n += 1;
                std::thread::sleep(std::time::Duration::from_millis(3));
            }
        });
        let events = || lares.ask(&["status"])["events"].as_u64().unwrap();
        wait_for("some load", || events() > 300);
        let before = events();
        let mut taken = Vec::new();
        for _ in 0..3 {
            taken.push(lares.ask(&["backup", to, "--keep", "2"]));
            std::thread::sleep(std::time::Duration::from_millis(1_100));
        }
        ended.store(true, Ordering::SeqCst);
        (before, taken)
    });
    let held = |n: usize| taken[n]["backup"]["events"].as_u64().unwrap();
    assert!(held(0) >= before && held(2) > held(1) && held(1) > held(0), "{before}: {taken:#?}");
    let folders = || {
        let mut names: Vec<_> = std::fs::read_dir(to).unwrap().map(|e| e.unwrap().path()).collect();
        names.sort();
        names
    };
    let kept = folders();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert_eq!(kept[1].to_str(), taken[2]["path"].as_str());
    assert_eq!(lares.ask(&["verify", to])["path"], taken[2]["path"]);
    lares.kill();

    let restored = Place::new(place.binary(), "restored");
    std::fs::copy(place.path().join("data.key"), restored.path().join("data.key")).unwrap();
    restored.write("home.toml", &home);
    let mut second = Lares::resting(&restored);
    let since = Instant::now();
    let said = second.ask(&["restore", to]);
    eprintln!("restored and proven after {:?}", since.elapsed());
    assert_eq!(said["backup"]["events"].as_u64(), Some(held(2)));
    let again = second.say(&["restore", to]);
    assert!(again.code == 2 && again.err.contains("not empty"), "{again:?}");
    second.run();
    let why = second.say(&["why", "hall.lamp"]);
    assert!(why.code == 0 && why.out.contains("Hall · motion"), "{why:?}");
    second.stop();
    assert_eq!(second.say(&["graph", "check"]).code, 0);

    let database = kept[1].join("data.mdb");
    let whole = std::fs::read(&database).unwrap();
    for (n, at) in [9, whole.len() / 3, whole.len() / 2, whole.len() - 9].into_iter().enumerate() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << n;
        std::fs::write(&database, bytes).unwrap();
        let said = second.say(&["verify", kept[1].to_str().unwrap()]);
        assert!(said.code == 1 && said.err.contains("not what was proven"), "{said:?}");
    }
    std::fs::write(&database, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(second.say(&["verify", kept[1].to_str().unwrap()]).code, 1);
    assert_eq!(second.say(&["verify", restored.path().to_str().unwrap()]).code, 2);
}
