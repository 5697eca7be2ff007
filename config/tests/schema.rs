//! The schema and the readers are two texts: these tests hold them together.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's helpers fail as tests do"
)]

mod common;

use std::collections::BTreeSet;

/// The keys that a reader allows, from its own words about one that it does not know.
fn allowed(head: &str) -> BTreeSet<String> {
    let problems = common::load(&[("a.toml", &format!("{head}\nzzzzzzzz = 1\n"))]).unwrap_err();
    let unknown = problems.iter().find(|p| p.code == "unknown-key").unwrap();
    let list = unknown.help.as_deref().unwrap().split_once("allowed: ").unwrap().1;
    assert!(!list.ends_with(" more"), "the list was cut: {list}");
    list.replace(" or ", ", ").split(", ").map(str::to_owned).collect()
}

#[test]
fn the_schema_has_just_the_keys_that_are_read() {
    let schema = lares_config::schema();
    let sections = [
        ("[household]", "Household"),
        ("[floor.x]", "Floor"),
        ("[room.x]", "Room"),
        ("[receiver.x]", "Receiver"),
        ("[zone.x]", "Zone"),
        ("[person.x]", "Person"),
        ("[device.x]", "Device"),
        ("[device.x.entity.y]", "Entity"),
        ("[group.x]", "Group"),
        ("[rule.x]", "Rule"),
        ("[interlock.x]", "Interlock"),
        ("[mqtt.x]", "Mqtt"),
        ("[broker]", "Broker"),
        ("[web]", "Web"),
        ("[broker.users.x]", "User"),
        ("[display.x]", "Display"),
        ("[voice]", "Voice"),
        ("[voice.speech]", "Speech"),
        ("[voice.speech.quiet]", "QuietHours"),
        ("[voice.server]", "VoiceServer"),
        ("[satellite.x]", "Satellite"),
        ("[media]", "Media"),
        ("[player.x]", "Player"),
        ("[stream.x]", "Stream"),
        ("[phone]", "Phone"),
        ("[phone.door.x]", "Door"),
        ("[field.x]", "Field"),
        ("[[rule.x.when]]\nentity = \"a\"", "Trigger"),
    ];
    for (head, definition) in sections {
        let fields = schema["$defs"][definition]["properties"].as_object().unwrap();
        let fields: BTreeSet<String> = fields.keys().cloned().collect();
        let read = allowed(head);
        if definition == "Trigger" {
            assert!(read.is_subset(&fields), "{definition}: {read:?} {fields:?}");
        } else {
            assert_eq!(read, fields, "{definition}");
        }
    }
}

#[test]
fn every_settable_property_is_in_the_schema_of_an_action() {
    let schema = lares_config::schema();
    let fields = schema["$defs"]["Action"]["properties"].as_object().unwrap();
    // `room` is where something is said, too.
    for property in lares_model::Property::ALL.iter().map(|p| p.name()).filter(|name| *name != "room") {
        let text = format!(
            "[device.x]\nidentifiers = [\"x\"]\n[rule.r]\nwhen = [{{ time = \"07:00\" }}]\n\
             then = [{{ set = \"x\", {property} = {{}} }}]\n"
        );
        let problems = common::load(&[("a.toml", &text)]).unwrap_err();
        let settable = problems.iter().any(|p| p.code == "wrong-type");
        assert_eq!(settable, fields.contains_key(property), "{property}: {problems:?}");
    }
}
