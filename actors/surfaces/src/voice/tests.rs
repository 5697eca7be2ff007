//! Sentences in a small house.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lares_config::Home;
use lares_kernel::Answer;
use lares_model::{Receipt, Timestamp};
use serde_json::{Value, json};

use super::{Around, Item, Last, Sentence, SpokenView, Talked, came_of, talk};
use crate::views::{ControlView, CountdownView, DeviceView, EntityView, Moment, Telling};

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
        [satellite.here]
        room = "kitchen"
        address = "127.0.0.1:1"
        [satellite.there]
        room = "bedroom"
        address = "127.0.0.1:2"
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

fn robot() -> DeviceView {
    let mut robot =
        device("rusty", "Rusty", "bedroom", "vacuum", &["state", "action", "clean_rooms"], json!("docked"));
    robot.entities[0].properties.insert("rooms".to_owned(), json!("Kitchen, Hall"));
    robot
}

/// Pizza and ten minutes in the kitchen, eggs, paused, in the bedroom.
fn timers() -> [CountdownView; 3] {
    let timer = |id: &str, name: Option<&str>, length_s, left_s, runs: bool| CountdownView {
        id: id.to_owned(),
        name: name.map(str::to_owned),
        room: id.split_once('/').map(|(room, _)| room.to_owned()),
        room_name: None,
        says: None,
        length_s,
        left_s,
        due: runs.then_some(Moment(Timestamp(0))),
        cause: None,
    };
    [
        timer("kitchen/pizza", Some("pizza"), 900.0, 61.0, true),
        timer("kitchen/1", None, 600.0, 300.0, true),
        timer("bedroom/eggs", Some("eggs"), 300.0, 20.0, false),
    ]
}

fn say_in(language: &str, text: &str, room: Option<&str>, yes: bool) -> SpokenView {
    after(None, &Sentence { text, language, room, yes }).view
}

/// What a sentence comes to after another.
fn after(last: Option<&Last>, sentence: &Sentence<'_>) -> Talked {
    let devices = [
        device("lamp", "Kitchen lamp", "kitchen", "light", &["on", "brightness", "color"], json!(true)),
        device("bed", "Bed lamp", "bedroom", "light", &["on", "brightness"], json!(false)),
        device("door", "Front door", "kitchen", "lock", &["locked"], json!(true)),
        device("blind", "Blind", "bedroom", "cover", &["position"], json!(0)),
        device("heat", "Heating", "bedroom", "climate", &["target_temperature"], json!("heat")),
        robot(),
    ];
    among(&devices, last, sentence)
}

