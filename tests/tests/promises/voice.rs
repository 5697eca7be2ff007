//! What is said aloud is heard, done and answered by what came of it: from a file, and in a room by a real satellite, over a kill. With
//! a real recogniser (vosk) and a real voice (espeak-ng); the model understands that voice, and says nothing of people.
//!
//! R27, R29 and T02 for voices: an unknown voice has the rights of its microphone, nothing dangerous comes about without a yes, and
//! what is answered comes from receipts.
//!
//! Meant to fail it (not tried): a mute that is only shown, a yes to a question that was never asked, an answer before the receipt.

use lares_tests::{
    Lares, Mosquitto, Place, SatellitePeer, Wire, announce, at_rate, component, home_head, speech,
    speech_file, voice_section, wait_for, wait_state,
};
use serde_json::{Value, json};

use super::place;

pub(super) const ROOMS: &str = "[room.kitchen]\n[room.hallway]\n\
    [device.kitchen-things]\nidentifiers = [\"kitchen\"]\nroom = \"kitchen\"\n\
    [device.front-door]\nname = \"Front door\"\nidentifiers = [\"front\"]\nroom = \"hallway\"\n";

/// A light in the kitchen and a lock in the hallway; each does what it is told, and says so.
pub(super) fn world(port: u16) -> Wire {
    let world = Wire::answering(port, "world", &["kitchen/light/set", "front/lock/set"], |topic, payload| {
        let told = String::from_utf8_lossy(payload).into_owned();
        let told = if topic == "front/lock/set" { format!("{told}ED") } else { told };
        vec![(topic.trim_end_matches("/set").to_owned(), told, true)]
    });
    let light =
        json!({ "state_topic": "kitchen/light", "command_topic": "kitchen/light/set", "schema": "json" });
    announce(&world, "kitchen", &[component("light", "light", light)]);
    let lock = json!({ "state_topic": "front/lock", "command_topic": "front/lock/set" });
    announce(&world, "front", &[component("lock", "lock", lock)]);
    world.retain("kitchen/light", "{\"state\":\"OFF\"}");
    world.retain("front/lock", "LOCKED");
    world.settle();
    world
}

pub(super) fn there(lares: &Lares) {
    wait_state(lares, "kitchen-things.light", &json!(false));
    wait_state(lares, "front-door.lock", &json!(true));
}

/// Waits until the ears are open.
pub(super) fn ears(lares: &Lares) {
    let open = |line: &str| line.starts_with("ears") && line.trim_end().ends_with(" open");
    wait_for("the ears", || lares.say(&["status"]).out.lines().any(open));
}

fn decisions(lares: &Lares) -> usize {
    lares.entries(&["--kind", "decision"]).len()
}

#[test]
fn what_is_said_in_a_file_is_done() {
    let place = place("hear");
    let broker = Mosquitto::start(&place, false);
    let Some(voice) = voice_section("") else { return };
    let world = world(broker.port);
    // Without a model the household serves, and says how to get one.
    place.write("home.toml", &(home_head(broker.port) + ROOMS));
    let mut lares = Lares::start(&place);
    there(&lares);
    let light = speech("turn on the kitchen light", "en-us");
    let file = speech_file(&place, "on.wav", &light);
    let deaf = lares.say(&["hear", &file]);
    assert!(deaf.code == 2 && deaf.err.contains("[voice]"), "{deaf:?}");
    place.write(
        "home.toml",
        &(home_head(broker.port) + ROOMS + "[voice]\nlibrary = \"gone.so\"\nmodel = \"gone\"\n"),
    );
    assert_eq!(lares.say(&["reload"]).code, 0);
    let missing = |word: &str| lares.say(&["hear", &file]).err.contains(word);
    wait_for("the missing model to be told", || missing("no such folder") && missing("alphacephei"));
    let doctor = lares.say(&["doctor"]).out;
    assert!(doctor.contains("no such folder"), "{doctor}");
    place.write("home.toml", &(home_head(broker.port) + ROOMS + &voice));
    assert_eq!(lares.say(&["reload"]).code, 0);
    ears(&lares);
    let doctor = lares.say(&["doctor"]).out;
    assert!(doctor.contains("vosk, its model and espeak-ng are there"), "{doctor}");

    let heard = lares.say(&["hear", &file]);
    assert_eq!(heard.out, "heard: turn on the kitchen light\nDone: Kitchen things.\n", "{heard:?}");
    wait_state(&lares, "kitchen-things.light", &json!(true));
    // Any rate, and no matter how loud.
    for (n, rate) in [8_000, 44_100, 48_000].into_iter().enumerate() {
        let mut sound = at_rate(
            &speech(["turn off the kitchen light", "turn on the kitchen light"][n % 2], "en-us"),
            rate,
        );
        sound.samples.iter_mut().for_each(|s| *s /= 2);
        let file = speech_file(&place, "other.wav", &sound);
        let heard = lares.say(&["hear", &file]);
        assert!(heard.code == 0 && heard.out.contains("Done"), "{rate}: {heard:?}");
        wait_state(&lares, "kitchen-things.light", &json!(n % 2 == 1));
    }
    // What opens is asked back, and a question is answered.
    let unlock = speech_file(&place, "unlock.wav", &speech("unlock the front door", "en-us"));
    let asks = lares.say(&["hear", &unlock]);
    assert!(asks.code == 1 && asks.out.contains("Shall I really open Front door?"), "{asks:?}");
    let answer = lares.ask(&["hear", "--yes", &unlock]);
    assert_eq!(answer["text"], "unlock the front door");
    wait_state(&lares, "front-door.lock", &json!(false));
    // What is no sound is refused in words.
    std::fs::write(place.path().join("text.wav"), "no sound").unwrap();
    let text = place.path().join("text.wav").display().to_string();
    let refused = lares.say(&["hear", &text]);
    assert!(refused.code == 2 && refused.err.contains("text.wav: it is no WAV file"), "{refused:?}");
    drop(world);
    lares.stop();
}

