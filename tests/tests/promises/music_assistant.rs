//! A player of Music Assistant is one of the house's: it plays the stream of who comes, and what was taken from it is given back. The
//! server speaks with its project's own models, and what it does is looked at by the project's own client.

use lares_tests::assistant::{MusicAssistant, TOKEN};
use lares_tests::{Daemon, Lares, Mosquitto, Place, home_head, wait_for};
use serde_json::{Value, json};

use super::music::{goes, heard, is, phones, receipts};
use super::place;

const PLAYER: &str = "player-bath.player";

fn home(place: &Place, broker: &Mosquitto, server: &MusicAssistant, daemon: &Daemon, hall: &str) {
    let home = format!(
        "[room.bath]\nname = \"Bath\"\n[room.hall]\nname = \"Hall\"\n[media]\ndwell = \"1s\"\noverlap = \"1s\"\nfade = \"800ms\"\n\
         music_assistant = \"127.0.0.1:{}\"\nmusic_assistant_token_file = \"token\"\n\
         [device.phone-anna]\nidentifiers = [\"anna\"]\n[device.phone-ben]\nidentifiers = [\"ben\"]\n\
         [person.anna]\nname = \"Anna\"\nrole = \"owner\"\ntrackers = [\"phone-anna\"]\n\
         [player.bath]\nname = \"Bath radio\"\nroom = \"bath\"\nmusic_assistant = \"Bath\"\n\
         [player.hall]\nname = \"Hall radio\"\nroom = \"hall\"\nmusic_assistant = {hall:?}\n\
         [stream.anna]\nname = \"Anna's music\"\nperson = \"anna\"\nurl = \"{}\"\nmpd = \"127.0.0.1:{}\"\n[stream.radio]\n",
        server.port, daemon.url, daemon.port
    );
    place.write("home.toml", &(home_head(broker.port) + &home));
}

fn confirmed(lares: &Lares, words: &[&str]) {
    let told = receipts(lares, words);
    assert!(told.len() == 1 && told[0].contains("onfirmed"), "{words:?}: {told:?}");
}

/// How a player is, by the project's own client, in time.
fn sees(server: &MusicAssistant, player: &str, of: &str, wanted: &Value) {
    wait_for(&format!("{player} {of} to be {wanted}: {:?}", server.told()), || {
        server.see(player)[of] == *wanted
    });
}

