//! Things that exclude each other.

use super::*;

const XOR: &str = r#"
    [interlock.xor]
    of = "pump.switch"
    safe = { on = false }
    exclusive = ["cooler.switch"]
"#;

#[test]
fn two_that_exclude_each_other_never_run_together() {
    let mut c = Cellar::new(XOR);
    assert!(c.rule("pump.switch", true));
    assert!(!c.rule("cooler.switch", true), "the one is told to go already");
    c.is("pump.switch", true);
    assert!(c.rule("pump.switch", false));
    assert!(!c.rule("cooler.switch", true), "the one has not said that it is off");
    c.is("pump.switch", false);
    assert!(c.rule("cooler.switch", true));
    let mut c = c.restarted(XOR, S);
    let Ruling::Denied { by } = c.wish_at("pump.switch", Property::On, true.into(), Level::Person, None)
    else {
        panic!("the kill forgot that the other runs")
    };
    assert_eq!(&*by, "interlock:xor (interlock): not together with cooler.switch");
    assert!(c.rule("cooler.switch", false));
    c.is("cooler.switch", false);
    assert!(c.rule("pump.switch", true));
}

#[test]
fn found_running_together_both_are_stopped() {
    let mut c = Cellar::new(XOR);
    c.is("pump.switch", true);
    c.is("cooler.switch", true);
    assert_eq!(c.last(), "tripped: cooler.switch and pump.switch run together");
    let (pump, cooler) = (c.id("pump.switch"), c.id("cooler.switch"));
    let moved = c.moved();
    assert!(
        moved.contains(&(pump, Some(false.into()))) && moved.contains(&(cooler, Some(false.into()))),
        "{moved:?}"
    );
    c.is("cooler.switch", false);
    c.is("pump.switch", false);
    assert_eq!(c.last(), "cleared");
}

/// A wish that would be refused again is not looked at again: its refusal would be one more reason to look, for ever.
#[test]
fn what_is_held_back_comes_into_its_own_when_the_other_rests_and_not_before() {
    let mut c = Cellar::new(XOR);
    let (pump, cooler) = (c.id("pump.switch"), c.id("cooler.switch"));
    c.goes("pump.switch", true);
    assert!(!c.rule("cooler.switch", true), "held back");
    c.moved();
    c.is("pump.switch", true);
    c.wait(M);
    c.safety.review_all(c.now);
    assert!(c.rule("pump.switch", false), "told to rest, and has not said that it does");
    c.wait(M);
    assert_eq!(c.moved(), []);
    c.is("pump.switch", false);
    assert_eq!(c.moved(), [(cooler, None)]);
    // The other way round.
    c.goes("cooler.switch", true);
    assert!(!c.rule("pump.switch", true), "held back");
    c.wait(M);
    assert_eq!(c.moved(), []);
    c.goes("cooler.switch", false);
    assert_eq!(c.moved(), [(pump, None)]);
}
