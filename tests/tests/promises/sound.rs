//! A microphone and a loudspeaker of this machine, by ALSA itself with a card of files: a spoken command turns on a lamp, and the answer is
//! played. Voices of other engines, what is said into the house's own words, and music that is low meanwhile.
//!
//! Meant to fail it (not tried): a mute that leaves the device open, an answer that cannot be stopped, music that stays low after a kill.

use lares_tests::{
    FileCard, Lares, Mosquitto, SatellitePeer, Snapserver, Speaker, Wire, announce, component, home_head,
    voice_section, wait_for, wait_state,
};
use serde_json::{Value, json};

use super::place;

const ROOMS: &str = "[room.kitchen]\n[room.hall]\n\
    [device.kitchen-things]\nidentifiers = [\"kitchen\"]\nroom = \"kitchen\"\n";

/// A light in the kitchen that does what it is told, and says so.
fn world(port: u16) -> Wire {
    let world = Wire::answering(port, "world", &["kitchen/light/set"], |topic, payload| {
        let told = String::from_utf8_lossy(payload).into_owned();
        vec![(topic.trim_end_matches("/set").to_owned(), told, true)]
    });
    let light =
        json!({ "state_topic": "kitchen/light", "command_topic": "kitchen/light/set", "schema": "json" });
    announce(&world, "kitchen", &[component("light", "light", light)]);
    world.retain("kitchen/light", "{\"state\":\"OFF\"}");
    world.settle();
    world
}

fn ears(lares: &Lares) {
    let open = |line: &str| line.starts_with("ears") && line.trim_end().ends_with(" open");
    wait_for("the ears", || lares.say(&["status"]).out.lines().any(open));
}

#[test]
fn a_microphone_of_this_machine_hears_and_a_loudspeaker_answers() {
    let place = place("card");
    let Some(voice) = voice_section("wake = \"hey computer\"") else { return };
    let broker = Mosquitto::start(&place, false);
    let _world = world(broker.port);
    let card = FileCard::new(&place);
    let alsa = card.config();
    let alsa = [("ALSA_CONFIG_PATH", alsa.as_str())];
    let satellite =
        "[satellite.server]\nroom = \"kitchen\"\nmicrophone = \"default\"\nloudspeaker = \"default\"\n";
    place.write("home.toml", &(home_head(broker.port) + ROOMS + &voice + satellite));
    let mut lares = Lares::resting(&place);
    lares.run_with(&alsa);
    wait_state(&lares, "kitchen-things.light", &json!(false));
    ears(&lares);
    wait_state(&lares, "satellite-server.connected", &json!(true));
    card.speak("hey computer turn on the light");
    wait_state(&lares, "kitchen-things.light", &json!(true));
    // About a second of speech.
    wait_for("the answer from the loudspeaker", || card.played().len() > 5_000);
    let why = lares.say(&["why", "kitchen-things.light"]).out;
    assert!(why.contains("voice Server heard \"turn on the light\""), "{why}");

    // Muted, the device is closed, and stays so over a kill.
    assert_eq!(lares.say(&["set", "satellite-server.muted", "on=true"]).code, 0);
    wait_state(&lares, "satellite-server.muted", &json!(true));
    lares.kill();
    lares.run_with(&alsa);
    wait_state(&lares, "satellite-server.muted", &json!(true));
    ears(&lares);
    assert_eq!(lares.say(&["set", "satellite-server.muted", "on=false"]).code, 0);
    wait_state(&lares, "satellite-server.connected", &json!(true));
    card.speak("hey computer turn off the light");
    wait_state(&lares, "kitchen-things.light", &json!(false));

    // A device that is not there is told of, and all else runs.
    place.write(
        "home.toml",
        &(home_head(broker.port)
            + ROOMS
            + &voice
            + &satellite.replace("microphone = \"default\"", "microphone = \"gone\"")),
    );
    assert_eq!(lares.say(&["reload"]).code, 0);
    wait_state(&lares, "satellite-server.connected", &json!(false));
    wait_for("the missing device to be told", || lares.log().contains("no sound device \"gone\""));
    let doctor = lares.say(&["doctor"]).out;
    assert!(doctor.contains("no sound device \"gone\""), "{doctor}");
    assert_eq!(lares.restarts().0, 0, "{:?}", lares.restarts());
    lares.stop();
}

