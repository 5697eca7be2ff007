//! Somebody's hand on the thing itself.

use super::*;

fn by_hand(lamp: &Lamp) -> usize {
    lamp.decisions().iter().filter(|v| &*v.claim.source == "hand").count()
}

#[test]
fn a_hand_holds_against_rules_for_half_an_hour() {
    let mut lamp = Lamp::new();
    lamp.says(true);
    lamp.wait(60 * S);
    lamp.says(false);
    assert_eq!(by_hand(&lamp), 1);
    lamp.wish("rule:x", Level::Rule, Until::Momentary, true);
    assert_eq!(*lamp.outcome(), overridden("hand (physical_switch)"));
    lamp.wait(30 * 60 * S);
    lamp.wish("rule:x", Level::Rule, Until::Momentary, true);
    assert_eq!(*lamp.outcome(), commanded(true));
}

#[test]
fn a_person_who_wishes_later_goes_before_a_hand() {
    let mut lamp = Lamp::new();
    lamp.says(true);
    lamp.says(false);
    lamp.wish("person:anna", Level::Person, Until::Momentary, true);
    assert_eq!(*lamp.outcome(), commanded(true));
    assert!(lamp.holders().is_empty(), "the hand gave way");
}

#[test]
fn the_first_value_and_a_retained_one_are_no_hand() {
    let mut lamp = Lamp::new();
    lamp.says(true);
    lamp.hears_retained("lamp", r#"{"state":"OFF"}"#);
    lamp.hears("lamp/t", "20");
    lamp.hears("lamp/t", "25");
    assert_eq!(by_hand(&lamp), 0, "a sensor has no hands on it either");
}

#[test]
fn what_a_command_does_is_no_hand() {
    let mut lamp = Lamp::new();
    lamp.hears("lamp", r#"{"state":"OFF","brightness":20}"#);
    lamp.wish("rule:x", Level::Rule, Until::Momentary, true);
    lamp.says(false);
    lamp.hears("lamp", r#"{"state":"ON","brightness":254}"#);
    assert_eq!(by_hand(&lamp), 0, "the brightness followed");
    lamp.wait(30 * S);
    lamp.hears("lamp", r#"{"state":"ON","brightness":100}"#);
    assert_eq!(by_hand(&lamp), 1, "this one is somebody's");
}

#[test]
fn a_late_report_of_what_was_asked_is_no_hand() {
    let mut lamp = Lamp::new();
    lamp.says(false);
    lamp.wish("rule:x", Level::Rule, Until::Momentary, true);
    lamp.wait(20 * S);
    assert_eq!(lamp.receipts().len(), 1);
    lamp.says(true);
    assert_eq!(by_hand(&lamp), 0);
    lamp.says(false);
    assert_eq!(by_hand(&lamp), 1);
}

#[test]
fn a_hand_against_a_security_hold_is_put_right() {
    let mut lamp = Lamp::new();
    lamp.wish("rule:alarm", Level::Security, Until::Released, true);
    lamp.says(true);
    lamp.wait(60 * S);
    lamp.says(false);
    let hand = lamp.decisions()[1];
    assert_eq!(hand.outcome, overridden("rule:alarm (security)"));
    assert_eq!(*lamp.outcome(), commanded(true));
    assert_eq!(lamp.holders(), ["rule:alarm"]);
}

#[test]
fn a_press_back_to_what_was_just_commanded_is_a_hand() {
    let mut lamp = Lamp::new();
    lamp.says(false);
    lamp.wish("rule:x", Level::Rule, Until::Momentary, true);
    lamp.says(true);
    lamp.wait(2 * S);
    lamp.says(false);
    lamp.says(true);
    assert_eq!(by_hand(&lamp), 2);
    lamp.wish("rule:x", Level::Rule, Until::Momentary, false);
    assert_eq!(*lamp.outcome(), overridden("hand (physical_switch)"));
}

#[test]
fn the_answers_to_more_commands_than_are_counted_are_no_hands() {
    let mut lamp = Lamp::new();
    lamp.says(false);
    for n in 0..100 {
        lamp.wish("rule:x", Level::Rule, Until::Momentary, n % 2 == 0);
    }
    for n in 0..100 {
        lamp.says(n % 2 == 0);
    }
    assert_eq!(by_hand(&lamp), 0);
    lamp.wait(10 * S);
    lamp.says(true);
    assert_eq!(by_hand(&lamp), 1, "all answers are over");
}
