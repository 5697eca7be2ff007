//! What is told speaks of things by the names that people gave them, and programs get references: on the command line, in the journal,
//! in `why` and over the API, in English and in German, over a kill.
//!
//! Meant to fail it (not tried): names of scenes and displays not kept, receipts that name references, heads left in English.

use lares_tests::{Dwelling, Http};
use serde_json::{Value, json};

use super::place;

const NAMED: &str = "[scene.film]\nname = \"Film evening\"\nset = [{ set = \"hall-lamp\", on = true }]\n\n\
    [group.lamps]\nname = \"All lamps\"\nmembers = [\"hall-lamp\", \"bath-lamp\"]\n\n\
    [person.panel]\nname = \"Panel\"\nrole = \"adult\"\n\n\
    [display.hall-panel]\nname = \"Display by the door\"\nroom = \"hall\"\nperson = \"panel\"\n\n\
    [interlock.bath]\nname = \"Dark bath\"\nof = \"bath-lamp\"\nsafe = { on = false }\nmax_on = \"2h\"\nlatched = true\n\
    lockout = [{ entity = \"hall-lamp.light\", is = false }]\n";

/// All that the journal says, with what it is about.
fn journal(house: &Dwelling) -> Vec<(String, String)> {
    let word = |e: &Value, of: &str| e[of].as_str().unwrap().to_owned();
    house.lares.entries(&[]).iter().map(|e| (word(e, "text"), word(e, "subject"))).collect()
}

#[test]
fn what_is_told_is_told_by_names_and_kept_by_references() {
    let place = place("named");
    let mut house = Dwelling::start(&place, NAMED);
    let lamp = house.lares.device("hall-lamp").unwrap()["name"].as_str().unwrap().to_owned();

    // Receipts: by name for people, with the reference for programs.
    let said = house.lares.say(&["set", "hall-lamp", "brightness=40", "--as", "panel"]);
    let line = format!("{lamp} · brightness: confirmed (e");
    assert!(said.code == 0 && said.out.lines().any(|l| l.starts_with(&line)), "{said:?}");
    let said = house.lares.ask(&["set", "hall-lamp", "on=true"]);
    assert_eq!(said["answers"][0]["entity"], "hall-lamp.light", "{said}");
    let done = house.wish("anna", "hall-lamp", json!({ "on": true })).json();
    let receipt = &done["receipts"][0];
    assert_eq!((&receipt["entity"], &receipt["called"]), (&json!("hall-lamp.light"), &json!(lamp)), "{done}");

    // A scene, a task, and what a wall did, which is no person.
    assert_eq!(house.lares.say(&["scene", "film", "--hold", "1h"]).code, 0);
    let plan = house.lares.say(&["plan"]).out;
    assert!(plan.contains("scene “Film evening” holds"), "{plan}");
    let put = ["graph", "put", "task:todo-call-sarah", "name=Call Sarah", "status=open", "--as", "anna"];
    assert_eq!(house.lares.say(&put).code, 0);
    let told =
        |house: &Dwelling, text: &str| journal(house).into_iter().find(|(line, _)| line.contains(text));
    let (_, about) =
        told(&house, "Anna made task “Call Sarah”").unwrap_or_else(|| panic!("{:?}", journal(&house)));
    assert!(about.contains("the household") || about == "todo-call-sarah", "{about}");
    let refused = house.lares.say(&["set", "group:lamps", "on=true", "--as", "clara"]);
    assert_eq!(refused.code, 0, "{refused:?}");
    let (_, about) = told(&house, &format!("Display by the door set {lamp}")).expect("the wall");
    assert_eq!(about, "hall-lamp.light");
    assert!(told(&house, "person Panel").is_none() && told(&house, "scene:film").is_none());

    // What an interlock guards and watches.
    let locks = house.http.ask(house.token("anna"), "GET", "/api/v1/interlocks", None).json();
    let bath = house.lares.device("bath-lamp").unwrap()["name"].as_str().unwrap().to_owned();
    assert_eq!((&locks[0]["of"], &locks[0]["of_name"]), (&json!("bath-lamp"), &json!(bath)), "{locks}");
    let watches = locks[0]["watches"].as_str().unwrap();
    assert!(watches.contains(&format!("not while {lamp} is off")), "{watches}");
    // A guest, who sees the hall only, is told of what they wished by its reference, and of nothing else by name.
    let seen = house.wish("gus", "hall-lamp", json!({ "on": true })).json();
    assert_eq!(seen["receipts"][0]["called"], "hall-lamp.light", "{seen}");

    // In the household's language: what it is headed with, and what stands there.
    let home = std::fs::read_to_string(place.home().join("home.toml")).unwrap();
    let german = home.replace("name = \"Test\"\n", "name = \"Test\"\nlanguage = \"de\"\n");
    place.write("home.toml", &german);
    house.lares.kill();
    house.lares.run();
    for (words, heads) in [
        (&["status"][..], &["Zuhause", "Zustand", "Geräte", "Verbindung", "läuft seit"][..]),
        (&["plan"], &["bis ", "Szene „Film evening“ hält"]),
        (&["devices"], &["Licht", "Schloss", "Hall lock"]),
        (&["interlocks"], &["achtet auf: ", "erlaubt: ", "nicht, solange gilt: "]),
    ] {
        let said = house.lares.say(words).out;
        assert!(heads.iter().all(|head| said.contains(head)), "{words:?}: {said}");
        for english in
            ["devices ", "running for", "journal ", "until ", "watches", "allows", " ago", "unplaced"]
        {
            assert!(!said.contains(english), "{words:?}, {english}: {said}");
        }
    }

    let before = journal(&house);
    house.lares.kill();
    house.lares.run();
    house.http = Http::of(&house.lares);
    let after = journal(&house);
    assert!(before.iter().all(|line| after.contains(line)), "the same words as before the kill");
    // A scene that the home has no more is told by what is left of it.
    let scene = "[scene.film]\nname = \"Film evening\"\nset = [{ set = \"hall-lamp\", on = true }]\n\n";
    assert!(german.contains(scene));
    place.write("home.toml", &german.replace(scene, ""));
    let said = house.lares.say(&["reload"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(journal(&house).iter().any(|(line, _)| line.contains("Szene film")));
    assert!(!journal(&house).iter().any(|(line, _)| line.contains("Szene „Film evening“")));
}
