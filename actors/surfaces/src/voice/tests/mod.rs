//! Sentences in a small house.

mod later;
mod leaning;
mod lists;
mod music;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lares_config::Home;
use lares_kernel::Answer;
use lares_model::{Receipt, Timestamp};
use serde_json::{Value, json};

use super::{Around, Day, Item, Last, Sentence, SpokenSet, SpokenView, Talked, came_of, talk};
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
        announced_unit: None,
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
        unnamed: Vec::new(),
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
        does: None,
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
    heard_by(devices, last, sentence, true)
}

/// As [`among`], said by somebody who lives there, or not.
fn heard_by(devices: &[DeviceView], last: Option<&Last>, sentence: &Sentence<'_>, at_home: bool) -> Talked {
    heard_in(&home(), devices, last, sentence, at_home)
}

fn heard_in(
    home: &Home,
    devices: &[DeviceView],
    last: Option<&Last>,
    sentence: &Sentence<'_>,
    at_home: bool,
) -> Talked {
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
    let lists = [("hardware-store".to_owned(), "Hardware store".to_owned())];
    let day = || Day {
        events: vec!["15:00 dentist".to_owned(), "holiday".to_owned()],
        due: (1..8).map(|n| format!("task {n}")).collect(),
        late: vec!["taxes".to_owned()],
        home: Some(vec!["Anna".to_owned()]),
    };
    let around = Around {
        devices,
        timers: &timers(),
        last,
        items: &items,
        lists: &lists,
        at_home,
        day: &day,
        occupied: &["kitchen".to_owned()],
        own: &Vec::new(),
    };
    talk(sentence, home, &around, &told).unwrap()
}

fn say(text: &str) -> SpokenView {
    say_in("en", text, None, false)
}

fn sets(spoken: &SpokenView) -> Vec<String> {
    let words = |values: &BTreeMap<String, Value>| {
        values.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",")
    };
    let silent = |players: &[String]| match players {
        [] => String::new(),
        players => format!(", silences {}", players.join(" ")),
    };
    let one =
        |s: &SpokenSet| format!("{} {}", s.target, words(&s.values)).trim().to_owned() + &silent(&s.silences);
    spoken.sets.iter().map(one).collect()
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

/// Somebody who knows the kitchen's lamp only must not move it by the name of another room.
#[test]
fn a_namesake_in_another_room_is_not_meant() {
    let mut lamp = device("lamp", "Lamp", "kitchen", "light", &["on"], json!(false));
    lamp.entities[0].name = "lamp".to_owned();
    let said =
        |text| among(&[lamp.clone()], None, &Sentence { text, language: "en", room: None, yes: false }).view;
    assert_eq!(sets(&said("turn on the kitchen lamp")), ["lamp.light on=true"]);
    let other = said("turn on the bedroom lamp");
    assert!(!other.ok && other.sets.is_empty(), "{other:?}");
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
