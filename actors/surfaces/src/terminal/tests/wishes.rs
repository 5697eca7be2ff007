//! What is asked for is shown as asked, and as done only when the device said so.

use crossterm::event::KeyCode;
use lares_kernel::Answer;
use lares_model::Receipt;
use serde_json::json;

use super::house::{Desk, device, entity, told};
use crate::control::{Request, View};
use crate::terminal::{Ask, Input, Slot};
use crate::tongue::Tongue;
use crate::views::{Came, ControlView};

fn at_the_lamp() -> Desk {
    let mut desk = Desk::up(80, 24);
    desk.keys("2");
    desk.answer();
    desk.asked.clear();
    desk
}

fn wish(desk: &mut Desk) -> (u64, Request) {
    let at = desk.asked.iter().position(|a| matches!(a, Ask::Wish(..))).expect("a wish");
    match desk.asked.remove(at) {
        Ask::Wish(id, request) => (id, request),
        other => panic!("{other:?}"),
    }
}

fn came(desk: &mut Desk, id: u64, receipt: Receipt) {
    let answer = Answer {
        entity: "hall-lamp.light".into(),
        property: "on".into(),
        event: "e1-8".parse().ok(),
        receipt,
    };
    let text = Tongue::English.receipt(&answer.receipt);
    let came = Came { answer, called: "Hall lamp".into(), text, why: None };
    desk.give(Input::Came(id, Ok((told(), View::Answers(vec![came])))));
}

#[test]
fn a_lamp_is_on_when_its_device_says_so() {
    let mut desk = at_the_lamp();
    desk.keys(" ");
    let (id, request) = wish(&mut desk);
    let Request::Set { target, values, person: None, hold_ms: None, .. } = request else {
        panic!("{request:?}")
    };
    assert_eq!((target.as_str(), &values["on"]), ("hall-lamp.light", &json!(true)));
    assert!(desk.line("Hall lamp").contains("off, asked on"), "{}", desk.screen());
    desk.keys(" ");
    assert!(!desk.asked.iter().any(|a| matches!(a, Ask::Wish(..))), "it is being asked for");
    assert!(desk.screen().contains("still waiting for Hall lamp on"));
    came(&mut desk, id, Receipt::Confirmed);
    assert!(desk.screen().contains("Hall lamp on; Hall lamp: confirmed (e1-8)"), "{}", desk.screen());
    let lamp = desk.line("Hall lamp");
    assert!(
        lamp.contains(" off ") && !lamp.contains("asked"),
        "as it was told last, until it is told anew: {lamp}"
    );
}

#[test]
fn what_did_not_come_about_is_said_and_stays_said() {
    let mut desk = at_the_lamp();
    desk.key(KeyCode::Enter);
    desk.answer();
    desk.keys("j+");
    let (id, request) = wish(&mut desk);
    let Request::Set { values, .. } = request else { panic!("{request:?}") };
    assert_eq!(values["brightness"], json!(50.0), "a tenth of its range more");
    came(&mut desk, id, Receipt::Refused("a child may not".into()));
    desk.later(30);
    assert!(desk.screen().contains("refused: a child may not"), "{}", desk.screen());
    desk.keys("+");
    let (id, _) = wish(&mut desk);
    desk.give(Input::Came(id, Err("whether it came about is not known: it hung up".to_owned())));
    assert!(desk.screen().contains("whether it came about is not known"));
}

/// The page of a panel that takes a code, with its state chosen.
fn at_the_panel() -> Desk {
    let mut alarm = entity("panel.alarm", "alarm_control_panel", None, json!("disarmed"), None);
    alarm.properties.insert("state".to_owned(), json!("disarmed"));
    let control = |property: &str, kind: &str, options: &[&str]| ControlView {
        property: property.to_owned(),
        kind: kind.to_owned(),
        options: options.iter().map(|o| (*o).to_owned()).collect(),
        ..ControlView::default()
    };
    alarm.controls =
        vec![control("state", "choice", &["disarmed", "armed_away"]), control("code", "digits", &[])];
    let mut desk = at_the_lamp();
    let all = vec![device("panel", "Panel", None, "online", vec![alarm])];
    desk.give(Input::Answered(Slot::Devices, Ok((told(), View::Devices(all)))));
    desk.key(KeyCode::Enter);
    desk.keys("j");
    desk.asked.clear();
    desk
}

#[test]
fn a_code_is_typed_masked_and_stands_nowhere_else() {
    let mut desk = at_the_panel();
    desk.keys("+");
    assert!(desk.asked.is_empty(), "its code is asked for first: {:?}", desk.asked);
    desk.keys("48 39");
    let line = desk.line("Code for Panel armed (away):");
    assert!(line.ends_with(": *****"), "{line}");
    assert!(!desk.screen().contains("48") && !format!("{:?}", desk.state).contains("48 39"));
    desk.key(KeyCode::Enter);
    let (_, request) = wish(&mut desk);
    let Request::Set { target, values, .. } = request else { panic!("{request:?}") };
    assert_eq!(target, "panel.alarm");
    assert_eq!(serde_json::to_value(values).unwrap(), json!({ "state": "armed_away", "code": "48 39" }));
    assert!(!desk.screen().contains("48 39") && !format!("{:?}", desk.state).contains("48 39"));
    // Nothing is typed: the panel says what it thinks of that. Left with Esc, nothing is asked for.
    let mut desk = at_the_panel();
    desk.keys("+");
    desk.key(KeyCode::Enter);
    let (_, request) = wish(&mut desk);
    let Request::Set { values, .. } = request else { panic!("{request:?}") };
    assert_eq!(serde_json::to_value(values).unwrap(), json!({ "state": "armed_away" }));
    let mut desk = at_the_panel();
    desk.keys("+12");
    desk.key(KeyCode::Esc);
    assert!(desk.asked.is_empty() && desk.screen().contains("nothing was asked for"), "{}", desk.screen());
}

#[test]
fn nothing_is_asked_of_a_household_that_is_not_there() {
    let mut desk = at_the_lamp();
    desk.give(Input::Down("no household runs".to_owned()));
    desk.keys(" ");
    assert!(desk.asked.is_empty());
    assert!(desk.screen().contains("nothing was asked for"));
}
