//! A display in a room tells who calls and what rings, and both are answered by a touch: a plate's messages over a real broker, a real
//! caller (sipp), over a kill.
//!
//! Meant to fail it (not tried): a touch that answers as nobody, a ring that is stopped on the plate alone.

use std::time::Duration;

use lares_tests::phone::{Calls, Deed, free_udp_port};
use lares_tests::{Lares, Mosquitto, Wire, home_head, wait_for, wait_some};
use serde_json::json;

use super::place;
use super::plates::{object, touch};

#[test]
fn a_call_is_taken_and_a_ring_stopped_by_a_touch() {
    let place = place("boards");
    let (broker, port) = (Mosquitto::start(&place, false), free_udp_port());
    let more = format!(
        "[room.hall]\n[room.bath]\n[person.anna]\nrole = \"owner\"\n[person.wall]\nrole = \"guest\"\nrooms = [\"hall\"]\n\
         [voice]\nring = \"10m\"\n[phone]\nport = {port}\nname = \"us\"\ntransfer = \"21\"\nask_for = \"120s\"\n\
         people = [\"anna\", \"wall\"]\n[phone.names]\n\"5551234\" = \"Sarah\"\n\
         [display.plate]\nroom = \"hall\"\nplate = \"plate01\"\nperson = \"wall\"\n"
    );
    place.write("home.toml", &(home_head(broker.port) + &more));
    let world = Wire::answering(broker.port, "world", &["hasp/plate01/command/#"], |topic, _| {
        let told = json!({ "node": "plate01", "tftDriver": "ST7796", "tftWidth": 480, "tftHeight": 320 });
        let asked = topic == "hasp/plate01/command/statusupdate";
        asked
            .then(|| ("hasp/plate01/state/statusupdate".to_owned(), told.to_string(), false))
            .into_iter()
            .collect()
    });
    world.retain("hasp/plate01/LWT", "online");
    world.settle();
    let mut lares = Lares::start(&place);

    // A timer runs there, is over, and rings until it is touched; one of another room does not.
    let set = |lares: &Lares, length: &str, name: &str, room: &str| {
        let said = lares.say(&["timer", "set", length, name, "--room", room]);
        assert_eq!(said.code, 0, "{said:?}");
    };
    set(&lares, "1h", "bread", "hall");
    wait_for("the timer", || object(&world, "bread\nuntil ").is_some());
    set(&lares, "1s", "bath", "bath");
    set(&lares, "1s", "eggs", "hall");
    wait_for("the ring", || object(&world, "The eggs timer is over").is_some());
    assert!(object(&world, "The bath timer").is_none());
    let stop = object(&world, "Stop").expect("a button");
    touch(&world, &stop, 0);
    wait_for("the end of it", || object(&world, "The eggs timer").is_none());
    let log = lares.say(&["log", "--kind", "notice"]).out;
    assert!(log.contains("stopped on the wall: The eggs timer is over"), "{log}");

    // Somebody calls who cannot wait: taken at the wall, by whom the home says that it is.
    let deeds = vec![Deed::Pause { ms: 2_000 }, Deed::Key('9'), Deed::IsHandedOn { code: 200 }];
    let caller = Calls::one(port, "5551234", deeds).begin(&place, "wall");
    wait_for("who calls", || object(&world, "urgent call from Sarah").is_some());
    touch(&world, &object(&world, "Take it").expect("a button"), 0);
    caller.done_at_last();
    let call = wait_some("the call on record", || {
        let all = lares.ask(&["calls"])["calls"].as_array().unwrap().clone();
        all.first().filter(|call| !call["outcome"].is_null()).cloned()
    });
    assert_eq!(call["outcome"], "transferred", "{call}");
    let why = lares.say(&["why", &format!("call:{}", call["id"].as_str().unwrap())]).out;
    assert!(why.contains("was connected"), "{why}");
    let log = lares.say(&["log", "--limit", "200"]).out;
    assert!(log.contains("Wall said yes"), "{log}");
    wait_for("an empty board", || object(&world, "urgent call").is_none());

    // A timer is ended there with the rights of its person; after a kill the board is as it was.
    lares.kill();
    world.forget();
    lares.run();
    wait_for("the timer again", || object(&world, "bread\nuntil ").is_some());
    // It may be shown a moment before touches are heard again: who gets no answer touches once more.
    wait_for("no timer", || {
        if let Some(end) = object(&world, "End") {
            touch(&world, &end, 0);
        }
        std::thread::sleep(Duration::from_millis(500));
        lares.say(&["timer"]).out == "no timer is set\n"
    });
    wait_for("none on the board", || object(&world, "bread").is_none());
    lares.stop();
}
