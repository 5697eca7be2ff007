//! Ways, rounds, side by side, waiting; each also with a restart between any two steps.

use super::*;

const M: Duration = Duration::from_secs(60);

/// Something that happens to the house.
enum Step {
    Motion(bool),
    Lux(f64),
    Wait(Duration),
}
use Step::{Lux, Motion, Wait};

fn play(rules: &mut Rules, step: &Step) {
    match step {
        Motion(on) => rules.occupancy(*on),
        Lux(lux) => rules.lux(*lux),
        Wait(length) => rules.wait(*length),
    }
}

/// Plays the steps without a restart, then with one before each of them: what is done must be the same.
fn plays(text: &str, steps: &[Step]) -> Vec<String> {
    let mut rules = Rules::new(text);
    steps.iter().for_each(|step| play(&mut rules, step));
    let did = rules.did();
    assert!(
        rules.kept.keys().all(|k| k.starts_with("beyond:")),
        "something is left: {:?}",
        rules.kept.keys()
    );
    assert_eq!(rules.engine.waiting(), (0, 0, 0));
    for at in 1..steps.len() {
        let mut rules = Rules::new(text);
        for (n, step) in steps.iter().enumerate() {
            if n == at {
                rules.restart(text);
            }
            play(&mut rules, step);
        }
        assert_eq!(rules.did(), did, "restarted before step {at}");
        assert_eq!(rules.engine.waiting(), (0, 0, 0), "restarted before step {at}");
    }
    did
}

const ON: &str = "when = [{ entity = \"motion.occupancy\", to = true }]";

fn rule(then: &str) -> String {
    format!("[rule.r]\nmode = \"queued\"\n{ON}\nthen = [{then}]\n")
}

#[test]
fn the_first_way_that_fits_is_taken() {
    let text = rule(
        r#"{ choose = [
            { if = [{ entity = "motion.lux", below = 10 }], then = [{ notify = "dark" }, { delay = "1m" }, { notify = "still" }] },
            { if = [{ entity = "motion.lux", below = 100 }], then = [{ notify = "dim" }] },
        ], else = [{ notify = "bright" }] }, { notify = "end" }"#,
    );
    let dark = plays(&text, &[Lux(5.0), Motion(true), Wait(2 * M)]);
    assert_eq!(dark, ["say dark", "say still", "say end"]);
    assert_eq!(plays(&text, &[Lux(50.0), Motion(true), Wait(M)]), ["say dim", "say end"]);
    assert_eq!(plays(&text, &[Lux(500.0), Motion(true), Wait(M)]), ["say bright", "say end"]);
}

#[test]
fn what_was_looked_at_on_the_way_is_told_with_what_is_done() {
    let mut rules = Rules::new(&rule(
        r#"{ if = [{ entity = "motion.lux", below = 10 }], then = [{ set = "lamp", on = true }], else = [{ stop = "bright enough" }] }"#,
    ));
    rules.lux(50.0);
    rules.occupancy(true);
    assert_eq!(
        rules.did(),
        [
            "skipped after motion.occupancy became on; motion.lux below 10: 50 lx, 0s ago: 40 lx too high; stopped: bright enough"
        ]
    );
}

