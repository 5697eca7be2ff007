//! Blueprints and routines: every own one can be used, and a rule made of one is as if it were written out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test's helpers fail as tests do")]

mod common;

use lares_config::{Home, Loaded};
use lares_model::Level;

const HOUSE: &str = r#"
[household]
time_zone = "Europe/Vienna"
latitude = 48.2
longitude = 16.4
[person.anna]
role = "adult"
[room.hall]
[scene.cosy]
set = [{ set = "lamp", on = true }]
[device.m]
identifiers = ["m"]
[device.lamp]
identifiers = ["lamp"]
default = { on = false }
[device.heat]
identifiers = ["heat"]
"#;

fn home(text: &str) -> std::sync::Arc<Home> {
    let loaded = common::load(&[("home.toml", &format!("{HOUSE}{text}"))]);
    let Loaded { home, warnings } = loaded.unwrap_or_else(|p| panic!("{}", lares_config::render(&p, false)));
    assert!(warnings.is_empty(), "{}", lares_config::render(&warnings, false));
    home
}

/// Each own blueprint, with what it needs at least.
const OWN: [(&str, &str); 21] = [
    ("motion-light", r#"sensor = "m.occupancy", light = "lamp""#),
    ("night-light", r#"sensor = "m.occupancy", light = "lamp""#),
    ("wake-up-light", r#"light = "lamp", time = "06:30""#),
    ("wake-up", r#"light = "lamp", room = "hall", time = "06:30""#),
    ("left-open", r#"contact = "m.contact""#),
    ("appliance-done", r#"power = "m.power""#),
    ("leak", r#"sensor = "m.water_leak", off = "lamp""#),
    ("smoke", r#"sensor = "m.smoke", lights = "lamp""#),
    ("freeze", r#"temperature = "m.temperature""#),
    ("low-battery", r#"battery = "m.battery", what = "the door""#),
    ("device-silent", r#"device = "m""#),
    ("everyone-left", r#"off = "lamp""#),
    ("first-one-home", r#"light = "lamp""#),
    ("away-heating", r#"climate = "heat.climate""#),
    ("window-heating", r#"contact = "m.contact", climate = "heat.climate""#),
    ("humid-air", r#"humidity = "m.humidity", fan = "lamp""#),
    ("shutters-by-sun", r#"shutters = "lamp.cover""#),
    ("away-light", r#"light = "lamp", of = "anna""#),
    ("vibration-done", r#"vibration = "m.vibration""#),
    ("guest-comes", r#"guest = "anna", scene = "cosy""#),
    ("shutters-in-wind", r#"wind = "m.wind_speed", shutters = "lamp.cover", above = 12"#),
];

#[test]
fn every_own_blueprint_makes_a_rule_of_what_it_needs_at_least() {
    for (name, with) in OWN {
        let home = home(&format!("[rule.r]\nblueprint = \"lares/{name}\"\nwith = {{ {with} }}\n"));
        let rule = &home.rules["r"];
        assert!(!rule.when.is_empty() && !rule.then.is_empty(), "{name}");
        assert_eq!(&*rule.place.file, "home.toml", "{name}: it stands where the household wrote it");
    }
    let home = home("");
    let own: Vec<_> = home.blueprints.iter().filter(|b| b.name.starts_with("lares/")).collect();
    assert_eq!(own.len(), OWN.len(), "each of them is tried here");
    assert!(own.iter().all(|b| !b.says.is_empty() && b.params.iter().all(|p| !p.says.is_empty())));
}

#[test]
fn a_rule_of_a_blueprint_is_as_if_it_were_written_out() {
    let made = home(
        r#"
        [blueprint.b]
        mode = "single"
        params.lamp = {}
        params.how = { default = "dark" }
        params.only = { default = [] }
        params.tail = { default = [] }
        when = [{ entity = "m.occupancy", to = true }]
        if = [{ all = "$only" }, { room = "hall", occupied = true }]
        then = [{ do = "$tail" }, { set = "$lamp", on = true }, { notify = "It is ${how} and {value}." }]
        [rule.a]
        blueprint = "b"
        level = "security"
        with = { lamp = "lamp", tail = [{ delay = "5m" }] }
        [rule.b]
        name = "Written"
        mode = "single"
        when = [{ entity = "m.occupancy", to = true }]
        if = [{ room = "hall", occupied = true }]
        then = [{ do = [{ delay = "5m" }] }, { set = "lamp", on = true }, { notify = "It is dark and {value}." }]
    "#,
    );
    let (a, b) = (&made.rules["a"], &made.rules["b"]);
    assert_eq!((&a.when, &a.conditions, &a.then), (&b.when, &b.conditions, &b.then));
    assert_eq!((a.mode, a.level), (b.mode, Level::Security), "what the rule says itself goes before it");
}

#[test]
fn a_routine_is_put_where_it_is_run_also_in_a_blueprint_and_in_another_one() {
    let made = home(
        r#"
        [routine.lit]
        params.what = {}
        params.long = { default = "5m" }
        do = [{ set = "$what", on = true }, { delay = "$long" }]
        [routine.twice]
        params.what = {}
        do = [{ repeat = 2, do = [{ run = "lit", with = { what = "$what" } }] }]
        [blueprint.b]
        params.lamp = {}
        when = [{ time = "07:00" }]
        then = [{ if = [{ sun = "up" }], then = [{ run = "twice", with = { what = "$lamp" } }] }]
        [rule.a]
        blueprint = "b"
        with = { lamp = "lamp" }
        [rule.b]
        when = [{ time = "07:00" }]
        then = [{ if = [{ sun = "up" }], then = [{ do = [{ repeat = 2, do = [{ do = [{ set = "lamp", on = true }, { delay = "5m" }] }] }] }] }]
    "#,
    );
    assert_eq!(made.rules["a"].then, made.rules["b"].then);
}

#[test]
fn what_is_wrong_with_a_parameter_is_shown_where_the_household_wrote_it() {
    let text = format!(
        "{HOUSE}[routine.lit]\nparams.what = {{}}\ndo = [{{ set = \"$what\", on = true }}]\n\
         [blueprint.b]\nparams.lamp = {{}}\nwhen = [{{ time = \"07:00\" }}]\n\
         then = [{{ run = \"lit\", with = {{ what = \"$lamp\" }} }}]\n\
         [rule.a]\nblueprint = \"b\"\nwith = {{ lamp = \"lmp\" }}\n"
    );
    let problems = common::load(&[("home.toml", &text)]).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    let line = text.lines().nth(problems[0].line as usize - 1).unwrap();
    assert_eq!(line, "with = { lamp = \"lmp\" }");
}