/// A program of one's own, flite, and what goes on when an engine is gone.
#[test]
fn the_house_speaks_by_the_engine_that_it_is_told() {
    let place = place("engines");
    let broker = Mosquitto::start(&place, false);
    let peer = SatellitePeer::start(&place);
    let home = |speech: &str| {
        home_head(broker.port)
            + "[room.kitchen]\n[voice]\nring = \"0s\"\n[voice.speech]\n"
            + speech
            + &format!("\n[satellite.kitchen]\nroom = \"kitchen\"\naddress = \"127.0.0.1:{}\"\n", peer.port)
    };
    place.write("home.toml", &home("engine = \"flite\"\nvoice = \"kal16\""));
    let mut lares = Lares::start(&place);
    let said = |lares: &Lares, speech: &str, text: &str| -> usize {
        place.write("home.toml", &home(speech));
        assert_eq!(lares.say(&["reload"]).code, 0);
        wait_state(lares, "satellite-kitchen.connected", &json!(true));
        let (before, answers) = (peer.played().len(), peer.answers());
        let told = lares.say(&["say", &format!("announce that {text}")]);
        assert_eq!(told.code, 0, "{told:?}");
        wait_for("it to be said to its end", || peer.answers() > answers);
        peer.played().len() - before
    };
    wait_state(&lares, "satellite-kitchen.connected", &json!(true));
    let flite = said(&lares, "engine = \"flite\"\nvoice = \"kal16\"", "tea is ready");
    let slower =
        said(&lares, "command = [\"espeak-ng\", \"--stdin\", \"--stdout\", \"-s\", \"80\"]", "tea is ready");
    let usual = said(&lares, "engine = \"espeak-ng\"", "tea is ready");
    assert_eq!(usual, lares_tests::said_as_house("tea is ready").len());
    assert!(flite > 10_000 && flite != usual && slower > usual * 5 / 4, "{flite} {slower} {usual}");
    // What is gone is spoken for by espeak-ng, and the log says why.
    assert_eq!(said(&lares, "command = [\"no-such-voice\"]", "tea is ready"), usual);
    assert!(lares.log().contains("no-such-voice is not there"), "{}", lares.log());
    assert_eq!(said(&lares, "address = \"127.0.0.1:1\"", "tea is ready"), usual);
    // No louder than it is told.
    let loudest = |bytes: &[u8]| {
        bytes.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]]).unsigned_abs()).max().unwrap_or(0)
    };
    let begin = peer.played().len();
    said(&lares, "volume = 50", "tea is ready");
    let (loud, soft) =
        (loudest(&lares_tests::said_as_house("tea is ready")), loudest(&peer.played()[begin..]));
    assert!(soft.abs_diff(loud / 2) < 40, "{loud} {soft}");
    assert!(
        !place.data().join("voice").read_dir().is_ok_and(|mut files| files.next().is_some()),
        "no sound is kept"
    );
    lares.stop();
}

const LONG: &str = "announce that there is a very long story about a dog with a cat with a bird with a mouse with a horse with a cow \
    with a sheep with a goat that went to the garden one fine day in may";

/// Whoever calls the house while it speaks is heard, and it stops in the middle of a word.
#[test]
fn the_house_lets_itself_be_interrupted() {
    let place = place("barge-in");
    let Some(voice) = voice_section("wake = \"hey computer\"\nring = \"2m\"") else { return };
    let broker = Mosquitto::start(&place, false);
    let _world = world(broker.port);
    let peer = SatellitePeer::start(&place);
    let satellite =
        format!("[satellite.kitchen]\nroom = \"kitchen\"\naddress = \"127.0.0.1:{}\"\n", peer.port);
    place.write("home.toml", &(home_head(broker.port) + ROOMS + &voice + &satellite));
    let mut lares = Lares::start(&place);
    wait_state(&lares, "kitchen-things.light", &json!(false));
    ears(&lares);
    wait_state(&lares, "satellite-kitchen.connected", &json!(true));
    let whole = lares_tests::said_as_house(LONG.strip_prefix("announce that ").unwrap()).len();
    assert_eq!(lares.say(&["say", LONG]).code, 0);
    wait_for("the first words", || peer.played().len() > 20_000);
    peer.speak("hey computer turn on the light");
    wait_state(&lares, "kitchen-things.light", &json!(true));
    wait_for("the answer", || peer.answers() >= 2);
    let played = peer.played().len();
    assert!(played < whole, "{played} of {whole} were played, and the answer");

    // What rings is stopped by a word.
    assert_eq!(lares.say(&["timer", "set", "1s", "egg", "--room", "kitchen"]).code, 0);
    let before = peer.answers();
    wait_for("the second ring", || peer.answers() >= before + 2);
    peer.speak("stop");
    // It rings every few seconds: when none came for longer than that, it was stopped.
    let mut rings = peer.answers();
    wait_for("the end of the rings", || {
        std::thread::sleep(std::time::Duration::from_secs(9));
        std::mem::replace(&mut rings, peer.answers()) == peer.answers()
    });
    assert!(peer.answers() < before + 8, "it was stopped, and did not end by itself");
    assert_eq!(lares.restarts().0, 0, "{:?}", lares.restarts());
    lares.stop();
}

