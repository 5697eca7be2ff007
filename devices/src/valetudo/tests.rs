//! What is announced and what is refused; how it reads and is commanded is in `fixtures/`.

use super::*;

const TOPIC: &str = "valetudo/Rusty/MapData/segments";

fn said(payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
    Valetudo::default().on_message(TOPIC, payload)
}

#[test]
fn a_map_without_rooms_takes_its_buttons_away() {
    let rooms = said(br#"{"16":"Kitchen","17":"","18":null}"#).unwrap();
    let device = rooms[0].device.as_ref().unwrap();
    let name = |key: &str| device["components"][key]["name"].as_str().unwrap();
    assert_eq!((name("16"), name("17"), name("18")), ("Clean Kitchen", "Clean 17", "Clean 18"));
    assert_eq!(device["components"]["map"]["map_topic"], "valetudo/Rusty/MapData/map-data");
    let none = said(b"{}").unwrap();
    let left = none[0].device.as_ref().unwrap()["components"].as_object().unwrap();
    assert_eq!(left.keys().collect::<Vec<_>>(), ["map"], "the map itself stays");
    assert_eq!(said(b"").unwrap(), [Announcement { source: TOPIC.to_owned(), device: None }]);
}

#[test]
fn what_can_be_told_comes_from_its_own_description() {
    let mut robots = Valetudo::default();
    let mut said =
        |topic: &str, payload: &[u8]| robots.on_message(&format!("valetudo/Rusty/{topic}"), payload);
    let fan = "FanSpeedControlCapability/preset/$format";
    assert_eq!(said(fan, b"low,max").unwrap()[0].device, None, "a fan alone is no robot yet");
    let all = said("BasicControlCapability/operation/$format", b"START,STOP,HOME").unwrap();
    let components = &all[0].device.as_ref().unwrap()["components"];
    assert_eq!(components["vacuum"]["supported_features"], json!(["start", "stop", "return_home"]));
    assert_eq!(components["vacuum"]["fan_speed_list"], json!(["low", "max"]));
    assert_eq!(components["vacuum"]["unique_id"], "Rusty_vacuum");
    let located = said("LocateCapability/locate/$format", b"PERFORM").unwrap();
    assert_eq!(located[0].device.as_ref().unwrap()["components"]["locate"]["payload_press"], "PERFORM");
    assert_eq!(said(fan, b"low,max").unwrap(), [], "the same again announces nothing");
    assert_eq!(said("BasicControlCapability/operation/$format", b"").unwrap().len(), 1);
    assert!(said(fan, &[b'x'; 3_000]).unwrap_err().reason.contains("3000 bytes"));
    assert!(said(fan, b"\xff").unwrap_err().reason.contains("UTF-8"));
    let many = (0..MOST_ROBOTS + 1).map(|n| {
        Valetudo::on_message(&mut robots, &format!("v/{n}/LocateCapability/locate/$format"), b"PERFORM")
    });
    assert!(many.last().unwrap().unwrap_err().reason.contains("robots already"));
}

#[test]
fn what_is_no_map_is_named() {
    for (payload, word) in [
        (&b"["[..], "no JSON"),
        (b"[]", "a JSON object"),
        (br#"{"16":5}"#, "segment `16` is `5`; allowed: a name"),
    ] {
        let problem = said(payload).unwrap_err();
        assert!(problem.place == TOPIC && problem.reason.contains(word), "{problem}");
    }
    let many: Map<String, Value> = (0..300).map(|n| (n.to_string(), "x".into())).collect();
    assert!(said(Value::Object(many).to_string().as_bytes()).unwrap_err().reason.contains("more than 200"));
}

#[test]
fn only_its_own_topics_are_taken() {
    assert!(Valetudo::default().takes("home/robot/ValetudoEvents/valetudo_events"));
    for other in [
        "/MapData/segments",
        "a/MapData/segments",
        "a//MapData/segments",
        "a/b/c/MapData/segments",
        "a/b/MapData",
    ] {
        assert!(!Valetudo::default().takes(other), "{other}");
    }
}
