//! Discovery and driver where publishers are awkward.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

mod common;

use common::announcing::{Home, sensor};
use lares_devices::Observation;
use lares_devices::homeassistant::{Change, DeviceSpec, Discovery, Driver};
use lares_model::{Component, Property, Value, ValueKind};
use serde_json::{Value as Json, json};

fn readings(driver: &mut Driver, topic: &str, payload: &str) -> (Vec<Option<Value>>, Option<String>) {
    let mut out = Vec::new();
    let result = driver.on_message(topic, payload.as_bytes(), &mut out);
    let values = out.into_iter().filter_map(|o| match o {
        Observation::Reading { value, .. } => Some(value),
        Observation::Availability { .. } | Observation::Picture { .. } => None,
    });
    (values.collect(), result.err().map(|p| p.to_string()))
}

#[test]
fn a_device_grows_shrinks_and_goes() {
    let mut home = Home::new();
    let one = home.announced("sensor/a", sensor("u1", "dev"));
    assert_eq!((one.info.key.as_str(), one.info.entities[0].key.as_str()), ("mqtt/dev", "mqtt/u1"));
    let two = home.announced("sensor/b", sensor("u2", "dev"));
    assert_eq!(two.info.entities.iter().map(|e| e.slug.as_str()).collect::<Vec<_>>(), ["sensor", "sensor_2"]);
    assert_eq!(home.hear("sensor/b", sensor("u2", "dev")).0, []);
    let rest = home.announced("sensor/a", Json::Null);
    assert_eq!(rest.info.entities.len(), 1);
    assert_eq!(rest.info.entities[0].slug, "sensor_2", "a reference keeps its word");
    assert_eq!(home.hear("sensor/b", Json::Null).0, [Change::Removed { device_key: "mqtt/dev".into() }]);
    assert_eq!(home.hear("sensor/b", Json::Null).0, []);
}

#[test]
fn what_is_restored_is_not_announced_again_and_can_be_removed() {
    let mut home = Home::new();
    let spec = home.announced("sensor/a", sensor("u1", "dev"));
    let mut later = Home::new();
    later.0.restore(DeviceSpec::from_bytes(&spec.to_bytes()).unwrap());
    assert_eq!(later.hear("sensor/a", sensor("u1", "dev")), (vec![], vec![]));
    assert_eq!(later.hear("sensor/a", Json::Null).0, [Change::Removed { device_key: "mqtt/dev".into() }]);
    assert!(DeviceSpec::from_bytes(b"nonsense").is_err());
}

#[test]
fn what_is_only_restored_gives_way_to_the_same_entity_on_another_topic() {
    let spec = Home::new().announced("sensor/old", sensor("u1", "dev"));
    let mut later = Home::new();
    later.0.restore(spec);
    let moved = later.announced("sensor/new", sensor("u1", "dev"));
    assert_eq!(moved.entities[0].source, "homeassistant/sensor/new/config");
    assert_eq!(later.hear("sensor/old", Json::Null), (vec![], vec![]));
    assert!(later.hear("sensor/old", sensor("u1", "dev")).1[0].contains("is taken"));
}

#[test]
fn an_entity_moves_and_a_taken_id_is_refused() {
    let mut home = Home::new();
    home.announced("sensor/a", sensor("u1", "old"));
    let (changes, problems) = home.hear("sensor/a", sensor("u1", "new"));
    assert!(problems.is_empty());
    assert_eq!(changes[0], Change::Removed { device_key: "mqtt/old".into() });
    assert!(matches!(&changes[1], Change::Announced(spec) if spec.info.key == "mqtt/new"));
    let (changes, problems) = home.hear("sensor/other", sensor("u1", "third"));
    assert!(changes.is_empty() && problems[0].contains("`unique_id` `u1` is taken"), "{problems:?}");
    // The refused topic owns nothing: its removal takes nothing away.
    assert_eq!(home.hear("sensor/other", Json::Null).0, []);
}

