//! R22: hours of everything that goes on in a house leave no trace in memory, descriptors and threads; files grow by what they keep.
//! `LARES_SOAK_S=7200` for two hours (`make drill`).
//!
//! Meant to fail it (not tried): a map of topics that is never cleared, subscriptions that stay when a device is gone, a stream's
//! task that outlives its client.

use std::time::{Duration, Instant};

use lares_tests::{Lares, Mosquitto, Thing, Used, Wire, announce, component, home_head, wait_for};
use serde_json::json;

use super::place;

const ROOMS: usize = 12;
/// A guest device comes and goes.
const GUEST: &str = "guest";

fn length() -> Duration {
    let told = std::env::var("LARES_SOAK_S").ok().and_then(|s| s.parse().ok());
    Duration::from_secs(told.unwrap_or(16))
}

/// What a round is measured by: how long it has run, how many messages it had, what it holds, MB of its files.
struct Look {
    at: Duration,
    messages: usize,
    used: Used,
    stored: f64,
}

#[test]
fn soak() {
    let place = place("soak");
    let mut broker = Mosquitto::start(&place, true);
    let rooms: Vec<Thing> = (0..ROOMS).map(|n| Thing::new(format!("room{n}"))).collect();
    let mut home = home_head(broker.port);
    for room in &rooms {
        let id = &room.id;
        home += &room.sections();
        home += &format!(
            "[rule.{id}-on]\nwhen = [{{ entity = \"{id}.motion\", to = true }}]\nthen = [{{ set = \"{id}.lamp\", on = true }}]\n\
             [rule.{id}-off]\nwhen = [{{ entity = \"{id}.motion\", to = false, for = \"500ms\" }}]\n\
             then = [{{ set = \"{id}.lamp\", on = false }}]\n"
        );
    }
    place.write("home.toml", &home);
    let world = Wire::lamps(broker.port);
    rooms.iter().for_each(|r| r.announce(&world));
    world.settle();
    let lares = Lares::start(&place);
    wait_for("the devices", || rooms.iter().all(|r| lares.device(&r.id).is_some()));

    let (since, mut round, mut messages, mut looks) = (Instant::now(), 0_usize, 0, Vec::<Look>::new());
    while since.elapsed() < length() {
        for room in &rooms {
            room.motion(&world, round % 2 == 0, &format!("t{round}"));
            let lux = 40.0 + ((round * 7) % 100) as f64;
            world.publish(&room.topic("lux"), lux.to_string());
            messages += 2;
        }
        world.settle();
        world.forget();
        match round % 20 {
            3 => announce(&world, GUEST, &[component("sensor", "t", json!({ "state_topic": "guest/t" }))]),
            // It is unlike any that was there before, as telephones are.
            5 => world.publish("guest/t", format!("{round}")),
            9 => world.retain(&format!("homeassistant/sensor/{GUEST}/t/config"), ""),
            11 => assert_eq!(lares.say(&["set", "room1.lamp", "on=true"]).code, 0),
            13 => assert_eq!(lares.say(&["why", "room1.lamp"]).code, 0),
            15 => assert_eq!(lares.say(&["log", "--limit", "20"]).code, 0),
            17 if round % 200 == 17 => {
                broker.stop();
                broker.run();
                wait_for("the wire", || lares.ask(&["status"])["links"][0]["status"] == "online");
            }
            _ => {}
        }
        if looks.last().is_none_or(|l| since.elapsed() - l.at > length() / 60) {
            let files = std::fs::read_dir(place.data()).unwrap().flatten();
            let bytes: u64 =
                files.filter_map(|f| f.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum();
            let (at, used) = (since.elapsed(), Used::by(lares.pid()));
            looks.push(Look { at, messages, used, stored: bytes as f64 / 1e6 });
        }
        round += 1;
        std::thread::sleep(Duration::from_millis(20));
    }
    let (total, paths) = lares.restarts();
    assert_eq!(total, 0, "{paths:?}");

    // Buffers fill and pools find their size first.
    let later = &looks[looks.len() / 3..];
    let (first, last) = (&later[0], &later[later.len() - 1]);
    let of = |what: fn(&Used) -> usize| {
        later.iter().map(|l| what(&l.used)).fold((usize::MAX, 0), |(low, high), n| (low.min(n), high.max(n)))
    };
    let (threads, files) = (of(|u| u.threads), of(|u| u.files));
    let slope = slope(later);
    eprintln!(
        "R22: {:.0} s, {} messages: threads {threads:?}, descriptors {files:?}, memory of no file {:.1} to {:.1} MB, {:.2} MB a million \
         messages; files {:.0} to {:.0} MB",
        last.at.as_secs_f64(),
        last.messages,
        first.used.anonymous as f64 / 1024.0,
        last.used.anonymous as f64 / 1024.0,
        slope,
        first.stored,
        last.stored,
    );
    assert!(threads.1 - threads.0 <= 8, "threads {threads:?}");
    // Those who ask come and go.
    assert!(files.1 - files.0 <= 12, "descriptors {files:?}");
    let grown = last.used.anonymous.saturating_sub(first.used.anonymous);
    assert!(grown < 16 << 10, "{grown} KiB more than after the first third");
    if last.messages > 1_000_000 {
        assert!(slope < 2.0, "{slope} MB a million messages");
    }
}

/// Least squares: MB of memory a million messages.
fn slope(looks: &[Look]) -> f64 {
    let points: Vec<(f64, f64)> =
        looks.iter().map(|l| (l.messages as f64 / 1e6, l.used.anonymous as f64 / 1024.0)).collect();
    let count = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    let above: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    above / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
}
