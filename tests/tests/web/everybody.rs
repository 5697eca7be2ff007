//! R25, R27: every page as owner, adult, child and guest, and as an adult of one room, in a real Chromium in each size, with axe-core.
//!
//! Seen to fail: a way back from new devices to a page that was not for whoever came from their room.

use lares_tests::{Http, Lares, session};
use serde_json::{Value, json};

use super::{place, sample};

/// Beside those of the sample home.
const MORE: &str = "[person.dora]\nname = \"Dora\"\nrole = \"adult\"\nrooms = [\"hall\"]\n";

const HERS: &[&str] = &["now", "room", "device", "history", "find", "hits", "people"];
const LIVES: &[&str] = &["person", "why", "lists"];
const RUNS: &[&str] = &["journal", "house", "rules", "adopt"];

#[test]
fn every_page_as_everybody() {
    let place = place("everybody");
    sample::write(&place, |text| text, MORE);
    let lares = Lares::start(&place);
    let _twins = sample::twins(&place, &lares);
    let http = Http::of(&lares);
    let enter = |code: &str, person: &str| {
        let body = json!({ "code": code, "password": lares_tests::password(person) });
        session(&http.post("/api/v1/account", &body))
    };
    let owner = enter(lares.ready["code"].as_str().unwrap(), "anna");
    let invited = |person: &str| {
        let replied = http.ask(&owner, "POST", &format!("/api/v1/accounts/{person}/code"), None);
        enter(replied.json()["code"].as_str().unwrap(), person)
    };
    let person = |name: &str, token: String, pages: &[&[&str]], hidden: &[&str]| json!({ "name": name, "token": token, "pages": pages.concat(), "hidden": hidden });
    let others = ["Bedroom", "Bathroom", "bedroom-lamp"];
    let people = Value::from(vec![
        person("owner", owner.clone(), &[HERS, LIVES, RUNS, &["config"]], &[]),
        person("adult", invited("ben"), &[HERS, LIVES, RUNS], &[]),
        person("child", invited("clara"), &[HERS, LIVES], &[]),
        person("guest", invited("gus"), &[HERS], &others),
        person("one-room", invited("dora"), &[HERS, &["adopt"]], &others),
    ]);
    let pictures = sample::root().join("target/tmp/roles");
    let found = sample::found(
        sample::script("roles.js").arg(http.origin()).arg(&pictures).arg(people.to_string()).output(),
    );
    for nothing in ["failed", "strange", "leads", "seen"] {
        assert_eq!(found[nothing], json!([]), "{nothing}: {found:#}");
    }
    println!(
        "R25: {} visits of five people, {} pages looked at, violations 0",
        found["visits"], found["pages"]
    );
}
