//! R20 over machines: the same day on another processor, and on whatever machine these tests run.
//!
//! Meant to fail it: `f64::exp` or `sin` of the standard library where it reaches an effect (the C library computes them otherwise
//! where there is no fused multiply-add), the local time zone, the language, an order of a hash map.

use std::collections::BTreeMap;

use super::days::{bound_to, first_lines, recorded_days};
use super::*;

/// The journals' hashes as they were on the machines before: `LARES_BLESS=1` writes them anew, when what is journalled was
/// changed on purpose.
const KNOWN: &str = "tests/replay/journal-hashes.json";

#[test]
fn the_same_day_on_every_machine() {
    let Some(days) = recorded_days() else { return };
    let mut hashes: BTreeMap<String, String> = days
        .iter()
        .map(|path| {
            let lines = first_lines(path);
            let (_folder, some) = recording(&lines);
            let name = path.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
            (name, run(&some, &bound_to(&lines), 5, Reports::Manual).journal_hash)
        })
        .collect();
    let sun = home(SUN);
    let lines = [
        line("2026-03-01T00:00:00+01:00", "Motion", "motion", true),
        line("2026-12-31T23:00:00+01:00", "Motion", "motion", false),
    ];
    let (_folder, year) = recording(&lines);
    let told = run(&year, &sun, 5, Reports::Manual);
    assert!(told.commands > 500, "a year of sunsets: {told:?}");
    hashes.insert("a made-up year of sunsets".to_owned(), told.journal_hash);

    let known = Path::new(env!("CARGO_MANIFEST_DIR")).join(KNOWN);
    if std::env::var_os("LARES_BLESS").is_some() {
        fs::write(&known, serde_json::to_string_pretty(&hashes).unwrap() + "\n").unwrap();
    }
    let before: BTreeMap<String, String> = serde_json::from_slice(&fs::read(&known).unwrap()).unwrap();
    // A recording that is new here has nothing to be compared with yet.
    hashes.retain(|name, _| before.contains_key(name));
    assert!(hashes.len() > 8, "{hashes:?}");
    for (name, hash) in hashes {
        assert_eq!(
            hash, before[&name],
            "{name}: another journal than {KNOWN} says: another machine gives other bytes, or what is journalled was \
             changed (then LARES_BLESS=1, and say so in the commit)"
        );
    }
}

/// On and off with the sun: transcendental functions reach an effect.
const SUN: &str = r#"
[household]
name = "Sun"
time_zone = "Europe/Vienna"
latitude = 48.2
longitude = 16.4

[device.motion]
recording = { room = "Hall", device = "Motion", kind = "motion" }

[device.lamp]
recording = { room = "Hall", device = "Lamp", kind = "light" }

[rule.evening]
when = [{ sun = "sunset", offset = "-15m" }]
then = [{ set = "lamp", on = true }]

[rule.morning]
when = [{ sun = "sunrise" }]
then = [{ set = "lamp", on = false }]
"#;

/// The product itself on a processor of 2008 (no AVX, no fused multiply-add, no AES), in another zone and language.
#[test]
fn the_same_day_on_another_processor() {
    let other = "qemu-x86_64";
    if Command::new(other).arg("--version").output().is_err() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "{other} is missing: tests/setup.sh installs it"
        );
        eprintln!("skipped: {other} is missing");
        return;
    }
    let Some(day) = shared("recordings/casas-hh-labelled/events.jsonl.gz") else { return };
    let (_folder, some) = recording(&first_lines(&day));
    let home = root().join("config/examples/casas");
    let product = env!("CARGO_BIN_EXE_lares-under-test");
    let hash = |command: &mut Command| {
        for variable in ["LARES_HOME", "LARES_DATA", "LARES_LOG"] {
            command.env_remove(variable);
        }
        let out = command.arg("replay").arg(&some).arg("--home").arg(&home).arg("--json").output().unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        let last = text.lines().last().unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&out.stderr)));
        let told: Value = serde_json::from_str(last).unwrap();
        assert!(told["commands"].as_u64() > Some(10), "{told}");
        told["journal_hash"].as_str().unwrap().to_owned()
    };
    let here = hash(&mut Command::new(product));
    let there = hash(
        Command::new(other)
            .args(["-cpu", "Nehalem", product])
            .env("TZ", "Asia/Kathmandu")
            .env("LANG", "de_DE.UTF-8")
            .current_dir("/"),
    );
    assert_eq!(here, there);
}
