//! Households that nobody thought of, over days that never were: whatever rules, hands and sensors do, no interlock is passed, each
//! command has its receipt, and nothing goes to and fro by itself.
//!
//! 150 of each of two kinds in `make test`, and those that once failed; `LARES_HOUSEHOLDS=10000` for as many of each (`make drill`). A household that fails is named by
//! its number, and lives the same day again with `LARES_HOUSEHOLD=number`.
//!
//! Seen to fail with each of its interlocks declared otherwise than it is judged by: one start more, half of `min_off`, `min_on` and
//! `boot_delay`, twice `max_on` and `stale`, a lockout on the contrary. And of the second kind with each of its
//! seven: twice the time before it, less power, half of the running time, a narrower range, less agreement, half of `within`, a gate.

mod against;
mod judge;
mod make;
mod wide;

use std::sync::Mutex;

use lares_model::Timestamp;
use lares_sim::{Watch, replay_watched};

use super::*;
use wide::WIDE;

const SOME: u64 = 150;

/// In the first six a wish that another machine's interlock held back was looked at again for ever, and time stood still; in the last
/// a machine is told to rest and to go on in one breath.
const ONCE_FAILED: [u64; 7] = [5_203, 6_123, 6_728, 7_165, 9_152, 9_471, 10_463];

/// So many events at one instant are a household that goes round in a circle: time would never go on.
const CIRCLE: u32 = 20_000;

#[test]
fn no_household_passes_its_interlocks() {
    let number = |name: &str| std::env::var(name).ok().map(|n| n.parse::<u64>().expect("a number"));
    let all = match number("LARES_HOUSEHOLD") {
        Some(one) => vec![one],
        None => {
            let most = number("LARES_HOUSEHOLDS").unwrap_or(SOME);
            (0..most).chain(WIDE..WIDE + most).chain(ONCE_FAILED).collect::<Vec<u64>>()
        }
    };
    let mut sum = judge::Told::default();
    for n in all {
        let made = make::household(n);
        let home = home(&made.home);
        let (_folder, file) = recording(&made.day);
        let judge = Arc::new(Mutex::new(judge::Judge::new(&made.machines)));
        let watch: Watch = {
            let (judge, home) = (judge.clone(), made.home.clone());
            let at_once = Mutex::new((Timestamp::MIN, 0));
            Arc::new(move |event| {
                let mut at_once = at_once.lock().unwrap();
                *at_once = (event.seen, if at_once.0 == event.seen { at_once.1 + 1 } else { 0 });
                if at_once.1 > CIRCLE {
                    // Nothing else would end it: the household is busy.
                    eprintln!("household {n}: {CIRCLE} events at once, at last {event:?}\n{home}");
                    std::process::exit(1);
                }
                judge.lock().unwrap().see(event);
            })
        };
        let source = Source::Recording(file);
        let options =
            Options { source, home, seed: n, reports: Reports::Manual, data: None, version: "test".into() };
        let summary =
            replay_watched(&options, &watch).unwrap_or_else(|e| panic!("household {n}: {e}\n{}", made.home));
        assert_eq!((summary.broken, summary.unbound, summary.problems), (0, 0, 0), "household {n}");
        let told = judge.lock().unwrap().end();
        assert!(told.wrong.is_empty(), "household {n}: {:#?}\n{}", told.wrong, made.home);
        sum.add(&told);
    }
    eprintln!("{sum:?}");
    if number("LARES_HOUSEHOLD").is_none() {
        assert!(sum.commands > 1_000 && sum.refused > 100 && sum.trips > 100, "something happens: {sum:?}");
    }
}
