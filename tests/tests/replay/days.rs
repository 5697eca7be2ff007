//! Recorded and made-up days: what comes of them, and that it is the same each time.

use super::*;

/// R20: the same recording, home and seed give the same bytes.
#[test]
fn same_seed_same_day() {
    let Some(recording) = shared("recordings/casas-hh-labelled") else { return };
    let home = casas();
    for seed in [1, 77] {
        let (one, two) =
            (run(&recording, &home, seed, Reports::Manual), run(&recording, &home, seed, Reports::Manual));
        assert_eq!(one.journal_hash, two.journal_hash, "seed {seed}");
        assert_eq!((one.events, one.unbound, one.broken, one.restarts), (41_061, 0, 0, 0));
        assert_eq!(one.deeds, two.deeds);
        assert!(
            one.commands > 100 && one.receipts.get("confirmed") == Some(&one.commands),
            "{:?}",
            one.receipts
        );
        for rule in home.rules.keys() {
            assert!(one.rules.get(rule).is_some_and(|r| r.fired > 0), "{rule} never fired");
        }
    }
}

/// R20 with every recorded day that there is: each in a home that is bound to all that its lines name.
#[test]
fn every_recorded_day_is_the_same_twice() {
    let Some(days) = recorded_days() else { return };
    for path in days {
        let lines = first_lines(&path);
        let home = bound_to(&lines);
        let (_folder, some) = recording(&lines);
        let (one, two) = (run(&some, &home, 5, Reports::Manual), run(&some, &home, 5, Reports::Manual));
        assert_eq!(one.journal_hash, two.journal_hash, "{}", path.display());
        assert_eq!((one.events + one.unbound, one.broken), (lines.len() as u64, 0), "{}", path.display());
        assert!(one.events > one.unbound, "{}", path.display());
        assert_eq!((one.problems, one.restarts), (0, 0), "{}: {one:?}", path.display());
    }
}

/// The recordings that there are, in order.
pub(super) fn recorded_days() -> Option<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(shared("recordings")?)
        .unwrap()
        .map(|e| e.unwrap().path().join("events.jsonl.gz"))
        .filter(|p| p.is_file())
        .collect();
    found.sort();
    assert!(found.len() >= 8, "{found:?}");
    Some(found)
}

/// The first [`SOME`] lines of a recording.
pub(super) fn first_lines(path: &Path) -> Vec<String> {
    let file = BufReader::new(flate2::read::MultiGzDecoder::new(fs::File::open(path).unwrap()));
    file.lines().take(SOME).map(Result::unwrap).collect()
}

/// A home with a device for each room, device and kind that occurs.
pub(super) fn bound_to(lines: &[String]) -> Arc<Home> {
    let mut bound = std::collections::BTreeSet::new();
    for line in lines {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        // Annotations belong to no room: nothing can be bound to them.
        if !line["room"].is_null() {
            bound.insert((text("room"), text("device"), text("kind")));
        }
    }
    let mut text = "[household]\nname = \"Any\"\ntime_zone = \"UTC\"\n".to_owned();
    for (n, (room, device, kind)) in bound.iter().enumerate() {
        let (room, device, kind) = (json!(room), json!(device), json!(kind));
        text.push_str(&format!(
            "[device.thing-{n}]\nrecording = {{ room = {room}, device = {device}, kind = {kind} }}\n"
        ));
    }
    home(&text)
}

#[test]
fn a_made_up_evening_gives_the_expected_command() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = true }}]\n"
    ));
    let lines = [
        line("2026-03-01T18:00:00+01:00", "Motion", "motion", false),
        line("2026-03-01T18:00:10.5+01:00", "Motion", "motion", true),
        line("2026-03-01T18:05:00+01:00", "Motion", "motion", false),
    ];
    let (_folder, file) = recording(&lines);
    let told = run(&file, &home, 1, Reports::Manual);
    assert_eq!((told.events, told.commands, told.virtual_seconds), (3, 1, 360.0));
    assert_eq!(told.receipts, [("confirmed".to_owned(), 1)].into());
    let deed = &told.deeds[0];
    assert_eq!((deed.entity.as_deref(), &*deed.what, &*deed.by), (Some("lamp.light"), "on=on", "rule:light"));
    // At the instant of the line: virtual time steps by a millisecond, and nothing else passes.
    assert_eq!(deed.at.0, 1_772_384_410_500_000);
}

