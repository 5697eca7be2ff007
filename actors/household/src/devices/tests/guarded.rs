//! A device that interlocks name.

use std::collections::BTreeMap;

use super::*;
use crate::Directory;
use crate::safety::{Board, Effect, Guard};

const GUARDED: &str = r#"
    [interlock.sensor]
    of = "lamp.light"
    safe = { on = false }
    stale = { entity = "lamp.temperature", after = "10m" }
    min_off = "1m"
    [interlock.limit]
    of = "lamp.light"
    bound = { brightness = { max = 60 } }
"#;

/// A lamp with its board, and what the board wants moved.
fn guarded() -> (Lamp, Board) {
    let text = format!("{HOME}{GUARDED}");
    let mut lamp = Lamp::with(&text);
    let board = Board::new(Address::new("safety/interlocks", &Arc::default()));
    let home = home(&text);
    let mut directory = Directory::default();
    let spec = Discovery::declare("main", "lamp", &serde_json::from_str(CONFIG).unwrap()).unwrap();
    directory.put(&home, spec.info, |name| Address::new(name, &Arc::default()));
    board.with(|safety| {
        safety.configure(&home, Some(BTreeMap::new()), lamp.now);
        safety.attend("lamp", &directory, lamp.now);
    });
    lamp.state.guard = Guard::new(&board, &home, "lamp");
    lamp.state.tell_all(lamp.now);
    lamp.state.lease(lamp.now + 60 * S);
    (lamp, board)
}

#[test]
fn what_is_forbidden_is_not_sent_and_a_hold_comes_back_when_it_is_allowed() {
    let (mut lamp, board) = guarded();
    lamp.says(false);
    lamp.wish("person:anna", Level::Person, Until::Released, true);
    let by = "interlock:sensor (interlock): lamp.temperature is unknown";
    assert_eq!(*lamp.outcome(), overridden(by));
    assert_eq!(lamp.decisions().last().unwrap().rivals[0].source, "interlock:sensor".into());
    assert!(lamp.out.sent.is_empty());
    board.take();
    lamp.hears("lamp/t", "21");
    let effects = board.take();
    let allowed = |e: &Effect| matches!(e, Effect::Move { moved, .. } if moved.to.is_none());
    assert!(effects.iter().any(allowed), "{effects:?}");
    let light = lamp.id("light");
    lamp.state.review(light, Property::On, Causes::new(), lamp.now, &mut lamp.out);
    assert_eq!(*lamp.outcome(), commanded(true));
    assert_eq!(lamp.holders(), ["person:anna"]);
}

#[test]
fn a_wish_beyond_a_bound_is_brought_to_it() {
    let (mut lamp, _board) = guarded();
    lamp.hears("lamp/t", "21");
    lamp.wishes(
        "light",
        "person:anna",
        Level::Person,
        Until::Momentary,
        vec![(Property::Brightness, 80.0.into())],
    );
    assert_eq!(*lamp.outcome(), Outcome::Commanded { value: 60.0.into() });
    assert_eq!(lamp.decisions().last().unwrap().claim.value, 80.0.into(), "what was wished is on record");
    lamp.wishes(
        "light",
        "person:anna",
        Level::Person,
        Until::Momentary,
        vec![(Property::Brightness, 60.0.into())],
    );
    // 60 % of 255 steps.
    assert!(lamp.payloads().iter().all(|p| p.contains("153")), "{:?}", lamp.payloads());
}

#[test]
fn a_start_is_kept_with_its_decision_and_a_command_that_never_left_is_none() {
    let (mut lamp, board) = guarded();
    lamp.says(false);
    lamp.hears("lamp/t", "21");
    lamp.out.writes.clear();
    lamp.wish("rule:x", Level::Rule, Until::Momentary, true);
    let kept = |w: &Write| matches!(w, Write::PutState { owner, key, .. } if &**owner == "interlocks" && &**key == "sensor");
    assert_eq!(lamp.out.writes.iter().filter(|w| kept(w)).count(), 1);
    let runs = || board.with(|safety| safety.memory("sensor").unwrap().runs());
    assert!(runs());
    let key = lamp.out.sent.last().unwrap().key.unwrap();
    lamp.delivered(&Delivery::Expired(key));
    assert!(!runs(), "it expired on its way");
}

#[test]
fn when_nobody_renews_its_lease_it_goes_to_its_safe_state_by_itself() {
    let (mut lamp, _board) = guarded();
    lamp.hears("lamp/t", "21");
    lamp.wish("person:anna", Level::Person, Until::Released, true);
    lamp.says(true);
    lamp.wait(59 * S);
    assert_eq!(lamp.payloads().len(), 1);
    lamp.wait(S);
    assert!(lamp.payloads().last().unwrap().contains("OFF"), "{:?}", lamp.payloads());
    lamp.says(false);
    lamp.wish("person:anna", Level::Person, Until::Momentary, true);
    assert_eq!(*lamp.outcome(), overridden("interlock:sensor (interlock): nobody looks after it"));
    lamp.wish("person:anna", Level::Person, Until::Momentary, false);
    assert!(!matches!(lamp.outcome(), Outcome::Not(_)), "to safety always");
    lamp.state.lease(lamp.now + 120 * S);
    // It rests as after any stop.
    lamp.wait(60 * S);
    lamp.hears("lamp/t", "21");
    lamp.wish("person:anna", Level::Person, Until::Momentary, true);
    assert_eq!(*lamp.outcome(), commanded(true));
}
