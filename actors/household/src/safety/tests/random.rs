//! Any sequence of wishes, reports, kills and time: what an interlock promises holds at every step.

use proptest::prelude::*;

use super::*;

const ALL: &str = r#"
    [interlock.pump]
    of = "pump.switch"
    safe = { on = false }
    min_on = "2m"
    min_off = "5m"
    max_on = "30m"
    max_starts = { per_hour = 3, per_day = 8 }
    [interlock.xor]
    of = "pump.switch"
    safe = { on = false }
    exclusive = ["cooler.switch"]
    [interlock.leak]
    of = "pump.switch"
    level = "equipment_protection"
    safe = { on = false }
    lockout = [{ entity = "tank.leak", is = true }]
    latched = true
    [interlock.limit]
    of = "boiler.climate"
    bound = { target_temperature = { max = 60 } }
"#;

#[derive(Clone, Debug)]
enum Step {
    Wish { pump: bool, on: bool, level: Level },
    Heat(f64),
    Leak(bool),
    Wait(u64),
    Kill(u64),
    Ack,
}

fn step() -> impl Strategy<Value = Step> {
    let levels = prop::sample::select(vec![Level::Person, Level::Rule, Level::Plan, Level::Interlock]);
    prop_oneof![
        6 => (any::<bool>(), any::<bool>(), levels).prop_map(|(pump, on, level)| Step::Wish { pump, on, level }),
        1 => (0.0..100.0f64).prop_map(Step::Heat),
        1 => any::<bool>().prop_map(Step::Leak),
        6 => (1u64..1_200).prop_map(Step::Wait),
        1 => (0u64..300).prop_map(Step::Kill),
        1 => Just(Step::Ack),
    ]
}

/// What really happened to the two switches.
#[derive(Default)]
struct World {
    pump: bool,
    cooler: bool,
    starts: Vec<Timestamp>,
    on: Option<Timestamp>,
    off: Option<Timestamp>,
    /// The last stop was wished below a person's level.
    leak: bool,
}

impl World {
    fn set(&mut self, pump: bool, on: bool, now: Timestamp, ordinary: bool) -> Result<(), TestCaseError> {
        let was = if pump { self.pump } else { self.cooler };
        if was == on {
            return Ok(());
        }
        if pump {
            self.pump = on;
        } else {
            self.cooler = on;
        }
        prop_assert!(!(self.pump && self.cooler), "both run");
        if pump && on {
            prop_assert!(!self.leak, "a start with water on the floor");
            prop_assert!(self.off.is_none_or(|t| now >= t + 5 * M), "min_off");
            self.starts.push(now);
            let of = |length: Duration| self.starts.iter().filter(|t| now < **t + length).count();
            prop_assert!(of(60 * M) <= 3 && of(24 * 60 * M) <= 8, "max_starts");
            self.on = Some(now);
        } else if pump {
            prop_assert!(!ordinary || self.on.is_none_or(|t| now >= t + 2 * M), "min_on");
            self.off = Some(now);
            self.on = None;
        }
        Ok(())
    }
}

/// Carries out what the interlocks want moved, as devices that obey would.
fn obey(c: &mut Cellar, world: &mut World) -> Result<(), TestCaseError> {
    let pump = c.id("pump.switch");
    loop {
        let moves = std::mem::take(&mut c.moves);
        if moves.is_empty() {
            return Ok(());
        }
        for moved in moves {
            let Some(Value::Bool(on)) = moved.to else { continue };
            let name = if moved.entity == pump { "pump.switch" } else { "cooler.switch" };
            let ruling = c.wish_at(name, Property::On, on.into(), moved.level, None);
            prop_assert!(ruling == Ruling::Free, "a move to safety was held back: {ruling:?}");
            world.set(moved.entity == pump, on, c.now, moved.level == Level::Default)?;
            c.is(name, on);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 64 } else { 512 }))]

    #[test]
    fn no_sequence_of_wishes_breaks_what_is_promised(steps in prop::collection::vec(step(), 1..120)) {
        let mut c = Cellar::new(ALL);
        let mut world = World::default();
        c.measures("tank.leak", false);
        for step in steps {
            match step {
                Step::Wish { pump, on, level } => {
                    let name = if pump { "pump.switch" } else { "cooler.switch" };
                    let is = if pump { world.pump } else { world.cooler };
                    let ruling = c.wish_at(name, Property::On, on.into(), level, Some(is.into()));
                    let ordinary = level > Level::Person;
                    let free = ruling == Ruling::Free;
                    prop_assert!(on || free || (ordinary && pump), "held back from safety: {:?}", ruling);
                    if free && is != on {
                        world.set(pump, on, c.now, ordinary)?;
                        c.is(name, on);
                    }
                }
                Step::Heat(t) => {
                    let wish = c.wish_at("boiler.climate", Property::TargetTemperature, t.into(), Level::Person, None);
                    match wish {
                        Ruling::Free => prop_assert!(t <= 60.0),
                        Ruling::Clamped { value, .. } => prop_assert_eq!((value, t > 60.0), (60.0.into(), true)),
                        Ruling::Denied { by } => prop_assert!(false, "{}", by),
                    }
                }
                Step::Leak(leak) => {
                    world.leak = leak;
                    c.measures("tank.leak", leak);
                    obey(&mut c, &mut world)?;
                    prop_assert!(!(leak && world.pump), "water, and it runs");
                }
                Step::Wait(seconds) => {
                    // Each deadline is carried out when it comes.
                    let end = c.now + Duration::from_secs(seconds);
                    while let Some(next) = c.safety.next_deadline(c.now).filter(|t| *t <= end) {
                        c.wait(next.since(c.now));
                        obey(&mut c, &mut world)?;
                    }
                    c.wait(end.since(c.now));
                }
                Step::Kill(seconds) => {
                    c = c.restarted(ALL, Duration::from_secs(seconds));
                    c.measures("tank.leak", world.leak);
                    c.is("pump.switch", world.pump);
                    c.is("cooler.switch", world.cooler);
                }
                Step::Ack => {
                    let latched = c.safety.memory("leak").is_some_and(|m| m.tripped.is_some());
                    prop_assert_eq!(c.ack("leak").is_ok(), latched && !world.leak);
                }
            }
            obey(&mut c, &mut world)?;
            prop_assert!(world.on.is_none_or(|t| c.now < t + 30 * M), "max_on");
        }
    }
}
