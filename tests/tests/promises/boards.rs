//! A display in a room tells who calls and what rings, and both are answered by a touch; and what is wrong in the house and plays in the
//! room: a plate's messages over a real broker, a real caller (sipp), a real Snapcast server, over a kill.
//!
//! Meant to fail it (not tried): a touch that answers as nobody, a ring that is stopped on the plate alone, music of all rooms on a plate.

use std::time::Duration;

use lares_tests::phone::{Calls, Deed, free_udp_port};
use lares_tests::{
    Lares, Mosquitto, Snapserver, Speaker, Wire, announce, component, home_head, wait_for, wait_some,
};
use serde_json::json;

use super::place;
use super::plates::{object, touch};

const ALERT: &str = "leak is on";

/// A plate that is this test, of 480 by 320.
fn plate(port: u16) -> Wire {
    let world = Wire::answering(port, "world", &["hasp/plate01/command/#"], |topic, _| {
        let told = json!({ "node": "plate01", "tftDriver": "ST7796", "tftWidth": 480, "tftHeight": 320 });
        let asked = topic == "hasp/plate01/command/statusupdate";
        asked
            .then(|| ("hasp/plate01/state/statusupdate".to_owned(), told.to_string(), false))
            .into_iter()
            .collect()
    });
    world.retain("hasp/plate01/LWT", "online");
    world
}

#[test]
fn what_is_wrong_and_what_plays_is_told_on_the_wall() {
    let place = place("boards-alerts");
    let broker = Mosquitto::start(&place, false);
    let mut server = Snapserver::start(&place, &["anna"]);
    server.play("anna", 440.0);
    let more = format!(
        "[room.hall]\n[room.bath]\n[device.sink]\nname = \"Sink\"\nidentifiers = [\"sink\"]\nroom = \"bath\"\n\
         [media]\nsnapserver = \"127.0.0.1:{}\"\n[player.hall]\nname = \"Hall speaker\"\nroom = \"hall\"\n\
         [player.bath]\nname = \"Bath speaker\"\nroom = \"bath\"\n[stream.anna]\nname = \"Anna's music\"\n\
         [display.plate]\nroom = \"hall\"\nplate = \"plate01\"\n",
        server.control
    );
    place.write("home.toml", &(home_head(broker.port) + &more));
    let _speakers = ["hall", "bath"].map(|room| Speaker::start(&place, &server, room));
    for client in ["hall", "bath"] {
        let group = server.client(client).unwrap().0["id"].clone();
        server.call("Group.SetStream", json!({ "id": group, "stream_id": "anna" }));
    }
    let world = plate(broker.port);
    let leak = json!({ "state_topic": "sink/leak", "device_class": "moisture" });
    announce(&world, "sink", &[component("binary_sensor", "leak", leak)]);
    world.retain("sink/leak", "OFF");
    world.settle();
    let mut lares = Lares::start(&place);

    // What plays in its room, and not what plays elsewhere.
    wait_for("what plays", || object(&world, "Hall speaker").is_some());
    assert!(object(&world, "Bath speaker").is_none());
    assert!(object(&world, ALERT).is_none());
    // Water is for every room, and over a kill.
    world.retain("sink/leak", "ON");
    wait_for("the alert", || object(&world, ALERT).is_some());
    lares.kill();
    world.forget();
    lares.run();
    wait_for("both again", || object(&world, ALERT).is_some() && object(&world, "Hall speaker").is_some());
    world.retain("sink/leak", "OFF");
    wait_for("no alert", || object(&world, ALERT).is_none());
    assert_eq!(lares.say(&["set", "player-hall", "muted=true"]).code, 0);
    wait_for("silence", || object(&world, "Hall speaker").is_none());
    lares.stop();
}

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
    let world = plate(broker.port);
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
    // A row's button comes after its words.
    let stop = wait_some("its button", || object(&world, "Stop"));
    touch(&world, &stop, 0);
    wait_for("the end of it", || object(&world, "The eggs timer").is_none());
    let log = lares.say(&["log", "--kind", "notice"]).out;
    assert!(log.contains("stopped on the wall: The eggs timer is over"), "{log}");

    // Somebody calls who cannot wait: taken at the wall, by whom the home says that it is.
    let deeds = vec![Deed::Pause { ms: 2_000 }, Deed::Key('9'), Deed::IsHandedOn { code: 200 }];
    let caller = Calls::one(port, "5551234", deeds).begin(&place, "wall");
    wait_for("who calls", || object(&world, "urgent call from Sarah").is_some());
    touch(&world, &wait_some("its button", || object(&world, "Take it")), 0);
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
