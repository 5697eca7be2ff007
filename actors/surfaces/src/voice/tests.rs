//! Sentences in a small house.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lares_config::Home;
use lares_kernel::Answer;
use lares_model::{Receipt, Timestamp};
use serde_json::{Value, json};

use super::{Sentence, SpokenView, came_of, talk};
use crate::views::{ControlView, DeviceView, EntityView, Telling};

fn home() -> Arc<Home> {
    let text = r#"
        [household]
        time_zone = "Europe/Vienna"
        [floor.up]
        name = "Upstairs"
        [room.kitchen]
        name = "Kitchen"
        [room.bedroom]
        name = "Bedroom"
        floor = "up"
        [device.lamp]
        identifiers = ["l"]
        [scene.film]
        name = "Movie night"
        set = [{ set = "lamp", on = true }]
    "#;
    let files = vec![("home.toml".to_owned(), text.to_owned())];
    lares_config::load_from(Path::new("/"), files, &[], std::iter::empty()).unwrap().home
}

fn device(id: &str, name: &str, room: &str, component: &str, controls: &[&str], state: Value) -> DeviceView {
    let control =
        |property: &&str| ControlView { property: (*property).to_owned(), ..ControlView::default() };
    let entity = EntityView {
        id: format!("{id}.{component}"),
        unique_id: id.to_owned(),
        component: component.to_owned(),
        name: component.to_owned(),
        room: Some(room.to_owned()),
        state,
        unit: None,
        device_class: (component == "sensor").then(|| "temperature".to_owned()),
        status: "online".to_owned(),
        stale: false,
        age_s: None,
        properties: BTreeMap::new(),
        category: None,
        controls: controls.iter().map(control).collect(),
    };
    DeviceView {
        id: id.to_owned(),
        name: name.to_owned(),
        room: Some(room.to_owned()),
        identifiers: Vec::new(),
        link: "main".to_owned(),
        manufacturer: None,
        model: None,
        status: "online".to_owned(),
        status_detail: None,
        entities: vec![entity],
        interlocks: Vec::new(),
        running: true,
    }
}

fn say_in(language: &str, text: &str, room: Option<&str>, yes: bool) -> SpokenView {
    let devices = [
        device("lamp", "Kitchen lamp", "kitchen", "light", &["on", "brightness", "color"], json!(true)),
        device("bed", "Bed lamp", "bedroom", "light", &["on", "brightness"], json!(false)),
        device("door", "Front door", "kitchen", "lock", &["locked"], json!(true)),
        device("blind", "Blind", "bedroom", "cover", &["position"], json!(0)),
        device("heat", "Heating", "bedroom", "climate", &["target_temperature"], json!("heat")),
    ];
    let told = Telling::in_zone("Europe/Vienna", Timestamp(1_795_431_600_000_000), true);
    talk(&Sentence { text, language, room, yes }, &home(), &devices, &told).unwrap()
}

fn say(text: &str) -> SpokenView {
    say_in("en", text, None, false)
}

fn sets(spoken: &SpokenView) -> Vec<String> {
    let words = |values: &BTreeMap<String, Value>| {
        values.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",")
    };
    spoken.sets.iter().map(|s| format!("{} {}", s.target, words(&s.values)).trim().to_owned()).collect()
}

#[test]
fn things_rooms_floors_and_the_whole_house() {
    assert_eq!(sets(&say("turn on the bed lamp")), ["bed.light on=true"]);
    assert_eq!(sets(&say("turn off the lights in the kitchen")), ["lamp.light on=false"]);
    assert_eq!(sets(&say("turn off the lights")), ["lamp.light on=false", "bed.light on=false"]);
    assert_eq!(sets(&say_in("en", "turn off the lights", Some("bedroom"), false)), ["bed.light on=false"]);
    assert_eq!(sets(&say("set the kitchen lights to 20 percent")), ["lamp.light brightness=20.0"]);
    assert_eq!(sets(&say("set the kitchen lamp to red")), ["lamp.light color=\"#ff0000\""]);
    assert_eq!(sets(&say("activate movie night")), ["scene:film"]);
    assert_eq!(sets(&say("open the blind")), ["blind.cover position=100"]);
    assert_eq!(
        sets(&say("set the bedroom temperature to 21 degrees")),
        ["heat.climate target_temperature=21.0"]
    );
}

#[test]
fn the_same_in_other_languages() {
    assert_eq!(sets(&say_in("de", "schalte die Bed lamp ein", None, false)), ["bed.light on=true"]);
    assert_eq!(sets(&say_in("fr", "allume Bed lamp", None, false)), ["bed.light on=true"]);
    assert_eq!(sets(&say_in("nl", "doe Bed lamp aan", None, false)), ["bed.light on=true"]);
    assert_eq!(sets(&say_in("es", "enciende Bed lamp", None, false)), ["bed.light on=true"]);
    assert!(say_in("de", "bla bla", None, false).answer.contains("nicht verstanden"));
}

