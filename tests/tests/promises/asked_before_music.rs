//! Nothing is heard where somebody must be asked first: not a moment of it, and what plays there goes on. A real Snapcast server tells what
//! its rooms were put onto, and a real loudspeaker what it played.
//!
//! Fails if the player is put onto the stream before the question, and put back or muted after it; if other rooms fall silent before the
//! yes.

use lares_tests::{Lares, Mosquitto, Snapserver, Speaker, home_head, wait_for};
use serde_json::Value;

use super::music::{goes, heard, is, phones, sounds};
use super::place;

const ANNAS: f64 = 440.0;
const BENS: f64 = 1_000.0;

const HOME: &str = "[room.kitchen]\nname = \"Kitchen\"\n[room.bedroom]\nname = \"Bedroom\"\n\
    [device.phone-anna]\nidentifiers = [\"anna\"]\n[device.phone-ben]\nidentifiers = [\"ben\"]\n\
    [person.anna]\nname = \"Anna\"\nrole = \"owner\"\ntrackers = [\"phone-anna\"]\n\
    [person.ben]\nname = \"Ben\"\nrole = \"adult\"\ntrackers = [\"phone-ben\"]\n\
    [player.kitchen]\nname = \"Kitchen speaker\"\nroom = \"kitchen\"\n\
    [player.bedroom]\nname = \"Bedroom speaker\"\nroom = \"bedroom\"\n\
    [stream.anna]\nname = \"Anna's music\"\nperson = \"anna\"\n\
    [stream.ben]\nname = \"Ben's music\"\nperson = \"ben\"\n";

/// The first question that stands.
fn question(lares: &Lares) -> Option<Value> {
    lares.ask(&["questions"])["questions"].as_array().and_then(|all| all.first().cloned())
}

fn answered(lares: &Lares, asked: &Value, with: &str) {
    let said = lares.say(&["answer", asked["id"].as_str().unwrap(), with]);
    assert_eq!(said.code, 0, "{said:?}");
    wait_for("the question to end", || question(lares).is_none());
}

/// Longer than what is on its way to a loudspeaker takes to be heard.
fn a_while(lares: &Lares) {
    assert_eq!(lares.say(&["timer", "set", "3s"]).code, 0);
    wait_for("the timer", || lares.ask(&["timer"])["timers"].as_array().is_some_and(Vec::is_empty));
}

#[test]
fn nothing_is_heard_before_the_yes() {
    let place = place("asked-before-music");
    let broker = Mosquitto::start(&place, false);
    let mut server = Snapserver::start(&place, &["anna", "ben"]);
    server.play("anna", ANNAS);
    let media = format!(
        "[media]\nsnapserver = \"127.0.0.1:{}\"\ndwell = \"1s\"\noverlap = \"1s\"\nfade = \"800ms\"\n",
        server.control
    );
    place.write("home.toml", &(home_head(broker.port) + HOME + &media));
    let (kitchen, bedroom) =
        (Speaker::start(&place, &server, "kitchen"), Speaker::start(&place, &server, "bedroom"));
    // Loud and on nobody's music: what it is put onto is heard at once.
    for (client, stream) in [("kitchen", "ben"), ("bedroom", "ben")] {
        let group = server.client(client).unwrap().0["id"].clone();
        server.call("Group.SetStream", serde_json::json!({ "id": group, "stream_id": stream }));
    }
    let world = phones(broker.port);
    let mut lares = Lares::start(&place);
    is(&lares, "stream-anna.player", "state", &serde_json::json!("playing"));
    heard(&lares);
    goes(&world, "anna", "kitchen");
    goes(&world, "ben", "bedroom");
    sounds(&kitchen, true, false);
    let (group, client) = server.client("bedroom").unwrap();
    assert_eq!((&client["config"]["volume"]["muted"], &group["stream_id"]), (&false.into(), &"ben".into()));

    let (too, only) = ("play it in the bedroom too", "play it only in the bedroom");
    let not_heard = |lares: &mut Lares, server: &Snapserver, words: &str, answer: &str| {
        let (from, put_onto) = (bedroom.played(), server.put_onto());
        let said = lares.say(&["say", "--as", "anna", "--room", "kitchen", words]);
        let told = format!("{}{}", said.out, said.err);
        assert!(said.code != 0 && told.contains("Ben in the Bedroom is asked first"), "{said:?}");
        wait_for("the question", || question(lares).is_some());
        let asked = question(lares).unwrap();
        assert!(asked["text"].to_string().contains("as well, where Ben is"), "{asked}");
        let why = lares.entries(&["--kind", "notice"]);
        let is_why = |e: &Value| {
            let text = e.to_string();
            text.contains(words) && text.contains("is asked first")
        };
        assert!(why.iter().any(is_why), "{why:?}");
        lares.kill();
        lares.run();
        wait_for("the question after a kill", || question(lares).is_some());
        a_while(lares);
        assert_eq!(bedroom.loudest_since(from, ANNAS).max(0.003), 0.003, "Anna's tone was heard");
        sounds(&kitchen, true, false);
        if answer == "no" {
            answered(lares, &asked, "no");
            a_while(lares);
            assert_eq!(bedroom.loudest_since(from, ANNAS).max(0.003), 0.003, "Anna's tone was heard");
            assert_eq!(put_onto(), [], "the room was put onto something");
        } else {
            answered(lares, &asked, "yes");
            sounds(&bedroom, true, false);
        }
    };
    not_heard(&mut lares, &server, too, "no");
    // The same where his own music plays, which goes on.
    server.play("ben", BENS);
    sounds(&bedroom, false, true);
    not_heard(&mut lares, &server, too, "no");
    sounds(&bedroom, false, true);
    // Only there: where it plays it is silent once it is heard there, and not before.
    not_heard(&mut lares, &server, only, "no");
    sounds(&bedroom, false, true);
    not_heard(&mut lares, &server, only, "yes");
    sounds(&kitchen, false, false);
    assert_eq!(lares.restarts().0, 0, "{:?}", lares.restarts());
    lares.stop();
}
