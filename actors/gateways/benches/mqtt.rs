//! Throughput and latency of the MQTT client beside a socket that only counts bytes, through one mosquitto.
//!
//! `cargo bench -p lares-gateways --bench mqtt [-- MESSAGES]`; the load comes from raw sockets, so that the client under
//! test is the only one in the process.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench measures real time and prints")]
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use lares_gateways::mqtt;
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, Sink, WireState};
use lares_kernel::{MemoryJournal, SeededChance, SystemClock};
use support::{Mosquitto, options, outbound};

/// Counts, and nothing else.
#[derive(Default)]
struct Counter {
    inbound: AtomicU64,
    sent: AtomicU64,
}

impl Sink for Counter {
    fn inbound(&self, _message: Inbound) {
        self.inbound.fetch_add(1, Ordering::Relaxed);
    }
    fn pressed(&self) -> bool {
        false
    }
    fn state(&self, _state: WireState) {}
    fn delivered(&self, _delivery: Delivery) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() {
    let messages: u64 = std::env::args().filter_map(|a| a.parse().ok()).next().unwrap_or(300_000);
    let broker = Mosquitto::start();
    println!("{messages} messages of 100 bytes through mosquitto, one pair");
    for _ in 0..3 {
        null(broker.port, messages);
        receive(broker.port, messages, Qos::AtMostOnce);
        receive(broker.port, messages / 3, Qos::AtLeastOnce);
        send(broker.port, messages, Qos::AtMostOnce);
        send(broker.port, messages / 3, Qos::AtLeastOnce);
        round_trips(broker.port);
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

fn gateway(port: u16, id: &str, runtime: &tokio::runtime::Runtime) -> (Arc<mqtt::MqttGateway>, Arc<Counter>) {
    let (clock, counter) = (Arc::new(SystemClock::default()), Arc::new(Counter::default()));
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    let chance = Arc::new(SeededChance::new(1));
    let mut options = options(port, id);
    options.queue = 2_000_000;
    let gateway = mqtt::start(options, clock, chance, journal, counter.clone(), runtime.handle());
    (gateway, counter)
}

fn until(mut there: impl FnMut() -> bool) {
    while !there() {
        std::thread::sleep(Duration::from_micros(200));
    }
}

fn say(what: &str, messages: u64, since: Instant, cpu: Duration) {
    let rate = messages as f64 / since.elapsed().as_secs_f64();
    println!("{what:<28} {rate:>9.0}/s  {:.2} us CPU each", cpu.as_secs_f64() * 1e6 / messages as f64);
}

/// CPU time of this process, the load's threads included (the null row shows what they take).
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

fn raw(port: u16, id: &str) -> TcpStream {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_nodelay(true).unwrap();
    let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 60, 0, id.len() as u8];
    body.extend(id.bytes());
    let mut packet = vec![0x10, body.len() as u8];
    packet.extend(body);
    socket.write_all(&packet).unwrap();
    let mut answer = [0; 4];
    socket.read_exact(&mut answer).unwrap();
    assert_eq!(answer[3], 0);
    socket
}

fn publish(topic: &str, qos: u8, packet: u16) -> Vec<u8> {
    let mut body = vec![0, topic.len() as u8];
    body.extend(topic.bytes());
    if qos > 0 {
        body.extend(packet.to_be_bytes());
    }
    body.extend([b'x'; 100]);
    assert!(body.len() < 128);
    let mut out = vec![0x30 | qos << 1, body.len() as u8];
    out.extend(body);
    out
}

fn subscribe(topic: &str) -> Vec<u8> {
    let mut out = vec![0x82, topic.len() as u8 + 5, 0, 1, 0, topic.len() as u8];
    out.extend(topic.bytes());
    out.push(0);
    out
}

fn flood(port: u16, messages: u64) {
    let mut socket = raw(port, "load");
    let packet = publish("bench/in", 0, 0);
    let mut batch = Vec::new();
    (0..100).for_each(|_| batch.extend(&packet));
    for _ in 0..messages / 100 {
        socket.write_all(&batch).unwrap();
    }
}

/// The floor: a raw socket that only counts bytes.
fn null(port: u16, messages: u64) {
    let mut socket = raw(port, "null");
    socket.write_all(&subscribe("bench/in")).unwrap();
    let mut answer = [0; 5];
    socket.read_exact(&mut answer).unwrap();
    let expected = publish("bench/in", 0, 0).len() as u64 * messages;
    let (since, before) = (Instant::now(), cpu());
    let load = std::thread::spawn(move || flood(port, messages));
    let mut got = 0;
    let mut buffer = vec![0; 65536];
    while got < expected {
        got += socket.read(&mut buffer).unwrap() as u64;
    }
    let _ = load.join();
    say("null: receive QoS 0", messages, since, cpu() - before);
}

fn receive(port: u16, messages: u64, qos: Qos) {
    let runtime = runtime();
    let (gateway, counter) = gateway(port, "bench-receive", &runtime);
    gateway.subscribe(vec![("bench/in".into(), qos)]);
    until(|| gateway.state() == WireState::Up);
    std::thread::sleep(Duration::from_millis(100));
    let (since, before) = (Instant::now(), cpu());
    match qos {
        Qos::AtMostOnce => flood(port, messages),
        Qos::AtLeastOnce => {
            let mut socket = raw(port, "load");
            let mut answers = socket.try_clone().unwrap();
            let mut answer = vec![0; 65536];
            // 100 in flight.
            for group in 0..messages / 100 {
                let mut batch = Vec::new();
                (0..100).for_each(|n| batch.extend(publish("bench/in", 1, n + 1)));
                socket.write_all(&batch).unwrap();
                let mut got = 0;
                while got < 400 {
                    got += answers.read(&mut answer).unwrap();
                }
                assert_eq!(got, 400, "group {group}");
            }
        }
    }
    until(|| counter.inbound.load(Ordering::Relaxed) >= messages / 100 * 100);
    say(&format!("gateway: receive {qos:?}"), messages, since, cpu() - before);
    runtime.block_on(gateway.stop());
}

fn send(port: u16, messages: u64, qos: Qos) {
    let runtime = runtime();
    let (gateway, counter) = gateway(port, "bench-send", &runtime);
    until(|| gateway.state() == WireState::Up);
    let (since, before) = (Instant::now(), cpu());
    let message = Outbound {
        qos,
        key: Some(lares_model::EventId::new(1, 1)),
        ..outbound("bench/out", &"x".repeat(100))
    };
    for _ in 0..messages {
        gateway.send(message.clone());
    }
    until(|| counter.sent.load(Ordering::Relaxed) >= messages);
    say(&format!("gateway: send {qos:?}"), messages, since, cpu() - before);
    runtime.block_on(gateway.stop());
}

/// A raw socket sends, a sink answers at once through its gateway, the raw socket waits for the answer.
fn round_trips(port: u16) {
    struct Answer(std::sync::OnceLock<Arc<mqtt::MqttGateway>>);
    impl Sink for Answer {
        fn inbound(&self, _message: Inbound) {
            if let Some(gateway) = self.0.get() {
                gateway.send(Outbound { qos: Qos::AtMostOnce, ..outbound("bench/answer", "on") });
            }
        }
        fn pressed(&self) -> bool {
            false
        }
        fn state(&self, _state: WireState) {}
        fn delivered(&self, _delivery: Delivery) {}
    }
    let runtime = runtime();
    let clock = Arc::new(SystemClock::default());
    let journal = Arc::new(MemoryJournal::new(clock.clone()));
    let sink = Arc::new(Answer(std::sync::OnceLock::new()));
    let chance = Arc::new(SeededChance::new(1));
    let house =
        mqtt::start(options(port, "bench-answer"), clock, chance, journal, sink.clone(), runtime.handle());
    let _ = sink.0.set(house.clone());
    house.subscribe(vec![("bench/ask".into(), Qos::AtMostOnce)]);
    until(|| house.state() == WireState::Up);
    std::thread::sleep(Duration::from_millis(100));
    let mut listener = raw(port, "listener");
    listener.write_all(&subscribe("bench/answer")).unwrap();
    let mut answer = [0; 256];
    listener.read_exact(&mut answer[..5]).unwrap();
    let mut asker = raw(port, "asker");
    let ask = publish("bench/ask", 0, 0);
    let mut took: Vec<Duration> = (0..2_000)
        .map(|_| {
            std::thread::sleep(Duration::from_micros(500));
            let since = Instant::now();
            asker.write_all(&ask).unwrap();
            let _ = listener.read(&mut answer).unwrap();
            since.elapsed()
        })
        .collect();
    took.sort();
    println!("reaction through the gateway  p50 {:?}  p99 {:?}", took[1_000], took[1_980]);
    runtime.block_on(house.stop());
}
