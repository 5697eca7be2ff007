//! Readings, availability, silence, problems.

use super::*;

fn kept(lamp: &Lamp) -> Vec<(Option<Value>, Durability)> {
    let readings = lamp.out.events.iter().zip(&lamp.out.durable);
    let reading = |(e, d): (&Event, &Durability)| match &e.body {
        Body::Reading { value, .. } => Some((value.clone(), *d)),
        _ => None,
    };
    readings.filter_map(reading).collect()
}

#[test]
fn on_and_off_are_journalled_and_samples_go_to_their_series() {
    let mut lamp = Lamp::new();
    lamp.says(true);
    lamp.says(true);
    lamp.says(false);
    lamp.hears("lamp/t", "21.5");
    let (journal, series) = (Durability::Journal, Durability::Series);
    assert_eq!(
        kept(&lamp),
        [
            (Some(true.into()), journal),
            (Some(true.into()), series),
            (Some(false.into()), journal),
            (Some(21.5.into()), series),
        ],
        "the same value again is a sample, not a fact"
    );
}

#[test]
fn what_is_not_understood_is_a_problem_and_no_value() {
    let mut lamp = Lamp::new();
    lamp.hears("lamp", "{\"state\": ");
    lamp.hears("lamp/t", "warm");
    assert_eq!(lamp.out.problems.len(), 2);
    assert_eq!(lamp.out.problems[0].0, "lamp");
    assert!(kept(&lamp).is_empty());
    lamp.says(true);
    assert_eq!(kept(&lamp).len(), 1, "what comes after is heard");
}

#[test]
fn a_device_is_as_it_says() {
    let mut lamp = Lamp::new();
    let id = lamp.state.id;
    lamp.hears("lamp/availability", "online");
    lamp.hears("lamp/availability", "online");
    lamp.hears("lamp/availability", "offline");
    lamp.says(true);
    lamp.hears("lamp/availability", "online");
    let offline = Status::Offline(Detail::Reported);
    assert_eq!(lamp.statuses(), [(id, Status::Online), (id, offline), (id, Status::Online)]);
}

#[test]
fn a_sensor_that_falls_silent_says_so_once_and_comes_back() {
    let mut lamp = Lamp::new();
    let id = lamp.id("temperature");
    lamp.hears("lamp/t", "20");
    lamp.wait(59 * S);
    lamp.hears("lamp/t", "20");
    lamp.wait(59 * S);
    assert!(lamp.statuses().iter().all(|(who, _)| *who != id), "it spoke in time");
    lamp.wait(600 * S);
    let silent = (id, Status::Offline(Detail::Silent));
    let own = |lamp: &Lamp| lamp.statuses().into_iter().filter(|(who, _)| *who == id).collect::<Vec<_>>();
    assert_eq!(own(&lamp), std::slice::from_ref(&silent));
    lamp.hears("lamp/t", "20");
    assert_eq!(own(&lamp), [silent, (id, Status::Online)]);
}

#[test]
fn a_status_is_kept_with_its_event() {
    let mut lamp = Lamp::new();
    lamp.hears("lamp/availability", "offline");
    let kept = lamp.out.writes.iter().any(|w| {
        matches!(w, Write::PutState { owner, key, value: Some(v) }
            if &**owner == "status" && **key == lamp.state.id.to_string()
                && serde_json::from_slice::<Status>(v).unwrap() == Status::Offline(Detail::Reported))
    });
    assert!(kept, "{:?}", lamp.out.writes);
}
