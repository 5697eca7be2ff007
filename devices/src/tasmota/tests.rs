//! Plugs, lamps, shutters and sensors, as Tasmota 14 tells of them.

use lares_model::{Property, Value as Reading};

use super::*;
use crate::Observation;
use crate::homeassistant::{Change, DeviceSpec, Discovery, Driver};

fn config(rl: &str, lamp: u32) -> String {
    format!(
        r#"{{"ip":"192.168.1.7","dn":"Desk","fn":["Desk lamp",null],"hn":"desk","mac":"A020A6","md":"Sonoff","ofln":"Offline",
        "onln":"Online","state":["OFF","ON","TOGGLE","HOLD"],"sw":"14.2.0","t":"desk","ft":"%prefix%/%topic%/",
        "tp":["cmnd","stat","tele"],"rl":{rl},"so":{{"26":0}},"lt_st":{lamp},"ver":1}}"#
    )
}

fn announce(messages: &[(&str, &str)]) -> Box<DeviceSpec> {
    let (mut native, mut discovery) = (Tasmota::default(), Discovery::new("mqtt", "homeassistant"));
    let mut spec = None;
    for (kind, text) in messages {
        for a in native.on_message(&format!("tasmota/discovery/A020A6/{kind}"), text.as_bytes()).unwrap() {
            let (changes, problems) = discovery.announce(&a.source, a.device).unwrap();
            assert!(problems.is_empty(), "{problems:?}");
            spec = changes.into_iter().next();
        }
    }
    match spec {
        Some(Change::Announced(spec)) => spec,
        other => panic!("{other:?}"),
    }
}

fn reads(driver: &mut Driver, topic: &str, text: &str) -> Vec<(Property, Option<Reading>)> {
    let mut out = Vec::new();
    driver.on_message(topic, text.as_bytes(), &mut out).unwrap();
    let reading = |o| match o {
        Observation::Reading { property, value, .. } => Some((property, value)),
        Observation::Availability { .. } | Observation::Picture { .. } => None,
    };
    out.into_iter().filter_map(reading).collect()
}

#[test]
fn a_plug_that_measures() {
    let sensors = r#"{"sn":{"Time":"2026-11-25T10:00:00","ENERGY":{"Total":1.5,"Power":12,"Factor":0.9},"TempUnit":"C"},"ver":1}"#;
    for order in [[("config", 0), ("sensors", 1)], [("sensors", 1), ("config", 0)]] {
        let plug = config("[1,0,0]", 0);
        let texts = [plug.as_str(), sensors];
        let spec = announce(&order.map(|(kind, at)| (kind, texts[at])));
        let (mut driver, problems) = Driver::new(&spec);
        assert!(problems.is_empty(), "{problems:?}");
        for topic in ["stat/desk/RESULT", "tele/desk/STATE"] {
            let said = reads(&mut driver, topic, r#"{"POWER":"ON","Wifi":{"Signal":-60}}"#);
            assert!(said.contains(&(Property::On, Some(Reading::Bool(true)))), "{topic}: {said:?}");
        }
        let energy =
            reads(&mut driver, "tele/desk/SENSOR", r#"{"ENERGY":{"Total":2.5,"Power":7,"Factor":1}}"#);
        assert_eq!(energy.len(), 3, "{energy:?}");
        let switch = spec.info.entities.iter().find(|e| e.slug == "desk_lamp").unwrap();
        let sent = driver.command(switch.id(), &[(Property::On, Reading::Bool(false))]).unwrap();
        assert_eq!((sent[0].topic.as_str(), &sent[0].payload[..]), ("cmnd/desk/POWER", &b"OFF"[..]));
        let mut out = Vec::new();
        driver.on_message("tele/desk/LWT", b"Offline", &mut out).unwrap();
        assert_eq!(out, [Observation::Availability { entity: None, online: false }]);
    }
}

#[test]
fn a_lamp_with_colours_and_a_shutter() {
    let spec = announce(&[("config", &config("[2]", 5))]);
    let (mut driver, problems) = Driver::new(&spec);
    assert!(problems.is_empty(), "{problems:?}");
    let said = reads(
        &mut driver,
        "stat/desk/RESULT",
        r#"{"POWER":"ON","Dimmer":40,"HSBColor":"120,100,40","CT":250}"#,
    );
    for wanted in [
        (Property::Brightness, Reading::Number(40.0)),
        (Property::Color, Reading::Rgb(0, 255, 0)),
        (Property::ColorTemp, Reading::Number(4000.0)),
    ] {
        assert!(said.contains(&(wanted.0, Some(wanted.1.clone()))), "{wanted:?} in {said:?}");
    }
    assert!(
        !reads(&mut driver, "stat/desk/RESULT", r#"{"POWER":"OFF"}"#)
            .iter()
            .any(|(p, _)| *p == Property::Color)
    );
    let spec = announce(&[("config", &config("[3,3]", 0))]);
    let (mut driver, _) = Driver::new(&spec);
    let said =
        reads(&mut driver, "stat/desk/RESULT", r#"{"Shutter1":{"Position":30,"Direction":0,"Target":30}}"#);
    assert_eq!(said, [(Property::Position, Some(Reading::Number(30.0)))]);
    assert!(reads(&mut driver, "stat/desk/RESULT", r#"{"POWER":"OFF"}"#).is_empty());
}

#[test]
fn what_is_missing_is_named_and_what_went_is_gone() {
    let mut native = Tasmota::default();
    let topic = "tasmota/discovery/A/config";
    assert!(native.on_message(topic, b"{}").unwrap_err().reason.contains("`t` is missing"));
    assert!(native.on_message(topic, b"\xff").is_err());
    native.on_message(topic, config("[1]", 0).as_bytes()).unwrap();
    assert_eq!(native.on_message(topic, b"").unwrap()[0].device, None);
    assert!(native.on_message(topic, b"").unwrap().is_empty());
    for n in 0..2 * MOST {
        let _ = native.on_message(&format!("tasmota/discovery/{n}/sensors"), b"{}");
    }
    assert_eq!(native.heard.len(), MOST);
}
