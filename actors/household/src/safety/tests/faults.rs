//! Inputs that fail, veto or disagree.

use super::*;

const STALE: &str = r#"
    [interlock.sensor]
    of = "pump.switch"
    safe = { on = false }
    stale = { entity = "tank.temperature", after = "15m" }
"#;

#[test]
fn a_stale_measurement_stops_what_runs_and_a_fresh_one_lets_it_go_again() {
    let mut c = Cellar::new(STALE);
    c.measures("tank.temperature", 21.0);
    c.goes("pump.switch", true);
    c.moved();
    c.wait(14 * M + 59 * S);
    assert!(c.told.is_empty() && c.moved().is_empty(), "{:?}", c.told);
    c.wait(S);
    assert_eq!(c.told, ["tripped: tank.temperature is 15m old, at most 15m is allowed"]);
    let pump = c.id("pump.switch");
    assert_eq!(c.moved(), [(pump, Some(false.into()))]);
    assert!(!c.person("pump.switch", true), "nobody passes");
    assert!(c.rule("pump.switch", false), "to safety at once");
    c.is("pump.switch", false);
    c.measures("tank.temperature", 20.0);
    assert_eq!(c.last(), "cleared");
    assert_eq!(c.moved(), [(pump, None)], "whoever holds it may come back");
    assert!(c.person("pump.switch", true));
}

#[test]
fn what_was_never_heard_is_refused_at_once_and_counts_as_failed_after_a_minute() {
    let mut c = Cellar::new(STALE);
    assert!(!c.rule("pump.switch", true));
    assert!(c.told.is_empty());
    c.wait(60 * S);
    assert_eq!(c.last(), "tripped: tank.temperature is unknown");
    c.measures("tank.temperature", 20.0);
    assert_eq!(c.last(), "cleared");
}

#[test]
fn a_reading_that_the_wire_had_kept_makes_nothing_younger() {
    let mut c = Cellar::new(STALE);
    c.measures("tank.temperature", 21.0);
    c.wait(10 * M);
    let (id, value) = (c.id("tank.temperature"), Value::Number(21.0));
    let told = Told { value: Some(&value), at: c.now, event: None, kept: true };
    c.safety.heard_of(id, Property::State, &told, c.now);
    c.wait(5 * M);
    assert!(c.last().starts_with("tripped"), "{:?}", c.told);
}

const LEAK: &str = r#"
    [interlock.leak]
    of = "pump.switch"
    safe = { on = false }
    lockout = [{ entity = "tank.leak", is = true }]
    latched = true
"#;

#[test]
fn a_latch_outlives_its_cause_and_a_kill_and_is_cleared_by_a_person_alone() {
    let mut c = Cellar::new(LEAK);
    c.measures("tank.leak", false);
    c.goes("pump.switch", true);
    c.moved();
    c.measures("tank.leak", true);
    assert_eq!(c.told, ["latched: tank.leak is on"]);
    assert_eq!(c.moved().len(), 1);
    assert!(c.ack("leak").unwrap_err().contains("stays tripped: tank.leak is on"));
    c.is("pump.switch", false);
    c.measures("tank.leak", false);
    assert_eq!(c.told.len(), 1, "it does not clear itself");
    let mut c = c.restarted(LEAK, M);
    c.measures("tank.leak", false);
    c.wait(60 * M);
    assert!(!c.person("pump.switch", true) && c.told.is_empty(), "{:?}", c.told);
    c.ack("leak").unwrap();
    assert!(c.told.is_empty(), "whoever acknowledges tells it: {:?}", c.told);
    assert!(c.person("pump.switch", true));
    assert!(c.ack("leak").unwrap_err().contains("not latched"));
    assert!(c.ack("lek").unwrap_err().contains("there is no interlock `lek`; there is leak"));
}

#[test]
fn a_veto_that_cannot_be_heard_stops_after_a_minute_and_does_not_latch() {
    let mut c = Cellar::new(LEAK);
    c.measures("tank.leak", false);
    c.goes("pump.switch", true);
    c.reach("tank.leak", false);
    c.wait(59 * S);
    assert!(c.told.is_empty(), "a moment without its broker stops nothing");
    c.wait(S);
    assert_eq!(c.last(), "tripped: tank.leak cannot be heard");
    c.reach("tank.leak", true);
    assert_eq!(c.last(), "cleared");
    // What passes does not hide what does not.
    c.reach("tank.leak", false);
    c.wait(60 * S);
    c.reach("tank.leak", true);
    c.measures("tank.leak", true);
    assert!(c.last().starts_with("latched"), "{:?}", c.told);
}

#[test]
fn a_value_that_cannot_be_and_two_that_disagree_are_failures() {
    let mut c = Cellar::new(
        r#"
        [interlock.plausible]
        of = "pump.switch"
        safe = { on = false }
        plausible = { entity = "tank.temperature", min = -20, max = 90 }
        [interlock.agree]
        of = "cooler.switch"
        safe = { on = false }
        agree = { entities = ["tank.temperature", "tank.outlet"], within = 3 }
        "#,
    );
    c.measures("tank.temperature", 20.0);
    c.measures("tank.outlet", 22.0);
    assert!(c.rule("pump.switch", true) && c.rule("cooler.switch", true));
    c.measures("tank.outlet", 24.0);
    assert_eq!(c.last(), "tripped: tank.temperature is 20 and tank.outlet is 24: they disagree");
    c.measures("tank.outlet", 23.0);
    assert_eq!(c.last(), "cleared");
    c.measures("tank.temperature", 91.0);
    assert!(c.told.iter().any(|t| t == "tripped: tank.temperature is 91: not plausible, expected -20 to 90"));
    assert!(!c.rule("pump.switch", true) && c.rule("pump.switch", false));
}

#[test]
fn running_in_vain_latches() {
    let vain = r#"
        [interlock.vain]
        of = "pump.switch"
        safe = { on = false }
        ineffective = { entity = "tank.temperature", expect = "rise", by = 2, within = "20m" }
    "#;
    let mut c = Cellar::new(vain);
    c.measures("tank.temperature", 20.0);
    c.goes("pump.switch", true);
    c.wait(10 * M);
    c.measures("tank.temperature", 21.9);
    let mut c = c.restarted(vain, S);
    c.measures("tank.temperature", 21.9);
    c.wait(10 * M);
    assert_eq!(c.told, ["latched: tank.temperature did not rise by 2 within 20m"]);
    c.is("pump.switch", false);
    c.ack("vain").unwrap();
    c.goes("pump.switch", true);
    c.measures("tank.temperature", 24.0);
    c.wait(30 * M);
    assert_eq!(c.told.len(), 1, "it rose: {:?}", c.told);
}
