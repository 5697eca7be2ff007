//! `for` and `hold_while`.

use super::*;
use crate::rules::facts::Known;

const FOR: &str = r#"
    [rule.r]
    when = [{ entity = "motion.occupancy", to = false, for = "5m" }]
    then = [{ set = "lamp", on = false }]
"#;
pub const WHILE: &str = r#"
    [rule.r]
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "lamp", on = true, hold_while = "when" }]
"#;
const M: Duration = Duration::from_secs(60);

#[test]
fn a_wait_is_armed_and_fires_once() {
    let mut rules = Rules::new(FOR);
    rules.occupancy(true);
    rules.occupancy(false);
    assert_eq!(rules.engine.waiting().0, 1);
    rules.wait(5 * M);
    rules.wait(60 * M);
    assert_eq!(rules.did(), ["lamp off"]);
    assert_eq!(rules.engine.waiting().0, 0);
}

#[test]
fn a_wait_that_breaks_off_is_cancelled() {
    let mut rules = Rules::new(FOR);
    rules.occupancy(true);
    rules.occupancy(false);
    rules.wait(4 * M);
    rules.occupancy(true);
    rules.wait(60 * M);
    assert_eq!(rules.did(), ["cancel for:0: its trigger no longer holds"]);
    rules.occupancy(false);
    let entity = rules.entity("motion.occupancy");
    let body = Body::StatusChanged { status: Status::Offline(Detail::Silent) };
    rules.event(entity, Origin::System, body);
    assert_eq!(rules.did(), ["cancel for:0: its trigger no longer holds"], "who is silent holds nothing");
}

#[test]
fn a_wait_outlives_a_restart_unless_it_is_another_one() {
    let start = || {
        let mut rules = Rules::new(FOR);
        rules.occupancy(true);
        rules.occupancy(false);
        rules.wait(M);
        rules
    };
    let mut rules = start();
    rules.restart(FOR);
    rules.wait(4 * M);
    assert_eq!(rules.did(), ["lamp off"]);
    let mut rules = start();
    rules.restart(&FOR.replace("5m", "2h"));
    assert_eq!(rules.did(), ["cancel for:0: the configuration changed while nothing ran"]);
    let mut rules = start();
    let occupancy = rules.entity("motion.occupancy");
    let known = Known { value: Some(true.into()), at: rules.now, event: EventId(1) };
    rules.engine.facts.note(occupancy, Property::State, known);
    rules.restart(FOR);
    assert_eq!(rules.did(), ["cancel for:0: it ended while nothing ran"]);
}

#[test]
fn a_hold_ends_with_its_trigger_on_silence_and_on_restart() {
    let mut rules = Rules::new(WHILE);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on while"]);
    rules.occupancy(false);
    assert_eq!(rules.did(), ["release lamp.light: its trigger no longer holds"]);
    rules.occupancy(true);
    rules.did();
    let motion = rules.directory.devices().find(|d| &*d.reference == "motion").unwrap().id;
    let offline = Body::StatusChanged { status: Status::Offline(Detail::Reported) };
    rules.event(motion, Origin::System, offline);
    assert_eq!(rules.did(), ["release lamp.light: its trigger no longer holds"]);
    let online = Body::StatusChanged { status: Status::Online };
    rules.event(motion, Origin::System, online);
    rules.occupancy(false);
    rules.occupancy(true);
    rules.did();
    rules.restart(WHILE);
    assert_eq!(rules.did(), [""; 0], "it still holds");
    rules.engine.facts.offline.insert(motion);
    rules.restart(WHILE);
    assert_eq!(rules.did(), ["release lamp.light: it ended while nothing ran"]);
    assert!(rules.kept.is_empty());
}

#[test]
fn a_hold_whose_trigger_ended_during_a_delay_is_left_out() {
    let mut rules = Rules::new(
        r#"
        [rule.r]
        when = [{ entity = "motion.occupancy", to = true }]
        then = [{ delay = "1m" }, { set = "lamp", on = true, hold_while = "when" }]
    "#,
    );
    rules.occupancy(true);
    rules.wait(2 * M);
    assert_eq!(rules.did(), ["lamp on while"]);
    rules.occupancy(false);
    rules.occupancy(true);
    rules.occupancy(false);
    rules.did();
    rules.wait(2 * M);
    let did = rules.did();
    assert_eq!(did.len(), 1);
    assert!(did[0].ends_with("it ended before its turn"), "{did:?}");
    assert_eq!(rules.engine.waiting(), (0, 0, 0));
}

#[test]
fn a_changed_rule_gives_up_what_it_waited_for_and_held() {
    let mut rules = Rules::new(WHILE);
    rules.occupancy(true);
    rules.did();
    rules.configure(&format!(
        "{WHILE}\n[rule.other]\nwhen = [{{ time = \"07:00\" }}]\nthen = [{{ notify = \"x\" }}]"
    ));
    assert_eq!(rules.did(), [""; 0], "another rule is no change of this one");
    rules.configure(&WHILE.replace("to = true", "to = false"));
    assert_eq!(rules.did(), ["release lamp.light: its rule changed"]);
    let mut rules = Rules::new(FOR);
    rules.occupancy(true);
    rules.occupancy(false);
    rules.configure(&format!("{FOR}\nenabled = false"));
    assert_eq!(rules.did(), ["cancel for:0: its rule changed"]);
}
