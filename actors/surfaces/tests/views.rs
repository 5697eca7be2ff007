//! Devices, log, plan, status and graph reads over a small household.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use std::time::Duration;

use common::{Home, RULES};
use lares_model::*;
use lares_surfaces::tongue::Tongue;
use lares_surfaces::views::*;
use serde_json::json;

#[test]
fn devices_are_an_array_with_typed_states() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    home.lamp_goes_on(snapshot);
    let view = |home: &Home| {
        serde_json::to_value(devices(&home.graph.reader(), &home.told(), false).unwrap()).unwrap()
    };
    let all = view(&home);
    assert_eq!(all[0]["id"], "hall-lamp");
    assert_eq!(all[0]["room"], "hall");
    assert_eq!(all[0]["identifiers"], json!(["hall-lamp-id"]));
    assert_eq!(all[0]["status"], "online");
    assert_eq!(all[0]["entities"][0]["state"], json!(true));
    assert_eq!(all[0]["entities"][0]["component"], "light");
    let lux = &all[1]["entities"][0];
    assert_eq!(
        (&lux["id"], &lux["state"], &lux["unit"]),
        (&json!("hall-motion.illuminance"), &json!(31), &json!("lx"))
    );
    assert_eq!(lux["unique_id"], "hall-motion-illuminance");
    // A reading that is older than its device promised is not a value.
    home.wait(Duration::from_secs(700));
    let all = view(&home);
    let lux = &all[1]["entities"][0];
    assert_eq!((&lux["state"], &lux["stale"]), (&json!(null), &json!(true)));
    assert_eq!(all[1]["entities"][1]["state"], json!(true), "motion made no such promise");
    // Nor is one of a device that cannot be reached.
    home.status(NodeId::device("mqtt/hall-motion-id"), &Status::Offline(Detail::Reported));
    let all = view(&home);
    assert_eq!(all[1]["status"], "offline");
    assert_eq!(
        (&all[1]["entities"][1]["state"], &all[1]["entities"][1]["status"]),
        (&json!(null), &json!("offline"))
    );
}

#[test]
fn the_log_is_filtered_and_newest_last() {
    let home = Home::new();
    let snapshot = home.load(RULES);
    let before = home.told().now;
    home.wait(Duration::from_secs(1));
    home.lamp_goes_on(snapshot);
    let reader = home.graph.reader();
    let kinds = |filter: LogFilter| -> Vec<String> {
        log(&reader, &LogFilter { limit: filter.limit.max(20), ..filter }, Tongue::English)
            .unwrap()
            .events
            .into_iter()
            .map(|l| l.kind)
            .collect()
    };
    let about = |name: &str| LogFilter { about: Some(name.into()), ..LogFilter::default() };
    assert_eq!(kinds(about("hall-lamp")), ["decision", "reading", "receipt"]);
    assert_eq!(kinds(about("hall-motion")), ["reading", "reading"], "a device stands for its entities");
    let of_rule = LogFilter { rule: Some("hall-light".into()), ..LogFilter::default() };
    assert_eq!(kinds(of_rule), ["decision"]);
    let since = LogFilter { since: Some(Moment(before + Duration::from_millis(1))), ..LogFilter::default() };
    assert_eq!(kinds(since).len(), 5);
    let two = LogFilter { kinds: vec!["receipt".into(), "decision".into()], ..LogFilter::default() };
    assert_eq!(kinds(two), ["decision", "receipt"]);
    let page = log(&reader, &LogFilter { limit: 2, ..LogFilter::default() }, Tongue::English).unwrap();
    assert!(page.more);
    assert_eq!(page.events.iter().map(|l| l.kind.as_str()).collect::<Vec<_>>(), ["reading", "receipt"]);
    assert!(log_text(&page.events[0], &home.told()).ends_with("  HALL-LAMP is on"));
    let wrong =
        log(&reader, &LogFilter { kinds: vec!["readings".into()], ..LogFilter::default() }, Tongue::English);
    assert!(wrong.unwrap_err().to_string().contains("home_loaded"));
}

#[test]
fn a_log_longer_than_a_page_is_read_to_its_end() {
    let home = Home::new();
    for n in 0..1300 {
        let body = Body::Reading { property: Property::State, value: Some(Value::Number(f64::from(n))) };
        home.journal.append(Draft::new(home.lux, Origin::Link("mqtt".into()), body), vec![]);
    }
    home.graph.sync_blocking().unwrap();
    let filter = LogFilter { kinds: vec!["reading".into()], limit: 5_000, ..LogFilter::default() };
    let all = log(&home.graph.reader(), &filter, Tongue::English).unwrap();
    assert_eq!((all.events.len(), all.more), (1300, false));
    let filter = LogFilter { about: Some("hall-motion.illuminance".into()), ..filter };
    assert_eq!(log(&home.graph.reader(), &filter, Tongue::English).unwrap().events.len(), 1300);
}