fn volume(server: &Snapserver) -> i64 {
    server.client("kitchen").map_or(-1, |(_, c)| c["config"]["volume"]["percent"].as_i64().unwrap_or(-1))
}

/// Music is low while the house speaks, and as loud as before afterwards: after a kill in the middle as well.
#[test]
fn music_is_low_while_the_house_speaks() {
    let place = place("ducking");
    let broker = Mosquitto::start(&place, false);
    let mut server = Snapserver::start(&place, &["anna"]);
    server.play("anna", 440.0);
    let peer = SatellitePeer::start(&place);
    let home = home_head(broker.port)
        + "[room.kitchen]\n[player.kitchen]\nroom = \"kitchen\"\n[stream.anna]\n[voice]\nring = \"0s\"\n"
        + "[voice.speech]\nduck = 25\n"
        + &format!("[media]\nsnapserver = \"127.0.0.1:{}\"\n", server.control)
        + &format!("[satellite.kitchen]\nroom = \"kitchen\"\naddress = \"127.0.0.1:{}\"\n", peer.port);
    place.write("home.toml", &home);
    let speaker = Speaker::start(&place, &server, "kitchen");
    let mut lares = Lares::start(&place);
    let is = |lares: &Lares, of: &str, value: &Value| {
        wait_for(&format!("{of} to be {value}"), || {
            lares.entity("player-kitchen.player").is_some_and(|e| e["properties"][of] == *value)
        });
    };
    is(&lares, "state", &json!("playing"));
    wait_state(&lares, "satellite-kitchen.connected", &json!(true));
    assert_eq!(lares.say(&["set", "player-kitchen", "volume=64"]).code, 0);
    is(&lares, "volume", &json!(64));
    let answers = peer.answers();
    assert_eq!(lares.say(&["say", LONG]).code, 0);
    wait_for("low music", || volume(&server) == 16);
    wait_for("the end of it", || peer.answers() > answers);
    wait_for("music as before", || volume(&server) == 64);
    let plan = lares.say(&["plan"]).out;
    assert!(!plan.contains("voice:"), "nothing of it stands any more: {plan}");
    let why = lares.say(&["why", "player-kitchen.player"]).out;
    assert!(why.contains("the house"), "{why}");

    // Killed in the middle of it.
    assert_eq!(lares.say(&["say", LONG]).code, 0);
    wait_for("low music", || volume(&server) == 16);
    lares.kill();
    lares.run();
    is(&lares, "state", &json!("playing"));
    wait_state(&lares, "satellite-kitchen.connected", &json!(true));
    // Nobody lets it go any more: what holds it low ends by itself.
    wait_for("music as before the kill", || volume(&server) == 64);
    drop(speaker);
    lares.stop();
}

/// By a second mDNS of the same kind on this machine's loopback.
#[test]
fn the_voice_server_is_found_and_finds_satellites() {
    let place = place("nearby");
    let broker = Mosquitto::start(&place, false);
    let home = home_head(broker.port)
        + "[room.kitchen]\n[voice]\nfind = true\n[voice.server]\nport = 0\nannounce = true\n";
    place.write("home.toml", &home);
    let other = mdns_sd::ServiceDaemon::new().unwrap();
    other.enable_interface(mdns_sd::IfKind::LoopbackV4).unwrap();
    let service = "_wyoming._tcp.local.";
    let properties: &[(&str, &str)] = &[];
    let satellite = mdns_sd::ServiceInfo::new(
        service,
        "Bedroom ear",
        "bedroom-ear.local.",
        "127.0.0.1",
        10_777,
        properties,
    );
    other.register(satellite.unwrap()).unwrap();
    let events = other.browse(service).unwrap();
    let mut lares = Lares::start(&place);
    wait_for("the satellite to be found", || {
        lares
            .say(&["status"])
            .out
            .contains("Bedroom ear: write [satellite.KEY] with its room and address = \"127.0.0.1:10777\"")
    });
    let status = lares.say(&["status"]).out;
    let port =
        status.split("listens on 127.0.0.1:").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    let port: u16 = port.parse().unwrap();
    wait_for("the voice server to be known", || {
        events.try_iter().any(|event| {
            matches!(event, mdns_sd::ServiceEvent::ServiceResolved(found)
                if found.get_port() == port && found.get_fullname().starts_with("Lares"))
        })
    });
    // Adopted, it is no news any more.
    place.write(
        "home.toml",
        &(home + "[satellite.bedroom]\nroom = \"kitchen\"\naddress = \"127.0.0.1:10777\"\n"),
    );
    assert_eq!(lares.say(&["reload"]).code, 0);
    assert!(!lares.say(&["status"]).out.contains("Bedroom ear"));
    drop(other.shutdown());
    lares.stop();
}
