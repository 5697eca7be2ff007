//! When something is asked again.

use std::time::Duration;

use super::house::{Desk, devices, greeting, line, told};
use crate::control::{Request, View};
use crate::terminal::{Ask, Input, Slot};

fn views(desk: &mut Desk) -> Vec<Slot> {
    let slot = |a: Ask| if let Ask::View(slot, _) = a { Some(slot) } else { None };
    std::mem::take(&mut desk.asked).into_iter().filter_map(slot).collect()
}

#[test]
fn one_question_at_a_time_and_only_about_what_is_shown() {
    let mut desk = Desk::new(80, 24);
    assert!(matches!(desk.state.begin().as_slice(), [Ask::Follow(_)]));
    desk.later(5);
    assert_eq!(views(&mut desk), [], "nobody answers yet");
    desk.give(Input::Up(greeting()));
    assert_eq!(views(&mut desk), [Slot::Home]);
    desk.later(5);
    assert_eq!(views(&mut desk), [], "it is not answered yet");
    desk.keys("2");
    assert_eq!(views(&mut desk), []);
    desk.give(Input::Answered(Slot::Home, Err("it took too long".to_owned())));
    assert_eq!(views(&mut desk), [Slot::Devices]);
}

#[test]
fn the_longer_an_answer_takes_the_more_rarely_it_is_asked_for() {
    let mut desk = Desk::up(80, 24);
    desk.keys("2");
    views(&mut desk);
    desk.now += Duration::from_secs(1);
    desk.give(Input::Answered(Slot::Devices, Ok((told(), View::Devices(devices(false))))));
    desk.later(2);
    assert_eq!(views(&mut desk), [], "it took a second");
    desk.later(3);
    assert_eq!(views(&mut desk), [Slot::Devices]);
}

#[test]
fn what_happens_is_seen_soon_and_the_journal_asks_for_nothing() {
    let mut desk = Desk::up(80, 24);
    desk.later(1);
    assert_eq!(views(&mut desk), []);
    desk.give(Input::Line(told(), Box::new(line(7, "it is dark"))));
    assert_eq!(views(&mut desk), [Slot::Home]);
    desk.answer();
    desk.give(Input::Answered(Slot::Home, Err(String::new())));
    // Who calls is asked for on the first page, and on no other.
    assert_eq!(views(&mut desk), [Slot::Calls]);
    desk.keys("3");
    desk.later(60);
    assert_eq!(views(&mut desk), []);
}

#[test]
fn a_household_that_goes_is_missed_and_one_that_comes_back_is_asked() {
    let mut desk = Desk::up(80, 24);
    desk.give(Input::Down("no household runs".to_owned()));
    assert!(
        desk.screen().contains("no household runs; last seen 18:00:00, shown as it was"),
        "{}",
        desk.screen()
    );
    assert!(desk.screen().contains("Hall"), "what was seen stays");
    desk.later(20);
    assert_eq!(views(&mut desk), []);
    assert!(desk.screen().contains("last seen 18:00:00"), "{}", desk.screen());
    desk.give(Input::Up(greeting()));
    assert_eq!(views(&mut desk), [Slot::Home]);
    assert!(!desk.screen().contains("last seen"));
    assert!(desk.screen().contains("lares 0.1.0 answers again"));
    let request = Request::Home;
    assert_eq!(serde_json::to_string(&request).unwrap(), r#"{"ask":"home"}"#);
}
