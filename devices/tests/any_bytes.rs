//! Anything on any topic: nothing panics, and what is refused says where and why.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail"
)]

use lares_devices::homeassistant::{Change, Discovery, Driver};
use lares_devices::recording::Line;
use lares_model::{Property, Value};
use proptest::prelude::*;

const COMPONENTS: [&str; 28] = [
    "sensor",
    "binary_sensor",
    "light",
    "switch",
    "climate",
    "cover",
    "fan",
    "lock",
    "number",
    "select",
    "text",
    "button",
    "event",
    "device_automation",
    "device_tracker",
    "humidifier",
    "siren",
    "valve",
    "water_heater",
    "alarm_control_panel",
    "camera",
    "image",
    "lawn_mower",
    "notify",
    "scene",
    "tag",
    "update",
    "vacuum",
];

/// Configurations made of real keys and awkward values.
fn config() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "stat_t",
        "cmd_t",
        "val_tpl",
        "cmd_tpl",
        "schema",
        "brightness",
        "bri_scl",
        "min",
        "max",
        "options",
        "modes",
        "avty",
        "avty_t",
        "dev",
        "uniq_id",
        "name",
        "~",
        "pl_on",
        "pl_off",
        "unit_of_meas",
        "exp_aft",
        "qos",
        "cmps",
        "min_mirs",
        "max_mirs",
        "sup_clrm",
        "pos_t",
        "pos_open",
        "pos_clsd",
        "set_pos_t",
        "spd_rng_min",
        "spd_rng_max",
        "pct_stat_t",
        "pct_cmd_t",
        "state_template",
        "command_on_template",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "\"t\"",
            "\"+/#\"",
            "\"~/a\"",
            "\"{{ value_json.a }}\"",
            "\"{{ value_json[\\\"a\\\"] | float }}\"",
            "\"{% if\"",
            "\"json\"",
            "\"template\"",
            "true",
            "null",
            "0",
            "-1",
            "1e308",
            "[]",
            "[\"xy\"]",
            "{}",
            "[{\"topic\":\"t\"}]",
            "{\"ids\":[\"d\"]}",
            "{\"x\":{\"p\":\"light\",\"stat_t\":\"t\"}}",
            "\"\\u0000\"",
            "\"\u{fdd0}\"",
        ])
        .prop_map(str::to_owned),
        ".{0,12}".prop_map(|t| serde_json::Value::from(t).to_string()),
    ];
    prop::collection::vec((key, value), 0..14).prop_map(|fields| {
        format!("{{{}}}", fields.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect::<Vec<_>>().join(","))
    })
}

fn payload() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        config().prop_map(String::into_bytes),
        prop::sample::select(vec![
            &b"ON"[..],
            b"",
            b"null",
            b"-1e400",
            b"NaN",
            b"{\"a\":1e999}",
            b"{\"state\":\"ON\",\"brightness\":-5,\"color\":{\"x\":0,\"y\":0}}",
            b"{\"color\":{\"h\":1e300,\"s\":-1}}",
            b"[[[[]]]]",
            b"{\"a\":{\"a\":{}}}",
            b"1,2,3",
            b"{\"event_type\":1}",
        ])
        .prop_map(<[u8]>::to_vec),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn announcements_and_messages(
        component in prop_oneof![prop::sample::select(COMPONENTS.to_vec()).prop_map(str::to_owned), Just("device".to_owned()), ".{0,8}"],
        object in prop_oneof![Just("x".to_owned()), ".{0,8}"],
        announcements in prop::collection::vec(payload(), 1..4),
        messages in prop::collection::vec(payload(), 0..6),
        number in any::<f64>(),
    ) {
        let mut discovery = Discovery::new("m", "homeassistant");
        let topic = format!("homeassistant/{component}/{object}/config");
        for bytes in announcements {
            let changes = match discovery.on_config(&topic, &bytes) {
                Ok((changes, problems)) => {
                    prop_assert!(problems.iter().all(|p| !p.reason.is_empty() && !p.place.is_empty()));
                    changes
                }
                Err(problem) => {
                    prop_assert!(!problem.reason.is_empty() && !problem.place.is_empty());
                    continue;
                }
            };
            for change in changes {
                let Change::Announced(spec) = change else { continue };
                let (mut driver, _) = Driver::new(&spec);
                for topic in driver.topics().into_iter().chain(["t".to_owned(), topic.clone()]) {
                    for message in &messages {
                        let mut out = Vec::new();
                        if let Err(problem) = driver.on_message(&topic, message, &mut out) {
                            prop_assert_eq!(&problem.place, &topic);
                        }
                        for observation in out {
                            if let lares_devices::Observation::Reading { value: Some(Value::Number(n)), .. } = observation {
                                prop_assert!(n.is_finite());
                            }
                        }
                    }
                }
                for entity in &spec.info.entities {
                    for property in Property::ALL {
                        for wish in [Value::Bool(true), Value::Number(number), Value::from("x"), Value::Rgb(1, 2, 3)] {
                            let _ = driver.command(entity.id(), &[(*property, wish)]);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn recordings(text in ".{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = Line::parse(&text, 1);
        let _ = Line::parse(&String::from_utf8_lossy(&bytes), 1);
        let _ = Line::parse(&format!("{{\"t\":\"{text}\",\"device\":\"d\",\"kind\":\"k\",\"value\":{text}}}"), 1);
    }
}