#[test]
fn a_whole_device_in_one_message() {
    let mut home = Home::new();
    let payload = json!({
        "dev": {"ids": "box", "name": "Box", "sa": "Attic"}, "o": {"name": "x"}, "~": "box", "avty_t": "~/up", "qos": "1",
        "cmps": {
            "t": {"p": "sensor", "stat_t": "~/state", "val_tpl": "{{ value_json.t }}", "dev_cla": "temperature", "exp_aft": "60"},
            "l": {"p": "light", "cmd_t": "~/lamp", "uniq_id": "lamp", "name": "Lamp"},
            "x": {"p": "hologram", "stat_t": "~/state"},
            "gone": {"p": "sensor"}
        }
    });
    let (changes, problems) = home.hear("device/box", payload);
    assert!(problems.len() == 1 && problems[0].contains("`hologram`"), "{problems:?}");
    let Some(Change::Announced(spec)) = changes.into_iter().next() else { panic!() };
    let [lamp, t] = spec.info.entities.as_slice() else { panic!("{:?}", spec.info.entities) };
    assert_eq!(
        (t.unique_id.as_str(), t.slug.as_str(), t.expire_after.unwrap().as_secs()),
        ("device_box_t", "temperature", 60)
    );
    assert_eq!(
        (lamp.component, lamp.assumed, spec.info.suggested_area.as_deref()),
        (Component::Light, true, Some("Attic"))
    );
    let (mut driver, problems) = Driver::new(&spec);
    assert!(problems.is_empty());
    assert_eq!(driver.topics(), ["box/state", "box/up"]);
    let mut out = Vec::new();
    driver.on_message("box/up", b"offline", &mut out).unwrap();
    assert_eq!(out, [Observation::Availability { entity: None, online: false }]);
    let sends = driver.command(lamp.id(), &[(Property::On, Value::Bool(true))]).unwrap();
    assert_eq!(
        (sends[0].topic.as_str(), sends[0].payload.as_slice(), sends[0].qos),
        ("box/lamp", &b"ON"[..], 1)
    );
}

#[test]
fn no_device_block_and_no_unique_id() {
    let mut home = Home::new();
    let spec = home.announced("switch/node/relay", json!({"name": "Pump", "cmd_t": "c"}));
    assert_eq!((spec.info.key.as_str(), spec.info.name.as_str()), ("mqtt/switch_node_relay", "Pump"));
    assert_eq!(spec.info.entities[0].unique_id, "switch_node_relay");
}

#[test]
fn bad_payloads_name_what_is_wrong() {
    let mut home = Home::new();
    for (path, payload, word) in [
        ("sensor/a", json!([1]), "allowed: a JSON object"),
        ("sensor/a", json!("x"), "allowed: a JSON object"),
        ("hologram/a", json!({}), "`platform` is `hologram`"),
    ] {
        let (changes, problems) = home.hear(path, payload);
        assert!(changes.is_empty() && problems[0].contains(word), "{problems:?}");
    }
    assert!(home.0.on_config("homeassistant/sensor/a/config", b"\xff").unwrap_err().reason.contains("UTF-8"));
    assert!(home.0.on_config("homeassistant/status", b"{}").is_err());
    assert!(home.0.on_config("homeassistant/sensor/a/config", &vec![b' '; 2 << 20]).is_err());
}

#[test]
fn a_bad_template_costs_its_entity_only() {
    let mut home = Home::new();
    home.announced(
        "sensor/a",
        json!({"uniq_id": "a", "stat_t": "s", "val_tpl": "{{ value_json.", "dev": {"ids": "d"}}),
    );
    let spec = home.announced(
        "sensor/b",
        json!({"uniq_id": "b", "stat_t": "s", "val_tpl": "{{ value_json.x }}", "dev": {"ids": "d"}}),
    );
    let (mut driver, problems) = Driver::new(&spec);
    assert!(problems.len() == 1 && problems[0].reason.contains("template"), "{problems:?}");
    assert_eq!(readings(&mut driver, "s", "{\"x\": \"y\"}"), (vec![Some(Value::from("y"))], None));
}

