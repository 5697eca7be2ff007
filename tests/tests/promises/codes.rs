//! A code that a person gives with a wish reaches the device and stands on no record; a wrong one moves nothing.
//!
//! Meant to fail it (not tried): a code among the values of a claim, a wish that is logged, a code that survives in a key's answer.

use std::path::Path;
use std::process::Stdio;

use lares_tests::{Dwelling, Wire, announce, component, wait_for};
use serde_json::json;

use super::place;

/// Digits that are nowhere by chance.
const CODE: &str = "4839207715";
const WRONG: &str = "9182736450";

/// A keypad that compares the code itself, as zigbee2mqtt's do.
fn panel(port: u16) -> Wire {
    let mut armed = "disarmed".to_owned();
    let panel = Wire::answering(port, "panel", &["panel/set"], move |_, payload| {
        let told: serde_json::Value = serde_json::from_slice(payload).unwrap_or_default();
        if told["code"] == CODE {
            armed = if told["do"] == "DISARM" { "disarmed" } else { "armed_away" }.to_owned();
        }
        vec![("panel".to_owned(), armed.clone(), true)]
    });
    let entity = component(
        "alarm_control_panel",
        "alarm",
        json!({ "state_topic": "panel", "command_topic": "panel/set", "code": "REMOTE_CODE", "supported_features": ["arm_away"],
                "command_template": "{\"do\":\"{{ action }}\",\"code\":\"{{ code }}\"}" }),
    );
    announce(&panel, "panel", &[entity]);
    panel.retain("panel", "disarmed");
    panel.settle();
    panel
}

/// Files that hold a text, below a folder.
pub(super) fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            found.extend(holding(&path, text));
        } else if kind.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            if bytes.windows(text.len()).any(|w| w == text.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[test]
fn a_code_reaches_the_panel_and_no_record() {
    let place = place("codes");
    let mut house = Dwelling::start(&place, "");
    let panel = panel(house.broker.port);
    let state =
        |house: &Dwelling| house.lares.entity("panel.alarm").map(|e| e["state"].clone()).unwrap_or_default();
    wait_for("the panel", || state(&house) == "disarmed");

    // Without it nothing leaves.
    let without = house.lares.say(&["set", "panel", "state=armed_away"]);
    assert!(without.code == 1 && without.out.contains("it takes a code"), "{without:?}");
    let rights = house.wish("anna", "panel", json!({ "state": "armed_away" }));
    assert!(rights.status == 200 && rights.body.contains("it takes a code"), "{rights:?}");
    assert_eq!(panel.on("panel/set"), [""; 0]);
    for other in ["hall-lamp", "panel"] {
        let alone = house.lares.say(&["set", other, &format!("code={CODE}")]);
        assert!(alone.code == 1 && !format!("{alone:?}").contains(CODE), "{alone:?}");
    }
    let lamp = house.wish("anna", "hall-lamp", json!({ "on": true, "code": CODE }));
    assert!(lamp.status == 403 && lamp.body.contains("takes no code"), "{lamp:?}");

    // A wrong one, of which only the panel knows.
    let wrong = house.wish("anna", "panel", json!({ "state": "armed_away", "code": WRONG }));
    assert_eq!(wrong.json()["ok"], false, "{wrong:?}");
    assert_eq!(state(&house), "disarmed");
    let letters = house.lares.say(&["set", "panel", "state=armed_away", "code=abcd"]);
    assert!(letters.out.contains("digits only"), "{letters:?}");

    // The right one: by the API, under a key; from the standard input; as an argument.
    let bearer = format!("Bearer {}", house.token("anna"));
    let wish = json!({ "act": "set", "target": "panel", "values": { "state": "armed_away", "code": CODE } })
        .to_string();
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", "arm-1")];
    let armed = house.http.send("POST", "/api/v1/intents", &headers, Some(&wish));
    assert!(armed.status == 200 && armed.json()["ok"] == true, "{armed:?}");
    assert_eq!(state(&house), "armed_away");
    let mut typed = house.lares.command(&["set", "panel", "state=disarmed", "code=-"]);
    let mut typed = typed.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut typed.stdin.take().unwrap(), format!("{CODE}\n").as_bytes()).unwrap();
    let done = typed.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    assert_eq!(state(&house), "disarmed");
    let again = house.lares.say(&["set", "panel", "state=armed_away", &format!("code={CODE}")]);
    assert_eq!(again.code, 0, "{again:?}");

    // A sentence never disarms, whatever is said with it.
    let said = house.lares.say(&["say", "--as", "anna", "disarm the alarm"]);
    assert!(said.code != 0 && state(&house) == "armed_away", "{said:?}");

    let story = house.lares.say(&["why", "panel.alarm"]);
    assert!(story.out.contains("the command line") && !story.out.contains(CODE), "{story:?}");
    let journal = house.lares.say(&["log", "--json"]);
    assert!(
        journal.out.contains("armed_away") && !journal.out.contains(CODE) && !journal.out.contains(WRONG)
    );
    house.lares.stop();
    for text in [CODE, WRONG] {
        assert_eq!(holding(&place.data(), text), [""; 0], "on disk, {text}");
    }
    let log = house.lares.log();
    assert!(!log.contains(CODE) && !log.contains(WRONG));
}
