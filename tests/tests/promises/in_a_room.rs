//! A call is taken in a room: the caller is heard by its loudspeaker and hears what is said there, by real telephones and satellites, and no
//! sentence of either does anything until somebody says that it is enough.
//!
//! Meant to fail it (not tried): a satellite that speaks with a caller while it is muted, sentences of a caller that are done.

use std::time::Duration;

use lares_surfaces::voice::sound::Sound;
use lares_tests::phone::{Baresip, Part, RATE, free_udp_port, likeness, telephone};
use lares_tests::{
    Lares, SatellitePeer, at_rate, free_port, speech, voice_section, wait_for, wait_some, wait_state,
};
use serde_json::{Value, json};

use super::phone::{calls, ears, over};
use super::place;

const CALLER: &str = "there is a water leak in the basement";
const ROOM: &str = "please close the main valve in the kitchen";

fn question(lares: &Lares) -> Value {
    wait_some("the question", || {
        let all = lares.ask(&["questions"]);
        all["questions"].as_array().unwrap().first().cloned()
    })
}

#[test]
fn a_caller_speaks_with_who_is_in_the_room() {
    let place = place("in-a-room");
    let Some(voice) = voice_section("wake = \"hey computer\"") else { return };
    let (port, broker) = (free_udp_port(), free_port());
    let hall = SatellitePeer::start(&place);
    place.write(
        "home.toml",
        &format!(
            "[household]\nname = \"Test\"\ntime_zone = \"UTC\"\n[broker]\nport = {broker}\n[web]\nenabled = false\n\
             [room.hall]\n[person.anna]\nrole = \"owner\"\n[display.hall]\nroom = \"hall\"\nperson = \"anna\"\n{voice}\
             [satellite.hall]\nroom = \"hall\"\naddress = \"127.0.0.1:{}\"\nrights = \"adult\"\n\
             [phone]\nport = {port}\nask_for = \"60s\"\n[phone.door.front]\nname = \"the front door\"\ncaller = \"door-front\"\n",
            hall.port
        ),
    );
    let mut lares = Lares::start(&place);
    ears(&lares);
    wait_state(&lares, "satellite-hall.connected", &json!(true));
    // Somebody at the door says the same again and again; what they say would set a timer, if it were a sentence to the house.
    let words = format!("hey computer set a timer for two minutes {CALLER}");
    let says = || Part::Sound(speech(&words, "en-us+m3"));
    let parts = (0..12).flat_map(|_| [says(), Part::Silence(9.0)]).collect::<Vec<_>>();
    let mut door = Baresip::call(&place, port, "door-front", &telephone(&parts));
    let asked = question(&lares);
    let yes = lares.say(&["answer", asked["id"].as_str().unwrap(), "yes", "--as", "anna"]);
    assert_eq!(yes.code, 0, "{yes:?}");
    let id = calls(&lares)[0]["id"].as_str().unwrap().to_owned();
    let log = |lares: &Lares| lares.say(&["log", "--entity", &format!("call:{id}"), "--limit", "1000"]).out;
    wait_for("the room", || log(&lares).contains("the caller speaks with whoever is in room hall"));

    // What the caller says is heard in the room.
    let spoken = at_rate(&speech(&words, "en-us+m3"), RATE).samples;
    let mut heard = 0.0_f64;
    wait_for("the caller in the room", || {
        let samples = hall.played().chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
        heard = likeness(&spoken, &at_rate(&Sound { rate: 22_050, samples }, RATE).samples);
        heard > 0.8
    });
    // And what the room says by the caller, between two of their sentences.
    let said = at_rate(&speech(ROOM, "en-us"), 16_000).samples;
    let at_caller = at_rate(&speech(ROOM, "en-us"), RATE).samples;
    let mut back = 0.0_f64;
    wait_for("the room at the caller's", || {
        hall.hear(&[&said[..], &[0; 8_000]].concat());
        back = likeness(&at_caller, &door.heard());
        back > 0.8
    });
    println!(
        "the caller is heard in the room with a likeness of {heard:.3}, the room by the caller with {back:.3}"
    );
    // Neither is a sentence to the house.
    assert_eq!(lares.ask(&["timer"])["timers"], json!([]));
    assert!(!log(&lares).contains("s of its sound"), "{}", log(&lares));

    // Somebody in the room has had enough.
    hall.speak("hey computer stop");
    let call = over(&lares);
    assert_eq!(call["outcome"], "transferred", "{call}");
    assert!(log(&lares).contains("it was ended in the room"), "{}", log(&lares));
    door.end();

    // The next one is taken by a word to the announcement, and hangs up.
    let said = hall.answers();
    let mut door = Baresip::call(&place, port, "door-front", &telephone(&parts));
    question(&lares);
    wait_for("the announcement", || hall.answers() > said);
    // Nobody answers in the instant in which the last word is out.
    std::thread::sleep(Duration::from_millis(700));
    hall.speak("yes");
    let newest = |lares: &Lares| {
        let id = calls(lares)[0]["id"].as_str().unwrap().to_owned();
        lares.say(&["log", "--entity", &format!("call:{id}")]).out
    };
    wait_for("the room", || newest(&lares).contains("the caller speaks with whoever is in room hall"));
    door.end();
    wait_for("the end of it", || {
        calls(&lares)[0]["outcome"] == "transferred" && calls(&lares)[0]["now"] == false
    });

    // A muted satellite takes nobody: a message is asked for, which a door's is not.
    assert_eq!(lares.say(&["set", "satellite-hall.muted", "on=true"]).code, 0);
    wait_state(&lares, "satellite-hall.muted", &json!(true));
    let mut door = Baresip::call(&place, port, "door-front", &telephone(&parts));
    let asked = question(&lares);
    assert_eq!(lares.say(&["answer", asked["id"].as_str().unwrap(), "yes", "--as", "anna"]).code, 0);
    wait_for("what comes of it", || newest(&lares).contains("hall: it is muted"));
    door.end();
    assert_eq!(lares.restarts().0, 0);
    lares.stop();
}