/// A loudspeaker in the kitchen, one in the bedroom that plays nothing, and Anna's music.
fn music_in(language: &str, text: &str, room: Option<&str>) -> Vec<String> {
    let player = |id: &str, name: &str, room: Option<&str>, controls: &[&str], state: &str| {
        let mut device = device(id, name, room.unwrap_or_default(), "media_player", controls, json!(state));
        let entity = &mut device.entities[0];
        (entity.id, entity.name, entity.room) =
            (format!("{id}.player"), name.to_owned(), room.map(str::to_owned));
        entity.properties = [("volume".to_owned(), json!(40))].into();
        if room.is_some() {
            entity.properties.insert("source".to_owned(), json!("anna"));
        }
        for (slug, property) in [("next", "press"), ("previous", "press"), ("follow", "on")] {
            let mut beside = device.entities[0].clone();
            (beside.id, beside.component) = (format!("{id}.{slug}"), "button".to_owned());
            beside.name = format!("{name}: {slug}");
            beside.controls = vec![ControlView { property: property.to_owned(), ..ControlView::default() }];
            device.entities.push(beside);
        }
        device.room = room.map(str::to_owned);
        device
    };
    let all = ["state", "volume", "muted", "source"];
    let devices = [
        player("player-kitchen", "Kitchen speaker", Some("kitchen"), &all, "playing"),
        player("player-bedroom", "Bedroom speaker", Some("bedroom"), &all, "idle"),
        player("stream-anna", "Anna", None, &["state"], "playing"),
    ];
    let told = Telling::in_zone("Europe/Vienna", Timestamp(1_795_431_600_000_000), true);
    let spoken = talk(&Sentence { text, language, room, yes: false }, &home(), &devices, &told).unwrap();
    sets(&spoken)
}

#[test]
fn music_is_paused_skipped_louder_and_kept_here() {
    let kitchen = |language: &str, text: &str| music_in(language, text, Some("kitchen"));
    for (language, pause, next, louder, stay) in [
        ("en", "pause the music", "next song", "louder", "keep the music here"),
        ("de", "pausiere die Musik", "nächstes Lied", "lauter", "lass die Musik hier"),
        ("es", "pausa la música", "siguiente canción", "más alto", "deja la música aquí"),
        ("fr", "pause la musique", "chanson suivante", "plus fort", "laisse la musique ici"),
        ("nl", "pauzeer de muziek", "volgende nummer", "harder", "laat de muziek hier"),
    ] {
        assert_eq!(kitchen(language, pause), ["player-kitchen.player state=\"paused\""], "{pause}");
        assert_eq!(kitchen(language, next), ["player-kitchen.next press=true"], "{next}");
        assert_eq!(kitchen(language, louder), ["player-kitchen.player volume=50.0"], "{louder}");
        assert_eq!(kitchen(language, stay), ["stream-anna.follow on=false"], "{stay}");
    }
    assert_eq!(kitchen("en", "set the volume to 20 percent"), ["player-kitchen.player volume=20.0"]);
    assert_eq!(kitchen("en", "mute"), ["player-kitchen.player muted=true"]);
    assert_eq!(kitchen("en", "previous song"), ["player-kitchen.previous press=true"]);
    assert_eq!(kitchen("en", "let the music follow me"), ["stream-anna.follow on=true"]);
    // Where nobody says in which room: what plays.
    let paused = ["player-kitchen.player state=\"paused\"", "stream-anna.player state=\"paused\""];
    assert_eq!(music_in("en", "pause the music", None), paused);
}

#[test]
fn what_opens_a_door_is_asked_back() {
    let asked = say("unlock the front door");
    assert!(
        asked.asks && !asked.ok && asked.sets.is_empty() && asked.answer.contains("Front door"),
        "{asked:?}"
    );
    assert_eq!(sets(&say_in("en", "unlock the front door", None, true)), ["door.lock locked=false"]);
    assert_eq!(sets(&say("lock the front door")), ["door.lock locked=true"], "shutting is not asked");
}

#[test]
fn questions_are_answered() {
    assert_eq!(say("is the kitchen lamp on").answer, "Kitchen lamp is on.");
    assert_eq!(say("what time is it").answer, "12:00");
    assert_eq!(say("what is the date today").answer, "2026-11-23");
    let unknown = say("turn on the dishwasher");
    assert!(!unknown.ok && unknown.sets.is_empty(), "{unknown:?}");
    assert!(!say("turn on the fans").ok, "there are none");
    assert!(say("pause the music").answer.contains("nothing of that kind"));
}

#[test]
fn what_came_of_it_is_said() {
    let answer = |entity: &str, receipt| Answer {
        entity: entity.to_owned(),
        property: "on".to_owned(),
        event: None,
        receipt,
    };
    let mut spoken = say("turn off the lights");
    let both = [answer("lamp.light", Receipt::Confirmed), answer("bed.light", Receipt::Sent)];
    came_of(&mut spoken, "en", &both, |id| id.replace(".light", ""));
    assert_eq!(
        (spoken.answer.as_str(), spoken.ok),
        ("Done: lamp. I have told bed, which does not say what it does.", true)
    );
    came_of(&mut spoken, "en", &[answer("lamp.light", Receipt::Expired)], str::to_owned);
    assert!(!spoken.ok && spoken.answer.contains("lamp.light: expired"), "{}", spoken.answer);
}
