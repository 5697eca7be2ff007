//! A code that is given with a wish, and what becomes of meters and pictures.

use super::*;
use crate::devices::Code;

const PANEL: &str = r#"{
    "device": { "name": "Panel" },
    "entities": {
        "alarm": { "platform": "alarm_control_panel", "name": "alarm", "state_topic": "a", "command_topic": "a/set",
                   "code": "1234", "command_template": "{{ action }} {{ code }}" },
        "meter": { "platform": "sensor", "name": "meter", "state_topic": "m", "state_class": "total",
                   "unit_of_measurement": "kWh", "value_template": "{{ value_json.kwh }}",
                   "last_reset_value_template": "{{ value_json.since }}" },
        "camera": { "platform": "camera", "name": "camera", "topic": "c" }
    }
}"#;

fn wish(panel: &mut Lamp, origin: Origin, level: Level, code: Option<&str>, until: Until) {
    let source = if level == Level::Rule { "rule:night" } else { "person:anna" };
    let demand = Demand {
        entity: panel.id("alarm"),
        values: vec![(Property::State, "armed_away".into())],
        source: source.into(),
        origin,
        level,
        until,
        reason: "test".into(),
        causes: Causes::new(),
        basis: None,
        code: code.map(Code::new),
        answers: None,
        token: None,
    };
    panel.state.demand(demand, panel.now, &mut panel.out);
}

fn anna() -> Origin {
    Origin::Person("anna".into())
}

fn refusal(panel: &Lamp) -> String {
    match panel.outcome() {
        Outcome::Not(Receipt::Refused(why)) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_goes_to_the_device_and_on_no_record() {
    let mut panel = Lamp::of(HOME, PANEL);
    panel.hears("a", "disarmed");
    wish(&mut panel, anna(), Level::Person, Some("1234"), Until::Momentary);
    assert_eq!(panel.payloads(), ["ARM_AWAY 1234"]);
    let on_record = format!("{:?} {:?}", panel.out.events, panel.out.writes);
    assert!(!on_record.contains("1234"), "{on_record}");
    assert!(!format!("{:?}", Code::new("1234")).contains("1234"));
}

#[test]
fn without_the_right_code_nothing_is_sent_and_nothing_held() {
    let mut panel = Lamp::of(HOME, PANEL);
    panel.hears("a", "disarmed");
    wish(&mut panel, anna(), Level::Person, None, Until::Released);
    assert!(refusal(&panel).contains("it takes a code"));
    wish(&mut panel, anna(), Level::Person, Some("4321"), Until::Released);
    assert_eq!(refusal(&panel), "the code is wrong");
    let held = |w: &&Write| matches!(w, Write::PutState { owner, .. } if &**owner == "claims");
    assert_eq!(panel.out.writes.iter().filter(held).count(), 0, "a refused wish holds nothing");
    assert!(panel.payloads().is_empty());
    let voice = Origin::Voice("kitchen".into());
    wish(&mut panel, voice, Level::Person, None, Until::Momentary);
    assert!(refusal(&panel).contains("it takes a code"), "whoever speaks in a room knows none");
    wish(&mut panel, Origin::Rule("night".into()), Level::Rule, None, Until::Momentary);
    assert_eq!(
        panel.payloads(),
        ["ARM_AWAY 1234"],
        "the household's own rule has the code that was announced"
    );
}

#[test]
fn codes_cannot_be_tried_one_after_the_other() {
    let mut panel = Lamp::of(HOME, PANEL);
    panel.hears("a", "disarmed");
    for _ in 0..5 {
        wish(&mut panel, anna(), Level::Person, Some("0000"), Until::Momentary);
    }
    wish(&mut panel, anna(), Level::Person, Some("1234"), Until::Momentary);
    assert_eq!(refusal(&panel), "too many wrong codes: none is looked at for 5 min");
    panel.wait(301 * S);
    wish(&mut panel, anna(), Level::Person, Some("0000"), Until::Momentary);
    assert_eq!(refusal(&panel), "the code is wrong");
    wish(&mut panel, anna(), Level::Person, Some("1234"), Until::Momentary);
    assert_eq!(panel.payloads(), ["ARM_AWAY 1234"]);
}

#[test]
fn a_meter_that_is_set_back_stood_at_nothing_in_between() {
    let mut panel = Lamp::of(HOME, PANEL);
    let meter = panel.id("meter");
    // 1,000 s after 1970 began.
    panel.hears("m", r#"{"kwh": 2, "since": "1970-01-01T00:00:00Z"}"#);
    panel.wait(3_600 * S);
    panel.hears("m", r#"{"kwh": 5, "since": "1970-01-01T00:00:00Z"}"#);
    panel.wait(3_600 * S);
    panel.hears("m", r#"{"kwh": 6, "since": "1970-01-01T01:30:00Z"}"#);
    panel.wait(3_600 * S);
    panel.hears("m", r#"{"kwh": 6.5, "since": "sometime"}"#);
    let told: Vec<(i64, f64)> = panel
        .out
        .events
        .iter()
        .filter_map(|e| match &e.body {
            Body::Reading { property: Property::State, value: Some(Value::Number(n)) }
                if e.subject == meter =>
            {
                Some((e.at.0, *n))
            }
            _ => None,
        })
        .collect();
    let s = 1_000_000;
    assert_eq!(
        told,
        [
            (1_000 * s, 2.0),
            (4_600 * s, 5.0),
            (5_400 * s, 0.0),
            (8_200 * s, 6.0),
            // What says no time was set back just before.
            (11_800 * s - 1, 0.0),
            (11_800 * s, 6.5)
        ]
    );
}

#[test]
fn pictures_are_shown_and_not_recorded() {
    let mut panel = Lamp::of(HOME, PANEL);
    panel.hears("c", "GIF89a secret");
    panel.hears("c", "");
    assert_eq!(panel.out.pictures.len(), 2);
    assert_eq!(panel.out.pictures[0].as_ref().map(|p| p.media), Some("image/gif"));
    assert!(panel.out.pictures[1].is_none(), "an empty one takes it away");
    let record = format!("{:?}", panel.out.events);
    assert!(record.contains("gif") && !record.contains("secret"), "{record}");
}
