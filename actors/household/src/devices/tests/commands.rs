//! Commands and what comes of them.

use super::*;

fn now_on(lamp: &mut Lamp) {
    lamp.wish("console", Level::Person, Until::Momentary, true);
}

/// The wire has taken the newest command: the device's time to report begins.
fn sent(lamp: &mut Lamp) {
    let key = lamp.out.sent.last().unwrap().key.unwrap();
    lamp.delivered(&Delivery::Sent(key));
}

#[test]
fn a_report_confirms_a_command() {
    let mut lamp = Lamp::new();
    now_on(&mut lamp);
    assert_eq!(*lamp.outcome(), commanded(true));
    assert_eq!(lamp.payloads(), [r#"{"state":"ON"}"#]);
    let command = lamp.out.events[0].id;
    assert_eq!(lamp.out.sent[0].key, Some(command));
    assert!(lamp.receipts().is_empty(), "handing it over confirms nothing");
    lamp.delivered(&Delivery::Sent(command));
    assert!(lamp.receipts().is_empty());
    lamp.says(true);
    assert_eq!(lamp.receipts(), [Receipt::Confirmed]);
    let (report, receipt) = (&lamp.out.events[1], lamp.out.events[2].clone());
    assert_eq!(report.causes.as_slice(), [command], "the report names what it answers");
    assert_eq!(receipt.causes.as_slice(), [command, report.id]);
    lamp.wait(60 * S);
    assert_eq!(lamp.receipts().len(), 1, "one receipt, for ever");
}

#[test]
fn another_report_differs_and_none_fails() {
    let mut lamp = Lamp::new();
    lamp.says(false);
    now_on(&mut lamp);
    sent(&mut lamp);
    lamp.wait(9 * S);
    lamp.says(false);
    assert!(lamp.receipts().is_empty(), "it may be on its way");
    lamp.wait(S);
    assert_eq!(lamp.receipts(), [Receipt::Differs(false.into())]);
    now_on(&mut lamp);
    sent(&mut lamp);
    lamp.wait(10 * S);
    assert_eq!(lamp.receipts()[1], Receipt::Failed("it did not report in time".into()));
}

#[test]
fn what_is_already_so_is_not_sent() {
    let mut lamp = Lamp::new();
    lamp.says(true);
    now_on(&mut lamp);
    assert_eq!(*lamp.outcome(), Outcome::AlreadySo { value: true.into() });
    assert!(lamp.out.sent.is_empty());
}

#[test]
fn what_was_so_before_it_went_out_of_reach_is_no_answer() {
    let mut lamp = Lamp::new();
    lamp.says(true);
    lamp.hears("lamp/availability", "offline");
    now_on(&mut lamp);
    assert_eq!(*lamp.outcome(), commanded(true));
}

#[test]
fn refusals_name_their_reason_and_send_nothing() {
    let mut lamp = Lamp::new();
    let momentary = Until::Momentary;
    for (slug, property, value, words) in [
        ("temperature", Property::State, Value::Number(1.0), "its state cannot be set"),
        ("light", Property::Locked, true.into(), "it has no locked"),
        ("light", Property::On, 3.0.into(), "`3` is not on or off"),
        ("light", Property::Brightness, 140.0.into(), "140 is above its most, 100"),
    ] {
        lamp.wishes(slug, "console", Level::Person, momentary, vec![(property, value)]);
        assert_eq!(*lamp.outcome(), Outcome::Not(Receipt::Refused(words.into())));
    }
    assert!(lamp.out.sent.is_empty());
    assert!(lamp.state.next_deadline().is_none(), "nothing waits");
}

#[test]
fn what_cannot_be_delivered_says_so() {
    let mut lamp = Lamp::new();
    now_on(&mut lamp);
    let key = lamp.out.sent[0].key.unwrap();
    assert_eq!(lamp.out.sent[0].expires, Some(lamp.now + 10 * S));
    lamp.delivered(&Delivery::Expired(key));
    now_on(&mut lamp);
    let key = lamp.out.sent[1].key.unwrap();
    lamp.delivered(&Delivery::Failed(key, "no wire".into()));
    lamp.delivered(&Delivery::Failed(key, "no wire".into()));
    assert_eq!(lamp.receipts(), [Receipt::Expired, Receipt::Failed("no wire".into())]);
}

#[test]
fn a_thing_that_cannot_report_ends_at_sent() {
    let mut lamp = Lamp::new();
    let on = vec![(Property::On, true.into())];
    lamp.wishes("plug", "console", Level::Person, Until::Momentary, on);
    let key = lamp.out.sent[0].key.unwrap();
    lamp.delivered(&Delivery::Sent(key));
    assert_eq!(lamp.receipts(), [Receipt::Sent]);
}

#[test]
fn a_newer_command_ends_the_wait_for_the_older() {
    let mut lamp = Lamp::new();
    now_on(&mut lamp);
    lamp.wish("console", Level::Person, Until::Momentary, false);
    assert_eq!(lamp.receipts(), [Receipt::Overridden("a newer command".into())]);
    lamp.says(true);
    assert_eq!(lamp.receipts().len(), 1, "the older one's report confirms nothing");
    lamp.says(false);
    assert_eq!(lamp.receipts()[1], Receipt::Confirmed);
}

#[test]
fn properties_that_are_set_together_travel_together() {
    let mut lamp = Lamp::new();
    let both = vec![(Property::On, true.into()), (Property::Brightness, 40.0.into())];
    lamp.wishes("light", "console", Level::Person, Until::Momentary, both);
    assert_eq!(lamp.out.sent.len(), 1);
    lamp.hears("lamp", r#"{"state":"ON","brightness":102}"#);
    assert_eq!(lamp.receipts(), [Receipt::Confirmed, Receipt::Confirmed], "102 of 255 is 40 %");
}
