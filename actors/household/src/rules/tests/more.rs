//! Limits with a hysteresis, devices, events, ids, readings beside each other, what notices tell.

use super::*;

fn rule(when: &str, rest: &str) -> String {
    format!("[rule.r]\nwhen = [{when}]\n{rest}\n")
}

const SAY: &str = "then = [{ notify = \"x\" }]";

#[test]
fn a_limit_with_a_hysteresis_is_crossed_again_only_after_coming_back_over_it() {
    let text = rule(r#"{ entity = "motion.lux", above = 100, hysteresis = 20 }"#, SAY);
    let mut rules = Rules::new(&text);
    for lux in [50.0, 101.0, 99.0, 101.0, 81.0, 120.0] {
        rules.lux(lux);
    }
    assert_eq!(rules.did(), ["say x"], "it never came back below 80");
    rules.restart(&text);
    rules.lux(90.0);
    rules.lux(130.0);
    assert_eq!(rules.did(), [""; 0], "that is known over a restart");
    rules.lux(79.0);
    rules.lux(101.0);
    assert_eq!(rules.did(), ["say x"]);
    rules.restart(&text.replace(", hysteresis = 20", ""));
    assert!(rules.kept.is_empty(), "{:?}", rules.kept.keys());
}

#[test]
fn a_hold_with_a_hysteresis_ends_where_it_comes_back() {
    let text = rule(
        r#"{ entity = "motion.lux", below = 100, hysteresis = 20 }"#,
        r#"then = [{ set = "lamp", on = true, hold_while = "when" }]"#,
    );
    let mut rules = Rules::new(&text);
    for lux in [150.0, 90.0, 110.0, 95.0] {
        rules.lux(lux);
    }
    assert_eq!(rules.did(), ["lamp on while"]);
    rules.lux(121.0);
    assert_eq!(rules.did(), ["release lamp.light: its trigger no longer holds"]);
}

fn status(rules: &mut Rules, device: &str, status: Status) {
    let id = rules.directory.devices().find(|d| &*d.reference == device).unwrap().id;
    rules.event(id, Origin::System, Body::StatusChanged { status });
}

#[test]
fn a_device_that_cannot_be_heard_sets_a_rule_off() {
    let text = rule(
        r#"{ device = "motion", status = "offline", for = "10m", id = "gone" }, { device = "motion", status = "online", id = "back" }"#,
        r#"then = [{ if = [{ trigger = "gone" }], then = [{ notify = "gone" }], else = [{ notify = "{trigger}" }] }]"#,
    );
    let mut rules = Rules::new(&text);
    let offline = || Status::Offline(Detail::Silent);
    status(&mut rules, "motion", Status::Online);
    assert_eq!(rules.did(), [""; 0], "nothing was known before");
    status(&mut rules, "motion", offline());
    rules.wait(Duration::from_secs(300));
    status(&mut rules, "motion", Status::Initializing);
    status(&mut rules, "motion", offline());
    rules.wait(Duration::from_secs(300));
    assert_eq!(rules.did(), ["say gone"], "being set up is no word of it");
    status(&mut rules, "motion", Status::Online);
    assert_eq!(rules.did(), ["say motion went online"]);
    status(&mut rules, "motion", Status::Online);
    assert_eq!(rules.did(), [""; 0]);
}

#[test]
fn events_set_rules_off_by_kind_and_by_what_they_are_about() {
    let text = rule(
        r#"{ event = "interlock_tripped", about = "interlock:pump" }, { event = "problem", about = "lamp" }"#,
        SAY,
    );
    let text = format!(
        "{text}\n[interlock.pump]\nof = \"lamp.light\"\nsafe = {{ on = false }}\nmax_on = \"1h\"\nmin_off = \"1h\"\n"
    );
    let mut rules = Rules::new(&text);
    let lamp = rules.entity("lamp.light");
    let tripped =
        |key: &str| Body::InterlockTripped { interlock: key.into(), reason: "x".into(), latched: false };
    rules.event(lamp, Origin::Interlock("other".into()), tripped("other"));
    assert_eq!(rules.did(), [""; 0]);
    rules.event(lamp, Origin::Interlock("pump".into()), tripped("pump"));
    assert_eq!(rules.did(), ["say x"]);
    let problem = || Body::Problem { place: "x".into(), reason: "y".into() };
    rules.event(NodeId::household(), Origin::System, problem());
    assert_eq!(rules.did(), [""; 0]);
    rules.event(lamp, Origin::System, problem());
    assert_eq!(rules.did(), ["say x"]);
}

#[test]
fn a_rule_is_not_set_off_by_what_it_says_itself() {
    let mut rules = Rules::new(&rule(r#"{ event = "notice" }"#, SAY));
    let notice = || Body::Notice { text: "hear".into() };
    rules.event(NodeId::rule("r"), Origin::Rule("r".into()), notice());
    assert_eq!(rules.did(), [""; 0]);
    rules.event(NodeId::rule("other"), Origin::Rule("other".into()), notice());
    assert_eq!(rules.did(), ["say x"]);
}

#[test]
fn a_rule_that_sets_itself_off_through_others_is_set_aside() {
    let mut rules = Rules::new(&rule(r#"{ entity = "motion.lux" }"#, SAY));
    for n in 0..10_010 {
        rules.lux(f64::from(n));
    }
    let did = rules.did();
    assert_eq!(did.iter().filter(|d| *d == "say x").count(), 10_000);
    assert!(did.iter().any(|d| d.contains("it sets itself off")), "{:?}", did.last());
    rules.lux(1.0);
    assert_eq!(rules.did(), [""; 0]);
}

#[test]
fn readings_are_compared_with_each_other() {
    let text = rule(
        r#"{ entity = "motion.occupancy", to = true }"#,
        "if = [{ entity = \"motion.lux\", above = { entity = \"motion.lux\", plus = -10 }, below = { entity = \"motion.lux\", plus = 10 } }]\nthen = [{ notify = \"{motion.lux}, {value}\" }]",
    );
    let mut rules = Rules::new(&text);
    rules.occupancy(true);
    let did = rules.did();
    assert!(did[0].contains("nothing heard yet"), "{did:?}");
    rules.lux(40.0);
    rules.occupancy(false);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["say 40 lx, on"]);
    rules.restart(&text.replace("plus = 10", "plus = 0"));
    rules.occupancy(false);
    rules.occupancy(true);
    let did = rules.did();
    assert!(
        did[0].contains("motion.lux above motion.lux - 10 below motion.lux: 40 lx, 0s ago; motion.lux 40 lx"),
        "{did:?}"
    );
}
