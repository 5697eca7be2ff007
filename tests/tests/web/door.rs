//! A door that calls (sipp, by its real telephone) is met with its picture: on the wall, among the calls and for whoever is asked, as
//! long as they are asked; a yes hands it on.
//!
//! Meant to fail it (not tried): a picture that whoever is asked may not see, or may see ever after; a camera that is on no call.

use lares_tests::phone::{Calls, Deed, free_udp_port};
use lares_tests::{Dwelling, announce, component, wait_for, wait_some};
use serde_json::json;

use super::place;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x01 and some more of it";

#[test]
fn who_rings_at_a_door_is_seen_by_whom_it_is_asked() {
    let (place, port) = (place("door"), free_udp_port());
    let more = format!(
        "[device.porch]\nroom = \"bath\"\nidentifiers = [\"porch\"]\n\
         [phone]\nport = {port}\ntransfer = \"21\"\nask_for = \"120s\"\npeople = [\"anna\", \"gus\"]\n\
         [phone.door.front]\nname = \"the front door\"\ncaller = \"door-front\"\ncamera = \"porch.view\"\n\
         [display.hall-panel]\nroom = \"hall\"\nperson = \"gus\"\nshows = [\"calls\"]\n"
    );
    let house = Dwelling::start(&place, &more);
    announce(&house.world, "porch", &[component("camera", "view", json!({ "topic": "porch/view" }))]);
    wait_for("the camera", || house.lares.device("porch").is_some());
    house.world.retain("porch/view", PNG);
    let get = |person: &str, path: &str| house.http.ask(house.token(person), "GET", path, None);
    let picture = "/api/v1/entities/porch.view/picture";
    wait_for("the picture", || get("anna", picture).status == 200);
    assert_eq!(get("gus", picture).status, 404, "it hangs in a room that is not his");
    let up = || house.lares.say(&["status"]).out.lines().any(|line| line.contains("phone"));
    wait_for("the telephone", up);

    let caller = Calls::one(port, "door-front", vec![Deed::IsHandedOn { code: 200 }]).begin(&place, "door");
    let calls = |person: &str, room: &str| {
        get(person, &format!("/api/v1/rooms/{room}/board")).json()["calls"]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    let at_the_wall = wait_some("the wall", || calls("gus", "hall").first().cloned());
    assert_eq!(at_the_wall["camera"], "porch.view", "{at_the_wall}");
    assert!(at_the_wall["text"].to_string().contains("the front door"), "{at_the_wall}");
    let shown = get("gus", picture);
    assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"), "he is asked who it is");
    assert_eq!(get("ben", picture).status, 200, "he lives here");
    let all = get("anna", "/api/v1/calls").json();
    let on_record = all["calls"].as_array().or(all.as_array()).and_then(|all| all.first()).cloned().unwrap();
    assert_eq!(
        (&on_record["now"], &on_record["camera"]),
        (&json!(true), &json!("porch.view")),
        "{on_record}"
    );

    let question = at_the_wall["question"].as_str().expect("he may answer").to_owned();
    let answered = house.http.ask(
        house.token("gus"),
        "POST",
        &format!("/api/v1/questions/{question}"),
        Some(&json!({ "yes": true })),
    );
    assert!(answered.status < 300, "{answered:?}");
    caller.done_at_last();
    wait_for("an empty wall", || calls("gus", "hall").is_empty());
    assert_eq!(get("gus", picture).status, 404, "nobody rings any more");
    let call = on_record["id"].as_str().unwrap();
    let why = house.lares.say(&["why", &format!("call:{call}")]).out;
    assert!(why.contains("the front door") && why.contains("was connected"), "{why}");
    let tasks = house.lares.ask(&["graph", "find", "kind:task"]);
    assert!(!tasks.to_string().contains("door-front"), "nobody to call back: {tasks}");
}
