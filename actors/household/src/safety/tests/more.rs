//! What must come before, budgets, gates, running times, reminders.

use super::*;

impl Cellar {
    /// How often something was told to go to its safe state since the last look.
    fn stopped(&mut self) -> usize {
        self.moved().iter().filter(|(_, to)| to.is_some()).count()
    }
}

const AFTER: &str = r#"
    [interlock.dose]
    of = "pump.switch"
    safe = { on = false }
    after = [{ entity = "cooler.switch", is = true, for = "2m" }, { entity = "tank.leak", is = false, for = "10m" }]
"#;

#[test]
fn one_comes_after_the_other_and_waits_for_it() {
    let mut c = Cellar::new(AFTER);
    c.measures("cooler.switch", false);
    c.measures("tank.leak", false);
    c.wait(M * 10);
    assert!(!c.rule("pump.switch", true), "the other does not run");
    c.measures("cooler.switch", true);
    c.wait(M);
    assert!(!c.rule("pump.switch", true), "not long enough");
    // Told again, it has not begun anew.
    c.measures("cooler.switch", true);
    c.wait(M);
    c.goes("pump.switch", true);
    c.measures("cooler.switch", false);
    assert_eq!(c.last(), "tripped: cooler.switch is on must be so before, and it is off");
    assert_eq!(c.stopped(), 1);
}

const BUDGET: &str = r#"
    [interlock.circuit]
    of = "pump.switch"
    safe = { on = false }
    budget = { most = "3.5 kW", draws = "2 kW", beside = [{ entity = "cooler.switch", draws = "2.4 kW" }] }
"#;

#[test]
fn what_is_drawn_together_stays_within_its_budget() {
    let mut c = Cellar::new(BUDGET);
    assert!(!c.rule("pump.switch", true), "what is not known may well run");
    c.measures("cooler.switch", false);
    c.goes("pump.switch", true);
    c.measures("cooler.switch", true);
    assert_eq!(c.last(), "tripped: pump.switch and cooler.switch draw 4400 W, at most 3500 W are allowed");
    assert_eq!(c.stopped(), 1);
    c.is("pump.switch", false);
    c.measures("cooler.switch", false);
    assert_eq!(c.last(), "cleared");
    assert!(c.rule("pump.switch", true));
}

const GATE: &str = r#"
    [interlock.bed]
    of = "pump.switch"
    safe = { on = false }
    gate = "the bed is clear"
    remind = "15m"
"#;

#[test]
fn each_start_waits_for_somebody_and_says_so_again() {
    let mut c = Cellar::new(GATE);
    assert_eq!(c.last(), "latched: waits for somebody to say: the bed is clear");
    assert!(!c.person("pump.switch", true), "also for a person: who says it says it by `ack`");
    c.ack("bed").unwrap();
    let mut c = c.restarted(GATE, M);
    assert!(c.ack("bed").is_err(), "it was said, and a kill did not forget it");
    c.goes("pump.switch", true);
    c.wait(M * 60);
    c.goes("pump.switch", false);
    assert!(c.last().starts_with("latched: waits"), "{}", c.last());
    let told = c.told.len();
    c.wait(M * 31);
    assert_eq!(c.told.len(), told + 2, "{:?}", c.told);
    assert_eq!(
        c.last(),
        "notice: Bed has waited for somebody for 30m: waits for somebody to say: the bed is clear (lares ack bed)"
    );
    // Switched on by hand, it is stopped.
    c.is("pump.switch", true);
    assert_eq!(c.moved().last().unwrap().1, Some(false.into()));
}

const RUN: &str = r#"
    [interlock.dose]
    of = "pump.switch"
    safe = { on = false }
    max_run = { per_hour = "5m", per_day = "12m" }
"#;

#[test]
fn all_runs_of_a_time_are_counted_together() {
    let mut c = Cellar::new(RUN);
    c.goes("pump.switch", true);
    c.wait(M * 3);
    c.goes("pump.switch", false);
    c.wait(M * 10);
    c.goes("pump.switch", true);
    c.wait(M * 2 - S);
    assert_eq!(c.stopped(), 0);
    c.wait(S);
    assert_eq!(c.last(), "tripped: it ran for 5m within an hour (`max_run`)");
    assert_eq!(c.stopped(), 1);
    c.is("pump.switch", false);
    assert_eq!(c.last(), "cleared");
    let mut c = c.restarted(RUN, M);
    assert!(!c.rule("pump.switch", true), "a kill forgot how long it ran");
    // Of the first three minutes one second is further back than an hour.
    c.wait(M * 44 + S);
    assert!(c.rule("pump.switch", true));
    c.is("pump.switch", true);
    c.goes("pump.switch", false);
    // Twelve minutes a day, however they are spread.
    for _ in 0..6 {
        c.wait(M * 70);
        if !c.rule("pump.switch", true) {
            continue;
        }
        c.is("pump.switch", true);
        c.stopped();
        let stopped = (0..4).any(|_| {
            c.wait(M);
            c.stopped() > 0
        });
        match stopped {
            true => c.is("pump.switch", false),
            false => c.goes("pump.switch", false),
        }
    }
    let ran: u64 = c.kept["dose"].ran.iter().map(|(from, to)| to.since(*from).as_secs()).sum();
    assert_eq!(ran, 12 * 60);
    assert!(!c.rule("pump.switch", true));
}
