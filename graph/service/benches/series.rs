//! What a month of sensors takes on disk, and what asking for it costs. Prints its figures; run it alone on the machine.
//!
//! 40 series at 30 s for 31 days, sealed: temperatures, humidities, illuminances, powers and meters, each a little late at
//! times as real ones are, all interleaved as they come.
#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a bench measures time and prints")]
#![allow(clippy::unwrap_used, reason = "a bench may stop at the first surprise")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use lares_graph::{Graph, GraphOptions, Resolution};
use lares_kernel::Clock;
use lares_model::{Body, Draft, NodeId, Origin, Property, Timestamp};

const SERIES: u64 = 40;
const S: i64 = 1_000_000;
const DAY: i64 = 86_400 * S;
const DAYS: i64 = 31;
const START: i64 = 20_400 * DAY;

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_micros((self.now().0 - START) as u64)
    }
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, n: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as i64 % n
    }
}

fn entity(n: u64) -> NodeId {
    NodeId::entity(&format!("z2m/{n}"))
}

/// What sensor `n` reads, as its decimals are sent.
fn value(n: u64, state: &mut i64, chance: &mut Chance) -> f64 {
    match n % 5 {
        // Hundredths of a degree, a tenth of a percent, lux, tenths of a watt, thousandths of a kilowatt hour.
        0 => {
            *state += chance.below(7) - 3;
            (2100 + *state % 600) as f64 / 100.0
        }
        1 => {
            *state += chance.below(5) - 2;
            (450 + *state % 200) as f64 / 10.0
        }
        2 => {
            *state += chance.below(21) - 10;
            (state.abs() % 800) as f64
        }
        3 => (chance.below(40) + if chance.below(50) == 0 { 9000 } else { 312 }) as f64 / 10.0,
        _ => {
            *state += chance.below(4);
            *state as f64 / 1000.0
        }
    }
}

fn fill(graph: &Graph, clock: &Hands) -> u64 {
    let journal = graph.journal();
    let mut chance = Chance(7);
    let mut states = vec![0_i64; SERIES as usize];
    let late: Vec<i64> = (0..SERIES).map(|_| chance.below(30 * S)).collect();
    let mut count = 0;
    for round in 0..DAYS * 2880 {
        for n in 0..SERIES {
            // Devices send by their own clock, a few milliseconds off each time.
            let at = START + round * 30 * S + late[n as usize] + chance.below(8_000);
            clock.0.fetch_max(at, Ordering::Relaxed);
            let body = Body::Reading {
                property: Property::State,
                value: Some(value(n, &mut states[n as usize], &mut chance).into()),
            };
            let draft = Draft::new(entity(n), Origin::Link("z2m".into()), body).at(Timestamp(at)).to_series();
            journal.append(draft, vec![]);
            count += 1;
        }
        // About two commits a second of a living house.
        if round % 8 == 0 {
            journal.flush();
            while graph.pending() > 16_384 {
                std::thread::yield_now();
            }
        }
    }
    graph.sync_blocking().unwrap();
    count
}

fn median(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(START)));
    let mut options = GraphOptions::new(dir.path().join("data"), clock.clone());
    options.key = Some(dir.path().join("data.key"));
    let graph = Graph::open(options).unwrap().0;
    let began = Instant::now();
    let count = fill(&graph, &clock);
    println!("{count} samples of {SERIES} series, written in {:.1} s", began.elapsed().as_secs_f64());
    clock.0.store(START + DAYS * DAY + DAY / 12, Ordering::Relaxed);
    let began = Instant::now();
    graph.look_after();
    let spent = began.elapsed();
    println!("rolled up {} days in {:.2} s", graph.health().upkeep.rolled, spent.as_secs_f64());
    let space = graph.reader().space().unwrap();
    let samples = graph.reader().counts().unwrap().samples;
    println!(
        "G6: {:.2} bytes a sample on disk, {:.2} with their roll-ups ({samples} samples, {} KiB; the file {} KiB)",
        (space.series - space.rolled) as f64 / samples as f64,
        space.series as f64 / samples as f64,
        space.series >> 10,
        space.file >> 10
    );
    let reader = graph.reader();
    let span = (Timestamp(START), Timestamp(START + 30 * DAY));
    let ask = |n: u64| reader.points(entity(n), Property::State, span, 300).unwrap().len();
    let times = (0..400).map(|n| {
        let began = Instant::now();
        let points = ask(n % SERIES);
        assert!((290..=301).contains(&points), "{points}");
        began.elapsed().as_secs_f64() * 1e3
    });
    let (p50, p99) = median(times.collect());
    println!("G6: a month of one series rolled up to 300 points: p50 {p50:.3} ms, p99 {p99:.3} ms");
    let hours = (0..400).map(|n| {
        let began = Instant::now();
        let rolled = reader.rolled(entity(n % SERIES), Property::State, span.0, span.1, Resolution::Hours);
        assert_eq!(rolled.unwrap().len(), 720);
        began.elapsed().as_secs_f64() * 1e3
    });
    println!("a month by the hour: p50 {:.3} ms", median(hours.collect()).0);
    let raw = (0..40).map(|n| {
        let began = Instant::now();
        let day = (Timestamp(START + 9 * DAY), Timestamp(START + 10 * DAY));
        assert!(reader.samples(entity(n % SERIES), Property::State, day.0, day.1).unwrap().len() >= 2879);
        began.elapsed().as_secs_f64() * 1e3
    });
    println!("a day of samples (2,880): p50 {:.3} ms", median(raw.collect()).0);
    let began = Instant::now();
    let report = reader.check().unwrap();
    println!(
        "check {:.1} s, good: {}, {} days compared with their samples",
        began.elapsed().as_secs_f64(),
        report.is_good(),
        report.rolled_days
    );
    graph.close().unwrap();
}
