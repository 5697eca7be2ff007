//! U2: from a device's report to a client, and that a client that never reads harms nobody.
//!
//! Meant to fail it (not tried): a pump that sleeps 50 ms, a pump that waits for a slow client.

use std::time::{Duration, Instant};

use lares_tests::{AT_ONCE, Dwelling, p99};
use serde_json::Value;

use super::place;

#[test]
fn a_report_reaches_a_client_at_once() {
    let place = place("live");
    let house = Dwelling::start(&place, "");
    // Clients that ask and never read.
    let deaf: Vec<_> = (0..20).map(|_| house.http.listen(house.token("ben"))).collect();
    let lines = house.stream("anna");
    let (sender, frames) = std::sync::mpsc::sync_channel(1024);
    std::thread::spawn(move || {
        for line in lines {
            let at = Instant::now();
            if let Some(frame) =
                line.strip_prefix("data: ").and_then(|t| serde_json::from_str::<Value>(t).ok())
                && frame["kind"] == "reading"
                && frame["property"] == "brightness"
            {
                let _ = sender.send((at, frame["value"].as_f64().unwrap_or(-1.0)));
            }
        }
    });
    let mut took = Vec::new();
    for n in 0..200_u32 {
        let sent = Instant::now();
        let raw = 1 + n % 254;
        house.world.publish("hall-lamp/light", format!("{{\"state\":\"ON\",\"brightness\":{raw}}}"));
        let expected = f64::from(raw) * 100.0 / 255.0;
        let at = loop {
            let (at, value) = frames.recv_timeout(AT_ONCE).expect("a report that was not shown");
            if (value - expected).abs() < 0.6 {
                break at;
            }
        };
        took.push(at.saturating_duration_since(sent));
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(deaf);
    let (p99, p50) = p99(&took);
    println!(
        "U2: report to client, over MQTT: p50 {p50:.2?}, p99 {p99:.2?}, beside 20 clients that never read"
    );
    // What always waits (Nagle's algorithm: 40 ms) is a mistake; a busy machine is none.
    let least = took.iter().min().expect("reports");
    assert!(*least < Duration::from_millis(20), "{least:?}");
}
