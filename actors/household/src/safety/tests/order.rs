//! Who goes before whom: bounds by their level, ranges, contradictions.

use lares_model::Rival;

use super::*;

#[test]
fn a_range_clamps_and_a_safe_value_below_it_does_too() {
    let mut c = Cellar::new(
        r#"
        [interlock.limit]
        of = "boiler.climate"
        bound = { target_temperature = { min = 5, max = "60 °C" } }
        [interlock.sensor]
        of = "boiler.climate"
        safe = { target_temperature = 7 }
        stale = { entity = "tank.temperature", after = "10m" }
        "#,
    );
    c.measures("tank.temperature", 20.0);
    let wish = |c: &mut Cellar, t: f64| {
        c.wish_at("boiler.climate", Property::TargetTemperature, t.into(), Level::Person, None)
    };
    let by = |to: &str| format!("interlock:limit (interlock): 5 to 60 (`bound`), brought to {to}").into();
    assert_eq!(wish(&mut c, 70.0), Ruling::Clamped { value: 60.0.into(), by: by("60") });
    assert_eq!(wish(&mut c, 2.0), Ruling::Clamped { value: 5.0.into(), by: by("5") });
    // Whoever asks why sees who stood against it.
    let asked = Asked {
        entity: c.id("boiler.climate"),
        property: Property::TargetTemperature,
        value: &70.0.into(),
        level: Level::Person,
        now: c.now,
    };
    let (_, rivals, _) = c.safety.ask(&asked, |_| false);
    let limit = Rival { source: "interlock:limit".into(), level: Level::Interlock, value: 60.0.into() };
    assert_eq!(rivals, [limit]);
    assert_eq!(wish(&mut c, 60.0), Ruling::Free);
    c.wait(11 * M);
    assert!(matches!(wish(&mut c, 21.0), Ruling::Denied { .. }));
    assert_eq!(wish(&mut c, 7.0), Ruling::Free);
    // Somebody turns its knob.
    c.moved();
    let boiler = c.id("boiler.climate");
    c.safety.observed(boiler, Property::TargetTemperature, &7.0.into(), c.now);
    c.safety.observed(boiler, Property::TargetTemperature, &70.0.into(), c.now);
    c.take();
    assert_eq!(c.moved(), [(boiler, Some(7.0.into()))]);
}

#[test]
fn a_bound_clamps_its_level_and_below_and_nothing_above() {
    let mut c = Cellar::new(
        r#"
        [interlock.pump]
        of = "pump.switch"
        safe = { on = false }
        stale = { entity = "tank.temperature", after = "10m" }
        "#,
    );
    for level in Level::ALL {
        let free =
            c.wish_at("pump.switch", Property::On, true.into(), *level, Some(true.into())) == Ruling::Free;
        assert_eq!(free, *level < Level::Interlock, "{level:?}");
    }
}

#[test]
fn of_two_that_leave_nothing_the_higher_wins_with_one_alarm() {
    let mut c = Cellar::new(
        r#"
        [interlock.fan]
        of = "pump.switch"
        level = "life_safety"
        safe = { on = true }
        lockout = [{ entity = "tank.leak", is = true }]
        [interlock.sensor]
        of = "pump.switch"
        safe = { on = false }
        stale = { entity = "tank.temperature", after = "10m" }
        "#,
    );
    c.measures("tank.leak", true);
    for _ in 0..3 {
        assert!(c.person("pump.switch", true));
        assert!(!c.person("pump.switch", false));
    }
    let problems: Vec<&String> = c.told.iter().filter(|t| t.starts_with("problem")).collect();
    assert_eq!(problems.len(), 1, "{:?}", c.told);
    assert!(problems[0].contains("interlock:fan") && problems[0].contains("interlock:sensor"));
}

#[test]
fn a_hand_on_what_must_be_safe_is_put_right_at_once() {
    let mut c = Cellar::new(
        "[interlock.p]\nof = \"pump.switch\"\nsafe = { on = false }\nmin_off = \"5m\"\nmax_starts = { per_hour = 9 }\n",
    );
    c.goes("pump.switch", true);
    c.wait(M);
    c.goes("pump.switch", false);
    c.moved();
    c.is("pump.switch", true);
    let pump = c.id("pump.switch");
    assert_eq!(c.moved(), [(pump, Some(false.into()))]);
    assert_eq!(c.safety.memory("p").unwrap().starts.len(), 2, "it did start");
}
