//! Components one by one: what each reads, and what each is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod thing;
mod values;

use lares_devices::Credential;
use lares_model::{Property, Value};
use serde_json::{Value as Json, json};
use thing::Thing;

fn robot() -> Thing {
    Thing::new(
        "vacuum",
        json!({
            "uniq_id": "r", "stat_t": "r", "cmd_t": "r/set", "send_cmd_t": "r/send", "clean_segments_command_topic": "r/rooms",
            "fanspd_lst": ["low", "max"], "set_fan_spd_t": "r/fan",
            "sup_feat": ["start", "pause", "stop", "return_home", "locate", "clean_spot", "fan_speed", "send_command"]
        }),
    )
}

#[test]
fn a_robot_takes_every_command() {
    let mut robot = robot();
    for (word, payload) in [
        ("start", "start"),
        ("pause", "pause"),
        ("stop", "stop"),
        ("return_home", "return_to_base"),
        ("locate", "locate"),
        ("clean_spot", "clean_spot"),
    ] {
        assert_eq!(robot.told(Property::Action, word), format!("r/set {payload}"));
    }
    assert_eq!(robot.told(Property::State, "docked"), "r/set return_to_base");
    assert_eq!(robot.told(Property::FanMode, "max"), "r/fan max");
    assert_eq!(robot.told(Property::Command, "spin"), "r/send spin");
    let spin = json!({"command": "spin", "times": 2});
    assert_eq!(robot.body(Property::Command, r#"spin {"times": 2}"#), spin);
    assert!(robot.told(Property::Command, "spin twice").contains("`twice` is no JSON object"));
    assert!(robot.told(Property::Command, " ").contains("no command is named"));

    assert!(robot.told(Property::CleanRooms, "Kitchen").contains("has not told its rooms yet"));
    let state = json!({"state": "docked", "fan_speed": "low", "segments": {"1": "Kitchen", "2": "Bath, small", "3": ""}});
    assert_eq!(
        robot.hears("r", state.to_string()),
        ["fan_mode = low", "rooms = Kitchen, Bath, small, 3", "state = docked"]
    );
    assert_eq!(robot.told(Property::CleanRooms, "kitchen, 3"), r#"r/rooms ["1","3"]"#);
    assert_eq!(robot.told(Property::CleanRooms, "Bath, small"), r#"r/rooms ["2"]"#);
    let unknown = robot.told(Property::CleanRooms, "Kitchen, Cellar");
    assert!(unknown.contains("no room `Cellar`; allowed: `Kitchen`, `Bath, small`, `3`"), "{unknown}");
    // What is wrong with the rooms costs the state nothing, and the rooms that are known stay.
    let told = robot.hears("r", r#"{"state":"cleaning","segments":[1]}"#);
    assert!(told[0] == "state = cleaning" && told[1].contains("`segments`"), "{told:?}");
    assert_eq!(robot.told(Property::CleanRooms, "Kitchen"), r#"r/rooms ["1"]"#);
    let many: serde_json::Map<String, Json> = (0..300).map(|n| (n.to_string(), "x".into())).collect();
    assert!(robot.hears("r", json!({"segments": many}).to_string())[0].contains("at most 200"));
}

#[test]
fn a_robot_is_not_told_what_it_cannot() {
    let robot = Thing::new(
        "vacuum",
        json!({"uniq_id": "r", "stat_t": "r", "cmd_t": "r/set", "send_cmd_t": "r/send", "sup_feat": ["start", "status"]}),
    );
    assert!(robot.told(Property::Action, "locate").starts_with("refused"));
    assert!(!robot.writes(Property::Command) && !robot.writes(Property::CleanRooms));
}

#[test]
fn an_alarm_is_armed_and_disarmed_with_its_code() {
    let panel = |more: Json| {
        let mut config = json!({"uniq_id": "p", "stat_t": "p", "cmd_t": "p/set"});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Thing::new("alarm_control_panel", config)
    };
    let mut plain = panel(json!({"sup_feat": ["arm_home", "arm_away"]}));
    assert_eq!(plain.told(Property::State, "armed_away"), "p/set ARM_AWAY");
    assert_eq!(plain.told(Property::State, "disarmed"), "p/set DISARM");
    assert!(plain.told(Property::State, "armed_night").starts_with("refused"), "it says that it cannot");
    assert!(plain.told(Property::State, "pending").starts_with("refused"));
    assert_eq!(plain.hears("p", "arming"), ["state = arming"]);
    let coded =
        panel(json!({"code": "1234", "cmd_tpl": "{\"do\":\"{{ action }}\",\"code\":\"{{ code }}\"}"}));
    assert_eq!(coded.told(Property::State, "armed_home"), r#"p/set {"do":"ARM_HOME","code":"1234"}"#);
    let remote = panel(json!({"code": "REMOTE_CODE", "cod_arm_req": false}));
    assert_eq!(remote.told(Property::State, "armed_home"), "p/set ARM_HOME");
    assert!(remote.told(Property::State, "disarmed").contains("that only a person knows"));

    use Credential::{Household, Person};
    let by = |panel: &Thing, state: &str, by: Credential<'_>| {
        let refused =
            panel.driver.refuses_code(panel.spec.info.entities[0].id(), (Property::State, &state.into()), by);
        let sent = panel.told_by(&[(Property::State, state.into())], by);
        assert_eq!(refused.is_some(), sent.starts_with("refused"), "{sent}");
        sent
    };
    let armed = r#"p/set {"do":"ARM_HOME","code":"1234"}"#;
    assert_eq!(by(&coded, "armed_home", Person(Some("1234"))), armed);
    assert_eq!(by(&coded, "armed_home", Household), armed, "a rule of the household's own knows it");
    assert_eq!(by(&coded, "armed_home", Person(Some("4321"))), "refused: the code is wrong");
    let none = by(&coded, "armed_home", Person(None));
    assert_eq!(none, "refused: it takes a code for `armed_home`: give it with the wish, as `code`");
    assert!(coded.writes(Property::Code) && !plain.writes(Property::Code));

    let template = r#"{"do":"{{ action }}","code":"{{ code }}"}"#;
    let remote = panel(json!({"code": "REMOTE_CODE", "cmd_tpl": template, "code_arm_required": false}));
    assert_eq!(by(&remote, "disarmed", Person(Some("0042"))), r#"p/set {"do":"DISARM","code":"0042"}"#);
    assert_eq!(by(&remote, "disarmed", Person(Some("abcd"))), "refused: its code has digits only");
    assert!(by(&remote, "triggered", Person(None)).starts_with("refused: it takes a code"));
    let words =
        panel(json!({"code": "REMOTE_CODE_TEXT", "cmd_tpl": template, "code_trigger_required": false}));
    assert_eq!(by(&words, "disarmed", Person(Some("söder"))), r#"p/set {"do":"DISARM","code":"söder"}"#);
    assert_eq!(by(&words, "triggered", Person(None)), r#"p/set {"do":"TRIGGER","code":""}"#);
    assert!(by(&words, "disarmed", Person(Some(&"9".repeat(65)))).starts_with("refused: a code has 1 to 64"));
    assert!(!format!("{:?}", coded.spec.info).contains("1234"), "what surfaces see of it holds no code");
}

#[test]
fn a_siren_takes_its_tone_time_and_volume_in_one_message() {
    let config = json!({"uniq_id": "s", "stat_t": "s", "cmd_t": "s/set", "av_tones": ["bell", "fire"]});
    let mut siren = Thing::new("siren", config);
    let loud = [
        (Property::On, true.into()),
        (Property::Tone, "fire".into()),
        (Property::Duration, 10.0.into()),
        (Property::Volume, 50.0.into()),
    ];
    let sent = siren.told_all(&loud);
    let body: Json = serde_json::from_str(sent.strip_prefix("s/set ").unwrap()).unwrap();
    assert_eq!(body, json!({"state": "ON", "tone": "fire", "duration": 10, "volume_level": 0.5}));
    assert_eq!(siren.told(Property::On, false), r#"s/set {"state":"OFF"}"#);
    assert!(siren.told(Property::Tone, "song").starts_with("refused"));
    let told = siren.hears("s", r#"{"state":"ON","tone":"bell","duration":5,"volume_level":0.25}"#);
    assert_eq!(told, ["duration = 5", "on = on", "tone = bell", "volume = 25"]);
    let relay = json!({"uniq_id": "s", "cmd_t": "s/set", "cmd_tpl": "{{ value }}", "av_tones": ["bell"]});
    let relay = Thing::new("siren", relay);
    assert_eq!(relay.told(Property::On, true), "s/set ON");
    assert!(!relay.writes(Property::Tone) && !relay.writes(Property::Volume), "its template names none");
}

#[test]
fn a_lock_tells_what_it_does_and_pulls_its_door_open() {
    let mut lock =
        Thing::new("lock", json!({"uniq_id": "l", "stat_t": "l", "cmd_t": "l/set", "pl_open": "OPEN"}));
    assert_eq!(lock.hears("l", "JAMMED"), ["action = jammed", "locked = off"]);
    assert_eq!(lock.hears("l", "LOCKED"), ["action = locked", "locked = on"]);
    assert_eq!(lock.told(Property::Action, "open"), "l/set OPEN");
    let plain = Thing::new("lock", json!({"uniq_id": "l", "stat_t": "l", "cmd_t": "l/set"}));
    assert!(!plain.writes(Property::Action));
}

#[test]
fn a_valve_tells_its_way_and_stops() {
    let config = json!({"uniq_id": "v", "stat_t": "v", "cmd_t": "v/set", "pl_stop": "HALT"});
    let mut valve = Thing::new("valve", config);
    assert_eq!(valve.hears("v", "opening"), ["action = opening"]);
    assert_eq!(valve.hears("v", "open"), ["action = open", "position = 100"]);
    assert_eq!(valve.told(Property::Action, "stop"), "v/set HALT");
}

#[test]
fn lamps_with_white_and_lamps_that_only_know_brightness() {
    let config = json!({"uniq_id": "w", "stat_t": "w", "cmd_t": "w/set", "rgbww_cmd_t": "w/rgb", "rgbww_stat_t": "w/rgb/is",
        "whit_cmd_t": "w/white", "whit_scl": 100});
    let mut white = Thing::new("light", config);
    assert_eq!(white.told(Property::Color, Value::Rgb(255, 0, 9)), "w/rgb 255,0,9,0,0");
    assert_eq!(white.hears("w/rgb/is", "255,0,9,0,0"), ["color = #ff0009"]);
    assert_eq!(white.told(Property::White, 40.0), "w/white 40");
    let config = json!({"uniq_id": "b", "stat_t": "b", "cmd_t": "b/set", "bri_cmd_t": "b/bri", "on_cmd_type": "brightness"});
    let dimmer = Thing::new("light", config);
    assert_eq!(dimmer.told(Property::On, true), "b/bri 255");
    assert_eq!(dimmer.told(Property::On, false), "b/set OFF");
    let json_white = json!({"uniq_id": "j", "schema": "json", "stat_t": "j", "cmd_t": "j/set", "sup_clrm": ["rgbw", "white"]});
    let json_white = Thing::new("light", json_white);
    let color = json!({"state": "ON", "color": {"r": 1, "g": 2, "b": 3, "w": 0}});
    assert_eq!(json_white.body(Property::Color, Value::Rgb(1, 2, 3)), color);
    assert_eq!(json_white.body(Property::White, 100.0), json!({"state": "ON", "white": 255}));
}

#[test]
fn days_and_times_have_one_form() {
    let when = |component: &str, more: Json| {
        let mut config = json!({"uniq_id": "d", "stat_t": "d", "cmd_t": "d/set"});
        config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Thing::new(component, config)
    };
    let mut date = when("date", json!({}));
    assert_eq!(date.hears("d", "2026-11-26"), ["state = 2026-11-26"]);
    assert!(date.hears("d", "tomorrow")[0].contains("a day like"));
    assert_eq!(date.told(Property::State, "2026-12-24"), "d/set 2026-12-24");
    assert!(date.told(Property::State, "2026-13-01").contains("allowed: a day like"));
    let mut time = when("time", json!({}));
    assert_eq!(time.hears("d", "18:30"), ["state = 18:30:00"]);
    let mut instant = when("datetime", json!({"timezone": "Europe/Vienna"}));
    assert_eq!(instant.hears("d", "2026-07-01T12:00:00"), ["state = 2026-07-01T10:00:00+00:00"]);
    assert_eq!(instant.told(Property::State, "2026-07-01T12:00:00+01:00"), "d/set 2026-07-01T11:00:00+00:00");
    let mut bare = when("datetime", json!({}));
    assert!(bare.hears("d", "2026-07-01T12:00:00")[0].contains("an instant like"), "no zone is made up");
}

#[test]
fn attributes_are_words_beside_the_state() {
    let config = json!({"uniq_id": "a", "stat_t": "s", "json_attr_t": "a"});
    let mut sensor = Thing::new("sensor", config);
    let told =
        sensor.hears("a", r#"{"ssid":"home","signal":-30,"error":{"kind":"none"},"ips":["1.2.3.4","::1"]}"#);
    assert_eq!(told, ["attributes = ssid: home, signal: -30, error.kind: none, ips: 1.2.3.4 ::1"]);
    assert!(sensor.hears("a", "[1]")[0].contains("allowed: a JSON object"));
    let templated = json!({"uniq_id": "a", "stat_t": "s", "json_attr_t": "a", "json_attr_tpl": "{{ value_json.more | to_json }}"});
    let mut templated = Thing::new("sensor", templated);
    assert_eq!(templated.hears("a", r#"{"more":{"x":1}}"#), ["attributes = x: 1"]);
    let same = Thing::new("sensor", json!({"uniq_id": "a", "stat_t": "s", "json_attr_t": "s"}));
    assert!(same.spec.info.entities[0].property(Property::Attributes).is_none(), "its state says it already");
    let many: serde_json::Map<String, Json> =
        (0..1_000).map(|n| (format!("k{n}"), "x".repeat(9_000).into())).collect();
    assert!(sensor.hears("a", Json::from(many).to_string()).iter().all(|told| told.len() < 15_000));
}

#[test]
fn climate_swings_sideways_and_updates_tell_how_far_they_are() {
    let config = json!({"uniq_id": "c", "swing_h_modes": ["left", "right"], "swing_h_mode_stat_t": "c", "swing_h_mode_cmd_t": "c/set"});
    let mut climate = Thing::new("climate", config);
    assert_eq!(climate.hears("c", "left"), ["swing_horizontal_mode = left"]);
    assert_eq!(climate.told(Property::SwingHorizontalMode, "right"), "c/set right");
    let mut update = Thing::new("update", json!({"uniq_id": "u", "stat_t": "u"}));
    let told =
        update.hears("u", r#"{"installed_version":"1","latest_version":"2","update_percentage":41.5}"#);
    assert_eq!(told, ["installed_version = 1", "latest_version = 2", "percentage = 41.5"]);
}

#[test]
fn a_unit_has_one_spelling_and_the_announced_one_is_kept() {
    let sensor = Thing::new("sensor", json!({"uniq_id": "t", "stat_t": "t", "unit_of_meas": "ug/m3"}));
    let entity = &sensor.spec.info.entities[0];
    assert_eq!(entity.unit.as_deref(), Some("ug/m3"));
    assert_eq!(entity.property(Property::State).unwrap().unit.as_deref(), Some("µg/m³"));
}

#[test]
fn what_only_says_that_it_is_on_is_off_after_a_while() {
    let motion = Thing::new("binary_sensor", json!({"uniq_id": "m", "stat_t": "m", "off_dly": 30}));
    let id = motion.spec.info.entities[0].id();
    assert_eq!(motion.driver.off_after(id).unwrap().as_secs(), 30);
    let door = Thing::new("binary_sensor", json!({"uniq_id": "m", "stat_t": "m"}));
    assert_eq!(door.driver.off_after(door.spec.info.entities[0].id()), None);
}
