//! What a rule does when it is set off while it still runs.

use super::*;

const M: Duration = Duration::from_secs(60);

fn rules(mode: &str) -> Rules {
    Rules::new(&format!(
        r#"
        [rule.r]
        mode = "{mode}"
        when = [{{ entity = "motion.occupancy", to = true }}]
        then = [{{ notify = "a" }}, {{ delay = "1m" }}, {{ notify = "b" }}]
    "#
    ))
}

fn set_off(rules: &mut Rules) {
    rules.occupancy(false);
    rules.occupancy(true);
}

#[test]
fn each_mode_keeps_its_word() {
    for (mode, at_once, later) in [
        ("single", vec!["say a"], vec!["say b"]),
        ("restart", vec!["say a", "cancel run:0: it was set off again", "say a"], vec!["say b"]),
        ("queued", vec!["say a"], vec!["say b", "say a", "say b"]),
        ("parallel", vec!["say a", "say a"], vec!["say b", "say b"]),
    ] {
        let mut rules = rules(mode);
        set_off(&mut rules);
        set_off(&mut rules);
        assert_eq!(rules.did(), at_once, "{mode}");
        rules.wait(5 * M);
        assert_eq!(rules.did(), later, "{mode}");
        assert_eq!(rules.engine.waiting(), (0, 0, 0));
        assert!(rules.kept.is_empty() && rules.timers.is_empty());
        set_off(&mut rules);
        assert_eq!(rules.did(), ["say a"], "{mode}: it runs again");
    }
}

#[test]
fn a_storm_of_triggers_is_bounded() {
    for mode in ["queued", "parallel"] {
        let mut rules = rules(mode);
        for _ in 0..100 {
            set_off(&mut rules);
        }
        rules.wait(60 * M);
        let said = rules.did().iter().filter(|d| *d == "say b").count();
        assert!((10..=11).contains(&said), "{mode}: {said}");
    }
}

#[test]
fn what_waits_in_the_queue_runs_though_one_before_it_is_skipped() {
    let mut rules = Rules::new(
        r#"
        [rule.r]
        mode = "queued"
        when = [{ entity = "motion.occupancy", to = true }]
        if = [{ entity = "motion.lux", below = 50 }]
        then = [{ notify = "a" }, { delay = "1m" }]
    "#,
    );
    rules.lux(10.0);
    set_off(&mut rules);
    set_off(&mut rules);
    set_off(&mut rules);
    rules.lux(80.0);
    rules.wait(M);
    assert_eq!(rules.did().len(), 3, "one ran, two looked");
    rules.lux(10.0);
    set_off(&mut rules);
    rules.wait(5 * M);
    assert_eq!(rules.did(), ["say a"], "nothing stale came out of the queue");
}

#[test]
fn a_queue_follows_the_rule_as_it_is_now() {
    let text = |word: &str| {
        format!(
            r#"
            [rule.r]
            mode = "queued"
            when = [{{ entity = "motion.occupancy", to = true }}]
            then = [{{ notify = "{word}" }}, {{ delay = "1m" }}, {{ notify = "end {word}" }}]
        "#
        )
    };
    let mut rules = Rules::new(&text("old"));
    set_off(&mut rules);
    set_off(&mut rules);
    rules.configure(&text("new"));
    rules.wait(5 * M);
    assert_eq!(rules.did(), ["say old", "say end old", "say new", "say end new"]);
    set_off(&mut rules);
    set_off(&mut rules);
    rules.did();
    rules.configure("");
    assert_eq!(rules.did(), ["cancel run:2: its rule was removed"]);
    rules.configure(&text("new"));
    set_off(&mut rules);
    rules.wait(5 * M);
    assert_eq!(rules.did(), ["say new", "say end new"]);
}
