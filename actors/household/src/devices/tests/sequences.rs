//! Whatever comes in whatever order: invariants of arbitration. `LARES_SEQUENCES=1000000` tries as many (`make drill`).

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Wish { source: usize, on: bool, hold_s: Option<u64> },
    Release(usize),
    Hand(bool),
    Report,
    Wait(u64),
}

const WHO: [(&str, Level); 5] = [
    ("rule:alarm", Level::Security),
    ("person:anna", Level::Person),
    ("rule:a", Level::Rule),
    ("rule:b", Level::Rule),
    ("plan", Level::Plan),
];

fn step() -> impl Strategy<Value = Step> {
    let hold = prop_oneof![Just(None), Just(Some(0)), (1u64..100).prop_map(Some)];
    prop_oneof![
        4 => (0..WHO.len(), any::<bool>(), hold)
            .prop_map(|(source, on, hold_s)| Step::Wish { source, on, hold_s }),
        2 => (0..WHO.len()).prop_map(Step::Release),
        1 => any::<bool>().prop_map(Step::Hand),
        3 => Just(Step::Report),
        2 => (1u64..2_000).prop_map(Step::Wait),
    ]
}

fn winner(lamp: &mut Lamp) -> Option<(String, Level, Value)> {
    let light = lamp.id("light");
    let slot = lamp.state.entities.get_mut(&light).unwrap().slot(Property::On);
    slot.holds.winner().map(|h| (h.claim.source.to_string(), h.claim.level, h.claim.value.clone()))
}

/// What the lamp was last told.
fn told(lamp: &Lamp) -> Option<bool> {
    lamp.out.sent.last().map(|m| m.bytes.windows(4).any(|w| w == b"\"ON\""))
}

fn act(lamp: &mut Lamp, step: &Step) {
    match step {
        Step::Wish { source, on, hold_s } => {
            let (name, level) = WHO[*source];
            let until = match hold_s {
                None => Until::Momentary,
                Some(0) => Until::Released,
                Some(s) => Until::At(lamp.now + Duration::from_secs(*s)),
            };
            lamp.wish(name, level, until, *on);
        }
        Step::Release(source) => lamp.gives_up(WHO[*source].0),
        Step::Hand(on) => lamp.says(*on),
        Step::Report => {
            if let Some(on) = told(lamp) {
                lamp.says(on);
            }
        }
        Step::Wait(s) => lamp.wait(Duration::from_secs(*s)),
    }
}

/// Sequences that are tried: 200, or as many as a drill says.
fn config() -> ProptestConfig {
    let cases = std::env::var("LARES_SEQUENCES").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn arbitration_keeps_its_word(steps in proptest::collection::vec(step(), 1..40)) {
        let mut lamp = Lamp::new();
        for step in &steps {
            let (before, sent) = (winner(&mut lamp), lamp.out.sent.len());
            act(&mut lamp, step);
            if let (Step::Wish { source, .. }, Some((holder, level, value))) = (step, &before) {
                let (name, own) = WHO[*source];
                let yields = holder == "hand" && own <= Level::Person;
                if *level < own && holder != name && !yields {
                    prop_assert!(matches!(lamp.outcome(), Outcome::Not(Receipt::Overridden(_))));
                    prop_assert_eq!(lamp.out.sent.len(), sent, "a lower wish moved {:?}", value);
                }
            }
            // The same wish once more changes nothing, once the first is carried out.
            if let Step::Wish { .. } = step {
                if lamp.out.sent.len() > sent {
                    act(&mut lamp, &Step::Report);
                }
                let (stands, sent) = (winner(&mut lamp), lamp.out.sent.len());
                act(&mut lamp, step);
                prop_assert_eq!(winner(&mut lamp), stands);
                prop_assert_eq!(lamp.out.sent.len(), sent, "told twice");
            }
            // A wish with a command waits for it, and nothing that is over still stands.
            let now = lamp.now;
            prop_assert!(lamp.state.next_deadline().is_none_or(|t| t >= now));
        }
        // Every hold with an end ends; every command has one receipt.
        lamp.wait(Duration::from_secs(100_000));
        for (source, _) in WHO {
            lamp.gives_up(source);
        }
        lamp.wait(Duration::from_secs(100_000));
        prop_assert_eq!(lamp.holders(), Vec::<String>::new());
        let commands = lamp.decisions().iter().filter(|v| matches!(v.outcome, Outcome::Commanded { .. })).count();
        prop_assert_eq!(lamp.receipts().len(), commands);
    }

    #[test]
    fn who_holds_does_not_depend_on_who_came_first(order in Just((0..4).collect::<Vec<usize>>()).prop_shuffle()) {
        // Levels all differ here: among equals the newest goes first on purpose.
        let all = [0, 1, 2, 4];
        let mut lamp = Lamp::new();
        for n in order {
            let (name, level) = WHO[all[n]];
            lamp.wish(name, level, Until::Released, n % 2 == 0);
        }
        for n in 0..4 {
            let (name, level) = WHO[all[n]];
            prop_assert_eq!(winner(&mut lamp), Some((name.to_owned(), level, (n % 2 == 0).into())));
            prop_assert_eq!(told(&lamp), Some(n % 2 == 0));
            lamp.says(n % 2 == 0);
            lamp.gives_up(name);
        }
        prop_assert_eq!(winner(&mut lamp), None);
    }
}