#[test]
fn a_mower_goes_where_it_is_wished_to_be() {
    let config = json!({"uniq_id": "m", "act_stat_t": "s", "strt_mw_cmd_t": "go", "pause_cmd_t": "p",
        "dock_cmd_t": "d", "dock_cmd_tpl": "{\"to\":\"{{ value }}\"}"});
    let spec = Home::new().announced("lawn_mower/m", config);
    let (driver, problems) = Driver::new(&spec);
    assert_eq!(problems, []);
    for (property, wish, topic, payload) in [
        (Property::State, "mowing", "go", "start_mowing"),
        (Property::State, "docked", "d", "{\"to\":\"dock\"}"),
        (Property::Action, "pause", "p", "pause"),
    ] {
        let sent = driver.command(spec.info.entities[0].id(), &[(property, Value::from(wish))]).unwrap();
        assert_eq!((sent[0].topic.as_str(), &sent[0].payload[..]), (topic, payload.as_bytes()));
    }
    assert!(driver.command(spec.info.entities[0].id(), &[(Property::State, Value::from("error"))]).is_err());
}

fn driver(component: &str, payload: Json) -> Driver {
    let spec = Home::new().announced(&format!("{component}/it"), payload);
    let (driver, problems) = Driver::new(&spec);
    assert_eq!(problems, []);
    driver
}

#[test]
fn numbers_texts_and_unknown() {
    let mut watt =
        driver("sensor", json!({"stat_t": "s", "unit_of_meas": "W", "val_tpl": "{{ value_json.p }}"}));
    for (payload, value) in [
        ("{\"p\": 1.5}", Some(Some(1.5))),
        ("{\"p\": \"7\"}", Some(Some(7.0))),
        ("{\"p\": null}", Some(None)),
        ("{\"p\": \"\"}", Some(None)),
        ("{}", None),
    ] {
        let (values, problem) = readings(&mut watt, "s", payload);
        let wanted: Vec<_> = value.into_iter().map(|v| v.map(Value::Number)).collect();
        assert_eq!((values, problem), (wanted, None), "{payload}");
    }
    for bad in ["{\"p\": \"NaN\"}", "{\"p\": \"inf\"}", "{\"p\": \"warm\"}", "not json"] {
        let (values, problem) = readings(&mut watt, "s", bad);
        assert!(
            values.is_empty() && problem.as_ref().is_some_and(|p| p.starts_with("s: ")),
            "{bad}: {problem:?}"
        );
    }
    let mut bare = driver("sensor", json!({"stat_t": "s", "unit_of_meas": "W"}));
    assert_eq!(readings(&mut bare, "s", "unknown").0, [None]);
    assert!(bare.on_message("s", b"\xff\xfe", &mut Vec::new()).unwrap_err().reason.contains("UTF-8"));
    assert!(bare.on_message("s", &vec![b'1'; 2 << 20], &mut Vec::new()).is_err());
}

#[test]
fn wildcards_in_state_topics() {
    let mut theengs = driver(
        "sensor",
        json!({"stat_t": "+/+/BTtoMQTT/A", "val_tpl": "{{ value_json.tempc | is_defined }}", "unit_of_meas": "°C"}),
    );
    assert_eq!(theengs.topics(), ["+/+/BTtoMQTT/A"]);
    assert_eq!(
        readings(&mut theengs, "home/gw/BTtoMQTT/A", "{\"tempc\": -2.625}").0,
        [Some(Value::Number(-2.625))]
    );
    assert_eq!(readings(&mut theengs, "home/gw/BTtoMQTT/A", "{\"hum\": 1}"), (vec![], None));
    assert_eq!(readings(&mut theengs, "home/gw/BTtoMQTT/B", "{\"tempc\": 1}").0, []);
}

#[test]
fn availability_of_several_topics() {
    for (mode, steps) in [
        ("all", [("a", "online", None), ("b", "online", Some(true)), ("a", "offline", Some(false))]),
        ("any", [("a", "offline", None), ("b", "online", Some(true)), ("b", "offline", Some(false))]),
        ("latest", [("a", "online", Some(true)), ("b", "offline", Some(false)), ("a", "online", Some(true))]),
    ] {
        let mut driver = driver(
            "sensor",
            json!({"stat_t": "s", "avty_mode": mode, "avty": [{"t": "a"}, {"t": "b", "val_tpl": "{{ value_json.state }}"}]}),
        );
        for (topic, word, wanted) in steps {
            let payload = if topic == "b" { json!({"state": word}).to_string() } else { word.to_owned() };
            let mut out = Vec::new();
            driver.on_message(topic, payload.as_bytes(), &mut out).unwrap();
            let said =
                out.first().map(|o| matches!(o, Observation::Availability { online: true, entity: None }));
            assert_eq!(said, wanted, "{mode} {topic} {word}");
        }
        assert!(driver.on_message("a", b"maybe", &mut Vec::new()).is_err());
    }
}