#[test]
fn status_tells_the_home_in_effect_and_what_was_refused_since() {
    let home = Home::new();
    home.say(
        NodeId::household(),
        Origin::System,
        Body::HomeRefused { problems: vec!["rules.toml:3: no".into()] },
        &[],
    );
    home.wait(Duration::from_secs(3600));
    let facts =
        ProcessFacts { version: "0.1.0".into(), pid: 7, home: "/h".into(), ..ProcessFacts::default() };
    let view = status(&home.graph.reader(), &home.told(), Some(facts)).unwrap();
    assert_eq!(view.epoch, Some(1));
    assert_eq!(view.uptime_s, Some(3600.0));
    assert_eq!((view.devices.all, view.devices.online), (2, 2));
    assert_eq!(view.home.as_ref().unwrap().refused, ["rules.toml:3: no"]);
    let text = status_text(&view, &home.told());
    assert!(
        text.contains("running for 60 min (pid 7, start 1)") && text.contains("a change was refused"),
        "{text}"
    );
    let told = Telling { running: false, ..home.told() };
    let view = status(&home.graph.reader(), &told, None).unwrap();
    assert!(status_text(&view, &told).contains("none answers"), "{}", status_text(&view, &told));
}

#[test]
fn the_plan_shows_holds_and_timers_by_what_they_are_called() {
    let home = Home::new();
    let now = home.told().now;
    let claim = Claim {
        source: "person:anna".into(),
        level: Level::Person,
        value: true.into(),
        until: Until::At(now + Duration::from_secs(1800)),
        reason: "reading".into(),
    };
    let key = format!("{}/on/person:anna", home.lamp);
    let value = Some(serde_json::to_vec(&claim).unwrap());
    home.write(vec![
        Write::PutState { owner: "claims".into(), key: key.into(), value },
        Write::SetTimer(Timer {
            owner: "rules".into(),
            name: "hall-light/1".into(),
            due: now + Duration::from_secs(300),
            length: Duration::from_secs(300),
            missed: Missed::RunOnce,
            cause: EventId::new(1, 1),
        }),
    ]);
    let view = plan(&home.graph.reader(), &home.told()).unwrap();
    let text = plan_text(&view, &home.told());
    assert_eq!(
        text,
        "until 18:30:00  Anna holds HALL-LAMP on  reading\n\
         18:05:00        rules hall-light/1       in 5 min\n"
    );
    let answer = why(&home.graph.reader(), &home.told(), "hall-lamp").unwrap();
    assert_eq!(answer.holds, ["Anna holds HALL-LAMP on (reading)"]);
}

#[test]
fn nodes_are_found_by_any_name() {
    let home = Home::new();
    let reader = home.graph.reader();
    let names = Names::read(&reader).unwrap();
    for (word, reference) in [
        ("hall-lamp", "hall-lamp"),
        ("HALL-LAMP", "hall-lamp"),
        ("mqtt/hall-lamp-id", "hall-lamp"),
        ("room:hall", "hall"),
        ("person:anna", "anna"),
        ("rule:hall-light", "hall-light"),
    ] {
        assert_eq!(names.find(word).unwrap().reference, reference, "{word}");
    }
    let id = names.find("hall-lamp").unwrap().id;
    assert_eq!(names.find(&id.to_string()).unwrap().id, id);
    let view = node(&reader, &names, id).unwrap().unwrap();
    assert!(view.edges.iter().any(|e| e.kind == "located_in" && e.out && e.other == "hall"), "{view:?}");
    assert!(view.edges.iter().any(|e| e.kind == "part_of" && !e.out && e.other == "hall-lamp.light"));
    assert_eq!(nodes(&reader, parse_kind("room").unwrap()).unwrap().len(), 1);
    assert!(parse_kind("rooms").is_err());
}

#[test]
fn the_first_page_tells_rooms_people_and_what_rules_said_within_a_day() {
    let home = Home::new();
    let say = |text: &str| {
        let rule = Origin::Rule("hall-light".into());
        home.say(NodeId::rule("hall-light"), rule, Body::Notice { text: text.into() }, &[])
    };
    say("long ago");
    home.wait(Duration::from_secs(25 * 3600));
    let event = say("it is dark");
    let asked = |told: &Telling| {
        let request = lares_surfaces::control::Request::Home;
        match lares_surfaces::control::read_view(&home.graph.reader(), told, &request, None) {
            Ok(lares_surfaces::control::View::Home(home)) => home,
            other => panic!("{other:?}"),
        }
    };
    let view = asked(&home.told());
    assert_eq!((view.name.as_str(), view.zone.as_str()), ("Home", "Europe/Berlin"));
    assert_eq!((view.rooms.len(), view.rooms[0].entities.len(), view.people.len()), (1, 3, 1));
    let needs: Vec<_> = view.needs.iter().map(|n| (n.urgency.as_str(), n.text.as_str())).collect();
    assert_eq!(needs, [("notice", "it is dark")]);
    assert_eq!(view.needs[0].about, Some(event.to_string()));
}