/// Interlocks run in virtual time: what runs for too long is stopped, rests, and a sensor's silence counts.
#[test]
fn interlocks_are_replayed() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = true }}]\n\
         [interlock.lamp]\nof = \"lamp.light\"\nsafe = {{ on = false }}\nmax_on = \"10m\"\nmin_off = \"5m\"\n\
         [interlock.sensor]\nof = \"lamp.light\"\nsafe = {{ on = false }}\n\
         stale = {{ entity = \"motion.motion\", after = \"1h\" }}\n"
    ));
    let at = |time: &str, on: bool| line(&format!("2026-03-01T{time}+01:00"), "Motion", "motion", on);
    let lines = [
        at("18:00:00", false),
        at("18:00:10", true),
        at("18:01:00", false),
        // It rests.
        at("18:12:00", true),
        at("18:12:30", false),
        at("18:20:00", true),
        at("18:20:30", false),
        at("21:00:00", false),
    ];
    let (_folder, file) = recording(&lines);
    let told = run(&file, &home, 1, Reports::Manual);
    let deeds: Vec<String> =
        told.deeds.iter().map(|d| format!("{} {} {}", d.at.0 / 1_000_000, d.what, d.by)).collect();
    let six = 1_772_384_400;
    let deed = |second: i64, what: &str, by: &str| format!("{} {what} {by}", six + second);
    assert_eq!(
        deeds,
        [
            deed(10, "on=on", "rule:light"),
            deed(610, "on=off", "interlock:lamp"),
            deed(1_200, "on=on", "rule:light"),
            deed(1_800, "on=off", "interlock:lamp"),
        ]
    );
    assert_eq!(told.decisions.get("overridden"), Some(&1), "{:?}", told.decisions);
    assert_eq!(told.journal_hash, run(&file, &home, 1, Reports::Manual).journal_hash);
}

#[test]
fn recorded_reports_are_a_hand_on_the_switch_or_are_left_out() {
    let home = home(&format!(
        "{HALL}\n[rule.light]\nwhen = [{{ entity = \"motion.motion\", to = true }}]\n\
         then = [{{ set = \"lamp\", on = true }}]\n"
    ));
    let lines = [
        line("2026-03-01T17:00:00+01:00", "Lamp", "light", true),
        line("2026-03-01T17:59:00+01:00", "Motion", "motion", false),
        line("2026-03-01T18:00:00+01:00", "Lamp", "light", false),
        line("2026-03-01T18:00:10+01:00", "Motion", "motion", true),
    ];
    let (_folder, file) = recording(&lines);
    let manual = run(&file, &home, 1, Reports::Manual);
    assert_eq!((manual.events, manual.manual, manual.ignored), (4, 2, 0));
    assert_eq!(
        (manual.commands, manual.decisions.get("overridden")),
        (0, Some(&1)),
        "a hand goes before a rule"
    );
    let ignored = run(&file, &home, 1, Reports::Ignore);
    assert_eq!((ignored.events, ignored.manual, ignored.ignored), (2, 0, 2));
    assert_eq!(ignored.commands, 1);
    assert_ne!(manual.journal_hash, ignored.journal_hash);
}

#[test]
fn bad_lines_are_counted_and_named_and_the_rest_is_replayed() {
    let lines = [
        "{\"t\":\"2026-03-01T18:00:00+01:00\"".to_owned(),
        line("2026-03-01T18:00:10+01:00", "Motion", "motion", true),
        line("2026-03-01T18:00:05+01:00", "Motion", "motion", false),
        line("2026-03-01T18:00:20+01:00", "Stranger", "motion", true),
        line("2026-03-01T18:00:30+01:00", "Motion", "motion", "maybe"),
    ];
    let (_folder, file) = recording(&lines);
    let told = run(&file, &home(HALL), 1, Reports::Manual);
    assert_eq!((told.events, told.broken, told.out_of_order, told.unbound, told.problems), (3, 1, 1, 1, 1));
    let named: Vec<u64> = told.troubles.iter().map(|t| t.line).collect();
    assert_eq!(named, [1, 3]);
    assert!(told.troubles[1].reason.contains("5 s older"), "{:?}", told.troubles);
}

