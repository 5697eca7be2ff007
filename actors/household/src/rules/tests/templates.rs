//! Expressions: as conditions, as what sets off, as values, and what a run remembers.

use super::*;

const LUX: &str = "state('motion.lux')";

#[test]
fn an_expression_is_a_condition_and_says_what_it_was_reckoned_from() {
    let mut rules = Rules::new(&format!(
        "[rule.r]\nwhen = [{{ entity = \"motion.occupancy\", to = true }}]\n\
         if = [{{ template = \"{{{{ {LUX} * 2 < 100 and not home('anna') }}}}\" }}]\nthen = [{{ set = \"lamp\", on = true }}]\n"
    ));
    rules.moves("anna", Presence::Away, None);
    rules.lux(80.0);
    rules.occupancy(true);
    let did = rules.did();
    assert!(did[0].contains("motion.lux 80 lx, 0s ago; anna away"), "{did:?}");
    rules.occupancy(false);
    rules.lux(30.0);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"]);
    // What is not known is no number: it does not hold, and says so.
    rules.occupancy(false);
    rules.reads("motion.lux", Property::State, None);
    rules.occupancy(true);
    let did = rules.did();
    assert!(did[0].contains("motion.lux unknown"), "{did:?}");
}

#[test]
fn an_expression_sets_off_when_it_becomes_true() {
    let text = format!(
        "[rule.r]\nwhen = [{{ template = \"{LUX} > 50 and occupied('hall')\" }}]\nthen = [{{ notify = \"bright\" }}]\n"
    );
    let mut rules = Rules::new(&text);
    let look = |rules: &mut Rules| {
        let effects = rules.with(|engine, view| engine.look_at_templates(view));
        rules.take(effects);
    };
    rules.lux(80.0);
    look(&mut rules);
    let occupied = |rules: &mut Rules, occupied| {
        rules.event(NodeId::room("hall"), Origin::System, Body::RoomOccupied { occupied });
    };
    occupied(&mut rules, true);
    assert_eq!(rules.did(), ["say bright"]);
    rules.lux(90.0);
    assert!(rules.did().is_empty(), "it was true before");
    rules.lux(20.0);
    rules.lux(60.0);
    assert_eq!(rules.did(), ["say bright"]);
    // What came to be true while nothing ran is no change, nor is what stays true.
    rules.lux(20.0);
    rules.restart(&text);
    look(&mut rules);
    rules.lux(70.0);
    assert_eq!(rules.did(), ["say bright"]);
    rules.restart(&text);
    look(&mut rules);
    rules.lux(75.0);
    assert!(rules.did().is_empty());
}

#[test]
fn one_that_must_last_ends_when_it_is_true_no_more() {
    let mut rules = Rules::new(&format!(
        "[rule.r]\nwhen = [{{ template = \"{LUX} > 50\", for = \"5m\" }}]\nthen = [{{ notify = \"bright\" }}]\n"
    ));
    let effects = rules.with(|engine, view| engine.look_at_templates(view));
    rules.take(effects);
    let minute = Duration::from_secs(60);
    rules.lux(60.0);
    rules.wait(4 * minute);
    rules.lux(40.0);
    rules.wait(10 * minute);
    assert_eq!(rules.did(), ["cancel for:0: its trigger no longer holds"]);
    rules.lux(60.0);
    rules.wait(4 * minute);
    rules.lux(70.0);
    rules.wait(2 * minute);
    assert_eq!(rules.did(), ["say bright"]);
}

#[test]
fn a_run_remembers_values_over_a_restart() {
    let text = format!(
        "[rule.r]\nwhen = [{{ entity = \"motion.occupancy\", to = true }}]\n\
         then = [{{ let = {{ was = \"{LUX}\", word = \"'dark' if {LUX} < 50 else 'bright'\" }} }}, {{ delay = \"1m\" }},\n\
                 {{ if = [{{ template = \"{LUX} > var.was\" }}], then = [{{ notify = \"brighter than {{var.was}}, it was {{var.word}}\" }}] }}]\n"
    );
    let mut rules = Rules::new(&text);
    rules.lux(30.0);
    rules.occupancy(true);
    rules.restart(&text);
    rules.lux(80.0);
    rules.wait(Duration::from_secs(60));
    assert_eq!(rules.did(), ["say brighter than 30.0, it was dark"]);
}

#[test]
fn a_value_is_reckoned_when_it_is_set() {
    let mut rules = Rules::new(&format!(
        "[rule.r]\nwhen = [{{ entity = \"motion.occupancy\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = {{ template = \"{LUX} < 50\" }} }}]\n"
    ));
    rules.lux(30.0);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"]);
    rules.occupancy(false);
    rules.lux(60.0);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp off"]);
    // Without the reading nothing is set, and that is told.
    rules.occupancy(false);
    rules.reads("motion.lux", Property::State, None);
    rules.occupancy(true);
    let did = rules.did();
    assert!(
        did.len() == 1 && did[0].starts_with("skipped") && did[0].contains("motion.lux unknown"),
        "{did:?}"
    );
}

#[test]
fn an_expression_without_end_is_ended() {
    let mut rules = Rules::new(
        "[rule.r]\nwhen = [{ entity = \"motion.occupancy\", to = true }]\n\
         if = [{ template = \"(range(9999) | map('string') | join | length) > 0 and (range(9999) | sum) > 0 and (range(9999) | sort | length) > 0\" }]\n\
         then = [{ notify = \"never\" }]\n",
    );
    rules.occupancy(true);
    let did = rules.did();
    assert!(did.len() == 1, "{did:?}");
}
