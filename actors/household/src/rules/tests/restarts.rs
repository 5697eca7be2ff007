//! Runs that wait at a delay, over a restart.

use super::*;

const M: Duration = Duration::from_secs(60);
const RULE: &str = r#"
    [rule.r]
    when = [{ entity = "motion.occupancy", to = true }]
    then = [{ set = "lamp", on = true }, { delay = "10m" }, { set = "lamp", on = false }]
"#;

fn waiting() -> Rules {
    let mut rules = Rules::new(RULE);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"]);
    rules.wait(M);
    rules
}

#[test]
fn a_delay_goes_on() {
    let mut rules = waiting();
    rules.restart(RULE);
    assert_eq!(rules.did(), [""; 0]);
    rules.wait(9 * M);
    assert_eq!(rules.did(), ["lamp off"]);
    assert!(rules.kept.is_empty());
}

#[test]
fn an_edit_elsewhere_does_not_cancel_it_and_one_of_its_actions_does() {
    let mut rules = waiting();
    rules.restart(&format!(
        "# a word\n{RULE}\n[rule.x]\nwhen = [{{ time = \"07:00\" }}]\nthen = [{{ notify = \"x\" }}]"
    ));
    rules.wait(9 * M);
    assert_eq!(rules.did(), ["lamp off"]);
    let mut rules = waiting();
    rules.restart(&RULE.replace("10m", "20m"));
    assert_eq!(rules.did(), ["cancel run:0: the configuration changed while nothing ran"]);
    assert!(rules.kept.is_empty() && rules.timers.is_empty());
}

#[test]
fn a_run_whose_timer_fired_before_a_kill_goes_on_at_once() {
    let mut rules = waiting();
    rules.timers.clear();
    rules.restart(RULE);
    rules.wait(Duration::ZERO);
    assert_eq!(rules.did(), ["lamp off"]);
    rules.occupancy(false);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"], "mode single is free again");
}

#[test]
fn a_missed_delay_that_is_only_reported_frees_its_rule() {
    let mut rules = waiting();
    let timer = rules.timers.remove(0);
    let body = Body::TimerCancelled { owner: timer.owner, name: timer.name, reason: "missed by 60 s".into() };
    rules.event(NodeId::rule("r"), Origin::Timer, body);
    assert!(rules.kept.is_empty());
    rules.occupancy(false);
    rules.occupancy(true);
    assert_eq!(rules.did(), ["lamp on"]);
}

#[test]
fn run_numbers_are_not_used_twice() {
    let mut rules = waiting();
    rules.restart(&RULE.replace("[rule.r]", "[rule.r]\nmode = \"parallel\""));
    rules.occupancy(false);
    rules.occupancy(true);
    let names: Vec<&str> = rules.timers.iter().map(|t| &*t.name).collect();
    assert_eq!(names, ["run:0", "run:1"]);
}
