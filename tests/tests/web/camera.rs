//! The last picture of a camera: for those who see its room, as what it is, and on no record.
//!
//! Meant to fail it (not tried): the room not looked at, the type that is announced instead of the one that it is, a picture that is
//! taken into the journal.

use lares_tests::{Dwelling, announce, component, wait_for};
use serde_json::json;

use super::place;

/// A picture of two pixels' width; the rest of it does not matter here.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x01 and some more of it";

#[test]
fn a_picture_is_shown_to_whom_its_room_is() {
    let place = place("camera");
    let more = "[device.garden-cam]\nroom = \"bath\"\nidentifiers = [\"garden-cam\"]\n";
    let house = Dwelling::start(&place, more);
    let cameras = [
        component("camera", "view", json!({ "topic": "cam/view", "content_type": "text/html" })),
        component("image", "snapshot", json!({ "image_topic": "cam/snapshot", "image_encoding": "b64" })),
    ];
    announce(&house.world, "garden-cam", &cameras);
    wait_for("the camera", || house.lares.device("garden-cam").is_some());
    let get = |person: &str, entity: &str| {
        house.http.ask(
            house.token(person),
            "GET",
            &format!("/api/v1/entities/garden-cam.{entity}/picture?at=1"),
            None,
        )
    };
    let none = get("anna", "view");
    assert!(none.status == 404 && none.body.contains("has no picture"), "{none:?}");
    house.world.retain("cam/view", PNG);
    // The same in base 64, to the first bytes.
    house.world.retain("cam/snapshot", "/9j/4AAQSkZJRg==");
    wait_for("the pictures", || ["view", "snapshot"].iter().all(|entity| get("anna", entity).status == 200));
    let shown = get("ben", "view");
    assert_eq!(shown.header("content-type"), "image/png", "what it is, not what is said of it");
    assert_eq!(
        (shown.header("x-content-type-options"), shown.header("cache-control")),
        ("nosniff", "no-store")
    );
    assert!(shown.body.contains("some more of it"));
    assert_eq!(get("anna", "snapshot").header("content-type"), "image/jpeg");
    assert_eq!(get("gus", "view").status, 404, "it hangs in a room that is not his");
    let path = "/api/v1/entities/garden-cam.view/picture";
    assert_eq!(house.http.send("GET", path, &[], None).status, 401);

    // What is none changes nothing, and is told.
    house.world.publish("cam/view", "<svg onload=alert(1)>");
    wait_for("the problem", || {
        house
            .lares
            .entries(&["--kind", "problem"])
            .iter()
            .any(|p| p.to_string().contains("allowed: png, jpeg"))
    });
    assert_eq!(get("anna", "view").header("content-type"), "image/png");
    let journal = house.lares.say(&["log", "--json", "--entity", "garden-cam"]).out;
    assert!(journal.contains("png 2x1") && !journal.contains("some more"), "{journal}");
    // An empty message takes it away.
    house.world.retain("cam/view", "");
    wait_for("it to be gone", || get("anna", "view").status == 404);
}
