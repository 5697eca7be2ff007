//! Households that nobody thought of, over days that never were: whatever rules, hands and sensors do, no interlock is passed, each
//! command has its receipt, and nothing goes to and fro by itself.
//!
//! 150 in `make test`; `LARES_HOUSEHOLDS=10000` for all (`make drill`). A household that fails is named by its number, and lives the
//! same day again with `LARES_HOUSEHOLD=number`.
//!
//! Seen to fail with each of its interlocks declared otherwise than it is judged by: one start more, half of `min_off`, `min_on` and
//! `boot_delay`, twice `max_on` and `stale`, a lockout on the contrary.

mod judge;
mod make;

use std::sync::Mutex;

use lares_sim::{Watch, replay_watched};

use super::*;

const SOME: u64 = 150;

#[test]
fn no_household_passes_its_interlocks() {
    let number = |name: &str| std::env::var(name).ok().map(|n| n.parse::<u64>().expect("a number"));
    let all = match number("LARES_HOUSEHOLD") {
        Some(one) => one..one + 1,
        None => 0..number("LARES_HOUSEHOLDS").unwrap_or(SOME),
    };
    let mut sum = judge::Told::default();
    for n in all {
        let made = make::household(n);
        let home = home(&made.home);
        let (_folder, file) = recording(&made.day);
        let judge = Arc::new(Mutex::new(judge::Judge::new(&made.machines)));
        let watch: Watch = {
            let judge = judge.clone();
            Arc::new(move |event| judge.lock().unwrap().see(event))
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
