//! What moves by itself, what nothing confirms, and what never says that it is off.

use super::*;

const ROBOT: &str = r#"{
    "device": { "name": "Robot" },
    "entities": {
        "vacuum": { "platform": "vacuum", "name": "vacuum", "state_topic": "r", "command_topic": "r/set",
                    "clean_segments_command_topic": "r/rooms" },
        "alarm": { "platform": "alarm_control_panel", "name": "alarm", "state_topic": "a", "command_topic": "a/set" },
        "motion": { "platform": "binary_sensor", "name": "motion", "state_topic": "m", "off_delay": 30 }
    }
}"#;

fn robot() -> Lamp {
    Lamp::of(HOME, ROBOT)
}

fn wish(robot: &mut Lamp, slug: &str, source: &str, level: Level, property: Property, word: &str) {
    robot.wishes(slug, source, level, Until::Momentary, vec![(property, Value::from(word))]);
    let key = robot.out.sent.last().and_then(|sent| sent.key);
    if let Some(key) = key {
        robot.delivered(&Delivery::Sent(key));
    }
}

#[test]
fn a_robot_that_is_on_its_way_obeyed() {
    let mut robot = robot();
    robot.hears("r", r#"{"state":"cleaning"}"#);
    wish(&mut robot, "vacuum", "console", Level::Person, Property::State, "docked");
    robot.hears("r", r#"{"state":"returning"}"#);
    assert_eq!(robot.receipts(), [Receipt::Confirmed]);
    robot.hears("a", "disarmed");
    wish(&mut robot, "alarm", "console", Level::Person, Property::State, "armed_away");
    robot.hears("a", "arming");
    assert_eq!(robot.receipts()[1], Receipt::Confirmed);
    wish(&mut robot, "vacuum", "console", Level::Person, Property::State, "cleaning");
    robot.hears("r", r#"{"state":"returning"}"#);
    robot.wait(60 * S);
    assert_eq!(robot.receipts()[2], Receipt::Differs("returning".into()), "that is the other way");
}

#[test]
fn what_no_report_can_confirm_ends_at_sent_and_is_done_each_time() {
    let mut robot = robot();
    robot.hears("r", r#"{"state":"docked","segments":{"1":"Kitchen"}}"#);
    for (property, word) in [
        (Property::Action, "locate"),
        (Property::Action, "locate"),
        (Property::CleanRooms, "kitchen"),
        (Property::CleanRooms, "kitchen"),
    ] {
        wish(&mut robot, "vacuum", "console", Level::Person, property, word);
    }
    assert_eq!(robot.payloads(), ["locate", "locate", r#"["1"]"#, r#"["1"]"#]);
    assert_eq!(robot.receipts(), vec![Receipt::Sent; 4]);
    robot.wishes(
        "vacuum",
        "console",
        Level::Person,
        Until::Momentary,
        vec![(Property::CleanRooms, "cellar".into())],
    );
    let refused = robot.receipts().pop().unwrap();
    assert!(matches!(&refused, Receipt::Refused(why) if why.contains("no room `cellar`")), "{refused:?}");
}

#[test]
fn a_robot_that_goes_home_by_itself_is_nobodys_hand() {
    let mut robot = robot();
    for state in ["docked", "cleaning", "returning", "docked"] {
        robot.hears("r", &format!(r#"{{"state":"{state}"}}"#));
        robot.wait(600 * S);
    }
    assert!(robot.decisions().is_empty(), "{:?}", robot.decisions());
    wish(&mut robot, "vacuum", "rule:noon", Level::Rule, Property::State, "cleaning");
    assert_eq!(*robot.outcome(), Outcome::Commanded { value: "cleaning".into() });
}

#[test]
fn what_only_says_on_goes_off_and_each_time_it_says_so_later() {
    let mut robot = robot();
    let motion = robot.id("motion");
    let told = |robot: &Lamp| -> Vec<bool> {
        let readings = robot.out.events.iter().filter(|e| e.subject == motion);
        let value = |e: &Event| match &e.body {
            Body::Reading { value: Some(value), .. } => value.as_bool(),
            _ => None,
        };
        readings.filter_map(value).collect()
    };
    robot.hears("m", "ON");
    robot.wait(20 * S);
    robot.hears("m", "ON");
    robot.wait(29 * S);
    assert_eq!(told(&robot), [true, true], "it was seen again meanwhile");
    robot.wait(S);
    assert_eq!(told(&robot), [true, true, false]);
    robot.wait(600 * S);
    assert_eq!(told(&robot).len(), 3, "once");
    robot.hears("m", "ON");
    robot.hears("m", "OFF");
    robot.wait(60 * S);
    assert_eq!(told(&robot)[3..], [true, false], "who says so itself is not told twice");
}

/// Causes of the last reading of a state.
fn causes(robot: &Lamp, slug: &str) -> Vec<EventId> {
    let id = robot.id(slug);
    let state =
        |e: &&Event| e.subject == id && matches!(e.body, Body::Reading { property: Property::State, .. });
    robot.out.events.iter().rfind(state).unwrap().causes.to_vec()
}

fn command(robot: &Lamp) -> EventId {
    robot.out.sent.last().unwrap().key.unwrap()
}

#[test]
fn why_of_a_robots_state_is_the_command_that_led_to_it() {
    let mut robot = robot();
    let state = |robot: &mut Lamp, state: &str| {
        robot.wait(120 * S);
        robot.hears("r", &format!(r#"{{"state":"{state}"}}"#));
        causes(robot, "vacuum")
    };
    robot.hears("r", r#"{"state":"docked","segments":{"1":"Kitchen"}}"#);
    wish(&mut robot, "vacuum", "console", Level::Person, Property::Action, "start");
    let start = command(&robot);
    assert_eq!(state(&mut robot, "docked"), [], "the same again is no news");
    assert_eq!(state(&mut robot, "cleaning"), [start]);
    assert_eq!(state(&mut robot, "returning"), [], "it goes home by itself");
    assert_eq!(state(&mut robot, "cleaning"), [], "somebody pressed its button");
    wish(&mut robot, "vacuum", "console", Level::Person, Property::Action, "return_home");
    let home = command(&robot);
    assert_eq!(state(&mut robot, "returning"), [home]);
    assert_eq!(state(&mut robot, "docked"), [home], "minutes later");
    wish(&mut robot, "vacuum", "console", Level::Person, Property::CleanRooms, "kitchen");
    let rooms = command(&robot);
    assert_eq!(state(&mut robot, "cleaning"), [rooms]);
    wish(&mut robot, "vacuum", "console", Level::Person, Property::Action, "locate");
    assert_eq!(state(&mut robot, "paused"), [], "making itself heard pauses nothing");
    robot.wait(2 * 3_600 * S);
    wish(&mut robot, "alarm", "console", Level::Person, Property::State, "armed_away");
    let arm = command(&robot);
    robot.hears("a", "arming");
    robot.wait(60 * S);
    robot.hears("a", "armed_away");
    assert_eq!(causes(&robot, "alarm"), [arm], "the way there took a minute");
}