#[test]
fn a_json_light_both_ways() {
    let payload = json!({
        "schema": "json", "stat_t": "s", "cmd_t": "c", "brightness": "true", "bri_scl": "254", "effect": true, "fx_list": ["blink"],
        "sup_clrm": ["xy", "color_temp"], "min_mirs": 153, "max_mirs": 500
    });
    let spec = Home::new().announced("light/it", payload);
    let (mut driver, _) = Driver::new(&spec);
    let light = &spec.info.entities[0];
    assert_eq!(
        light.property(Property::ColorTemp).unwrap().kind,
        ValueKind::Number { min: Some(2000.0), max: Some(6536.0), step: None }
    );
    let (values, problem) = readings(
        &mut driver,
        "s",
        r#"{"state":"ON","brightness":127,"color_temp":250,"color":{"x":0.64,"y":0.33},"effect":null}"#,
    );
    assert_eq!(problem, None);
    assert_eq!(
        values,
        [
            Some(Value::Bool(true)),
            Some(Value::Number(50.0)),
            Some(Value::Number(4000.0)),
            Some(Value::Rgb(255, 0, 0)),
            None
        ]
    );
    let send = |wishes: &[(Property, Value)]| {
        driver
            .command(light.id(), wishes)
            .map(|s| serde_json::from_slice::<Json>(&s[0].payload).unwrap())
            .map_err(|r| r.reason)
    };
    assert_eq!(send(&[(Property::On, Value::Bool(false))]), Ok(json!({"state": "OFF"})));
    let both =
        send(&[(Property::Brightness, Value::Number(50.0)), (Property::ColorTemp, Value::Number(4000.0))]);
    assert_eq!(both, Ok(json!({"state": "ON", "brightness": 127, "color_temp": 250})));
    assert_eq!(
        send(&[(Property::Color, Value::Rgb(255, 0, 0))]),
        Ok(json!({"state": "ON", "color": {"x": 0.64, "y": 0.33}}))
    );
    assert!(send(&[(Property::Brightness, Value::Number(101.0))]).unwrap_err().contains("0 to 100"));
    assert!(send(&[(Property::Effect, Value::from("explode"))]).unwrap_err().contains("`blink`"));
    assert!(send(&[(Property::Position, Value::Number(1.0))]).is_err());
}

#[test]
fn declared_devices() {
    let declared = json!({"device": {"name": "Old pump"}, "entities": {"relay": {"platform": "switch", "command_topic": "pump/set", "state_topic": "pump"}}});
    let spec = Discovery::declare("mqtt", "pump", &declared).unwrap();
    assert_eq!(
        (spec.info.key.as_str(), spec.info.name.as_str(), spec.info.entities.len()),
        ("mqtt/pump", "Old pump", 1)
    );
    assert!(Driver::new(&spec).1.is_empty());
    for (bad, word) in [
        (json!(1), "allowed: a table"),
        (json!({}), "declares no entity"),
        (json!({"entities": {"x": {"platform": "hologram", "name": "X"}}}), "hologram"),
    ] {
        assert!(Discovery::declare("mqtt", "pump", &bad).unwrap_err().reason.contains(word));
    }
}

#[test]
fn a_template_cannot_run_for_ever() {
    for template in [
        "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ range(9) | tojson * 1000000 }}",
    ] {
        let mut driver = driver("sensor", json!({"stat_t": "s", "val_tpl": template}));
        let (values, problem) = readings(&mut driver, "s", "1");
        assert!(values.is_empty() && problem.is_some(), "{template}: {problem:?}");
    }
}

#[test]
fn thousands_of_entities_stop_at_a_limit() {
    let components: serde_json::Map<_, _> =
        (0..2_500).map(|n| (format!("c{n}"), json!({"p": "sensor", "stat_t": "s"}))).collect();
    let (changes, problems) =
        Home::new().hear("device/big", json!({"dev": {"ids": "big"}, "cmps": components}));
    let Some(Change::Announced(spec)) = changes.into_iter().next() else { panic!() };
    assert_eq!((spec.entities.len(), problems.len()), (2_000, 500));
}