#[test]
fn a_player_of_music_assistant_plays_the_stream_of_who_comes() {
    let place = place("music-assistant");
    let mut server = MusicAssistant::start(&place, &["Bath", "Hall"]);
    let broker = Mosquitto::start(&place, false);
    let daemon = Daemon::start(&place, None, &[440.0, 1_000.0]);
    place.write("token", TOKEN);
    home(&place, &broker, &server, &daemon, "ma-Hall");
    let world = phones(broker.port);
    let mut lares = Lares::start(&place);
    is(&lares, PLAYER, "source", &json!("none"));
    is(&lares, PLAYER, "volume", &json!(50));
    confirmed(&lares, &["player-bath", "volume=40"]);
    confirmed(&lares, &["player-bath", "muted=true"]);
    assert_eq!(
        (server.see("ma-Bath")["volume"].clone(), server.see("ma-Bath")["muted"].clone()),
        (json!(40), json!(true))
    );
    confirmed(&lares, &["player-bath", "muted=false"]);
    // What nothing can play is refused in words.
    let refused = lares.say(&["set", "player-bath", "source=radio", "--json"]);
    assert!((refused.out + &refused.err).contains("no `url`"), "a stream that no player can play");

    // Her music comes to where she is, though an app has put both rooms into one group.
    server.app(&["group", "ma-Hall", "ma-Bath"]);
    heard(&lares);
    goes(&world, "anna", "bath");
    is(&lares, PLAYER, "source", &json!("anna"));
    is(&lares, PLAYER, "state", &json!("playing"));
    is(&lares, PLAYER, "title", &json!("440.wav"));
    wait_for("the stream to be heard", || server.heard("ma-Bath") > 0);
    sees(&server, "ma-Bath", "plays", &json!(daemon.url));
    assert_eq!(server.see("ma-Bath")["members"], json!([]), "no other room comes along");
    assert_eq!(server.see("ma-Hall")["plays"], Value::Null);
    let why = lares.say(&["why", PLAYER]).out;
    assert!(why.contains("Anna's music comes to the Bath"), "{why}");

    // An announcement lowers it, and gives it back as it was.
    let before = server.see("ma-Bath");
    assert_eq!(lares.say(&["set", "player-bath", "volume=10", "--hold", "2s"]).code, 0);
    let volumes = |server: &MusicAssistant| {
        let told = server.told().into_iter().filter(|told| told["command"] == "players/cmd/volume_set");
        told.map(|told| told["args"]["volume_level"].clone()).collect::<Vec<_>>()
    };
    wait_for("it to be given back", || volumes(&server).ends_with(&[json!(10), before["volume"].clone()]));
    assert_eq!(server.see("ma-Bath"), before);
    // Somebody's app turns it down: a hand.
    server.app(&["volume_set", "ma-Bath", "12"]);
    is(&lares, PLAYER, "volume", &json!(12));
    let why = lares.say(&["why", PLAYER]).out;
    assert!(why.contains("by hand"), "{why}");

    // Paused where it is made. Its queue is at an end then; it is told again when there is something to hear.
    confirmed(&lares, &["player-bath", "state=paused"]);
    assert!(daemon.say("status").contains("state: pause"));
    server.app(&["stop", "ma-Bath"]);
    is(&lares, PLAYER, "state", &json!("idle"));
    let before = server.heard("ma-Bath");
    confirmed(&lares, &["stream-anna", "state=playing"]);
    wait_for("it to be heard again", || server.heard("ma-Bath") > before);
    is(&lares, PLAYER, "state", &json!("playing"));

    // Killed, it knows what plays and does not touch it.
    let calls = |server: &MusicAssistant| {
        server.told().iter().filter(|told| told["command"] == "player_queues/play_media").count()
    };
    let before = calls(&server);
    lares.kill();
    lares.run();
    is(&lares, PLAYER, "source", &json!("anna"));
    is(&lares, PLAYER, "state", &json!("playing"));
    assert_eq!(calls(&server), before, "{:?}", server.told());

    // The server goes, and comes back without having kept anything: it plays there again.
    server.stop();
    wait_for("it to be gone", || lares.device("player-bath").is_some_and(|d| d["status"] == "offline"));
    let refused = lares.say(&["set", "player-hall", "volume=30"]);
    assert!(refused.code != 0, "{refused:?}");
    server.run();
    sees(&server, "ma-Bath", "plays", &json!(daemon.url));
    is(&lares, PLAYER, "source", &json!("anna"));
    is(&lares, PLAYER, "state", &json!("playing"));

    // She goes on into the hall, which sounds before the bath is silent.
    goes(&world, "anna", "hall");
    is(&lares, "player-hall.player", "source", &json!("anna"));
    wait_for("the hall to hear it", || server.heard("ma-Hall") > 0);
    sees(&server, "ma-Bath", "muted", &json!(true));
    assert_eq!(server.see("ma-Hall")["muted"], json!(false));

    // Somebody's app plays something else there: the room is theirs.
    server.app(&["play_media", "ma-Hall", &daemon.url.replace("anna", "other")]);
    is(&lares, "player-hall.player", "source", &json!("other"));
    assert_eq!(lares.restarts().0, 0, "{:?}", lares.restarts());
    lares.stop();
}

#[test]
fn what_music_assistant_does_not_take_is_said() {
    let place = place("music-assistant-token");
    let server = MusicAssistant::start(&place, &["Bath"]);
    let broker = Mosquitto::start(&place, false);
    let daemon = Daemon::start(&place, None, &[440.0]);
    place.write("token", "not-this-one");
    home(&place, &broker, &server, &daemon, "ma-Hall");
    let mut lares = Lares::start(&place);
    let says = |words: &str| {
        wait_for(words, || lares.say(&["status"]).out.contains(words));
    };
    says("does not take the token: Invalid or expired token");
    let refused = lares.say(&["set", "player-bath", "volume=30"]);
    assert!(refused.code != 0, "{refused:?}");
    assert!(!lares.say(&["status"]).out.contains("not-this-one"), "a secret is not shown");
    // Put right, it is taken with the next reload. A player that the server does not have is said, with those that it has.
    place.write("token", TOKEN);
    home(&place, &broker, &server, &daemon, "Attic");
    let reloaded = lares.say(&["reload"]);
    assert_eq!(reloaded.code, 0, "{reloaded:?}");
    is(&lares, PLAYER, "volume", &json!(50));
    wait_for("the hall to be away", || lares.device("player-hall").is_some_and(|d| d["status"] == "offline"));
    let refused = lares.say(&["set", "player-hall", "volume=30"]);
    assert!(refused.code != 0, "{refused:?}");
    assert_eq!(lares.restarts().0, 0, "{:?}", lares.restarts());
    lares.stop();
}
