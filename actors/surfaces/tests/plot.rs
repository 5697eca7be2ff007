//! A property over time as it is drawn: numbers, states, and what was not known.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod common;

use std::time::Duration;

use common::{Home, RULES, START};
use lares_model::*;
use lares_surfaces::views::*;
use serde_json::json;

const MINUTE: Duration = Duration::from_secs(60);

fn drawn(home: &Home, entity: &str, filter: &PlotFilter) -> PlotView {
    plot(&home.graph.reader(), &home.told(), entity, filter).unwrap()
}

/// Seconds since the household began.
fn seconds(at: Moment) -> i64 {
    (at.0.0 - START.0) / 1_000_000
}

fn silences(view: &PlotView) -> Vec<(i64, i64)> {
    view.silent.iter().map(|s| (seconds(s.from), seconds(s.to))).collect()
}

fn device_status(home: &Home, status: Status) {
    home.say(NodeId::device("mqtt/hall-motion-id"), Origin::System, Body::StatusChanged { status }, &[]);
}

/// Seen to fail under: `counts_until` that forgets its limit. Meant to fail it (not tried): `gone` that is not asked.
#[test]
fn numbers_are_told_and_silence_is_no_value() {
    let home = Home::new();
    home.load(RULES);
    for (lux, then) in [(20.0, 5 * MINUTE), (40.0, 20 * MINUTE), (10.0, MINUTE)] {
        home.reading(home.lux, Property::State, Value::Number(lux), &[]);
        home.wait(then);
    }
    device_status(&home, Status::Offline(Detail::Reported));
    home.wait(MINUTE);
    device_status(&home, Status::Online);
    home.wait(MINUTE);
    let view = drawn(&home, "hall-motion.illuminance", &PlotFilter::default());
    assert_eq!((view.kind, view.unit.as_deref(), view.held), (PlotKind::Number, Some("lx"), false));
    let told: Vec<(i64, f64)> = view.points.iter().map(|p| (seconds(p.at), p.average)).collect();
    assert_eq!(told, [(0, 20.0), (300, 40.0), (1500, 10.0)]);
    // It promised to say something every ten minutes, and was away for the last but one.
    assert_eq!(silences(&view), [(-86_400 + 1_680, 0), (900, 1500), (1560, 1620)]);
    let step = PlotStep::Width(5 * MINUTE);
    let rolled = drawn(&home, "hall-motion.illuminance", &PlotFilter { step, ..PlotFilter::default() });
    let told: Vec<(i64, f64, u32)> =
        rolled.points.iter().map(|p| (seconds(p.at), p.average, p.count)).collect();
    assert_eq!(rolled.step_s, Some(300));
    assert_eq!(told[..2], [(0, 20.0, 1), (300, 40.0, 1)], "{told:?}");
    assert_eq!(told.last().map(|t| (t.0, t.2)), Some((1500, 1)), "{told:?}");
    assert!(told.iter().all(|(at, ..)| !(1200..1500).contains(at)), "it was silent for too long: {told:?}");
    // Many samples come together by themselves.
    let step = PlotStep::Points(2);
    let few = drawn(&home, "hall-motion.illuminance", &PlotFilter { step, ..PlotFilter::default() });
    assert!(few.step_s.is_some_and(|s| s >= 43_200) && few.points.len() <= 2, "{few:?}");
    assert_eq!((few.points[0].min, few.points[0].max), (10.0, 40.0));
}

/// Meant to fail it (not tried): `sample_at` left out, spans of the same value not joined.
#[test]
fn what_is_on_and_off_is_told_in_spans() {
    let home = Home::new();
    home.load(RULES);
    for (on, then) in [(true, MINUTE), (true, MINUTE), (false, 3 * 24 * 60 * MINUTE)] {
        home.reading(home.lamp, Property::On, on.into(), &[]);
        home.wait(then);
    }
    let week = Moment(home.told().now - Duration::from_secs(7 * 86_400));
    let view = drawn(&home, "hall-lamp.light", &PlotFilter { from: Some(week), ..PlotFilter::default() });
    assert_eq!((view.kind, view.property.as_str(), view.held), (PlotKind::States, "on", true));
    let told: Vec<_> = view.spans.iter().map(|s| (seconds(s.from), seconds(s.to), s.value.clone())).collect();
    assert_eq!(told, [(0, 120, json!(true)), (120, 120 + 259_200, json!(false))]);
    // It has been off for three days: the last of them begins with it.
    let view = drawn(&home, "hall-lamp.light", &PlotFilter::default());
    assert_eq!((view.spans.len(), view.silent.len()), (1, 0), "{view:?}");
    assert_eq!((view.spans[0].from, &view.spans[0].value), (view.from, &json!(false)));
    // The share of time instead, where that is asked for, or where it changed too often to be seen.
    for n in 0..60 {
        home.reading(home.lamp, Property::On, (n % 2 == 0).into(), &[]);
        home.wait(Duration::from_secs(1));
    }
    let dense = drawn(&home, "hall-lamp.light", &PlotFilter { from: Some(week), ..PlotFilter::default() });
    assert_eq!((dense.spans.len(), dense.step_s), (62, None), "they are few in the time that is known");
    let from = Some(Moment(home.told().now - Duration::from_secs(60)));
    let step = PlotStep::Points(20);
    let dense = drawn(&home, "hall-lamp.light", &PlotFilter { from, step, ..PlotFilter::default() });
    assert!(dense.spans.is_empty() && dense.step_s == Some(300), "{dense:?}");
    let step = PlotStep::Width(5 * MINUTE);
    let filter = PlotFilter { from: Some(Moment(START)), step, ..PlotFilter::default() };
    let share = drawn(&home, "hall-lamp.light", &filter);
    assert!(share.spans.is_empty() && (share.points[0].average - 0.4).abs() < 1e-9, "{:?}", share.points[0]);
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let home = Home::new();
    home.load(RULES);
    let wrong = |entity: &str, filter: PlotFilter| {
        plot(&home.graph.reader(), &home.told(), entity, &filter).unwrap_err().to_string()
    };
    assert!(wrong("hall-lam", PlotFilter::default()).contains("did you mean hall-lamp"));
    assert!(wrong("room:hall", PlotFilter::default()).contains("is no entity"));
    let property = Some("onn".to_owned());
    let filter = PlotFilter { property, ..PlotFilter::default() };
    assert!(wrong("hall-lamp.light", filter).contains("no property is called `onn`"));
    let from = Some(Moment(home.told().now + MINUTE));
    let filter = PlotFilter { from, ..PlotFilter::default() };
    assert!(wrong("hall-lamp.light", filter).contains("is not before"));
}
