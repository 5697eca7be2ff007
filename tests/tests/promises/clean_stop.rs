//! R07: SIGTERM under load.
//!
//! Meant to fail it (not tried): stopping the supervisors in start order (`Household::stop`), leaving out `Graph::close`.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lares_graph::Reader;
use lares_model::{Body, Value};
use lares_tests::{Lares, Mosquitto, Thing, Wire, events, home_head, wait_for};

use super::place;

#[test]
fn clean_stop() {
    let place = place("stop");
    let broker = Mosquitto::start(&place, true);
    let rooms: Vec<Thing> = (0..10).map(|n| Thing::new(format!("room{n:02}"))).collect();
    let mut home = home_head(broker.port);
    for room in &rooms {
        let id = &room.id;
        home += &room.sections();
        home += &format!(
            "[rule.{id}]\nwhen = [{{ entity = \"{id}.motion\", to = true }}]\nthen = [{{ set = \"{id}.lamp\", on = true }}]\n\
             [rule.{id}-off]\nwhen = [{{ entity = \"{id}.motion\", to = false }}]\nthen = [{{ set = \"{id}.lamp\", on = false }}]\n"
        );
    }
    place.write("home.toml", &home);
    let world = Wire::answering(
        broker.port,
        "world",
        &["home/+/lamp/set", "homeassistant/status"],
        |topic, payload| {
            let told = topic.strip_suffix("/set");
            told.map(|t| (t.to_owned(), String::from_utf8_lossy(payload).into_owned(), false))
                .into_iter()
                .collect()
        },
    );
    rooms.iter().for_each(|r| r.announce(&world));
    world.settle();
    let mut lares = Lares::start(&place);
    wait_for("all devices", || lares.ask(&["devices"]).as_array().is_some_and(|d| d.len() == rooms.len()));
    rooms.iter().for_each(|r| r.reach(&world, &lares));

    let ended = AtomicBool::new(false);
    let (sent, took) = std::thread::scope(|scope| {
        let load = scope.spawn(|| {
            let wire = Wire::connect(broker.port, "load");
            let mut sent = 0_u64;
            while !ended.load(Ordering::SeqCst) {
                let room = &rooms[sent as usize % rooms.len()];
                room.motion(&wire, (sent as usize / rooms.len()).is_multiple_of(2), &format!("t{sent}"));
                sent += 1;
                std::thread::sleep(Duration::from_millis(2));
            }
            wire.settle();
            sent
        });
        // The load ends also when the stop fails.
        let _end = OnDrop(|| ended.store(true, Ordering::SeqCst));
        std::thread::sleep(Duration::from_secs(3));
        let since = Instant::now();
        lares.stop();
        let took = since.elapsed();
        ended.store(true, Ordering::SeqCst);
        (load.join().unwrap(), took)
    });

    let reader = Reader::open_read_only(&place.data()).unwrap();
    assert_eq!(reader.unseen(), 0, "an orderly end leaves nothing in the spool");
    assert!(reader.check().unwrap().is_good());
    drop(reader);
    let first = events(&place.data());
    let stop = first
        .all
        .values()
        .find(|e| matches!(&e.body, Body::Stop { .. }))
        .expect("the stop is in the journal");
    let Body::Stop { reason } = &stop.body else { unreachable!() };
    assert!(reason.contains("SIGTERM"), "{reason}");
    assert_eq!(
        world.on("homeassistant/status").last().map(String::as_str),
        Some("offline"),
        "it says farewell"
    );
    order_of_stopping(&lares.log());

    // What it had not acknowledged the broker still has: nothing is lost over the stop.
    lares.run();
    let last = format!("\"t{}\"", sent - 1);
    wait_for("what the broker kept", || {
        lares.say(&["log", "--kind", "reading", "--limit", "100", "--json"]).out.contains(&last)
    });
    lares.stop();
    let journal = events(&place.data());
    let tag = |body: &Body| match body {
        Body::Reading { value: Some(Value::Text(tag)), .. } => tag.strip_prefix('t')?.parse::<u64>().ok(),
        _ => None,
    };
    let kept: BTreeSet<u64> = journal.all.values().filter_map(|e| tag(&e.body)).collect();
    let lost: Vec<u64> = (0..sent).filter(|n| !kept.contains(n)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let boots: Vec<bool> = journal
        .all
        .values()
        .filter_map(|e| match &e.body {
            Body::Boot { after_crash, .. } => Some(*after_crash),
            _ => None,
        })
        .collect();
    assert_eq!(boots, [false, false], "an orderly end is known as one at the next start");
    eprintln!("R07: SIGTERM at 500 messages/s: ended after {took:?}; {sent} messages, 0 lost");
}

/// Gateways before links, links before devices, the core last.
fn order_of_stopping(log: &str) {
    let at = |branch: &str| {
        let told = |l: &&str| l.contains("stopped") && l.contains(&format!("branch=\"{branch}\""));
        let line = log.lines().position(|l| told(&l));
        line.unwrap_or_else(|| panic!("the log does not say when {branch} stopped:\n{log}"))
    };
    let order = ["surfaces", "gateways", "rules", "links", "devices", "core"].map(at);
    assert!(order.is_sorted(), "{order:?}\n{log}");
}

struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