/// What a sentence comes to in a house of these things.
fn among(devices: &[DeviceView], last: Option<&Last>, sentence: &Sentence<'_>) -> Talked {
    let told = Telling::in_zone("Europe/Vienna", Timestamp(1_795_431_600_000_000), true);
    let items = |label: &str| {
        let item =
            |name: &str, done| Item { node: format!("task:{label}-{name}"), name: name.to_owned(), done };
        if label == "shopping" {
            vec![item("Milk", false), item("eggs", true)]
        } else {
            vec![item("taxes", false)]
        }
    };
    let around = Around {
        devices,
        timers: &timers(),
        last,
        items: &items,
        occupied: &["kitchen".to_owned()],
        own: &Vec::new(),
    };
    talk(sentence, &home(), &around, &told).unwrap()
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
    let spoken = among(&devices, None, &Sentence { text, language, room, yes: false }).view;
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
    assert_eq!(kitchen("fr", "mets la musique en pause"), ["player-kitchen.player state=\"paused\""]);
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
fn a_robot_is_sent_and_called_back() {
    assert_eq!(sets(&say("start the vacuum")), [r#"rusty.vacuum state="cleaning""#]);
    assert_eq!(sets(&say("start rusty")), [r#"rusty.vacuum state="cleaning""#]);
    assert_eq!(sets(&say("return rusty to base")), [r#"rusty.vacuum state="docked""#]);
    assert_eq!(sets(&say("vacuum the kitchen")), [r#"rusty.vacuum clean_rooms="Kitchen""#]);
    assert!(sets(&say("vacuum the bedroom")).is_empty(), "its map has no bedroom");
    assert_eq!(
        sets(&say_in("de", "starte den Staubsauger", None, false)),
        [r#"rusty.vacuum state="cleaning""#]
    );
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
fn timers_are_set_found_changed_and_told() {
    let of = |spoken: &SpokenView| {
        let words = |t: &super::SpokenTimer| format!("{} {} {}", t.act, t.timer, t.seconds);
        spoken.timers.iter().map(words).collect::<Vec<_>>()
    };
    let set = say_in("en", "set a pizza timer for 10 minutes", Some("kitchen"), false);
    assert_eq!(of(&set), ["set kitchen/pizza 600"]);
    assert_eq!(set.answer, "The pizza timer runs: 10 minutes from now.");
    for (language, text) in [
        ("de", "stelle einen Timer auf 90 Minuten"),
        ("es", "pon un temporizador de 90 minutos"),
        ("fr", "mets un minuteur de 90 minutes"),
        ("nl", "zet een timer van 90 minuten"),
    ] {
        assert_eq!(of(&say_in(language, text, None, false)), ["set  5400"], "{text}");
    }
    assert_eq!(of(&say("add 5 minutes to the pizza timer")), ["add kitchen/pizza 300"]);
    assert_eq!(of(&say("take 30 seconds off the pizza timer")), ["take kitchen/pizza 30"]);
    assert_eq!(of(&say("cancel the bedroom timer")), ["cancel bedroom/eggs 0"]);
    assert_eq!(of(&say("cancel the 10 minute timer")), ["cancel kitchen/1 0"]);
    assert_eq!(of(&say("resume the timer")), ["resume bedroom/eggs 0"], "the only one that is paused");
    let here = say_in("en", "cancel the timer", Some("bedroom"), false);
    assert_eq!(of(&here), ["cancel bedroom/eggs 0"], "that of the room it is said in");
    assert_eq!(of(&say("cancel all timers")).len(), 3);
    let which = say("cancel the timer");
    assert!(which.timers.is_empty() && which.answer.contains("the pizza timer, the timer of 10 minutes"));
    assert_eq!(
        say("how much time is left on the pizza timer").answer,
        "The pizza timer has 1 minute 1 second left."
    );
    let told = say_in("de", "wie lange läuft der Timer", Some("bedroom"), false);
    assert_eq!(told.answer, "Der Timer eggs ist angehalten, bei noch 20 Sekunden.");
    assert!(!say("cancel the soup timer").ok);
}

/// What is wished by sentences that follow each other.
fn talks(language: &str, sentences: &[&str]) -> Vec<Vec<String>> {
    let mut last: Option<Last> = None;
    let mut all = Vec::new();
    for text in sentences {
        let talked = after(last.as_ref(), &Sentence { text, language, ..Sentence::default() });
        assert!(talked.view.ok, "{text}: {:?}", talked.view);
        all.push(sets(&talked.view));
        last = Some(talked.last);
    }
    all
}

#[test]
fn several_wishes_in_one_sentence() {
    let both = ["lamp.light on=false", "blind.cover position=0"];
    for (language, text) in [
        ("en", "turn off the kitchen lamp and close the blind"),
        ("en", "turn off the kitchen lamp, close the blind"),
        ("de", "schalte die Kitchen lamp aus und schließe Blind"),
        ("es", "apaga la Kitchen lamp y cierra Blind"),
        ("fr", "éteins Kitchen lamp et ferme Blind"),
        ("nl", "doe de Kitchen lamp uit en sluit Blind"),
    ] {
        assert_eq!(talks(language, &[text]), [both], "{text}");
    }
    assert_eq!(
        talks("en", &["turn on the kitchen lamp and the bed lamp, and close the blind"]),
        [["lamp.light on=true", "bed.light on=true", "blind.cover position=0"]]
    );
    assert_eq!(
        talks("en", &["turn on the bed lamp and set it to 20 percent"]),
        [["bed.light on=true", "bed.light brightness=20.0"]]
    );
    let mixed = say("turn off the kitchen lamp and set a timer for 5 minutes");
    assert_eq!((sets(&mixed), mixed.timers.len()), (vec!["lamp.light on=false".to_owned()], 1));
    let half = say("turn off the kitchen lamp and make me a sandwich");
    assert!(!half.ok && half.sets.is_empty(), "all or nothing: {half:?}");
    let asks = say("turn off the kitchen lamp and unlock the front door");
    assert!(asks.asks && asks.sets.is_empty() && asks.answer.contains("Front door"), "{asks:?}");
}

#[test]
fn a_sentence_leans_on_the_one_before() {
    assert_eq!(
        talks(
            "en",
            &["turn on the kitchen lamp", "and the bedroom too", "turn it off again", "and the kitchen lamp"]
        ),
        [["lamp.light on=true"], ["bed.light on=true"], ["bed.light on=false"], ["lamp.light on=false"]]
    );
    for (language, first, second, third) in [
        ("de", "schalte die Bed lamp ein", "und die Kitchen lamp auch", "mach sie wieder aus"),
        ("es", "enciende Bed lamp", "y Kitchen lamp también", "apágala de nuevo"),
        ("fr", "allume Bed lamp", "et Kitchen lamp aussi", "éteins-la"),
        ("nl", "doe de Bed lamp aan", "en de Kitchen lamp ook", "doe hem weer uit"),
    ] {
        assert_eq!(
            talks(language, &[first, second, third]),
            [["bed.light on=true"], ["lamp.light on=true"], ["lamp.light on=false"]],
            "{language}"
        );
    }
    assert_eq!(
        talks("en", &["set the kitchen lights to 20 percent", "and the bedroom lights", "turn them off"]),
        [["lamp.light brightness=20.0"], ["bed.light brightness=20.0"], ["bed.light on=false"]]
    );
    let first =
        after(None, &Sentence { text: "turn on the kitchen lamp", language: "en", ..Sentence::default() });
    let no = Sentence { text: "no, the bedroom", language: "en", ..Sentence::default() };
    let corrected = after(Some(&first.last), &no);
    assert!(corrected.corrects && !first.corrects);
    assert_eq!(sets(&corrected.view), ["bed.light on=true"]);
    // Without anything before it they mean nothing.
    for text in ["and the bedroom too", "turn it off again", "no, the bedroom"] {
        assert!(!say(text).ok, "{text}");
    }
}

#[test]
fn lists_are_read_and_written() {
    let tasks = |spoken: &SpokenView| {
        let words = |t: &super::SpokenTask| format!("{} {} {}", t.task, t.status, t.known);
        spoken.tasks.iter().map(words).collect::<Vec<_>>()
    };
    assert_eq!(say("what is on the shopping list").answer, "On the shopping list: Milk.");
    let added = say("add eggs and olive oil to the shopping list");
    assert_eq!(tasks(&added), ["task:shopping-eggs open true", "task:shopping-olive-oil open false"]);
    assert_eq!(added.answer, "eggs and olive oil is on the shopping list.");
    assert_eq!(tasks(&say("check off milk from the shopping list")), ["task:shopping-Milk done true"]);
    assert!(!say("check off soap from the shopping list").ok);
    assert_eq!(tasks(&say("add call mum to my to-do list")), ["task:todo-call-mum open false"]);
    assert_eq!(say("what is on my to-do list").answer, "On the to-do list: taxes.");
    for (language, add, read) in [
        ("de", "setze Brot auf die Einkaufsliste", "was steht auf der Einkaufsliste"),
        ("es", "añade pan a la lista de la compra", "qué hay en la lista de la compra"),
        ("fr", "ajoute pain à la liste de courses", "qu'y a-t-il sur la liste de courses"),
        ("nl", "zet brood op de boodschappenlijst", "wat staat er op de boodschappenlijst"),
    ] {
        assert_eq!(tasks(&say_in(language, add, None, false)).len(), 1, "{add}");
        assert!(say_in(language, read, None, false).answer.contains("Milk"), "{read}");
    }
}

#[test]
fn reminders_announcements_and_the_weather() {
    let timers = |language: &str, text: &str| {
        let spoken = say_in(language, text, Some("kitchen"), false);
        assert!(spoken.ok, "{text}: {spoken:?}");
        let words = |t: &super::SpokenTimer| format!("{} {} {:?}", t.timer, t.seconds, t.says);
        spoken.timers.iter().map(words).collect::<Vec<_>>().join(";")
    };
    let mum = |seconds: u32| format!("kitchen/call mum {seconds} Some(\"call mum\")");
    // It is noon.
    assert_eq!(timers("en", "remind me to call mum in ten minutes"), mum(600));
    assert_eq!(timers("en", "remind me in 2 hours to call mum"), mum(7_200));
    assert_eq!(timers("en", "remind me to call mum at six"), mum(21_600));
    assert_eq!(timers("en", "remind me at 6:30 pm to call mum"), mum(23_400));
    assert_eq!(timers("en", "remind me to call mum tomorrow at 9"), mum(75_600));
    for (language, text) in [
        ("de", "erinnere mich um 18 Uhr an die Wäsche"),
        ("de", "erinnere mich in sechs Stunden an die Wäsche"),
        ("es", "recuérdame a las seis sacar la basura"),
        ("fr", "rappelle-moi à 18 heures de sortir le linge"),
        ("nl", "herinner me om zes uur aan de was"),
    ] {
        assert!(timers(language, text).contains(" 21600 Some("), "{text}: {}", timers(language, text));
    }
    let said = say("announce that dinner is ready");
    assert_eq!(
        (said.calls.len(), said.calls[0].room.as_str()),
        (1, "kitchen"),
        "where somebody is: {said:?}"
    );
    assert_eq!((said.calls[0].text.as_str(), said.answer.as_str()), ("dinner is ready", "Said in: Kitchen."));
    let weather = say("what is the weather like");
    assert!(!weather.ok && weather.answer.contains("Nothing in this house"), "{weather:?}");
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