pub(super) fn satellite(place: &Place, broker: u16, peer: &SatellitePeer, more: &str) {
    let voice = voice_section("wake = \"hey computer\"").unwrap();
    let satellite =
        format!("[satellite.kitchen]\nroom = \"kitchen\"\naddress = \"127.0.0.1:{}\"\n{more}\n", peer.port);
    let displays = "[display.kitchen]\nroom = \"kitchen\"\n[display.hallway]\nroom = \"hallway\"\n";
    place.write("home.toml", &(home_head(broker) + ROOMS + &voice + &satellite + displays));
}

#[test]
fn a_satellite_hears_does_answers_and_is_muted() {
    let place = place("satellite");
    if voice_section("").is_none() {
        return;
    }
    let broker = Mosquitto::start(&place, false);
    let world = world(broker.port);
    let peer = SatellitePeer::start(&place);
    satellite(&place, broker.port, &peer, "rights = \"adult\"");
    let mut lares = Lares::start(&place);
    there(&lares);
    ears(&lares);
    wait_state(&lares, "satellite-kitchen.connected", &json!(true));
    wait_state(&lares, "satellite-kitchen.muted", &json!(false));

    // What is not said to the house is neither done nor kept.
    peer.speak("turn on the kitchen light");
    let boards = Wire::connect(broker.port, "boards");
    boards.listen("lares/display/#");
    peer.ask("hey computer turn on the light");
    wait_state(&lares, "kitchen-things.light", &json!(true));
    peer.wait_for_words("Done: Kitchen things.");
    // What was heard is seen in its room, and nowhere else.
    let seen = |room: &str, text: &str| {
        boards.heard().iter().any(|h| h.topic == format!("lares/display/{room}") && h.text.contains(text))
    };
    wait_for("the words on the display", || {
        seen("kitchen", "\"words\":\"turn on the light\",\"answer\":\"Done: Kitchen things.\"")
    });
    assert!(!seen("hallway", "turn on the light"));
    assert_eq!(decisions(&lares), 1);
    let why = lares.say(&["why", "kitchen-things.light"]).out;
    assert!(why.contains("voice Kitchen heard \"turn on the light\""), "{why}");
    assert!(why.contains("said in Kitchen: turn on the light"), "{why}");
    let heard = |lares: &Lares| {
        let all = lares.entries(&["--kind", "notice"]);
        all.iter().map(|e| e["text"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(heard(&lares).len(), 1, "{:?}", heard(&lares));

    // What is dangerous is asked back, and done by a yes.
    peer.ask("hey computer unlock the front door");
    peer.wait_for_words("Shall I really open Front door?");
    assert_eq!(lares.entity("front-door.lock").unwrap()["state"], true);
    peer.ask("yes");
    wait_state(&lares, "front-door.lock", &json!(false));
    peer.wait_for_words("Done: Front door.");

    // Muted, nothing is heard, also after a kill.
    let set = lares.say(&["set", "satellite-kitchen.muted", "on=true"]);
    assert_eq!(set.code, 0, "{set:?}");
    let before = decisions(&lares);
    peer.speak("hey computer turn off the light");
    lares.kill();
    lares.run();
    wait_state(&lares, "satellite-kitchen.connected", &json!(true));
    wait_state(&lares, "satellite-kitchen.muted", &json!(true));
    ears(&lares);
    peer.speak("hey computer turn off the light");
    let set = lares.say(&["set", "satellite-kitchen.muted", "on=false"]);
    assert_eq!(set.code, 0, "{set:?}");
    peer.ask("hey computer what is the time");
    wait_for("what was said after the mute", || heard(&lares).len() == 4);
    let all = heard(&lares);
    assert!(all.iter().all(|text| !text.contains("turn off")), "{all:?}");
    assert_eq!(lares.entity("kitchen-things.light").unwrap()["state"], true);
    // The mute itself was two.
    assert_eq!(decisions(&lares), before + 1);
    // No sound is kept anywhere.
    assert!(sounds(&place.data()).is_empty(), "{:?}", sounds(&place.data()));

    // A voice that nobody knows moves what is in its own room, and no more.
    satellite(&place, broker.port, &peer, "");
    assert_eq!(lares.say(&["reload"]).code, 0);
    world.publish("front/lock", "LOCKED");
    wait_state(&lares, "front-door.lock", &json!(true));
    wait_state(&lares, "satellite-kitchen.connected", &json!(true));
    peer.ask("hey computer unlock the front door");
    peer.ask("hey computer turn off the light");
    wait_state(&lares, "kitchen-things.light", &json!(false));
    assert_eq!(lares.entity("front-door.lock").unwrap()["state"], true);

    // It goes and comes again.
    let port = peer.port;
    drop(peer);
    wait_state(&lares, "satellite-kitchen.connected", &json!(false));
    assert!(lares.log().contains(&format!("127.0.0.1:{port}")), "{}", lares.log());
    assert_eq!(lares.restarts().0, 0, "{:?}", lares.restarts());
    lares.stop();
}

/// Without ears: what the house says by itself needs none.
#[test]
fn a_timer_rings_at_the_satellite_of_its_room() {
    let place = place("rings");
    let broker = Mosquitto::start(&place, false);
    let (kitchen, hallway) = (SatellitePeer::start(&place), SatellitePeer::start(&place));
    let satellite = |room: &str, port: u16| {
        format!("[satellite.{room}]\nroom = \"{room}\"\naddress = \"127.0.0.1:{port}\"\n")
    };
    let both = satellite("kitchen", kitchen.port) + &satellite("hallway", hallway.port);
    // Once: what rings is tested with what stops it.
    let once = "[room.kitchen]\n[room.hallway]\n[voice]\nring = \"0s\"\n";
    place.write("home.toml", &(home_head(broker.port) + once + &both));
    let mut lares = Lares::start(&place);
    let connected = |lares: &Lares| {
        for room in ["kitchen", "hallway"] {
            wait_state(lares, &format!("satellite-{room}.connected"), &json!(true));
        }
    };
    connected(&lares);
    assert_eq!(lares.say(&["timer", "set", "1s", "egg", "--room", "kitchen"]).code, 0);
    kitchen.wait_for_words("The egg timer is over.");
    assert_eq!(hallway.answers(), 0, "it is the kitchen's");
    // What ended while nothing ran rings as soon as somebody can hear it.
    assert_eq!(lares.say(&["timer", "set", "1s", "soup", "--room", "hallway"]).code, 0);
    lares.kill();
    lares.run();
    wait_for("the timer that ended meanwhile", || hallway.answers() == 1);
    // Of no room: everywhere.
    connected(&lares);
    assert_eq!(lares.say(&["timer", "set", "1s"]).code, 0);
    kitchen.wait_for_words("The timer of 1 second is over.");
    wait_for("the other satellite", || hallway.answers() == 2);
    wait_for("the end of it in the kitchen", || kitchen.answers() >= 2);
    assert_eq!(kitchen.answers(), 2, "nothing is said again after a kill");
    // Nobody is known to be anywhere: it is said in all rooms that can.
    let said = lares.say(&["say", "announce that dinner is ready"]);
    assert_eq!(said.code, 0, "{said:?}");
    kitchen.wait_for_words("dinner is ready");
    hallway.wait_for_words("dinner is ready");
    assert_eq!(lares.restarts().0, 0, "{:?}", lares.restarts());
    lares.stop();
}

/// Files that hold sound.
fn sounds(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(sounds(&path)),
            false => {
                let is_sound = path.extension().is_some_and(|e| e == "wav" || e == "raw" || e == "pcm");
                found.extend(is_sound.then(|| path.display().to_string()));
            }
        }
    }
    found
}

/// Home Assistant's side of Wyoming, by the protocol's own client.
#[test]
fn others_are_lent_ears_a_voice_and_sentences() {
    let place = place("wyoming");
    let Some(voice) = voice_section("wake = \"hey computer\"\n[voice.server]\nport = 0\nrights = \"adult\"")
    else {
        return;
    };
    let broker = Mosquitto::start(&place, false);
    let _world = world(broker.port);
    place.write("home.toml", &(home_head(broker.port) + ROOMS + &voice));
    let mut lares = Lares::start(&place);
    there(&lares);
    ears(&lares);
    let status = lares.say(&["status"]).out;
    let at = status.split("listens on ").find(|part| part.starts_with("127.0.0.1:"));
    let at = at.and_then(|part| part.split_whitespace().next()).unwrap_or_else(|| panic!("{status}"));
    let file = speech_file(&place, "on.wav", &speech("turn on the kitchen light", "en-gb"));
    let ask = |sentences: &[&str]| -> Value {
        let mut program = std::process::Command::new(lares_tests::wyoming_python());
        let done = program.arg(lares_tests::peer("wyoming_client.py")).args([at, &file]).args(sentences);
        let done = done.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        serde_json::from_slice(&done.stdout).unwrap()
    };
    let calls = speech_file(&place, "calls.wav", &speech("hey computer turn on the kitchen light", "en-gb"));
    let (calls, others) = (format!("wake:{calls}"), format!("wake:{file}"));
    let told = ask(&[
        &calls,
        &others,
        "turn on the kitchen light",
        "unlock the front door",
        "yes",
        "make me a sandwich",
    ]);
    assert_eq!(
        told["info"],
        json!({ "asr": ["lares"], "tts": ["lares"], "intent": ["lares"], "handle": ["lares"], "languages": ["en"],
            "wake": ["hey computer"] })
    );
    assert_eq!(told["woken"], json!(["hey computer", null]));
    assert_eq!(told["transcript"], "turn on the kitchen light");
    assert_eq!(told["sound"]["rate"], 22_050);
    assert_eq!(told["sound"]["bytes"], lares_tests::said_as_house("The kettle is on.").len());
    let intents = &told["recognized"];
    assert_eq!(intents[0]["name"], "HassTurnOn", "{told}");
    assert_eq!(intents[0]["entities"]["area"], "kitchen", "{told}");
    assert!(intents[3].is_null(), "{told}");
    let handled = &told["handled"];
    assert_eq!(handled[0], json!({ "done": true, "text": "Done: Kitchen things.", "context": null }));
    assert_eq!(handled[1]["text"], "Shall I really open Front door?");
    assert_eq!(handled[2]["text"], "Done: Front door.");
    assert_eq!(handled[3]["done"], false);
    wait_state(&lares, "kitchen-things.light", &json!(true));
    wait_state(&lares, "front-door.lock", &json!(false));
    let why = lares.say(&["why", "kitchen-things.light"]).out;
    assert!(why.contains("voice wyoming:server"), "{why}");

    // Without rights it lends ears and a voice, and does nothing.
    let before = decisions(&lares);
    place.write("home.toml", &(home_head(broker.port) + ROOMS + &voice.replace("rights = \"adult\"", "")));
    assert_eq!(lares.say(&["reload"]).code, 0);
    wait_for("the server again", || lares.say(&["status"]).out.contains("listens on 127.0.0.1"));
    ears(&lares);
    let status = lares.say(&["status"]).out;
    let at = status.split("listens on ").find(|part| part.starts_with("127.0.0.1:")).unwrap();
    let at = at.split_whitespace().next().unwrap();
    let mut program = std::process::Command::new(lares_tests::wyoming_python());
    let done =
        program.arg(lares_tests::peer("wyoming_client.py")).args([at, &file, "turn off the kitchen light"]);
    let told: Value = serde_json::from_slice(&done.output().unwrap().stdout).unwrap();
    assert_eq!(told["info"]["handle"], json!([]), "{told}");
    assert_eq!(told["transcript"], "turn on the kitchen light");
    assert_eq!(told["handled"][0]["done"], false);
    assert_eq!(decisions(&lares), before);
    lares.stop();
}
