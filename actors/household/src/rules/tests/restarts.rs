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
fn a_run_that_was_kept_before_its_timer_gets_it_at_its_own_time() {
    let mut rules = waiting();
    rules.timers.clear();
    rules.restart(RULE);
    rules.wait(8 * M);
    assert_eq!(rules.did(), [""; 0]);
    rules.wait(M);
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

#[test]
fn what_must_last_and_what_waits_its_turn_go_on() {
    let text = r#"
        [rule.r]
        mode = "queued"
        when = [{ entity = "motion.occupancy", to = true }, { entity = "motion.lux", above = 50, for = "5m" }]
        then = [{ notify = "a" }, { delay = "10m" }, { notify = "b" }]
    "#;
    let mut rules = Rules::new(text);
    rules.lux(10.0);
    rules.occupancy(true);
    rules.occupancy(false);
    rules.occupancy(true);
    rules.lux(60.0);
    assert_eq!(rules.did(), ["say a"]);
    assert_eq!(rules.engine.waiting(), (1, 0, 1));
    // Kept, and the kill came before the timers were set.
    rules.timers.clear();
    rules.restart(text);
    rules.wait(9 * M);
    assert_eq!(rules.did(), [""; 0], "one waits behind the run, and behind it what lasted");
    rules.wait(30 * M);
    assert_eq!(rules.did(), ["say b", "say a", "say b", "say a", "say b"]);
    assert!(rules.kept.is_empty() && rules.timers.is_empty());
}