/// R21, the two nights: a rule at an hour that does not exist, and at one that comes twice, fires once.
#[test]
fn both_daylight_saving_nights_fire_once() {
    let home = home(&format!(
        "{HALL}\n[rule.night]\nwhen = [{{ time = \"02:30\" }}]\nthen = [{{ notify = \"half past two\" }}]\n"
    ));
    let firings = |from: &str, to: &str| -> Vec<String> {
        let lines = [line(from, "Motion", "motion", true), line(to, "Motion", "motion", false)];
        let (_folder, file) = recording(&lines);
        let told = run(&file, &home, 1, Reports::Manual);
        assert_eq!(told.rules.get("night").map(|r| r.notices), Some(told.deeds.len() as u64));
        let local = |us: i64| {
            let at = jiff::Timestamp::from_microsecond(us).unwrap();
            at.to_zoned(home.household.zone.clone()).strftime("%m-%d %H:%M %:z").to_string()
        };
        told.deeds.iter().map(|d| local(d.at.0)).collect()
    };
    // In the gap from 02:00 to 03:00 the hour is taken as if the clocks had not been changed yet.
    let spring = firings("2026-03-28T00:00:00+01:00", "2026-03-30T12:00:00+02:00");
    assert_eq!(spring, ["03-28 02:30 +01:00", "03-29 03:30 +02:00", "03-30 02:30 +02:00"]);
    // Of the two hours in autumn it is the first.
    let autumn = firings("2026-10-24T00:00:00+02:00", "2026-10-26T12:00:00+01:00");
    assert_eq!(autumn, ["10-24 02:30 +02:00", "10-25 02:30 +02:00", "10-26 02:30 +01:00"]);
}

/// Two households in one process, at once: each gives what it gives alone.
#[test]
fn two_households_do_not_see_each_other() {
    let Some(recording) = shared("recordings/casas-hh-labelled/events.jsonl.gz") else { return };
    let file = BufReader::new(flate2::read::MultiGzDecoder::new(fs::File::open(recording).unwrap()));
    let lines: Vec<String> = file.lines().take(SOME).map(Result::unwrap).collect();
    let (_folder, some) = self::recording(&lines);
    let home = casas();
    let alone = run(&some, &home, 3, Reports::Manual);
    let at_once: Vec<Summary> = std::thread::scope(|scope| {
        let (some, home) = (&some, &home);
        let threads: Vec<_> = [Reports::Manual, Reports::Ignore, Reports::Manual]
            .map(|reports| scope.spawn(move || run(some, home, 3, reports)))
            .into_iter()
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(at_once[0].journal_hash, alone.journal_hash);
    assert_eq!(at_once[2].journal_hash, alone.journal_hash);
    assert_ne!(at_once[1].journal_hash, alone.journal_hash);
}

/// The cottage's twins on a wire in memory: they announce themselves, live their day and obey.
#[test]
fn twins_live_their_day_by_the_seed() {
    let home = load(&root().join("config/examples/cottage"));
    // Nothing in the cottage is bound to the line: it says when the day begins and ends.
    let lines = [
        line("2026-03-01T06:00:00+01:00", "Motion", "motion", true),
        line("2026-03-01T12:00:00+01:00", "Motion", "motion", true),
    ];
    let (_folder, file) = recording(&lines);
    let (one, two) = (run(&file, &home, 1, Reports::Manual), run(&file, &home, 1, Reports::Manual));
    let other = run(&file, &home, 2, Reports::Manual);
    assert_eq!(one.journal_hash, two.journal_hash);
    assert_ne!(one.journal_hash, other.journal_hash, "another seed is another day");
    assert!(one.journal_entries > 1_000 && one.commands > 0, "{one:?}");
    assert_eq!((one.problems, one.restarts, one.unbound), (0, 0, 2), "{one:?}");
    let good = ["confirmed", "overridden"];
    assert!(one.receipts.keys().all(|word| good.contains(&word.as_str())), "{:?}", one.receipts);
}
