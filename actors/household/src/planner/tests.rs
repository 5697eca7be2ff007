//! The plan: what comes next, over the changes of the clock, and what must change for it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lares_config::{Home, Missed};
use lares_model::{EventId, Filter, Timer, Timestamp};

use super::{Calendar, Plan};

fn home(rules: &str) -> Arc<Home> {
    let text =
        format!("[household]\ntime_zone = \"Europe/Vienna\"\nlatitude = 48.2\nlongitude = 16.4\n{rules}");
    let files = vec![("home.toml".to_owned(), text)];
    let loaded = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
    loaded.unwrap_or_else(|problems| panic!("{}", lares_config::render(&problems, false))).home
}

fn rule(when: &str) -> String {
    format!("[rule.r]\nwhen = [{when}]\nthen = [{{ notify = \"x\" }}]\n")
}

fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

/// What is due, whatever is asked for.
struct Dates(Vec<Timestamp>);

impl Calendar for Dates {
    fn next(&self, filter: &Filter, after: Timestamp) -> Option<Timestamp> {
        assert_eq!(filter.text(), "label:bins");
        self.0.iter().copied().find(|due| *due > after)
    }
}

fn due(when: &str, now: &str) -> String {
    let dates = Dates(vec![at("2026-06-03T04:00:00Z"), at("2026-06-10T04:00:00Z")]);
    let plan = Plan::make(&home(&rule(when)), at(now), &dates);
    jiff::Timestamp::from_microsecond(plan.steps["r#0"].due.0).unwrap().to_string()
}

fn timer(name: &str, due: Timestamp) -> Timer {
    Timer {
        owner: "plan".into(),
        name: name.into(),
        due,
        length: Duration::ZERO,
        missed: Missed::RunOnce,
        cause: EventId(1),
    }
}

#[test]
fn what_is_due_has_its_moment_so_long_before() {
    let evening = r#"{ calendar = "label:bins", offset = "-12h" }"#;
    assert_eq!(due(evening, "2026-06-01T00:00:00Z"), "2026-06-02T16:00:00Z");
    assert_eq!(due(evening, "2026-06-02T16:00:00Z"), "2026-06-09T16:00:00Z", "not the same one again");
    assert_eq!(due(r#"{ calendar = "label:bins" }"#, "2026-06-03T03:59:59Z"), "2026-06-03T04:00:00Z");
    assert_eq!(
        due(r#"{ calendar = "label:bins", offset = "1h" }"#, "2026-06-03T04:30:00Z"),
        "2026-06-03T05:00:00Z"
    );
}

#[test]
fn the_next_moment_is_the_first_one_after_now() {
    let daily = r#"{ time = "07:00" }"#;
    assert_eq!(due(daily, "2026-06-01T04:59:59Z"), "2026-06-01T05:00:00Z");
    assert_eq!(due(daily, "2026-06-01T05:00:00Z"), "2026-06-02T05:00:00Z", "not the same one again");
    let fridays = r#"{ time = "07:00", days = ["fri"] }"#;
    assert_eq!(due(fridays, "2026-06-05T05:00:00Z"), "2026-06-12T05:00:00Z");
}

#[test]
fn a_time_in_the_gap_comes_an_hour_later_and_one_in_the_fold_comes_once() {
    let at_night = r#"{ time = "02:30" }"#;
    // Clocks go from 2:00 to 3:00 on 2026-03-29: 2:30 is not there, 3:30 is taken.
    assert_eq!(due(at_night, "2026-03-28T12:00:00Z"), "2026-03-29T01:30:00Z");
    assert_eq!(due(at_night, "2026-03-29T01:30:00Z"), "2026-03-30T00:30:00Z");
    // They go from 3:00 back to 2:00 on 2026-10-25: 2:30 is there twice, the first one counts.
    assert_eq!(due(at_night, "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00Z");
    assert_eq!(due(at_night, "2026-10-25T00:30:00Z"), "2026-10-26T01:30:00Z");
}

#[test]
fn the_sun_is_met_with_its_offset() {
    let now = "2026-06-21T10:00:00Z";
    let minutes = |when: &str| at(&due(when, now)).0 / 60_000_000;
    let sunset = minutes(r#"{ sun = "sunset" }"#);
    assert_eq!(minutes(r#"{ sun = "sunset", offset = "-30m" }"#), sunset - 30);
    assert_eq!(minutes(r#"{ sun = "sunset", offset = "1h" }"#), sunset + 60);
    // An offset may carry it over what is now.
    let sunrise = r#"{ sun = "sunrise", offset = "8h" }"#;
    assert!(due(sunrise, now).starts_with("2026-06-21T10:5"), "{}", due(sunrise, now));
}

#[test]
fn a_plan_changes_only_what_must_change() {
    let now = at("2026-06-01T04:00:00Z");
    let plan = Plan::make(&home(&rule(r#"{ time = "07:00" }, { time = "08:00" }"#)), now, &Dates(vec![]));
    let (seven, eight) = (plan.steps["r#0"].due, plan.steps["r#1"].due);
    let same = plan.differs_from(&[timer("r#0", seven), timer("r#1", eight)], now);
    assert_eq!((same.set, same.cancel), (vec![], vec![]));
    let moved = plan.differs_from(&[timer("r#0", eight), timer("r#1", eight), timer("gone#0", eight)], now);
    assert_eq!(moved.set, [("r#0".to_owned(), plan.steps["r#0"])]);
    assert_eq!(moved.cancel, ["gone#0"]);
    let overdue = timer("r#0", at("2026-05-31T05:00:00Z"));
    let kept = plan.differs_from(&[overdue, timer("r#1", eight)], now);
    assert!(kept.set.is_empty(), "what was missed is left to its policy");
}

#[test]
fn a_rule_that_is_off_has_no_step() {
    let off = home(&format!("{}enabled = false\n", rule(r#"{ time = "07:00" }"#)));
    assert!(Plan::make(&off, at("2026-06-01T04:00:00Z"), &Dates(vec![])).steps.is_empty());
}