#[test]
fn rounds_are_counted_and_end() {
    let text = rule(r#"{ repeat = 3, do = [{ notify = "beep" }, { delay = "10s" }] }, { notify = "end" }"#);
    let did = plays(&text, &[Motion(true), Wait(M / 4), Wait(M)]);
    assert_eq!(did, ["say beep", "say beep", "say beep", "say end"]);
    let nested = rule(r#"{ repeat = 2, do = [{ repeat = 2, do = [{ notify = "x" }] }, { delay = "1m" }] }"#);
    assert_eq!(plays(&nested, &[Motion(true), Wait(M), Wait(M)]), ["say x"; 4], "the inner one begins anew");
    let looped = rule(
        r#"{ while = [{ entity = "motion.lux", below = 10 }], do = [{ notify = "dark" }, { delay = "1m" }] },
           { until = [{ entity = "motion.lux", below = 10 }], do = [{ notify = "bright" }, { delay = "1m" }] }"#,
    );
    let did = plays(&looped, &[Lux(5.0), Motion(true), Wait(M), Lux(50.0), Wait(2 * M), Lux(5.0), Wait(M)]);
    let bright = did.iter().filter(|d| *d == "say bright").count();
    assert_eq!((did.iter().filter(|d| *d == "say dark").count(), bright), (2, 2), "{did:?}");
}

#[test]
fn branches_go_side_by_side_and_are_waited_for() {
    let text = rule(
        r#"{ parallel = [
            [{ delay = "2m" }, { notify = "slow" }],
            { notify = "at once" },
            [{ delay = "1m" }, { notify = "quick" }],
        ] }, { notify = "all" }"#,
    );
    let did = plays(&text, &[Motion(true), Wait(M), Wait(M), Wait(M)]);
    assert_eq!(did, ["say at once", "say quick", "say slow", "say all"]);
    // A second one in the queue waits for the last branch.
    let did = plays(&text, &[Motion(true), Motion(false), Motion(true), Wait(3 * M), Wait(2 * M)]);
    assert_eq!(did.iter().filter(|d| *d == "say all").count(), 2, "{did:?}");
    assert_eq!(did[3..5], ["say all", "say at once"]);
}

#[test]
fn a_run_that_is_stopped_takes_its_branches_with_it() {
    let text = rule(
        r#"{ parallel = [[{ delay = "2m" }, { notify = "slow" }], [{ delay = "1m" }, { stop = "enough" }]] }"#,
    );
    let mut rules = Rules::new(&text);
    rules.occupancy(true);
    rules.wait(5 * M);
    let did = rules.did();
    assert!(did[0].ends_with("stopped: enough") && did[1].starts_with("cancel run:1"), "{did:?}");
    assert_eq!(did.len(), 2);
    assert!(rules.kept.is_empty() && rules.timers.is_empty() && rules.engine.waiting() == (0, 0, 0));
}

#[test]
fn a_run_waits_until_something_is_so() {
    let text = rule(
        r#"{ wait_until = [{ entity = "motion.lux", below = 10 }], timeout = "5m", on_timeout = "go_on" }, { notify = "go" }"#,
    );
    assert_eq!(plays(&text, &[Lux(5.0), Motion(true)]), ["say go"], "it is so already");
    let did = plays(&text, &[Lux(50.0), Motion(true), Wait(M), Lux(20.0), Lux(5.0)]);
    assert_eq!(did, ["cancel run:0: what it waited for came", "say go"]);
    assert_eq!(
        plays(&text, &[Lux(50.0), Motion(true), Wait(6 * M)]),
        ["say go"],
        "it has waited for long enough"
    );
}

#[test]
fn a_run_waits_for_what_happens_and_gives_up() {
    let text = rule(
        r#"{ wait_for = [{ entity = "motion.occupancy", to = false }], timeout = "5m" }, { notify = "left" }"#,
    );
    let did = plays(&text, &[Motion(true), Wait(M), Motion(false)]);
    assert_eq!(did, ["cancel run:0: what it waited for came", "say left"]);
    let did = plays(&text, &[Motion(true), Wait(6 * M), Motion(false)]);
    assert_eq!(
        did,
        [
            "skipped after motion.occupancy became on; waited for motion.occupancy became off: it did not come within 5m"
        ]
    );
}

