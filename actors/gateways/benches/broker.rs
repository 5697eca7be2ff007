//! The embedded broker beside mosquitto, in one run, by the same raw sockets: throughput of one pair, and the latency of
//! a paced stream. `cargo bench -p lares-gateways --bench broker [-- MESSAGES]`
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench measures real time and prints")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lares_gateways::broker::{self, BrokerOptions};
use lares_kernel::SystemClock;
use lares_kernel::wire::MemoryMap;
use support::Mosquitto;
use support::raw::Raw;

/// QoS 1 messages that are not acknowledged yet.
const IN_FLIGHT: u64 = 100;

fn main() {
    let messages: u64 = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(300_000);
    let mosquitto = Mosquitto::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let options = BrokerOptions { port: 0, ..Default::default() };
    let clock = Arc::new(SystemClock::default());
    let map = Arc::new(MemoryMap::default());
    let ours = runtime.block_on(broker::start(options, map, clock, runtime.handle())).unwrap();
    println!("{messages} messages of 100 bytes, one pair; 2 s at 1,000/s");
    for _ in 0..3 {
        for (name, address) in
            [("mosquitto", SocketAddr::from(([127, 0, 0, 1], mosquitto.port))), ("embedded", ours.address)]
        {
            let zero = pair(address, messages, 0, true);
            let one = pair(address, messages / 3, 1, true);
            let kept = pair(address, messages / 3, 1, false);
            let (p50, p99) = paced(address);
            println!(
                "{name:<10} QoS 0 {zero:>8.0}/s  QoS 1 {one:>7.0}/s  kept session {kept:>7.0}/s  paced p50 {p50:?} p99 {p99:?}"
            );
        }
    }
    runtime.block_on(ours.stop());
}

/// Messages a second from one publisher to one subscriber.
fn pair(address: SocketAddr, messages: u64, qos: u8, clean: bool) -> f64 {
    let (mut hears, _) = Raw::connect(address, "bench-hears", clean);
    assert_eq!(hears.subscribe("bench", qos), qos);
    let (mut says, _) = Raw::connect(address, "bench-says", true);
    let since = Instant::now();
    let reader = std::thread::spawn(move || {
        let mut reading = std::io::BufReader::with_capacity(64 * 1024, hears.0.try_clone().unwrap());
        let mut acks = Vec::new();
        for n in 0..messages {
            let mut head = [0; 2];
            reading.read_exact(&mut head).unwrap();
            let mut body = vec![0; usize::from(head[1])];
            reading.read_exact(&mut body).unwrap();
            if qos == 1 {
                acks.extend([0x40, 2, body[7], body[8]]);
                if n % 16 == 15 || reading.buffer().is_empty() {
                    hears.0.write_all(&acks).unwrap();
                    acks.clear();
                }
            }
        }
        hears.0.write_all(&acks).unwrap();
        hears
    });
    let payload = "x".repeat(100);
    match qos {
        0 => {
            let mut batch = Vec::new();
            (0..100).for_each(|_| batch.extend(packet(&payload, 0, 0)));
            (0..messages / 100).for_each(|_| says.0.write_all(&batch).unwrap());
            (0..messages % 100).for_each(|_| says.0.write_all(&packet(&payload, 0, 0)).unwrap());
        }
        _ => {
            let (mut sent, mut acknowledged, mut rest) = (0, 0, 0);
            let mut answers = vec![0; 4096];
            while acknowledged < messages {
                let mut batch = Vec::new();
                while sent < messages && sent - acknowledged < IN_FLIGHT {
                    batch.extend(packet(&payload, 1, (sent % 60_000) as u16 + 1));
                    sent += 1;
                }
                says.0.write_all(&batch).unwrap();
                rest += says.0.read(&mut answers).unwrap() as u64;
                acknowledged += rest / 4;
                rest %= 4;
            }
        }
    }
    let hears = reader.join().unwrap();
    let rate = messages as f64 / since.elapsed().as_secs_f64();
    drop(hears);
    rate
}

fn packet(payload: &str, qos: u8, id: u16) -> Vec<u8> {
    let mut body = vec![0, 5];
    body.extend(b"bench");
    if qos > 0 {
        body.extend(id.to_be_bytes());
    }
    body.extend(payload.bytes());
    let mut packet = vec![0x30 | qos << 1, body.len() as u8];
    packet.extend(body);
    packet
}

fn paced(address: SocketAddr) -> (Duration, Duration) {
    let (mut hears, _) = Raw::connect(address, "bench-hears", true);
    hears.subscribe("bench", 0);
    let (mut says, _) = Raw::connect(address, "bench-says", true);
    let mut took: Vec<Duration> = (0..2_000)
        .map(|_| {
            std::thread::sleep(Duration::from_micros(900));
            let since = Instant::now();
            says.publish("bench", "x", 0, false, 0);
            hears.message().unwrap();
            since.elapsed()
        })
        .collect();
    took.sort();
    (took[1_000], took[1_980])
}
