//! L4 of the targets: how many wishes a second are decided.

use super::*;

/// Seconds that this thread has had a processor.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// Counts what comes out, and lets it go.
#[derive(Default)]
struct Counted {
    events: u64,
    decided: u64,
    commanded: u64,
    sent: u64,
}

impl Outlet for Counted {
    fn publish(&mut self, draft: Draft, _: Vec<Write>) -> EventId {
        self.events += 1;
        if let Body::Decision(verdict) = &draft.body {
            self.decided += 1;
            self.commanded += u64::from(matches!(verdict.outcome, Outcome::Commanded { .. }));
        }
        EventId(self.events)
    }

    fn send(&mut self, _: Outbound) {
        self.sent += 1;
    }

    fn picture(&mut self, _: NodeId, _: Option<lares_devices::Picture>, _: Timestamp) {}

    fn problem(&mut self, place: &str, reason: &str) {
        panic!("{place}: {reason}");
    }
}

/// `LARES_MEASURE_S=2 cargo test --release -p lares-household --lib -- --nocapture decisions_a_second`; without it a round. What is
/// measured is all from a wish that came to its record and the bytes of its command; making the wish is its sender's.
#[test]
#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "it measures, and prints")]
fn decisions_a_second() {
    const ROUND: u64 = 2_000;
    const WHO: [(&str, Level); 4] = [
        ("rule:alarm", Level::Security),
        ("person:anna", Level::Person),
        ("rule:b", Level::Rule),
        ("plan", Level::Plan),
    ];
    let seconds = std::env::var("LARES_MEASURE_S").ok().and_then(|s| s.parse().ok()).unwrap_or(0.0);
    let measure = |name: &str, lower: bool, until: Until| {
        let (mut lamp, mut spent, mut count) = (Lamp::new(), 0.0, 0);
        for (source, level) in WHO.into_iter().filter(|(_, level)| lower || *level >= Level::Rule) {
            lamp.wish(source, level, Until::Released, true);
        }
        let (entity, source, reason): (_, Arc<str>, Arc<str>) =
            (lamp.id("light"), "rule:a".into(), "test".into());
        let mut out = Counted::default();
        while count == 0 || spent < seconds {
            let wish = |n| Demand {
                entity,
                values: vec![(Property::On, (n % 2 == 0).into())],
                source: source.clone(),
                origin: Origin::Console,
                level: Level::Rule,
                until,
                reason: reason.clone(),
                causes: Causes::new(),
                basis: None,
                code: None,
                answers: None,
                token: None,
            };
            let wishes: Vec<Demand> = (0..ROUND).map(wish).collect();
            let begun = cpu();
            for wish in wishes {
                lamp.state.demand(wish, lamp.now, &mut out);
            }
            spent += cpu() - begun;
            count += ROUND;
        }
        assert_eq!(out.decided, count, "{name}");
        assert_eq!((out.commanded, out.sent), if lower { (0, 0) } else { (count, count) }, "{name}");
        println!("{name}: {:.0} decisions a second of CPU", count as f64 / spent);
    };
    measure("a wish that a higher one goes before, one of five", true, Until::Momentary);
    measure("the same, and it is kept for later", true, Until::Released);
    measure("a wish that wins over others and is commanded", false, Until::Momentary);
    measure("the same, and it is kept", false, Until::Released);
}
