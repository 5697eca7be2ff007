//! Times and counts, also over a restart.

use super::*;

const PUMP: &str = r#"
    [interlock.pump]
    of = "pump.switch"
    safe = { on = false }
    min_on = "2m"
    min_off = "5m"
    max_on = "30m"
    max_starts = { per_hour = 3, per_day = 5 }
"#;

#[test]
fn off_for_at_least_so_long() {
    let mut c = Cellar::new(PUMP);
    c.goes("pump.switch", true);
    c.wait(3 * M);
    c.goes("pump.switch", false);
    c.wait(4 * M + 58 * S);
    let denied = c.wish_at("pump.switch", Property::On, true.into(), Level::Person, None);
    let by = "interlock:pump (interlock): at least 5m off (`min_off`), allowed again in 2s";
    assert_eq!(denied, Ruling::Denied { by: by.into() });
    c.wait(S);
    let mut c = c.restarted(PUMP, Duration::ZERO);
    assert!(!c.rule("pump.switch", true), "the kill did not forget it");
    c.moved();
    c.wait(S);
    let pump = c.id("pump.switch");
    assert_eq!(c.moved(), [(pump, None)], "what was held back is looked at again");
    assert!(c.rule("pump.switch", true));
}

#[test]
fn on_for_at_least_so_long_unless_a_person_or_safety_says_otherwise() {
    let mut c = Cellar::new(PUMP);
    c.goes("pump.switch", true);
    c.wait(M);
    assert!(!c.rule("pump.switch", false));
    c.moved();
    c.wait(M);
    let pump = c.id("pump.switch");
    assert_eq!(c.moved(), [(pump, Some(false.into()))], "what was wished is done when it may be");
    c.wait(10 * M);
    let mut c = Cellar::new(PUMP);
    c.goes("pump.switch", true);
    assert!(c.person("pump.switch", false), "a person is never held back from safety");
    let mut c = Cellar::new(PUMP);
    c.goes("pump.switch", true);
    assert!(!c.rule("pump.switch", false));
    assert!(c.rule("pump.switch", true), "wished on again");
    c.moved();
    c.wait(5 * M);
    assert!(c.moved().is_empty(), "the newer wish counts");
}

#[test]
fn on_for_at_most_so_long() {
    let mut c = Cellar::new(PUMP);
    c.goes("pump.switch", true);
    c.wait(29 * M);
    let mut c = c.restarted(PUMP, S);
    c.is("pump.switch", true);
    c.wait(M);
    assert_eq!(c.told, ["tripped: it ran for 30m (`max_on`)"]);
    let pump = c.id("pump.switch");
    assert_eq!(c.moved().last(), Some(&(pump, Some(false.into()))));
    // It does not obey: it is told again, and stays tripped.
    c.wait(2 * M);
    assert_eq!(c.moved(), [(pump, Some(false.into())), (pump, Some(false.into()))]);
    c.is("pump.switch", false);
    assert_eq!(c.last(), "cleared");
    assert!(!c.rule("pump.switch", true), "and rests now");
}

#[test]
fn only_so_many_starts() {
    let mut c = Cellar::new(PUMP);
    for _ in 0..3 {
        c.goes("pump.switch", true);
        c.wait(3 * M);
        c.goes("pump.switch", false);
        c.wait(6 * M);
    }
    let mut c = c.restarted(PUMP, S);
    let Ruling::Denied { by } = c.wish_at("pump.switch", Property::On, true.into(), Level::Person, None)
    else {
        panic!("a fourth start within the hour")
    };
    assert!(by.contains("3 starts an hour (`max_starts`), allowed again in 32m"), "{by}");
    c.wait(33 * M);
    for _ in 0..2 {
        c.goes("pump.switch", true);
        c.wait(3 * M);
        c.goes("pump.switch", false);
        c.wait(60 * M);
    }
    assert!(!c.rule("pump.switch", true), "five a day");
    c.wait(22 * 60 * M);
    assert!(c.rule("pump.switch", true), "{:?}", c.safety.memory("pump"));
}

#[test]
fn a_command_that_never_left_is_no_rest_and_one_that_was_not_obeyed_is_none_either() {
    let mut c = Cellar::new(PUMP);
    c.goes("pump.switch", true);
    let began = c.safety.memory("pump").unwrap().on_since;
    c.wait(3 * M);
    assert!(c.rule("pump.switch", false));
    assert_eq!(c.safety.memory("pump").unwrap().on_since, None);
    c.is("pump.switch", true);
    let memory = c.safety.memory("pump").unwrap();
    assert_eq!((memory.on_since, memory.starts.len()), (began, 1), "it ran all the while: {memory:?}");
}

const LONG: &str = "[interlock.pump]\nof = \"pump.switch\"\nsafe = { on = false }\nlatched = true\nmin_on = \"4m\"\nmax_on = \"10m\"\n\
                    max_run = { per_hour = \"15m\" }\n";

#[test]
fn off_and_on_in_one_breath_is_no_rest() {
    let mut c = Cellar::new(LONG);
    c.goes("pump.switch", true);
    c.wait(9 * M);
    assert!(c.rule("pump.switch", false) && c.rule("pump.switch", true));
    c.is("pump.switch", true);
    c.wait(59 * S);
    assert!(c.safety.memory("pump").unwrap().tripped.is_none());
    c.wait(2 * S);
    assert!(c.last().contains("it ran for 10m (`max_on`)"), "{}", c.last());
}

#[test]
fn what_was_kept_before_that_was_told_apart_is_read() {
    let read = |kept: serde_json::Value| serde_json::from_value::<Memory>(kept).unwrap().restored();
    let runs = read(serde_json::json!({ "on_since": Timestamp(7) }));
    assert_eq!((runs.out_since, runs.leaves()), (Some(Timestamp(7)), false));
    let leaves = read(serde_json::json!({ "leaving": Timestamp(7), "off_since": Timestamp(9) }));
    assert_eq!((leaves.out_since, leaves.leaves()), (Some(Timestamp(7)), true));
    assert!(!read(serde_json::json!({})).runs());
}

#[test]
fn a_rest_that_was_seen_counts_also_when_it_is_seen_late() {
    let mut c = Cellar::new(LONG);
    c.goes("pump.switch", true);
    c.wait(9 * M);
    assert!(c.rule("pump.switch", false) && c.rule("pump.switch", true));
    c.passes("pump.switch", false);
    c.is("pump.switch", true);
    c.wait(3 * M);
    assert!(!c.rule("pump.switch", false), "four minutes from the second start (`min_on`)");
    assert!(c.safety.memory("pump").unwrap().tripped.is_none(), "{}", c.last());
    c.wait(4 * M);
    assert!(c.last().contains("within an hour (`max_run`)"), "nine minutes and six: {}", c.last());
}

#[test]
fn safe_for_a_while_after_a_start() {
    let boot = "[interlock.pump]\nof = \"pump.switch\"\nsafe = { on = false }\nboot_delay = \"45s\"\n";
    let mut c = Cellar::new(boot);
    assert!(!c.rule("pump.switch", true));
    c.moved();
    c.wait(45 * S);
    assert_eq!(c.moved().len(), 1, "then it is looked at again");
    assert!(c.rule("pump.switch", true));
    let mut c = c.restarted(boot, S);
    assert!(!c.rule("pump.switch", true));
}
