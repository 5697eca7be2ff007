//! A rule tried without moving anything.

use super::*;
use crate::rules::trial::{Assumed, Bench, Trial};

fn tries(rules: &Rules, assumed: &Assumed) -> Result<Trial, String> {
    let (home, directory, graph, now) = (&rules.home, &rules.directory, &rules.graph, rules.now);
    Bench { home, directory, graph, now, clock_set: true, trust: &[] }.tries(
        rules.engine.facts.clone(),
        "r",
        assumed,
    )
}

const TEXT: &str = r#"
    [rule.r]
    when = [{ entity = "motion.occupancy", to = true }, { time = "07:00", id = "early" }]
    if = [{ entity = "motion.lux", below = 50 }]
    then = [
        { set = "lamp", on = true, hold_while = "when" },
        { wait_for = [{ entity = "motion.occupancy", to = false }], timeout = "1h" },
        { delay = "2m" },
        { choose = [{ if = [{ trigger = "early" }], then = [{ notify = "early" }] }], else = [{ notify = "late" }] },
    ]
    else = [{ notify = "bright" }]
"#;

#[test]
fn it_tells_what_would_be_done_and_when() {
    let text = TEXT
        .replace(", { time = \"07:00\", id = \"early\" }", "")
        .replace("{ trigger = \"early\" }", "{ people = \"nobody_home\" }");
    let mut rules = Rules::new(&text);
    rules.lux(5.0);
    let before = rules.did();
    let trial = tries(&rules, &Assumed::default()).unwrap();
    let steps: Vec<(u64, &str)> = trial.steps.iter().map(|s| (s.after.as_secs(), s.text.as_str())).collect();
    assert_eq!(
        steps,
        [
            (0, "set lamp.light: on = on, for as long as its trigger holds"),
            (0, "wait for motion.occupancy became off, at most 1h"),
            (121, "say \"late\""),
        ]
    );
    assert!(trial.met && trial.rests.is_empty() && !trial.goes_on);
    assert_eq!(trial.steps[0].claims, [("lamp.light".to_owned(), Property::On, Level::Rule)]);
    assert!(before.is_empty() && rules.did().is_empty() && rules.timers.is_empty() && rules.kept.is_empty());
}

#[test]
fn another_trigger_another_reading_another_time() {
    let text = TEXT.replace(", hold_while = \"when\"", "");
    let mut rules = Rules::new(&text);
    rules.lux(500.0);
    let trial = tries(&rules, &Assumed::default()).unwrap();
    assert_eq!(
        trial.conditions,
        [("motion.lux below 50".to_owned(), "500 lx, 0s ago: 450 lx too high".to_owned(), false)]
    );
    assert_eq!(trial.steps.iter().map(|s| &*s.text).collect::<Vec<_>>(), ["say \"bright\""]);
    let dark = vec![("motion.lux".to_owned(), Value::Number(1.0))];
    let assumed = Assumed { trigger: Some("early".into()), values: dark, at: None };
    let trial = tries(&rules, &assumed).unwrap();
    assert_eq!((trial.trigger, trial.steps.last().unwrap().text.as_str()), (1, "say \"early\""));
    let by_number = Assumed { trigger: Some("2".into()), ..assumed.clone() };
    assert_eq!(tries(&rules, &by_number).unwrap(), trial);
    let none = tries(&rules, &Assumed { trigger: Some("3".into()), ..Assumed::default() }).unwrap_err();
    assert_eq!(
        none,
        "there is no trigger `3`; there is 1 (motion.occupancy became on), 2 or early (at 07:00)"
    );
    let unknown = Assumed { values: vec![("motion.lx".to_owned(), 1.0.into())], ..Assumed::default() };
    assert!(tries(&rules, &unknown).unwrap_err().contains("motion.lx"));
}

#[test]
fn what_goes_on_for_ever_is_cut() {
    let mut rules = Rules::new(
        r#"
        [rule.r]
        enabled = false
        when = [{ entity = "motion.occupancy", to = true }]
        then = [{ while = [{ entity = "motion.lux", below = 50 }], do = [{ notify = "dark" }, { delay = "1m" }] }]
    "#,
    );
    rules.lux(1.0);
    let trial = tries(&rules, &Assumed::default()).unwrap();
    // The reading grows old while it goes on.
    assert_eq!(trial.rests, "it is not enabled");
    assert!(trial.steps.len() == 11 && !trial.goes_on, "{:?}", trial.steps.len());
}
