//! What is announced and what is refused; how it reads and is commanded is in `fixtures/`.

use super::*;

const TOPIC: &str = "valetudo/Rusty/MapData/segments";

fn said(payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
    Valetudo.on_message(TOPIC, payload)
}

#[test]
fn a_map_without_rooms_takes_its_buttons_away() {
    let rooms = said(br#"{"16":"Kitchen","17":"","18":null}"#).unwrap();
    let device = rooms[0].device.as_ref().unwrap();
    let name = |key: &str| device["components"][key]["name"].as_str().unwrap();
    assert_eq!((name("16"), name("17"), name("18")), ("Clean Kitchen", "Clean 17", "Clean 18"));
    for nothing in [&b"{}"[..], b""] {
        assert_eq!(said(nothing).unwrap(), [Announcement { source: TOPIC.to_owned(), device: None }]);
    }
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
    assert!(Valetudo.takes("home/robot/ValetudoEvents/valetudo_events"));
    for other in [
        "/MapData/segments",
        "a/MapData/segments",
        "a//MapData/segments",
        "a/b/c/MapData/segments",
        "a/b/MapData",
    ] {
        assert!(!Valetudo.takes(other), "{other}");
    }
}
