//! Timers that people set, by a sentence and on the command line: over kills, paused and not, as rules and `why` see them.
//!
//! Meant to fail it (not tried): a timer that is kept in memory only, one that is told again after each start, one that goes on while it
//! is paused.

use lares_tests::{Lares, home_head, wait_for};
use serde_json::Value;

use super::place;

const HOME: &str = r#"
[room.kitchen]
[room.hall]
[person.anna]
role = "owner"
[person.gus]
role = "guest"
rooms = ["hall"]
[rule.ding]
when = [{ event = "timer_fired", about = "room:kitchen" }]
then = [{ notify = "Ding." }]
"#;

fn notices(lares: &Lares) -> Vec<String> {
    let text = |e: &Value| e["text"].as_str().unwrap().to_owned();
    lares.entries(&["--kind", "notice"]).iter().map(text).collect()
}

fn timer(lares: &Lares, id: &str) -> Option<Value> {
    let all = lares.ask(&["timer"]);
    all["timers"].as_array().unwrap().iter().find(|t| t["id"] == id).cloned()
}

fn left(lares: &Lares, id: &str) -> f64 {
    timer(lares, id).unwrap_or_else(|| panic!("{id} is not set"))["left_s"].as_f64().unwrap()
}

#[test]
fn timers_that_people_set_end_once_whatever_happens() {
    let home = place("timers");
    let broker = lares_tests::Mosquitto::start(&home, false);
    home.write("home.toml", &(home_head(broker.port) + HOME));
    let mut lares = Lares::start(&home);
    let said = lares.say(&["say", "--room", "kitchen", "set", "a", "pizza", "timer", "for", "10", "minutes"]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (0, "The pizza timer runs: 10 minutes from now.\n"),
        "{said:?}"
    );
    let by_command = |words: &[&str]| {
        let said = lares.say(&[&["timer"], words].concat());
        assert_eq!(said.code, 0, "{words:?}: {said:?}");
    };
    by_command(&["set", "1h", "long", "--as", "anna"]);
    by_command(&["set", "1h", "still", "--room", "hall", "--as", "gus"]);
    by_command(&["pause", "still"]);
    by_command(&["add", "long", "30m", "--as", "anna"]);
    let still = left(&lares, "hall/still");
    assert!(still > 3_500.0 && timer(&lares, "hall/still").unwrap()["due"].is_null());
    assert!(left(&lares, "long") > 5_000.0);
    let refused = lares.say(&["timer", "set", "1m", "--room", "kitchen", "--as", "gus"]);
    assert!(refused.code == 1 && refused.out.contains("may not act in Kitchen"), "{refused:?}");
    let unknown = lares.say(&["timer", "cancel", "soup"]);
    assert!(unknown.code == 2 && unknown.err.contains("kitchen/pizza"), "{unknown:?}");

    // One ends while nothing runs.
    by_command(&["set", "1s", "egg", "--room", "kitchen"]);
    by_command(&["set", "2h", "gone"]);
    by_command(&["cancel", "gone"]);
    lares.kill();
    std::thread::sleep(std::time::Duration::from_secs(4));
    // It is seen as it stands also while nothing runs.
    assert!(left(&lares, "kitchen/pizza") > 0.0);
    lares.run();
    let egg = |lares: &Lares| {
        let all = notices(lares).into_iter();
        all.filter(|n| n.contains("The egg timer is over. That was")).count()
    };
    wait_for("the timer that ended meanwhile", || egg(&lares) == 1);
    wait_for("the rule", || notices(&lares).iter().any(|n| n.contains("Ding.")));
    assert_eq!(timer(&lares, "kitchen/egg"), None);
    assert_eq!(left(&lares, "hall/still"), still, "what is paused stands still");
    assert!(left(&lares, "long") > 5_000.0 && left(&lares, "kitchen/pizza") > 500.0);
    assert_eq!(timer(&lares, "gone"), None);
    let needs = lares.ask(&["status"]);
    assert!(needs["timers"].as_u64().unwrap() >= 2, "{needs}");
    // Who set it, and what came of it, is a chain.
    let why = lares.say(&["why", "timer:kitchen/egg"]).out;
    assert!(
        why.contains("timer egg ended") && why.contains("the command line: timer kitchen/egg runs"),
        "{why}"
    );
    let why = lares.say(&["why", "timer:long"]).out;
    assert!(why.contains("by Anna"), "{why}");

    // After another kill it is not told again, and the others go on.
    lares.kill();
    lares.run();
    assert_eq!(lares.say(&["timer", "resume", "still"]).code, 0);
    assert!((still - 60.0..=still).contains(&left(&lares, "hall/still")));
    let told = lares.say(&["say", "how", "much", "time", "is", "left", "on", "the", "pizza", "timer"]);
    assert!(told.code == 0 && told.out.starts_with("The pizza timer has 9 minutes"), "{told:?}");
    assert_eq!(egg(&lares), 1);
    let cancelled = lares.say(&["say", "cancel", "all", "timers"]);
    assert!(cancelled.code == 0 && cancelled.out.contains("The still timer is cancelled."), "{cancelled:?}");
    assert_eq!(lares.say(&["timer"]).out, "no timer is set\n");
    let none = lares.say(&["say", "pause", "the", "timer"]);
    assert_eq!((none.code, none.out.as_str()), (1, "No timer is set.\n"));
    lares.stop();
}
