//! Holds: who goes before whom, and what is next.

use super::*;

#[test]
fn a_lower_wish_waits_behind_a_higher_hold() {
    let mut lamp = Lamp::new();
    lamp.wish("person:anna", Level::Person, Until::Released, true);
    lamp.says(true);
    lamp.wish("rule:night", Level::Rule, Until::Momentary, false);
    assert_eq!(*lamp.outcome(), overridden("person:anna (person)"));
    assert_eq!(lamp.decisions()[1].rivals[0].source, "person:anna".into());
    lamp.wish("rule:night", Level::Rule, Until::Released, false);
    assert_eq!(lamp.payloads().len(), 1, "nothing moved");
    lamp.gives_up("person:anna");
    assert_eq!(lamp.ends(), ["person:anna: test"]);
    assert_eq!(*lamp.outcome(), commanded(false), "the rule's hold stood all the while");
    assert_eq!(lamp.holders(), ["rule:night"]);
}

#[test]
fn a_hold_ends_at_its_time_and_the_default_comes() {
    let text = format!("{HOME}\n[device.lamp.default]\non = false\n");
    let mut lamp = Lamp::with(&text);
    let end = lamp.now + 60 * S;
    lamp.wish("console", Level::Person, Until::At(end), true);
    lamp.says(true);
    lamp.wait(59 * S);
    assert!(lamp.ends().is_empty());
    lamp.wait(S);
    assert_eq!(lamp.ends(), ["console: its time is over"]);
    assert_eq!(*lamp.outcome(), commanded(false));
    assert_eq!(&*lamp.decisions().last().unwrap().claim.source, "default");
    assert!(lamp.holders().is_empty());
}

#[test]
fn without_a_default_nothing_is_sent_when_the_last_hold_ends() {
    let mut lamp = Lamp::new();
    lamp.wish("console", Level::Person, Until::Released, true);
    lamp.says(true);
    lamp.gives_up("console");
    assert_eq!(lamp.payloads().len(), 1);
    lamp.gives_up("console");
    assert_eq!(lamp.ends().len(), 1, "what ended does not end again");
}

#[test]
fn a_losing_hold_that_ends_moves_nothing() {
    let mut lamp = Lamp::new();
    lamp.wish("person:anna", Level::Person, Until::Released, true);
    lamp.wish("rule:x", Level::Rule, Until::Released, false);
    lamp.gives_up("rule:x");
    assert_eq!((lamp.ends().len(), lamp.payloads().len()), (1, 1));
}

#[test]
fn holds_that_end_together_do_not_flash_through_one_another() {
    let mut lamp = Lamp::new();
    let end = lamp.now + 60 * S;
    lamp.wish("rule:x", Level::Rule, Until::At(end), false);
    lamp.says(false);
    lamp.wish("person:anna", Level::Person, Until::At(end), true);
    lamp.says(true);
    let before = lamp.payloads().len();
    lamp.wait(61 * S);
    assert_eq!(lamp.ends().len(), 2);
    assert_eq!(lamp.payloads().len(), before, "{:?}", lamp.payloads());
}

#[test]
fn a_refused_wish_leaves_its_sources_hold_alone() {
    let mut lamp = Lamp::new();
    lamp.wish("console", Level::Person, Until::Released, true);
    lamp.wishes("light", "console", Level::Person, Until::Released, vec![(Property::On, 7.0.into())]);
    assert_eq!(lamp.holders(), ["console"]);
}

#[test]
fn a_hold_is_kept_and_its_end_is_too() {
    let mut lamp = Lamp::new();
    lamp.wish("console", Level::Person, Until::Released, true);
    lamp.gives_up("console");
    let key = format!("{}/on/console", lamp.id("light"));
    let kept = |w: &Write| match w {
        Write::PutState { owner, key: k, value } if &**owner == "claims" && **k == *key => {
            Some(value.is_some())
        }
        _ => None,
    };
    assert_eq!(lamp.out.writes.iter().filter_map(kept).collect::<Vec<_>>(), [true, false]);
}