#[test]
fn what_set_a_rule_off_is_not_what_it_waits_for() {
    let text = rule(r#"{ wait_for = [{ entity = "motion.occupancy", to = true }] }, { notify = "twice" }"#);
    let did = plays(&text.replace("queued", "single"), &[Motion(true), Motion(false), Motion(true)]);
    assert_eq!(did, ["say twice"]);
    let mut rules = Rules::new(&text);
    rules.occupancy(true);
    assert_eq!((rules.did().len(), rules.engine.waiting().2), (0, 1), "the first one only set it off");
}

#[test]
fn what_came_while_nothing_ran_is_seen() {
    let text = rule(r#"{ wait_until = [{ entity = "motion.lux", below = 10 }] }, { notify = "go" }"#);
    let mut rules = Rules::new(&text);
    rules.lux(50.0);
    rules.occupancy(true);
    let lux = rules.entity("motion.lux");
    let known = crate::rules::facts::Known { value: Some(5.0.into()), at: rules.now, event: EventId(9) };
    rules.engine.facts.note(lux, Property::State, known);
    rules.restart(&text);
    assert_eq!(rules.did(), ["say go"]);
}

#[test]
fn a_run_whose_steps_changed_is_given_up_with_all_its_branches() {
    let text = rule(
        r#"{ parallel = [[{ delay = "2m" }, { notify = "a" }], [{ delay = "1m" }, { notify = "b" }]] }"#,
    );
    let mut rules = Rules::new(&text);
    rules.occupancy(true);
    rules.restart(&text.replace("\"b\"", "\"c\""));
    rules.wait(5 * M);
    let did = rules.did();
    assert!(did.iter().all(|d| d.contains("the configuration changed")), "{did:?}");
    assert!(rules.kept.is_empty() && rules.timers.is_empty());
}

#[test]
fn a_run_without_a_timer_that_is_given_up_is_told() {
    let text = rule(r#"{ wait_until = [{ entity = "motion.lux", below = 10 }] }, { notify = "go" }"#);
    let mut rules = Rules::new(&text);
    rules.lux(50.0);
    rules.occupancy(true);
    rules.restart(&text.replace("\"go\"", "\"gone\""));
    let did = rules.did();
    assert!(did.len() == 1 && did[0].ends_with("the configuration changed while nothing ran"), "{did:?}");
}

#[test]
fn a_mode_counts_runs_and_not_their_branches() {
    let text = rule(
        r#"{ parallel = [[{ delay = "1m" }], [{ delay = "1m" }], [{ delay = "1m" }]] }, { notify = "x" }"#,
    );
    let mut rules = Rules::new(&text.replace("queued", "parallel"));
    for _ in 0..30 {
        rules.occupancy(false);
        rules.occupancy(true);
    }
    rules.wait(2 * M);
    assert_eq!(rules.did(), ["say x"; 10]);
    let mut rules = Rules::new(&text.replace("queued", "restart"));
    for _ in 0..3 {
        rules.occupancy(false);
        rules.occupancy(true);
    }
    rules.wait(2 * M);
    assert_eq!(rules.did().iter().filter(|d| *d == "say x").count(), 1);
}

#[test]
fn a_long_round_takes_a_breath() {
    let text = rule(
        r#"{ repeat = 200, do = [{ repeat = 100, do = [{ if = [{ not = { people = "nobody_home" } }], then = [{ delay = "1s" }], else = [{ stop = "x" }] }] }] }"#,
    );
    // 20,000 rounds of a delay each: nothing here is without a pause, and it goes on all the same.
    let mut rules = Rules::new(&text);
    rules.occupancy(true);
    rules.wait(Duration::from_secs(20_001));
    assert_eq!(rules.engine.waiting(), (0, 0, 0));
    let still = rule(
        r#"{ repeat = 1000, do = [{ repeat = 1000, do = [{ do = [{ if = [{ people = "nobody_home" }], then = [{ notify = "never" }] }] }] }] }, { notify = "end" }"#,
    );
    let mut rules = Rules::new(&still);
    rules.occupancy(true);
    assert_eq!((rules.did().len(), rules.engine.waiting().2), (0, 1), "it waits a second before it goes on");
    rules.wait(10 * M);
    assert_eq!(rules.did(), ["say end"]);
}
